#pragma once

#include <string>

#include "sim/model.hpp"

namespace apical {

// What `apical check` prints: the circuit, its schedule, what is recorded, and the program listing.
std::string describe_model(const Model& model);

// The circuit as a Graphviz drawing.
std::string model_dot(const Model& model);

// What `apical help model` prints: every key with type, range, default, unit and meaning.
std::string describe_keys();

// The same of sweep files.
std::string describe_sweep_keys();

// JSON Schema (draft-07) of the model file, from the same table.
std::string model_schema();

}  // namespace apical
