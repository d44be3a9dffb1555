#include "sim/show/plot/relaxation.hpp"

#include <cmath>

#include "circuits/anatomy/address.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

double relaxed_share(double ms, double phase_ms, double tau_ms) {
    // 1 - exp(-x) without cancellation, for tau far longer than a phase.
    return std::expm1(-ms / tau_ms) / std::expm1(-phase_ms / tau_ms);
}

double tau_ms_of(const Circuit& circuit, const StoredQuantity& quantity) {
    for (std::size_t k = 0; k < circuit.compartments.size(); ++k)
        if (voltage_address(circuit.full_name(CompartmentId(k))) == quantity.address)
            return circuit.compartments[k].approaches_in_ms();
    return 0.0;
}

double tau_ms_of(const StoredRun& run, const StoredQuantity& quantity) {
    if (quantity_path::name_of(quantity.path) != quantity_path::voltage) return 0.0;
    return tau_ms_of(stored_model(run).circuit, quantity);
}

}  // namespace apical
