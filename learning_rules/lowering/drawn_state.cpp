// Numbers of a rule that are drawn anew in each step.
#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

// They are drawn once a step, before all else, however many statements and iterations read them.
SlotId NamesInCircuit::drawn(const StateDeclaration& declared) {
    const RuleQuantity name = quantity(declared.name, declared.at, declared.symbol);
    if (const SlotId known = program_.so_far().of_rule(name)) return known;
    const PopulationId of = is_in_cells(declared.at) ? cells(declared.at) : PopulationId{};
    const bool signs = declared.drawn == Drawn::sign;
    return program_.noise(of, name, {.function = signs ? Function::sign : Function::normal});
}

}  // namespace apical
