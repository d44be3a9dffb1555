#pragma once

#include <string>
#include <utility>
#include <vector>

#include "circuits/equations/parse.hpp"
#include "circuits/program/forward_pass.hpp"
#include "learning_rules/lowering/lower.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

// A rule of the name "mine" in a file "rule.toml", whose equations begin in line 2.
inline TextRule rule_of_text(const std::string& equations) {
    const Table file = parse_toml("equations = '''\n" + equations + "\n'''", "rule.toml");
    TextRule rule;
    rule.name = "mine";
    rule.equations = parse_equations(*file.find("equations"));
    return rule;
}

inline Parameter parameter(const std::string& name) {
    return {.name = name, .where = {"rule.toml", 30, 1}};
}

inline SignalDeclaration post_signal(const std::string& name, bool is_list = false) {
    return {.name = name, .of = Place::post, .is_list = is_list};
}

inline StateDeclaration state_at(Place place, const std::string& name) {
    return {.name = name, .at = place, .where = {"rule.toml", 31, 1}};
}

// With parameters that a binding must give.
inline TextRule rule_of_text(const std::string& equations,
                             const std::vector<std::string>& parameters,
                             std::vector<StateDeclaration> state = {}) {
    TextRule rule = rule_of_text(equations);
    for (const std::string& name : parameters) rule.parameters.push_back(parameter(name));
    rule.state = std::move(state);
    return rule;
}

inline void emit_forward_pass(ProgramBuilder& program) {
    for (const ForwardPart& part : forward_parts(program.circuit())) emit(program, part);
}

// What a rule comes to as [plasticity.learning] of a circuit, behind the forward pass.
class LoweredRule {
public:
    // `options`: lines of the table, with `synapses`. `phase`: unset for the last one. `every`: the
    // steps between two of its changes.
    LoweredRule(const Circuit& circuit, const TextRule& rule, const std::string& options,
                PhaseId phase = {}, int every = 1)
        : builder_(circuit) {
        emit_forward_pass(builder_);
        Table table = parse_toml(options, "model.toml");
        const Section section(table, {"model.toml", 1, 1}, "plasticity.learning", keys(rule));
        Binding binding{section, "learning", {}};
        for (const Text& name : section.texts("synapses"))
            binding.synapses.push_back(circuit.find_synapses(name.text));
        const PhaseId last(circuit.phases.size() - 1);
        builder_.begin(phase ? phase : last, "plasticity.learning (mine)", {"model.toml", 1, 1},
                       Asker::rule);
        builder_.every(every);
        parts = lower(builder_, binding, rule);
    }

    RuleParts parts;

    const Program& program() const { return builder_.so_far(); }
    // Its operations, "hebb W_in += 0.1 hidden.r x input.r".
    std::vector<std::string> lines() const { return listed(program(), "plasticity.learning"); }
    // Names of the slots that it has made, in their order.
    std::vector<std::string> slots() const {
        std::vector<std::string> names;
        for (const Slot& slot : program().slots) {
            const bool is_new = slot.what == What::of_rule || slot.what == What::tag;
            if (is_new || slot.what == What::slope) names.push_back(slot.name);
        }
        return names;
    }

private:
    static std::vector<Key> keys(const TextRule& rule) {
        std::vector<Key> all = {
            {.section = "plasticity.*", .name = "synapses", .type = Type::text_list}};
        for (const Parameter& one : rule.parameters)
            all.push_back({.section = "plasticity.*",
                           .name = one.name,
                           .type = Type::number,
                           .default_value = one.default_value ? "-" : ""});
        for (const SignalDeclaration& one : rule.signals)
            all.push_back({.section = "plasticity.*",
                           .name = one.name,
                           .type = one.is_list ? Type::text_list : Type::text,
                           .default_value = one.default_address.empty() ? "" : "-"});
        return all;
    }

    ProgramBuilder builder_;
};

// What an attempt says when it is rejected; nothing when it is not.
template <class Attempt>
std::string what_is_said(Attempt attempt) {
    try {
        attempt();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

inline std::string said_of(const TextRule& rule) {
    return what_is_said([&] { check_equations(rule); });
}

}  // namespace apical
