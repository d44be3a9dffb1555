#include "learning_rules/learning_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

constexpr std::array common_table = {
    Key{.section = "plasticity.*",
        .name = "rule",
        .type = Type::text,
        .description = "the plasticity rule"},
    Key{.section = "plasticity.*",
        .name = "synapses",
        .type = Type::text_list,
        .names = "synapses",
        .description = "synapse sets that it changes"},
    Key{.section = "plasticity.*",
        .name = "during",
        .type = Type::text,
        .default_value = "-",
        .names = "phase",
        .description = "phase at whose end the synapses change; left out: the last"},
};

const LearningRule& find_rule(const Text& name) {
    std::vector<std::string> known;
    for (const LearningRule* rule : learning_rules()) {
        if (rule->name == name.text) return *rule;
        known.emplace_back(rule->name);
    }
    reject_unknown(name, "plasticity rule", known);
}

bool has_key(std::span<const Key> keys, std::string_view name) {
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
}

bool is_key_of_a_rule(std::string_view name) {
    const std::span<const LearningRule* const> all = learning_rules();
    return has_key(common_table, name) ||
           std::any_of(all.begin(), all.end(),
                       [&](const LearningRule* rule) { return has_key(rule->keys, name); });
}

// At the key that looks like a misspelling of "rule" and is none of any rule, if there is one.
[[noreturn]] void reject_without_rule(const Table& table, const std::string& name,
                                      const Where& where) {
    const std::string needs = fmt::format("[{}] needs the key \"rule\", a text", name);
    for (const Entry& entry : table.entries) {
        const std::string near = did_you_mean(entry.key, {"rule"});
        if (near.empty() || is_key_of_a_rule(entry.key)) continue;
        reject(entry.where, fmt::format("{}; found \"{}\".{}", needs, shortened(entry.key), near));
    }
    reject(where, needs);
}

// The rule's name decides which keys the table may have, so it is read first.
const LearningRule& rule_of(const Table& table, const std::string& name, const Where& where) {
    const Value* value = table.find("rule");
    if (!value) reject_without_rule(table, name, where);
    const auto* text = std::get_if<std::string>(&value->content);
    if (!text)
        reject(value->where,
               fmt::format("[{}] needs the key \"rule\", a text, not {}", name, describe(*value)));
    return find_rule({*text, value->where});
}

PhaseId phase_of(const Circuit& circuit, const Section& section) {
    if (!section.has("during")) section.set("during", circuit.phases.back().name);
    return resolve_phase(circuit, section.text("during"));
}

// Lets the rule of one table append its operations. `changed_by`: for each synapse set the table
// that changes it, empty while there is none.
BoundRule emit_rule(ProgramBuilder& program, Entry& entry, std::vector<std::string>& changed_by) {
    const Circuit& circuit = program.circuit();
    const std::string name = "plasticity." + entry.key;
    check_name({entry.key, entry.where});
    Table& table = inner_table(entry, "plasticity");
    const LearningRule& rule = rule_of(table, name, entry.where);
    const Section section(table, entry.where, name, keys_of_rule(table, name, entry.where));
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
    RuleParts parts = rule.emit(program, binding);
    for (const SynapseSetId id : binding.synapses) changed_by[id.value] = entry.key;
    return {entry.key, entry.where, &rule, binding.synapses, std::move(parts)};
}

}  // namespace

const RulePart* RuleParts::find(std::string_view name) const {
    for (const RulePart& one : slots) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

std::optional<double> RuleParts::constant(std::string_view name) const {
    for (const RuleConstant& one : constants) {
        if (one.name == name) return one.value;
    }
    return std::nullopt;
}

RuleQuantity Binding::signal_name(std::string_view quantity, std::string_view symbol) const {
    return {label, std::string(quantity), std::string(symbol)};
}

Rate Binding::rate() const { return {options.number("rate"), options.where("rate")}; }

RuleQuantity BoundRule::signal_name(std::string_view quantity) const {
    return {label, std::string(quantity)};
}

std::span<const Key> common_rule_keys() { return common_table; }

std::vector<Key> keys_of_rule(const Table& table, const std::string& name, const Where& where) {
    std::vector<Key> keys(common_table.begin(), common_table.end());
    const LearningRule& rule = rule_of(table, name, where);
    keys.insert(keys.end(), rule.keys.begin(), rule.keys.end());
    return keys;
}

std::vector<BoundRule> emit_plasticity(ProgramBuilder& program, Table& plasticity) {
    std::vector<BoundRule> bound;
    std::vector<std::string> changed_by(program.circuit().synapses.size());
    Mistakes mistakes;
    for (Entry& entry : plasticity.entries)
        mistakes.attempt([&] { bound.push_back(emit_rule(program, entry, changed_by)); });
    mistakes.reject_any();
    return bound;
}

PopulationId postsynaptic(const ProgramBuilder& program, const Binding& binding,
                          std::string_view rule) {
    const Circuit& circuit = program.circuit();
    const SynapseSet& first = circuit[binding.synapses.front()];
    for (const SynapseSetId id : binding.synapses) {
        if (circuit[id].post == first.post) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"{}\" needs synapse sets that end on the same cells; \"{}\" ends "
                           "on \"{}\", \"{}\" on \"{}\"",
                           rule, first.name, circuit[first.post].name, circuit[id].name,
                           circuit[circuit[id].post].name));
    }
    return first.post;
}

void check_drives_soma(const Circuit& circuit, const Binding& binding, std::string_view rule) {
    for (const SynapseSetId id : binding.synapses) {
        const Transmission* own = circuit.own_use(id);
        if (!own || circuit.is_soma(own->target)) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"{}\" needs synapse sets that drive the soma; \"{}\" goes to "
                           "\"{}\"",
                           rule, circuit[id].name, circuit.full_name(own->target)));
    }
}

std::vector<SlotId> presynaptic_of(ProgramBuilder& program, const Binding& binding) {
    std::vector<SlotId> rates;
    for (const SynapseSetId set : binding.synapses) rates.push_back(program.presynaptic(set));
    return rates;
}

SlotId postsynaptic_signal(ProgramBuilder& program, const Binding& binding, const Text& address,
                           std::string_view rule) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, rule);
    const PopulationId owner = population_of_address(circuit, address.text);
    if (owner && owner != post) {
        std::vector<std::string> usable;
        for (const CompartmentId c : circuit[post].compartments)
            usable.push_back(circuit.full_name(c));
        reject(address.where,
               fmt::format("rule \"{}\" needs a signal of the cells that its synapses end on, one "
                           "of {}; \"{}\" is one of \"{}\"",
                           rule, list_of(usable), address.text, circuit[owner].name));
    }
    return program.signal(address);
}

}  // namespace apical
