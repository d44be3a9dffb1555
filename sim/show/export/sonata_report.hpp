#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/show/export/even_stretch.hpp"

namespace apical {

// One variable in one phase: what a SONATA report holds.
struct SonataReport {
    std::string name;  // "hidden.apical.voltage.update"
    const StoredQuantity* quantity = nullptr;
    std::optional<std::size_t> phase;  // unset: sampled once a step, after the last
    PopulationId population;           // whose cells are its nodes
    CompartmentId compartment;         // unset for rates and strengths
    bool of_synapses = false;          // each cell's elements are the synapses onto it
    EvenStretch stretch;
};

// The reports of a quantity, one a phase; none when it has no cells that are nodes of the circuit.
std::vector<SonataReport> reports_of(const StoredRun& run, const Circuit& circuit,
                                     const StoredQuantity& quantity);

// The address as a report's variable name, which libsonata takes with one dot at most
// (`\w+(\.\w+)?`): "error_soma.v", "previous_hidden.r". The report file's attribute `address` has
// the address itself.
std::string sonata_variable(const std::string& address);

// Throws Error{cannot_create_output}.
void write_report(const StoredRun& run, const Circuit& circuit, const SonataReport& report,
                  const std::string& path);

// Time from a step's beginning to the end of the report's phase.
double phase_end_ms_of(const Circuit& circuit, const SonataReport& report);

}  // namespace apical
