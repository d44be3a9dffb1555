#include "sim/diagnosis/aligned_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "circuits/adjoint/dynamics.hpp"
#include "circuits/anatomy/recurrent_network.hpp"
#include "circuits/program/quantity_path.hpp"
#include "sim/diagnosis/exact_gradient.hpp"
#include "sim/diagnosis/update.hpp"

namespace apical {

namespace {

constexpr std::string_view who = "diagnose.alignment";

bool has(const std::vector<SynapseSetId>& sets, SynapseSetId set) {
    return std::find(sets.begin(), sets.end(), set) != sets.end();
}

double rate_of(const BoundRule& bound) {
    const Rate rate = bound.parts.rate.value_or(Rate{0.0, bound.where});
    if (rate.value != 0.0) return rate.value;
    reject(
        rate.where,
        fmt::format("{} divides the changes of [plasticity.{}] by its rate, which is 0; expected "
                    "a rate above 0, however small",
                    who, bound.label));
}

void check_window(const ModelDraft& model, const AlignedRule& rule) {
    if (rule.facing != Facing::future && rule.facing != Facing::future_late) return;
    if (rule.exact_window < rule.window) {
        reject(model.section.where("window"),
               fmt::format("the exact gradient's window is {} steps long, shorter than that of "
                           "[plasticity.{}], {}; expected at least that",
                           rule.exact_window, rule.label, rule.window));
    }
    if (rule.exact_window > model.steps) {
        reject(model.section.where("window"),
               fmt::format("the exact gradient's window is {} steps long, but the run only {}; "
                           "expected a window that fits into it",
                           rule.exact_window, model.steps));
    }
}

void check_every(const ModelDraft& model, const AlignedRule& rule) {
    const std::int64_t every = model.section.integer("every");
    if (every > model.steps) {
        reject(
            model.section.where("every"),
            fmt::format("diagnose.every is {}, but the run is {} steps long, so that nothing would "
                        "be compared; expected at most that",
                        every, model.steps));
    }
    if (rule.facing != Facing::past_window || every == 1 || every % rule.window == 0) return;
    reject(model.section.where("every"),
           fmt::format("[plasticity.{}] changes its synapses every {} steps and can be compared "
                       "only then; diagnose.every is {}, expected 1 or a multiple of {}",
                       rule.label, rule.window, every, rule.window));
}

void check_memory(const ModelDraft& model, const RecurrentNetwork& network, const AlignedRule& rule,
                  const DiagnoseOptions& options) {
    const Circuit& circuit = model.program.circuit();
    const double n = circuit[network.cells].size, m = n + circuit[network.input].size + 1;
    constexpr double gigabyte = 1e9;
    const double needed = bytes_of_exact_gradient(rule, options.exact, n, m);
    if (needed <= memory_of_machine()) return;
    const bool influence = uses_influence(rule, options.exact);
    DiagnoseOptions other = options;
    other.exact = Exact::by_bptt;
    reject(model.section.where("alignment"),
           fmt::format(
               "the exact gradient that [plasticity.{}] is compared with needs {:.1f} GB "
               "of memory{}; this machine has {:.1f} GB; expected {}",
               rule.label, needed / gigabyte,
               influence ? " for RTRL's influence of each synapse on each cell" : "",
               memory_of_machine() / gigabyte,
               influence ? fmt::format("diagnose.exact = \"bptt\", which needs {:.1f} GB, cut "
                                       "off after diagnose.window = {} steps and compared every "
                                       "diagnose.every steps",
                                       bytes_of_exact_gradient(rule, other.exact, n, m) / gigabyte,
                                       options.window)
                         : "a shorter diagnose.window, or fewer cells"));
}

// "/signals/alignment/W_rec/cosine". What faces the future is measured late.
class Measures {
public:
    Measures(ProgramBuilder& program, std::string name, std::string about)
        : program_(program), name_(std::move(name)), about_(std::move(about)) {}

    SlotId operator()(const std::string& measure, const std::string& long_name) const {
        return program_.measured(fmt::format("{}({})", measure, name_),
                                 {.path = quantity_path::of_alignment(name_, measure),
                                  .long_name = fmt::format("{} {}", long_name, about_),
                                  .symbol = measure});
    }
    AgreementSlots agreement() const {
        return {(*this)("cosine", "cosine between the exact gradient and"),
                (*this)("norm_ratio", "norm, over that of the exact gradient, of"),
                (*this)("bias", "bias, over the exact gradient's root mean square, of"),
                (*this)("variance", "variance, over the exact gradient's mean square, of")};
    }

private:
    ProgramBuilder& program_;
    std::string name_, about_;
};

std::string about(const AlignedRule& rule, const std::string& of) {
    const std::string what = "the estimate by the changes of " + of;
    if (rule.lag == 0) return what;
    return fmt::format("{}, of {} step{} ago", what, rule.lag, rule.lag == 1 ? "" : "s");
}

void check_additions(const ModelDraft& model, const AlignedRule& rule, SynapseSetId set) {
    const Program& program = model.program.so_far();
    const std::string& name = model.program.circuit()[set].name;
    const SlotId strength = program.strength_of(set);
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != strength || is_addition(op)) continue;
        const bool formula = traits(op.kind).change == MatrixChange::formula;
        reject(model.section.where("alignment"),
               fmt::format("{} needs changes that are added to the strengths; [plasticity.{}] "
                           "changes \"{}\" by \"{}\" too, {}",
                           who, rule.label, name, traits(op.kind).verb,
                           formula ? "a formula, from which no estimate is taken yet"
                                   : "which overwrites or scales them"));
    }
}

AlignedRule aligned(const ModelDraft& model, const RecurrentNetwork& network,
                    const BoundRule& bound, const DiagnoseOptions& options) {
    AlignedRule rule;
    rule.label = bound.label;
    rule.facing = bound.facing();
    rule.rate = rate_of(bound);
    rule.window = bound.parts.window;
    rule.exact_window = options.window;
    check_window(model, rule);
    check_every(model, rule);
    check_memory(model, network, rule, options);
    rule.lag = lag_of(rule);
    for (const SynapseSetId set : bound.synapses) {
        if (!has(network.W(), set)) continue;
        check_additions(model, rule, set);
        const std::string& name = model.program.circuit()[set].name;
        const Measures measure(model.program, name, about(rule, name));
        rule.sets.push_back({set, measure.agreement()});
    }
    const Measures measure(model.program, rule.label,
                           about(rule, "all sets of the rule " + rule.label));
    rule.together = measure.agreement();
    return rule;
}

bool changes_any(const BoundRule& bound, const std::vector<SynapseSetId>& sets) {
    return std::any_of(sets.begin(), sets.end(),
                       [&](SynapseSetId set) { return bound.changes(set); });
}

// Sets of W that cannot be aligned are named, and all that cannot be aligned is no run.
void name_what_is_left_out(const Diagnosed& chosen, const ModelDraft& model,
                           const RecurrentNetwork& network, std::vector<std::string>& notes) {
    const Circuit& circuit = model.program.circuit();
    std::vector<std::string> names;
    for (const SynapseSetId set : network.W()) {
        const bool is_aligned =
            std::any_of(chosen.rules.begin(), chosen.rules.end(), [&](const AlignedRule& rule) {
                return std::any_of(rule.sets.begin(), rule.sets.end(),
                                   [&](const AlignedSet& one) { return one.set == set; });
            });
        if (!is_aligned) names.push_back(circuit[set].name);
    }
    if (chosen.rules.empty()) {
        reject(model.section.where("alignment"),
               fmt::format("{} needs a rule that changes {} and estimates a gradient; there is "
                           "none in this model",
                           who, list_of(names)));
    }
    if (names.empty()) return;
    notes.push_back(fmt::format("{} leaves out {}: no rule that estimates a gradient changes {}",
                                who, list_of(names), names.size() == 1 ? "it" : "them"));
}

void choose_jacobians(Diagnosed& chosen, const ModelDraft& model, const RecurrentNetwork& network) {
    const Circuit& circuit = model.program.circuit();
    for (const BoundRule& bound : model.rules) {
        if (!bound.parts.find("predicted") || bound.synapses.size() != 1) continue;
        const SynapseSetId set = bound.synapses.front();
        if (!is_within(circuit, set, network.cells)) continue;
        const Measures measure(model.program, circuit[set].name, circuit[set].name);
        chosen.jacobians.push_back(
            {set, measure("error", "distance to the exact Jacobian, over the norm of that, of"),
             measure("cosine", "cosine between the exact Jacobian and"),
             measure("spectral_radius", "largest absolute eigenvalue of"),
             measure("true_spectral_radius",
                     "largest absolute eigenvalue of the exact Jacobian beside")});
    }
}

// The exact gradient goes on from step to step.
void check_undisturbed(const Circuit& circuit) {
    if (!circuit.trials) return;
    const Trials& trials = *circuit.trials;
    if (trials.reset == Trials::Reset::keep && trials.values.empty()) return;
    reject(trials.where,
           "diagnose.alignment needs cells that go on from step to step, and [trial] "
           "sets them back; expected reset = \"keep\"");
}

}  // namespace

// ---- by the program run backwards: each rule that changes a set of the loss's dynamics

namespace {

enum class Read : std::uint8_t { sums, difference, nothing };

// How a rule's estimate is read from what it changes.
Read estimate_of(const Program& program, const BoundRule& bound, SlotId strength) {
    bool adds = true, is_alone = true, is_in_phase = true, any = false;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != strength || keeps_strengths(op.asker)) continue;
        any = true;
        adds &= is_addition(op);
        const std::string asker = op.asked_by.substr(op.asked_by.find('.') + 1);
        is_alone &= asker == bound.label || asker.starts_with(bound.label + ' ');
        is_in_phase &= static_cast<bool>(op.phase);
    }
    if (!any || !is_in_phase) return Read::nothing;
    return adds ? Read::sums : is_alone ? Read::difference : Read::nothing;
}

struct LeftOut {
    std::vector<std::string> outside, unread;
};

void take_sets(AlignedRule& rule, const ModelDraft& model, const BoundRule& bound,
               const Dynamics& dynamics, LeftOut& left_out) {
    const Program& program = model.program.so_far();
    for (const SynapseSetId set : bound.synapses) {
        const std::string name = model.program.circuit()[set].name;
        const SlotId strength = program.strength_of(set);
        const bool is_inside =
            std::find(dynamics.sets.begin(), dynamics.sets.end(), strength) != dynamics.sets.end();
        const Read read = estimate_of(program, bound, strength);
        if (!is_inside || read == Read::nothing) {
            (is_inside ? left_out.unread : left_out.outside).push_back(name);
            continue;
        }
        const Measures measure(model.program, name, about(rule, name));
        rule.sets.push_back({set, measure.agreement(), read == Read::difference});
    }
}

void note(const LeftOut& left_out, std::vector<std::string>& notes) {
    if (!left_out.outside.empty())
        notes.push_back(fmt::format(
            "{} leaves out {}: the loss depends on {} only through "
            "learning, or not",
            who, list_of(left_out.outside), left_out.outside.size() == 1 ? "it" : "them"));
    if (!left_out.unread.empty())
        notes.push_back(fmt::format(
            "{} leaves out {}: several change {} in other ways than by "
            "additions, or none in a phase",
            who, list_of(left_out.unread), left_out.unread.size() == 1 ? "it" : "them"));
}

bool is_measured_twice(const Diagnosed& chosen, const BoundRule& bound) {
    return std::any_of(chosen.rules.begin(), chosen.rules.end(), [&](const AlignedRule& rule) {
        return std::any_of(rule.sets.begin(), rule.sets.end(),
                           [&](const AlignedSet& one) { return bound.changes(one.set); });
    });
}

void choose_by_adjoint(Diagnosed& chosen, const ModelDraft& model,
                       std::vector<std::string>& notes) {
    const Program& program = model.program.so_far();
    const Dynamics dynamics = find_dynamics(program, loss_of(program, model.program.circuit()));
    LeftOut left_out;
    for (const BoundRule& bound : model.rules) {
        const bool has_rate = bound.parts.rate && bound.parts.rate->value != 0.0;
        if (!has_rate || is_measured_twice(chosen, bound)) {
            for (const SynapseSetId set : bound.synapses)
                left_out.unread.push_back(model.program.circuit()[set].name);
            continue;
        }
        AlignedRule rule;
        rule.label = bound.label;
        rule.facing = bound.facing() == Facing::none ? Facing::past : bound.facing();
        rule.rate = rate_of(bound);
        rule.window = bound.parts.window;
        rule.exact_window =
            dynamics.remembers ? chosen.options.window : std::max(1, bound.parts.window);
        check_window(model, rule);
        check_every(model, rule);
        rule.lag = lag_of(rule);
        take_sets(rule, model, bound, dynamics, left_out);
        if (rule.sets.empty()) continue;
        const Measures measure(model.program, rule.label,
                               about(rule, "all sets of the rule " + rule.label));
        rule.together = measure.agreement();
        chosen.rules.push_back(std::move(rule));
    }
    note(left_out, notes);
    if (chosen.rules.empty())
        reject(model.section.where("alignment"),
               fmt::format("{} needs a rule with a rate that changes a set on which the loss "
                           "depends; there is none in this model",
                           who));
}

// Whether the circuit is one recurrent layer; why it is not otherwise.
std::optional<Rejected> why_no_layer(const Circuit& circuit) {
    try {
        const RecurrentNetwork network = recurrent_network_of(circuit, who);
        check_fires_once(circuit, network.cells, network.recurrent, who);
    } catch (const Rejected& rejected) {
        return rejected;
    }
    return std::nullopt;
}

}  // namespace

void choose_alignment(Diagnosed& chosen, const ModelDraft& model, std::vector<std::string>& notes) {
    const Circuit& circuit = model.program.circuit();
    const std::optional<Rejected> other = why_no_layer(circuit);
    const bool is_by_layer = chosen.options.exact != Exact::by_adjoint;
    if (other && is_by_layer && model.section.is_stated("exact")) throw Rejected(*other);
    if (other && is_by_layer && circuit.has_loss()) {
        chosen.options.exact = Exact::by_adjoint;
        model.section.set("exact", "adjoint");
    }
    if (chosen.options.exact == Exact::by_adjoint) return choose_by_adjoint(chosen, model, notes);
    const RecurrentNetwork network = recurrent_network_of(circuit, who);
    check_fires_once(circuit, network.cells, network.recurrent, who);
    check_undisturbed(circuit);
    for (const BoundRule& bound : model.rules) {
        if (bound.facing() == Facing::none || !changes_any(bound, network.W())) continue;
        if (!bound.is_direct) {
            reject(bound.where,
                   fmt::format("diagnose.alignment measures changes as they are made, and those of "
                               "[plasticity.{}] are made in a window, late or by an optimiser",
                               bound.label));
        }
        chosen.rules.push_back(aligned(model, network, bound, chosen.options));
    }
    name_what_is_left_out(chosen, model, network, notes);
    choose_jacobians(chosen, model, network);
}

}  // namespace apical
