#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/show/export/even_stretch.hpp"

namespace apical {

// Writes nodes.h5 and edges.h5 and their types into a folder. The weights of a synapse set are
// those of its last row in the window. Returns the sets without one. Throws
// Error{cannot_create_output}.
std::vector<std::string> write_network(const StoredRun& run, const Circuit& circuit,
                                       const StepRange& steps, const std::string& folder);

// "virtual" when its rates are given, else "point_neuron": no cell has a morphology.
std::string model_type(const Population& population);

}  // namespace apical
