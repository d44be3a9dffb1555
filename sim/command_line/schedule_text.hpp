#pragma once

#include <string>

#include "sim/model/model.hpp"

namespace apical {

// A step's phases in the order of time, each with its gates: a line for each phase.
std::string schedule_text(const Circuit& circuit);

// What `ms` scales, in models whose phases are iterated or set cells back, or that have a time
// constant of rates; of others nothing.
std::string ms_text(const Model& model);

}  // namespace apical
