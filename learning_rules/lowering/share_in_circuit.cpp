#include <fmt/format.h>

#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

double NamesInCircuit::alpha(const Expression& e, const Meaning& meaning) const {
    const Population& of = circuit_[cells(meaning.of_pre ? Place::pre : Place::post)];
    if (!of.alphas) return of.alpha;
    reject_here(e, fmt::format("\"{}\" is one number for all cells, and each of \"{}\" has its own",
                               e.name, of.name));
}

double NamesInCircuit::share(const Expression& e, const Meaning& meaning) {
    const CompartmentId of = compartment(e, meaning);
    if (circuit_.is_coupled(of)) return circuit_.share(of);
    reject_here(
        e, fmt::format("\"{}\" is a dendrite's part in where it leads its soma, and no "
                       "conductance couples \"{}\"; expected it in population.{}.coupling",
                       e.name, circuit_.full_name(of), circuit_[circuit_[of].population].name));
}

// The surrogate of cells that spike, of others the slope of their activation at the soma.
SlotId NamesInCircuit::slope(const Expression& e) {
    const Population& of = circuit_[post_];
    if (of.spikes) return program_.surrogate_slope(post_);
    if (is_set_from_outside(of.role))
        reject_here(e, fmt::format("\"{}\" is of a voltage, but the rates of \"{}\" are given and "
                                   "its cells have none",
                                   e.name, of.name));
    return program_.slope(circuit_.soma(post_));
}

// 0 of cells whose threshold stays; one number where it rises alike in all of them.
Part NamesInCircuit::adaptation(const Expression& e) {
    const std::optional<Spikes>& spikes = circuit_[post_].spikes;
    if (!spikes)
        reject_here(e, fmt::format("\"{}\" is by how much a spike raises the threshold, and \"{}\" "
                                   "does not spike; expected spikes = {{ ... }} in [population.{}]",
                                   e.name, circuit_[post_].name, circuit_[post_].name));
    if (!spikes->adaptation) return number_part(0.0, &e);
    if (!spikes->adaptation->cells) return number_part(spikes->adaptation->strength, &e);
    return slot_part(program_.adaptation(post_), Place::post, &e);
}

}  // namespace apical
