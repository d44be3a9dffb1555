#include "sim/diagnosis/aligned_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "circuits/anatomy/recurrent_network.hpp"
#include "sim/diagnosis/adjoint_rules.hpp"
#include "sim/diagnosis/exact_gradient.hpp"
#include "sim/diagnosis/rule_measures.hpp"
#include "sim/diagnosis/update.hpp"

namespace apical {

namespace {

bool has(const std::vector<SynapseSetId>& sets, SynapseSetId set) {
    return std::find(sets.begin(), sets.end(), set) != sets.end();
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

// Whether the rule's change of the set is read from the strengths before and after it, as one that
// is no addition; then no other rule may change them.
bool is_by_difference(const ModelDraft& model, const BoundRule& bound, SynapseSetId set) {
    const Program& program = model.program.so_far();
    const SlotId strength = program.strength_of(set);
    const Operation* other = nullptr;  // no addition
    bool is_alone = true;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != strength || keeps_strengths(op.asker)) continue;
        if (!is_addition(op)) other = &op;
        is_alone &= is_asked_by(op, bound);
    }
    if (!other || is_alone) return other;
    reject(model.section.where("alignment"),
           fmt::format("{} needs changes that are added to the strengths, or one rule alone that "
                       "changes them; [plasticity.{}] changes \"{}\", and so does another, by "
                       "\"{}\"",
                       alignment_key, bound.label, model.program.circuit()[set].name,
                       traits(other->kind).verb));
}

AlignedRule aligned(const ModelDraft& model, const RecurrentNetwork& network,
                    const BoundRule& bound, const DiagnoseOptions& options) {
    AlignedRule rule;
    rule.label = bound.label;
    rule.facing = bound.facing();
    rule.rate = rate_of_changes(bound);
    rule.window = bound.parts.window;
    rule.exact_window = options.window;
    check_window(model, rule);
    check_every(model, rule);
    check_memory(model, network, rule, options);
    rule.lag = lag_of(rule);
    for (const SynapseSetId set : bound.synapses) {
        if (!has(network.W(), set)) continue;
        const bool by_difference = is_by_difference(model, bound, set);
        const std::string& name = model.program.circuit()[set].name;
        const Measures measure(model.program, name, about_changes(rule, name));
        rule.sets.push_back({set, measure.agreement(), by_difference});
    }
    const Measures measure(model.program, rule.label,
                           about_changes(rule, "all sets of the rule " + rule.label));
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
                           alignment_key, list_of(names)));
    }
    if (names.empty()) return;
    notes.push_back(fmt::format("{} leaves out {}: no rule that estimates a gradient changes {}",
                                alignment_key, list_of(names), names.size() == 1 ? "it" : "them"));
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
           "diagnose.exact = \"rtrl\" and \"bptt\" need cells that go on from step to step, and "
           "[trial] sets them back; expected reset = \"keep\", or exact = \"adjoint\"");
}

void check_direct(const ModelDraft& model, const RecurrentNetwork& network) {
    for (const BoundRule& bound : model.rules) {
        const bool is_measured = bound.facing() != Facing::none && changes_any(bound, network.W());
        if (bound.is_direct || !is_measured) continue;
        reject(bound.where,
               fmt::format("diagnose.exact = \"rtrl\" and \"bptt\" measure changes as they are "
                           "made, and those of [plasticity.{}] are made in a window, late or by "
                           "an optimiser; expected exact = \"adjoint\"",
                           bound.label));
    }
}

// Whether the circuit is one recurrent layer that learns as its equations say; why it is not
// otherwise.
std::optional<Rejected> why_no_layer(const ModelDraft& model) {
    const Circuit& circuit = model.program.circuit();
    try {
        const RecurrentNetwork network = recurrent_network_of(circuit, alignment_key);
        check_fires_once(circuit, network.cells, network.recurrent, alignment_key);
        check_undisturbed(circuit);
        check_direct(model, network);
    } catch (const Rejected& rejected) {
        return rejected;
    }
    return std::nullopt;
}

}  // namespace

void choose_alignment(Diagnosed& chosen, const ModelDraft& model, std::vector<std::string>& notes) {
    const Circuit& circuit = model.program.circuit();
    const std::optional<Rejected> other = why_no_layer(model);
    const bool is_by_layer = chosen.options.exact != Exact::by_adjoint;
    if (other && is_by_layer && model.section.is_stated("exact")) throw Rejected(*other);
    if (other && is_by_layer && circuit.has_loss()) {
        chosen.options.exact = Exact::by_adjoint;
        model.section.set("exact", "adjoint");
    }
    if (chosen.options.exact == Exact::by_adjoint) return choose_by_adjoint(chosen, model, notes);
    if (other) throw Rejected(*other);
    const RecurrentNetwork network = recurrent_network_of(circuit, alignment_key);
    for (const BoundRule& bound : model.rules) {
        if (bound.facing() == Facing::none || !changes_any(bound, network.W())) continue;
        chosen.rules.push_back(aligned(model, network, bound, chosen.options));
    }
    name_what_is_left_out(chosen, model, network, notes);
    choose_jacobians(chosen, model, network);
}

}  // namespace apical
