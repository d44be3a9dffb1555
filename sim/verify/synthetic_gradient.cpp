#include "sim/verify/synthetic_gradient.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

// A = [A_r, A_y, A_1], told apart by where the sets come from.
std::vector<SynapseSetId> columns_of_A(const CircuitRun& run, const RuleTable& rule) {
    const Circuit& circuit = run.circuit();
    const std::vector<SynapseSetId>& sets = rule.bound().synapses;
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
    reject(rule.where(),
           fmt::format("{0} needs the rule \"bootstrap\" to change A = [A_r, A_y, A_1], sets to "
                       "\"{1}\" from \"{1}\", from \"{2}\" and from a constant; [plasticity.{3}] "
                       "changes {4}",
                       who_implements(run.model()), circuit[run.network().cells].name,
                       circuit[run.network().label].name, rule.bound().label,
                       names_of(circuit, sets)));
}

SynapseSetId jacobian_of(const CircuitRun& run, const RuleTable& rule) {
    const Circuit& circuit = run.circuit();
    const PopulationId cells = run.network().cells;
    const std::vector<SynapseSetId>& sets = rule.bound().synapses;
    if (sets.size() == 1 && is_within(circuit, sets.front(), cells)) return sets.front();
    reject(rule.where(),
           fmt::format("{0} needs the rule \"{1}\" to change J, one set from \"{2}\" "
                       "to \"{2}\"; [plasticity.{3}] changes {4}",
                       who_implements(run.model()), rule.bound().rule->name, circuit[cells].name,
                       rule.bound().label, names_of(circuit, sets)));
}

// c*: last step's credit and what is bootstrapped now, each once.
void find_target(SyntheticGradient& found, const CircuitRun& run, const RuleTable& rule) {
    std::vector<Signal> targets;
    for (const Text& one : rule.texts("target"))
        targets.push_back(resolve_signal(run.circuit(), one));
    const auto held = std::count_if(targets.begin(), targets.end(),
                                    [](const Signal& one) { return one.is_previous; });
    if (targets.size() != 2 || held != 1) {
        reject(
            rule.text("prediction").where,
            fmt::format("{} needs a target of [plasticity.{}] that is the sum of a previous(...) "
                        "credit and of what is bootstrapped; found {} signals, {} of them "
                        "previous(...)",
                        who_implements(run.model()), rule.bound().label, targets.size(), held));
    }
    for (Signal one : targets) {
        SlotId& slot = one.is_previous ? found.c_bar : found.bootstrap;
        one.is_previous = false;
        slot = run.model().program.signal(one);
    }
}

// Finds the signal that goes back through J to the bootstrap.
void find_carried(SyntheticGradient& found, const CircuitRun& run, const RuleTable& rule) {
    for (const Operation& op : run.model().program.operations) {
        const bool back = op.kind == Kind::transmit && op.reverse && op.operands.size() == 3 &&
                          op.operands[0].slot == found.bootstrap && op.operands[2].slot == found.J;
        if (back) found.carried = op.operands[1].slot;
    }
    if (found.carried) return;
    reject(rule.where(),
           fmt::format("{} needs a [synapses.{}.back] that ends on \"{}\"; there is none",
                       who_implements(run.model()), run.model().program[found.J].name,
                       run.model().program[found.bootstrap].name));
}

// T, in the order of A.
void find_copy(SyntheticGradient& found, const CircuitRun& run,
               const std::vector<SynapseSetId>& A) {
    const std::optional<RuleTable> copy = find_rule(run.model(), "copy");
    if (!copy) return;
    const std::vector<Text> of = copy->texts("of");
    for (const SynapseSetId set : A) {
        for (std::size_t k = 0; k < of.size(); ++k) {
            if (of[k].text == run.circuit()[set].name)
                found.T.push_back(run.model().program.strength_of(copy->bound().synapses[k]));
        }
    }
    if (found.T.size() != A.size()) found.T.clear();
    found.target_interval = static_cast<int>(copy->integer("every"));
}

}  // namespace

SyntheticGradient synthetic_gradient_of(const CircuitRun& run, std::string_view jacobian_rule) {
    SyntheticGradient found;
    found.u = credit_of(run, rule_of_W(run, "dendritic"));
    const std::string who = who_implements(run.model());
    const RuleTable rule = require_rule(run.model(), "bootstrap", who),
                    jacobian = require_rule(run.model(), jacobian_rule, who);
    const std::vector<SynapseSetId> A = columns_of_A(run, rule);
    found.A = run.strengths(A);
    found.rate_A = rule.number("rate");
    found.J = run.model().program.strength_of(jacobian_of(run, jacobian));
    if (jacobian.has("rate")) found.rate_J = jacobian.number("rate");
    find_target(found, run, rule);
    find_carried(found, run, jacobian);
    find_copy(found, run, A);
    found.target = run.slot(rule.signal("target"));
    found.error = run.slot(rule.signal("error"));
    const Signal prediction = resolve_signal(run.circuit(), rule.text("prediction"));
    if (!prediction.is_previous) found.recalled = run.model().program.signal(prediction);
    return found;
}

void check_target_copy(const SyntheticGradient& parts, const Approximations& approximations) {
    const Text* declared = approximations.find("target_copy");
    if (!declared || (!parts.T.empty() && parts.target_interval > 1)) return;
    throw Error(ExitCode::verification_failed,
                fmt::format("{}: \"target_copy\" is declared, but no rule \"copy\" keeps A for "
                            "more than a step",
                            text(declared->where)));
}

}  // namespace apical
