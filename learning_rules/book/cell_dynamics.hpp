#pragma once

#include <vector>

#include "circuits/program/program_builder.hpp"
#include "learning_rules/book/dynamics_table.hpp"

namespace apical {

// Reads the model's [dynamics.*] tables and checks what can be said of them in any circuit. What is
// wrong is added to the mistakes.
std::vector<CellDynamics> read_dynamics(Table& root, Mistakes& mistakes);

// Appends what the circuit does without learning, with what takes place inside its cells: behind
// what the phase transmits to where the cells' firing is driven, before they fire, or when all
// cells have fired; in the order of the file. What gates emit comes last before the firing, and is
// added to `dynamics`. Writes the phase that is left out into the table, the
// first in which the cells fire. Throws Rejected with all mistakes: an unknown population or phase,
// names that the circuit or another table of the cells has.
void emit_circuit(ProgramBuilder& program, std::vector<CellDynamics>& dynamics, Table& root);

}  // namespace apical
