#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/run_file/evaluation_rows.hpp"
#include "sim/run_file/recording.hpp"
#include "sim/run_file/run_layout.hpp"

namespace apical {

// The axis of evaluations, if there is one, is the last. Throws Error{bad_model} for an address
// that the program does not have, or for a table whose name an axis cannot have or whose `every` or
// `from` is below 1.
RunLayout lay_out(const Program& program, const std::vector<Recording>& recordings,
                  const std::optional<EvaluatedRows>& evaluation = {});

// The names of the synapse sets whose strengths no table records.
std::vector<std::string> unrecorded_strengths(const Program& program,
                                              const std::vector<Recording>& recordings);

}  // namespace apical
