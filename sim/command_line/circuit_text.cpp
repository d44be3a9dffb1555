#include "sim/command_line/circuit_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/cell_slice.hpp"
#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/text/error.hpp"
#include "sim/command_line/describe_noise.hpp"

namespace apical {

namespace {

// " (0.3 / ms onto apical, leaks 0.02 / ms)"
std::string coupling_text(const Circuit& circuit, CompartmentId c) {
    const Compartment& one = circuit[c];
    const std::string onto = one.coupled_to ? circuit[one.coupled_to].name : "the soma";
    if (one.reversal) {
        const std::string times =
            *one.conductance == 1.0 ? "" : fmt::format("{} times ", *one.conductance);
        return fmt::format(" ({}what arrives / ms onto {}, reversal {})", times, onto,
                           *one.reversal);
    }
    const std::string leaks = one.leak > 0.0 ? fmt::format(", leaks {} / ms", one.leak) : "";
    return fmt::format(" ({} / ms onto {}{})", *one.conductance, onto, leaks);
}

std::string compartments_text(const Circuit& circuit, const Population& cells) {
    std::vector<std::string> parts;
    for (const CompartmentId c : cells.compartments) {
        const Compartment& one = circuit[c];
        std::string part = one.name;
        if (one.tau) part += " (tau of each cell)";
        if (one.tau_ms > 0 && !one.tau) part += fmt::format(" (tau {} ms)", one.tau_ms);
        if (one.conductance) part += coupling_text(circuit, c);
        if (one.backpropagated != 0.0)
            part += fmt::format(" (its own rate times {})", one.backpropagated);
        if (one.gate && !one.reversal)
            part += fmt::format(" (gated by {})", circuit[one.gate].name);
        parts.push_back(part);
    }
    return list_of(parts);
}

std::string alpha_text(const Population& cells) {
    if (cells.alphas && cells.alphas->kind == Initializer::Kind::file) return "of each cell";
    if (cells.alphas)
        return fmt::format("from {} to {}", cells.alphas->low.factor, cells.alphas->high.factor);
    if (cells.rate_tau_ms == 0.0) return fmt::format("{}", cells.alpha);
    return fmt::format("{:.6g} (tau {} ms)", cells.alpha, cells.rate_tau_ms);
}

// What a task cannot do with the circuit.
std::string lack_text(const Circuit& circuit) {
    if (circuit.has_loss()) return "";
    return fmt::format(
        "  {}: no loss is computed, and diagnose.alignment has no gradient; the task sets {}\n",
        why_no_loss(circuit),
        circuit.find_role(Role::label)   ? "input and label"
        : circuit.find_role(Role::input) ? "the input alone"
                                         : "nothing");
}

// "strengths of W_rec and W_in sum up to 1, at once"
std::string scaling_text(const Circuit& circuit, const IncomingScaling& scaling) {
    std::vector<std::string> sets;
    for (const SynapseSetId set : scaling.of) sets.push_back(circuit[set].name);
    return fmt::format(
        "{} of {} {} {}{}, {}", scaling.norm == 1 ? "strengths" : "squared strengths",
        list_of(sets), scaling.norm == 1 ? "sum up to" : "have the root",
        scaling.at_most ? "at most " : "", scaling.to,
        scaling.tau_ms == 0.0 ? "at once" : fmt::format("tau {} ms", scaling.tau_ms));
}

// "spikes by poisson draws, 100 Hz where the input is 1"
std::string firing_text(const FiringInput& firing) {
    if (firing.by == FiresBy::latency)
        return fmt::format("spikes by latency, in windows of {} steps", firing.window);
    std::string text =
        fmt::format("spikes by {} draws", firing.by == FiresBy::poisson ? "Poisson" : "Bernoulli");
    if (firing.rate_hz) return text + fmt::format(", {} Hz", *firing.rate_hz);
    return text + (firing.unit_hz ? fmt::format(", {} Hz where the input is 1", *firing.unit_hz)
                                  : std::string(", the input is the expected number"));
}

// What is said of cells behind their role; of those without anything to say nothing.
std::string cells_text(const Circuit& circuit, const Population& cells) {
    std::vector<std::string> parts;
    if (cells.role == Role::cells) {
        parts.push_back("alpha " + alpha_text(cells));
        parts.push_back(compartments_text(circuit, cells));
    }
    if (cells.firing) parts.push_back(firing_text(*cells.firing));
    if (cells.winners > 0) parts.push_back(fmt::format("at most {} fire", cells.winners));
    if (cells.scaling) parts.push_back(scaling_text(circuit, *cells.scaling));
    if (cells.sign) parts.emplace_back(name_of(*cells.sign));
    return fmt::format("{}", fmt::join(parts, "; "));
}

// ", inhibitory, from -2 to 0"
std::string strengths_text(const Circuit& circuit, SynapseSetId set) {
    const StrengthRange range = circuit.strength_range(set);
    if (!range.is_limited()) return "";
    const std::string sign = range.low >= 0.0    ? ", excitatory"
                             : range.high <= 0.0 ? ", inhibitory"
                                                 : "";
    if (!circuit[set].bounds.is_limited()) return sign;
    return fmt::format("{}, from {} to {}", sign, range.low, range.high);
}

// ", radius 1.5 on 8 x 8 from 16 x 16, probability 0.5"
std::string fields_text(const Connectivity& connect) {
    const auto& [rows, columns] = connect.grid;
    const auto& [from_rows, from_columns] = connect.from_grid;
    return fmt::format(
        ", radius {} on {} x {}{}{}", connect.radius, rows, columns,
        connect.grid == connect.from_grid ? ""
                                          : fmt::format(" from {} x {}", from_rows, from_columns),
        connect.is_drawn() ? fmt::format(", probability {}", connect.probability) : "");
}

// ", by rows (density 0.1)", ", as a matrix (rule \"rtrl\" needs one)"
std::string storage_text(const SynapseSet& set) {
    if (!set.connect) return "";
    if (!set.connect->needs_matrix.empty())
        return fmt::format(", as a matrix ({} needs one)", set.connect->needs_matrix);
    const bool asked = set.connect->storage != Connectivity::Storage::automatic;
    return fmt::format(
        ", {}{}", set.is_by_rows() ? "by rows" : "as a matrix",
        asked ? std::string(" (storage)") : fmt::format(" (density {:.3g})", set.connect->density));
}

// ", in_degree 8, no autapses"
std::string connect_text(const SynapseSet& set) {
    if (!set.connect) return "";
    const Connectivity& connect = *set.connect;
    if (!connect.like.empty())
        return fmt::format(", joined {} \"{}\"", connect.reverses ? "as the reverse of" : "like",
                           connect.like);
    const std::string self = connect.self ? "" : ", no autapses";
    switch (connect.kind) {
        case Connectivity::Kind::all:
            break;
        case Connectivity::Kind::probability:
            return fmt::format(", probability {}{}", connect.probability, self);
        case Connectivity::Kind::in_degree:
            return fmt::format(", in_degree {}{}", connect.degree, self);
        case Connectivity::Kind::out_degree:
            return fmt::format(", out_degree {}{}", connect.degree, self);
        case Connectivity::Kind::one_to_one:
            return ", one to one";
        case Connectivity::Kind::file:
            return fmt::format(", joined as in \"{}\"", connect.path);
        case Connectivity::Kind::all_but_partner:
            return ", all but the partner";
        case Connectivity::Kind::blocks:
            return fmt::format(", {} blocks, probability {} within and {} between{}",
                               connect.blocks, connect.probability, connect.between, self);
        case Connectivity::Kind::fields:
            return fields_text(connect) + self;
    }
    return self;
}

int target_size(const Circuit& circuit, const Wire& wire) {
    return circuit[circuit[wire.target].population].size;
}

// "previous(out.r)"
std::string carried_text(const Circuit& circuit, const Wire& wire) {
    const std::string now = wire.source_voltage
                                ? voltage_address(circuit.full_name(wire.source_voltage))
                                : name_of_part(rate_address(circuit[wire.source].name),
                                               wire.first_cell, target_size(circuit, wire));
    if (wire.at_end) return at_end_address(circuit[wire.at_end].name, now);
    if (wire.delay > 0) return axon_address(now, wire.delay);
    if (wire.is_previous) return previous_address(now);
    return wire.before && !is_set_from_outside(circuit[wire.source].role) ? before_address(now)
                                                                          : now;
}

// The column of names, as wide as the longest where wires have the names of their tables.
std::size_t width_of_names(const Circuit& circuit) {
    std::size_t width = 12;
    for (const Wire& wire : circuit.wires) width = std::max(width, wire.asked_by.size());
    return width;
}

std::string wire_text(const Circuit& circuit, const Wire& wire) {
    const std::string times = wire.gain == 1.0 ? "" : fmt::format("{:.6g} ", wire.gain);
    return fmt::format("  {:<{}} {:>5} one to one  {}{} {} {} during {}\n", wire.asked_by,
                       width_of_names(circuit), target_size(circuit, wire), times,
                       carried_text(circuit, wire), wire.clamps ? "clamps" : "->",
                       circuit.full_name(wire.target), circuit[wire.phase].name);
}

std::string loss_text_of(const Circuit& circuit) {
    if (!circuit.loss) return "";
    const StatedLoss& loss = *circuit.loss;
    const std::string of = loss.voltage ? voltage_address(circuit.full_name(loss.voltage))
                                        : rate_address(circuit[loss.cells].name);
    const std::string cells = name_of_part(rate_address(circuit[loss.against].name),
                                           loss.first_cell, circuit[loss.cells].size);
    return fmt::format("  loss: {} of {} and {} at the end of {}{}\n", loss_kind(loss.readout).name,
                       of, cells, circuit[loss.phase].name,
                       circuit.has_loss_of_output()
                           ? ""
                           : "; the task's bounds are of another, and diagnose.alignment has no "
                             "gradient");
}

}  // namespace

std::string circuit_text(const Circuit& circuit) {
    std::string text = "circuit\n";
    const std::size_t width = width_of_names(circuit);
    for (const Population& cells : circuit.populations) {
        const bool single = cells.role == Role::cells && cells.size == 1;
        text += fmt::format("  {:<{}} {:>5} {:<9} {}\n", cells.name, width, cells.size,
                            single ? "cell" : name_of(cells.role), cells_text(circuit, cells));
    }
    for (const SynapseUse& use : circuit.uses) {
        text += fmt::format(
            "  {:<{}} {:>5} x {:<5} {} -> {} during {}{}{}{}{}{}{}\n", circuit[use.set].name, width,
            circuit[circuit[use.set].post].size, circuit[circuit[use.set].pre].size,
            circuit[use.source].name, circuit.target_name(use), circuit[use.phase].name,
            use.delay    ? fmt::format(", delay {} step{}", use.delay, use.delay == 1 ? "" : "s")
            : use.before ? ", rates of before"
                         : "",
            strengths_text(circuit, use.set), connect_text(circuit[use.set]),
            storage_text(circuit[use.set]), use.reverse ? ", against its direction" : "",
            circuit.is_between_own_cells(use) ? "" : ", between cells it does not connect");
    }
    for (const Wire& wire : circuit.wires) text += wire_text(circuit, wire);
    text += noise_text(circuit) + events_text(circuit);
    return text + loss_text_of(circuit) + lack_text(circuit);
}

}  // namespace apical
