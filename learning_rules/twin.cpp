#include "learning_rules/twin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

// How often the set of `like` carries the rate of `source` to `target` in the way of `like`.
std::ptrdiff_t uses(const Circuit& circuit, const SynapseUse& like, PopulationId source,
                    CompartmentId target) {
    return std::count_if(circuit.uses.begin(), circuit.uses.end(), [&](const SynapseUse& use) {
        return use.set == like.set && use.source == source && use.target == target &&
               use.gate == like.gate && use.delay == like.delay && use.before == like.before &&
               use.phase == like.phase && use.reverse == like.reverse &&
               use.source_voltage == like.source_voltage;
    });
}

void check_nothing_else_drives(const Circuit& circuit, PopulationId twin, PopulationId cells) {
    const CompartmentId target = circuit.soma(twin), own = circuit.soma(cells);
    for (const SynapseUse& use : circuit.uses) {
        if (use.target != target || use.gate) continue;
        const PopulationId source = use.source == twin ? cells : use.source;
        if (uses(circuit, use, use.source, target) <= uses(circuit, use, source, own)) continue;
        reject(
            use.where,
            fmt::format("rule \"kernl\" needs a twin that nothing drives but what drives \"{}\"; "
                        "\"{}\" drives \"{}\" besides",
                        circuit.full_name(own), circuit[use.set].name, circuit.full_name(target)));
    }
}

}  // namespace

PopulationId twin_of(const Circuit& circuit, const Binding& binding, PopulationId cells) {
    const Text name = binding.options.text("twin");
    const PopulationId twin = resolve_population(circuit, name);
    const Population &one = circuit[cells], &other = circuit[twin];
    const bool alike = twin != cells && other.role == Role::cells && one.size == other.size &&
                       one.alpha == other.alpha && one.activation == other.activation &&
                       one.written == other.written &&
                       circuit[circuit.soma(cells)].tau_ms == circuit[circuit.soma(twin)].tau_ms;
    if (!alike) {
        reject(name.where,
               fmt::format("rule \"kernl\" needs another population of the size, activation, alpha "
                           "and somatic tau_ms of \"{}\" as its twin; \"{}\" is none",
                           one.name, other.name));
    }
    for (const SynapseUse& use : circuit.uses) {
        if (use.target != circuit.soma(cells) || use.gate) continue;
        const PopulationId source = use.source == cells ? twin : use.source;
        if (uses(circuit, use, source, circuit.soma(twin)) > 0) continue;
        const std::string& set = circuit[use.set].name;
        reject(name.where,
               fmt::format("rule \"kernl\" needs a twin that \"{0}\" drives as well; expected a "
                           "[[synapses.{0}.again]] from \"{1}\" to \"{2}.soma\"",
                           set, circuit[source].name, other.name));
    }
    check_nothing_else_drives(circuit, twin, cells);
    return twin;
}

}  // namespace apical
