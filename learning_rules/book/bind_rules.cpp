#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/resolve.hpp"
#include "learning_rules/book/load_application.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "learning_rules/book/set_numbers.hpp"
#include "learning_rules/lowering/lower.hpp"

namespace apical {

namespace {

PhaseId phase_of(const Circuit& circuit, const Section& section) {
    if (!section.has("during")) section.set("during", circuit.phases.back().name);
    return resolve_phase(circuit, section.text("during"));
}

bool acts_in_each_iteration(const Section& section, const LearningRule& rule) {
    if (!section.has("each") || section.text("each").text != "iteration") return false;
    if (rule.text) return true;
    reject(section.where("each"),
           fmt::format("rule \"{}\" is no equations and acts once a step; expected each = "
                       "\"step\", or no such key",
                       rule.name));
}

// What the text of a shipped rule does not suit is told where the model binds the rule.
[[noreturn]] void reject_at_binding(const Section& section, const LearningRule& rule,
                                    const Rejected& rejected) {
    Mistakes told;
    for (Mistake one : rejected.mistakes()) {
        if (one.where.source == rule.text->where.source) {
            one.sentence += fmt::format(" ({})", text(one.where));
            one.where = section.where("rule");
        }
        told.add({one});
    }
    told.reject_any();
    throw rejected;
}

RuleParts append(ProgramBuilder& program, const Binding& binding, const LearningRule& rule) {
    if (!rule.text) return rule.emit(program, binding);
    try {
        return lower(program, binding, *rule.text);
    } catch (const Rejected& rejected) {
        if (!rule.text->where.source.starts_with("learning_rules/")) throw;
        reject_at_binding(binding.options, rule, rejected);
    }
}

// An optimiser is given changes without their rate.
RuleParts append(ProgramBuilder& program, Binding& binding, const LearningRule& rule,
                 const Application& how) {
    if (!how.optimiser.takes_rate()) return append(program, binding, rule);
    const auto rate = binding.options.value("rate").content;
    binding.options.set("rate", rate_of_binding);
    binding.is_optimised = true;
    RuleParts parts = append(program, binding, rule);
    binding.options.set("rate", rate);
    if (parts.rate) parts.rate->value = how.rate;
    parts.bound_with = rate_of_binding;
    return parts;
}

// Throws if the table has the name of a population whose cells keep numbers, by equations or as
// they spike: these have its name too.
void check_free(const ProgramBuilder& program, const Entry& entry) {
    const bool is_taken = bool(program.so_far().first(
        [&](const Slot& slot) { return slot.what == What::of_rule && slot.rule == entry.key; }));
    if (!is_taken) return;
    reject(entry.where,
           fmt::format("\"{0}\" is a population whose cells keep numbers; expected another "
                       "name than [plasticity.{0}]",
                       entry.key));
}

// Lets the rule of one table append its operations. `changed_by`: for each synapse set the table
// that changes it, empty while there is none.
BoundRule emit_rule(ProgramBuilder& program, const RuleBook& book, Entry& entry,
                    std::vector<std::string>& changed_by) {
    const Circuit& circuit = program.circuit();
    const std::string name = "plasticity." + entry.key;
    check_name({entry.key, entry.where});
    check_free(program, entry);
    Table& table = inner_table(entry, "plasticity");
    const LearningRule& rule = rule_of(book, table, name, entry.where);
    const Section section(table, entry.where, name, keys_of_rule(book, table, name, entry.where));
    Binding binding{section, entry.key, {}};
    for (const Text& set : section.texts("synapses")) {
        const SynapseSetId id = resolve_synapses(circuit, set);
        const bool twice = std::find(binding.synapses.begin(), binding.synapses.end(), id) !=
                           binding.synapses.end();
        const std::string& other = twice ? entry.key : changed_by[id.value];
        if (!other.empty()) {
            reject(set.where, fmt::format("\"{}\" is changed by [plasticity.{}] already; "
                                          "expected one rule for each set",
                                          set.text, other));
        }
        binding.synapses.push_back(id);
    }
    if (binding.synapses.empty())
        reject(section.where("synapses"), fmt::format("[{}] changes no synapse set", name));
    program.begin(phase_of(circuit, section), fmt::format("{} ({})", name, rule.name), entry.where,
                  Asker::rule);
    if (acts_in_each_iteration(section, rule)) program.in_each_iteration();
    const Application how = load_application(circuit, section, rule, entry.key);
    const std::size_t first = program.so_far().operations.size();
    RuleParts parts = append(program, binding, rule, how);
    set_numbers(program, binding, rule, how, first);
    if (section.has("in"))
        program.narrow_changes(
            resolve_window(circuit, section.text("in"), fmt::format("[{}] is in", name)), first,
            section.where("in"));
    if (!how.is_direct()) program.apply_changes(how, first, entry.where);
    for (const Intervention& event : circuit.interventions) {
        const bool stops = event.action == Intervention::Action::stop && event.rule == entry.key;
        if (stops) program.wait_while(event, first);
    }
    for (const SynapseSetId id : binding.synapses) changed_by[id.value] = entry.key;
    const bool is_direct = how.is_direct() && !section.has("in");
    return {entry.key, entry.where, &rule, binding.synapses, std::move(parts), is_direct, how};
}

}  // namespace

std::vector<BoundRule> emit_plasticity(ProgramBuilder& program, const RuleBook& book,
                                       Table& plasticity) {
    std::vector<BoundRule> bound;
    std::vector<std::string> changed_by(program.circuit().synapses.size());
    Mistakes mistakes;
    for (Entry& entry : plasticity.entries)
        mistakes.attempt([&] { bound.push_back(emit_rule(program, book, entry, changed_by)); });
    mistakes.reject_any();
    return bound;
}

}  // namespace apical
