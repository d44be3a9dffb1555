#include "learning_rules/learning_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

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
    RuleQuantity name{label, std::string(quantity), std::string(symbol)};
    name.of_cells = bool(cells);
    return name;
}

Rate Binding::rate() const { return {options.number("rate"), options.where("rate")}; }

RuleQuantity BoundRule::signal_name(std::string_view quantity) const {
    return {label, std::string(quantity)};
}

bool BoundRule::changes(SynapseSetId set) const {
    return std::find(synapses.begin(), synapses.end(), set) != synapses.end();
}

PopulationId postsynaptic(const ProgramBuilder& program, const Binding& binding,
                          std::string_view rule) {
    if (binding.cells) return binding.cells;
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
        const SynapseUse* own = circuit.own_use(id);
        if (!own || (circuit.is_soma(own->target) && !own->gate)) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"{}\" needs synapse sets that drive the soma; \"{}\" goes to "
                           "\"{}\"",
                           rule, circuit[id].name, circuit.target_name(*own)));
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
        const bool can_be_wired = circuit[owner].size == circuit[post].size;
        reject(address.where,
               fmt::format("rule \"{}\" needs a signal of the cells that its synapses end on, one "
                           "of {}; \"{}\" is one of \"{}\"{}",
                           rule, list_of(usable), address.text, circuit[owner].name,
                           can_be_wired ? fmt::format(", which a [wire.*] can bring to a dendrite "
                                                      "of \"{}\"",
                                                      circuit[post].name)
                                        : ""));
    }
    return program.signal(address);
}

}  // namespace apical
