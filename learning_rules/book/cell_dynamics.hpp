#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/address.hpp"
#include "circuits/program/program_builder.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

// One [dynamics.NAME] table: equations that take place inside the cells of a population, in one
// phase of each step. Its numbers are "hidden.held", of the cells, or one for all.
struct CellDynamics {
    TextRule text;              // of cells
    bool after_firing = false;  // behind all that fires in the phase, and not before it
    PopulationId cells = {};    // set by emit_circuit, as what follows
    PhaseId phase = {};
    GateId gate = {};  // set: what the cells fire through it, the key "emits" of [gate.NAME]

    // The name of what the equations keep or make, "hidden.held".
    RuleQuantity signal_name(const Circuit& circuit, std::string_view quantity) const;
    // Who asks for their operations: "dynamics.NAME", "gate.NAME.emits".
    std::string asks_as() const {
        return gate ? gate_address(text.name) + ".emits" : "dynamics." + text.name;
    }
};

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
