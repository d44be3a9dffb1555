#include "learning_rules/book/emitted_rates.hpp"

namespace apical {

namespace {

CellDynamics emitted_rate(const Circuit& circuit, GateId gate, PhaseId phase) {
    const EmittedRate& emits = *circuit[gate].emits;
    const Compartment& dendrite = circuit[circuit[gate].compartment];
    CellDynamics one;
    one.text.name = circuit[gate].name;
    // It is kept from phase to phase, as what has been fired is.
    one.text.state = {
        {.name = emitted_quantity(dendrite.name), .at = Place::post, .where = emits.where}};
    one.text.equations = {{.target = emitted_quantity(dendrite.name),
                           .right = emits.equation,
                           .text = emits.text,
                           .where = emits.where}};
    one.text.where = emits.where;
    one.text.of_cells = true;
    one.cells = dendrite.population;
    one.phase = phase;
    one.gate = gate;
    return one;
}

}  // namespace

std::vector<CellDynamics> emitted_rates(const Circuit& circuit) {
    std::vector<CellDynamics> all;
    for (std::size_t g = 0; g < circuit.gates.size(); ++g) {
        if (!circuit.gates[g].emits) continue;
        for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
            if (circuit.gates[g].open_in[p])
                all.push_back(emitted_rate(circuit, GateId(g), PhaseId(p)));
        }
    }
    return all;
}

}  // namespace apical
