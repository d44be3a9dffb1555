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

}  // namespace apical
