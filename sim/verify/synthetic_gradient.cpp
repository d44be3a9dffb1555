#include "sim/verify/synthetic_gradient.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

// A = [A_r, A_y, A_1], told apart by where the sets come from.
std::vector<SynapseSetId> columns_of_A(const CircuitRun& run, const BoundRule& rule) {
    const Circuit& circuit = run.circuit();
    const std::vector<SynapseSetId>& sets = rule.synapses;
    std::vector<SynapseSetId> ordered(3);
    for (const SynapseSetId set : sets) {
        const PopulationId pre = circuit[set].pre;
        if (pre == run.network().cells) ordered[0] = set;
        if (pre == run.network().label) ordered[1] = set;
        if (circuit[pre].role == Role::constant) ordered[2] = set;
    }
    const bool all = std::all_of(ordered.begin(), ordered.end(), [&](SynapseSetId set) {
        return set && circuit[set].post == run.network().cells;
    });
    if (all && sets.size() == 3) return ordered;
    reject(rule.where,
           fmt::format("{0} needs the rule \"bootstrap\" to change A = [A_r, A_y, A_1], sets to "
                       "\"{1}\" from \"{1}\", from \"{2}\" and from a constant; [plasticity.{3}] "
                       "changes {4}",
                       who_implements(run.model()), circuit[run.network().cells].name,
                       circuit[run.network().label].name, rule.label, names_of(circuit, sets)));
}

SynapseSetId jacobian_of(const CircuitRun& run, const BoundRule& rule) {
    const Circuit& circuit = run.circuit();
    const PopulationId cells = run.network().cells;
    const std::vector<SynapseSetId>& sets = rule.synapses;
    if (sets.size() == 1 && is_within(circuit, sets.front(), cells)) return sets.front();
    reject(rule.where, fmt::format("{0} needs the rule \"{1}\" to change J, one set from \"{2}\" "
                                   "to \"{2}\"; [plasticity.{3}] changes {4}",
                                   who_implements(run.model()), rule.rule->name,
                                   circuit[cells].name, rule.label, names_of(circuit, sets)));
}

// c*: last step's credit and what is bootstrapped now, each once.
void find_target(SyntheticGradient& found, const CircuitRun& run, const BoundRule& rule) {
    const Program& program = run.model().program;
    const auto is_previous = [&](SlotId one) { return program[one].what == What::previous; };
    const std::vector<SlotId>& targets = rule.parts.find("target")->slots;
    const auto held = std::count_if(targets.begin(), targets.end(), is_previous);
    if (targets.size() != 2 || held != 1) {
        reject(
            rule.parts.find("prediction")->where,
            fmt::format("{} needs a target of [plasticity.{}] that is the sum of a previous(...) "
                        "credit and of what is bootstrapped; found {} signals, {} of them "
                        "previous(...)",
                        who_implements(run.model()), rule.label, targets.size(), held));
    }
    for (const SlotId one : targets) {
        if (is_previous(one)) {
            found.c_bar = program[one].of;
        } else {
            found.bootstrap = one;
        }
    }
}

// Finds the signal that goes back through J to the bootstrap.
void find_carried(SyntheticGradient& found, const CircuitRun& run, const BoundRule& rule) {
    for (const Operation& op : run.model().program.operations) {
        const bool back = op.kind == Kind::transmit && op.reverse && op.operands.size() == 3 &&
                          op.operands[0].slot == found.bootstrap && op.operands[2].slot == found.J;
        if (back) found.carried = op.operands[1].slot;
    }
    if (found.carried) return;
    reject(rule.where,
           fmt::format("{} needs a [synapses.{}.back] that ends on \"{}\"; there is none",
                       who_implements(run.model()), run.model().program[found.J].name,
                       run.model().program[found.bootstrap].name));
}

// T, in the order of A.
void find_copy(SyntheticGradient& found, const CircuitRun& run,
               const std::vector<SynapseSetId>& A) {
    const BoundRule* copy = find_rule(run.model(), "copy");
    if (!copy) return;
    const Program& program = run.model().program;
    const std::vector<SlotId>& of = copy->parts.find("of")->slots;
    for (const SynapseSetId set : A) {
        for (std::size_t k = 0; k < of.size(); ++k) {
            if (of[k] == program.strength_of(set))
                found.T.push_back(program.strength_of(copy->synapses[k]));
        }
    }
    if (found.T.size() != A.size()) found.T.clear();
    found.target_interval = static_cast<int>(copy->parts.constant("every").value_or(1.0));
}

}  // namespace

SyntheticGradient synthetic_gradient_of(const CircuitRun& run, std::string_view jacobian_rule) {
    SyntheticGradient found;
    found.u = rule_of_W(run, "dendritic").parts.credit;
    const std::string who = who_implements(run.model());
    const BoundRule &rule = require_rule(run.model(), "bootstrap", who),
                    &jacobian = require_rule(run.model(), jacobian_rule, who);
    const std::vector<SynapseSetId> A = columns_of_A(run, rule);
    found.A = run.strengths(A);
    found.rate_A = rule.parts.rate->value;
    found.J = run.model().program.strength_of(jacobian_of(run, jacobian));
    if (jacobian.parts.rate) found.rate_J = jacobian.parts.rate->value;
    find_target(found, run, rule);
    find_carried(found, run, jacobian);
    find_copy(found, run, A);
    found.target = run.slot(rule.signal_name("target"));
    found.error = run.slot(rule.signal_name("error"));
    const SlotId prediction = rule.parts.find("prediction")->slots.front();
    if (run.model().program[prediction].what != What::previous) found.recalled = prediction;
    return found;
}

void check_target_copy(const SyntheticGradient& parts, const Approximations& approximations) {
    const Text* declared = approximations.find(Approximation::target_copy);
    if (!declared || (!parts.T.empty() && parts.target_interval > 1)) return;
    throw Error(ExitCode::verification_failed,
                fmt::format("{}: \"target_copy\" is declared, but no rule \"copy\" keeps A for "
                            "more than a step",
                            text(declared->where)));
}

}  // namespace apical
