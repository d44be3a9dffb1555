// The slots of a program: names, homes, and where each stands in a run file.
#include <fmt/format.h>

#include <limits>
#include <map>

#include "circuits/program/program_builder.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

std::string path_of(const Circuit& circuit, CompartmentId c, std::string_view quantity) {
    return quantity_path::of_compartment(circuit[circuit[c].population].name, circuit[c].name,
                                         quantity);
}

Quantity quantity_in_each_phase(Quantity quantity) {
    quantity.by_phase = true;
    return quantity;
}

}  // namespace

SlotId ProgramBuilder::slot(Slot slot, Quantity quantity) {
    const SlotId known = program_.first([&](const Slot& other) { return is_same(other, slot); });
    if (known) {
        const Slot& other = program_[known];
        const bool alike = other.shape == slot.shape && other.rows == slot.rows &&
                           other.columns == slot.columns && other.cells == slot.cells;
        if (alike) return known;
    }
    if (known || program_.find(slot.name)) {
        reject(where_, fmt::format("[{}] makes a second quantity named \"{}\"; expected another "
                                   "name for one of the two",
                                   asked_by_, slot.name));
    }
    check_free(slot, quantity);
    const SlotId id(program_.slots.size());
    if (!quantity.path.empty()) {
        quantity.address = slot.name;
        quantity.what = slot.what;
        quantity.shape = slot.shape;
        quantity.rows = slot.rows;
        quantity.columns = slot.columns;
        quantity.slots.assign(quantity.by_phase ? circuit_.phases.size() : 1, id);
        program_.quantities.push_back(std::move(quantity));
    }
    program_.slots.push_back(std::move(slot));
    return id;
}

Slot ProgramBuilder::in_cells(What what, std::string name, PopulationId population) const {
    const Population& cells = circuit_[population];
    return {.name = std::move(name),
            .what = what,
            .shape = Shape::per_cell,
            .cells = population,
            .rows = cells.size,
            .where = cells.where};
}

Slot ProgramBuilder::in_compartment(What what, std::string name, CompartmentId c) const {
    Slot slot = in_cells(what, std::move(name), circuit_[c].population);
    slot.compartment = c;
    return slot;
}

Slot ProgramBuilder::of_rule(const RuleQuantity& name, PopulationId population) const {
    Slot slot = in_cells(What::of_rule, name.address(), population);
    slot.rule = name.rule;
    slot.quantity = name.quantity;
    return slot;
}

Slot ProgramBuilder::number_of_rule(const RuleQuantity& name) const {
    return {.name = name.address(), .rule = name.rule, .quantity = name.quantity, .where = where_};
}

Slot ProgramBuilder::at_synapses(What what, std::string name, SynapseSetId id) const {
    const SynapseSet& set = circuit_[id];
    return {.name = std::move(name),
            .what = what,
            .shape = Shape::per_synapse,
            .cells = set.post,
            .pre = set.pre,
            .synapses = id,
            .rows = circuit_[set.post].size,
            .columns = circuit_[set.pre].size,
            .where = set.where};
}

// "eligibility(W_rec)"
Slot ProgramBuilder::tagged(SynapseSetId id, std::string_view name) const {
    Slot slot = at_synapses(What::tag, fmt::format("{}({})", name, circuit_[id].name), id);
    slot.quantity = name;
    slot.kept = true;
    return slot;
}

SlotId ProgramBuilder::rate(PopulationId population) {
    return slot(in_cells(What::rate, rate_address(circuit_[population].name), population), {});
}

// "apical+basal"
std::string ProgramBuilder::joined_names(const std::vector<CompartmentId>& dendrites) const {
    std::vector<std::string> names;
    for (const CompartmentId c : dendrites) names.push_back(circuit_[c].name);
    return fmt::format("{}", fmt::join(names, "+"));
}

SlotId ProgramBuilder::rate_in(PopulationId population, PhaseId phase) {
    std::vector<CompartmentId> open = circuit_.open_compartments(population, phase);
    if (open.empty()) return {};
    if (circuit_.is_soma(open.front())) return rate(population);
    const std::string name = circuit_[population].name + '.' + joined_names(open);
    Slot fired = in_cells(What::rate, rate_address(name), population);
    fired.dendrites = std::move(open);
    return slot(std::move(fired), {});
}

SlotId ProgramBuilder::voltage(CompartmentId c) {
    const std::string name = circuit_.full_name(c);
    Slot potential = in_compartment(What::voltage, voltage_address(name), c);
    if (circuit_[c].reversal) {
        potential.kept = true;
        potential.init.kind = Initializer::Kind::constant;
        potential.init.scale.factor = *circuit_[c].reversal;
    }
    return slot(std::move(potential),
                quantity_in_each_phase({.path = path_of(circuit_, c, quantity_path::voltage),
                                        .long_name = "voltage of " + name,
                                        .symbol = circuit_.is_soma(c) ? "v" : "u"}));
}

SlotId ProgramBuilder::drive(CompartmentId c) {
    if (circuit_[c].tau_ms == 0.0) return voltage(c);
    const std::string name = circuit_.full_name(c);
    return slot(in_compartment(What::drive, name + ".drive", c),
                quantity_in_each_phase(
                    {.path = path_of(circuit_, c, quantity_path::drive),
                     .long_name = fmt::format("drive that the voltage of {} relaxes to", name),
                     .symbol = "I"}));
}

SlotId ProgramBuilder::strength(SynapseSetId id) {
    const SynapseSet& set = circuit_[id];
    return slot(at_synapses(What::strength, set.name, id),
                {.path = quantity_path::of_synapses(set.name, quantity_path::strength),
                 .long_name = fmt::format("strengths from {} to {}", circuit_[set.pre].name,
                                          circuit_[set.post].name),
                 .symbol = "W"});
}

SlotId ProgramBuilder::tag(SynapseSetId id, std::string_view name, const Initializer& init,
                           std::string_view symbol) {
    const std::string& set = circuit_[id].name;
    Slot slot_at = tagged(id, name);
    slot_at.init = init;
    return slot(std::move(slot_at),
                {.path = quantity_path::of_synapses(set, name),
                 .long_name = fmt::format("{} at the synapses of {}", name, set),
                 .symbol = std::string(symbol.empty() ? name : symbol)});
}

SlotId ProgramBuilder::tensor(SynapseSetId id, std::string_view name) {
    const std::string& set = circuit_[id].name;
    Slot influence = tagged(id, name);
    influence.shape = Shape::tensor;
    const double columns = double(influence.rows) * influence.columns;
    if (columns > std::numeric_limits<int>::max()) {
        constexpr double terabyte = 1e12;
        reject(influence.where,
               fmt::format("\"{}\" has {} x {} x {} numbers, {:.0f} TB; expected fewer cells",
                           influence.name, influence.rows, influence.rows, influence.columns,
                           columns * influence.rows * sizeof(double) / terabyte));
    }
    influence.columns *= influence.rows;
    return slot(std::move(influence),
                {.path = quantity_path::of_synapses(set, name),
                 .long_name = fmt::format("{} of the synapses of {} on each cell", name, set),
                 .symbol = "M"});
}

SlotId ProgramBuilder::state(PopulationId cells, const RuleQuantity& name,
                             const Initializer& init) {
    Slot kept = cells ? of_rule(name, cells) : number_of_rule(name);
    kept.kept = true;
    kept.init = init;
    return slot(std::move(kept), quantity_of_rule(name));
}

SlotId ProgramBuilder::pairs(PopulationId cells, const RuleQuantity& name,
                             const Initializer& init) {
    Slot matrix = of_rule(name, cells);
    matrix.shape = Shape::per_pair;
    matrix.pre = cells;
    matrix.columns = matrix.rows;
    matrix.kept = true;
    matrix.init = init;
    return slot(std::move(matrix), quantity_of_rule(name));
}

SlotId ProgramBuilder::slope_slot(CompartmentId c) {
    return slot(in_compartment(What::slope, fmt::format("slope({})", program_[voltage(c)].name), c),
                {.path = path_of(circuit_, c, quantity_path::slope),
                 .long_name = "slope of the activation at the voltage of " + circuit_.full_name(c),
                 .symbol = "phi'"});
}

// "/plasticity/recurrent/A", "/dynamics/hidden/held"
Quantity ProgramBuilder::quantity_of_rule(const RuleQuantity& name) const {
    return {.path = (name.of_cells ? quantity_path::of_dynamics : quantity_path::of_rule)(
                name.rule, name.quantity),
            .long_name = fmt::format("{} of {}{}", name.quantity, name.of_cells ? "" : "the rule ",
                                     name.rule),
            .symbol = name.symbol.empty() ? name.quantity : name.symbol};
}

SlotId ProgramBuilder::signal(PopulationId cells, const RuleQuantity& name) {
    return slot(of_rule(name, cells), quantity_of_rule(name));
}

SlotId ProgramBuilder::number(const RuleQuantity& name) {
    return slot(number_of_rule(name), quantity_of_rule(name));
}

SlotId ProgramBuilder::measured(std::string name, Quantity quantity) {
    if (program_.find(name)) {
        reject(where_, fmt::format("[{}] measures a second quantity named \"{}\", of a synapse set "
                                   "and of a rule of one name; expected another name for one of "
                                   "the two",
                                   asked_by_, name));
    }
    Slot slot_of{.name = name, .what = What::measured, .quantity = name, .where = where_};
    return slot(std::move(slot_of), std::move(quantity));
}

SlotId ProgramBuilder::fired_number(const SynapseUse& use) {
    if (use.reads_bursts) return bursts(use.source);
    return use.source_voltage ? voltage(use.source_voltage) : rate_in(use.source, use.phase);
}

SlotId ProgramBuilder::carried(const SynapseUse& use) {
    const bool is_released = use.own && circuit_[use.set].short_term;
    return is_released ? at_terminals(use.set, "arriving") : arriving(use);
}

SlotId ProgramBuilder::arriving(const SynapseUse& use) {
    const SlotId source = fired_number(use);
    if (use.delay > 1) return axon(source, use.delay);
    if (use.delay) return previous(source);
    return use.before ? before(source, use.phase) : source;
}

SlotId ProgramBuilder::carried(const Wire& wire) {
    if (wire.at_end) {
        const SlotId made = wire.source_voltage ? voltage(wire.source_voltage) : rate(wire.source);
        return at_end(made, wire.at_end);
    }
    const SlotId source =
        wire.source_voltage ? voltage(wire.source_voltage) : rate_in(wire.source, wire.phase);
    if (wire.delay > 0) return axon(source, wire.delay);
    if (wire.is_previous) return previous(source);
    return wire.before ? before(source, wire.phase) : source;
}

// The rate that a population fires in each phase, whichever slot holds it; nothing while every gate
// is closed.
void ProgramBuilder::add_rate_quantities() {
    for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
        const PopulationId id(i);
        const Population& cells = circuit_[id];
        Quantity quantity = quantity_in_each_phase(
            {.address = rate_address(cells.name),
             .path = quantity_path::of_population(cells.name, quantity_path::rate),
             .long_name = "firing rate of " + cells.name,
             .symbol = "r",
             .what = What::rate,
             .shape = Shape::per_cell,
             .rows = cells.size});
        // Names are looked up once, not in each of many phases.
        std::map<std::vector<CompartmentId>, SlotId> fired;
        const auto rate_of = [&](PhaseId phase) {
            const auto [place, is_new] =
                fired.try_emplace(circuit_.open_compartments(id, phase), SlotId{});
            if (is_new) place->second = rate_in(id, phase);
            return place->second;
        };
        for (std::size_t p = 0; p < circuit_.phases.size(); ++p) {
            // Error cells have no rate of their own but in their phase.
            const bool silent = cells.role == Role::error && !circuit_.fires(id, PhaseId(p));
            quantity.slots.push_back(silent ? SlotId{} : rate_of(PhaseId(p)));
        }
        program_.quantities.push_back(std::move(quantity));
    }
}

}  // namespace apical
