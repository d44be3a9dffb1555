#pragma once

#include <string>
#include <string_view>

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

}  // namespace apical
