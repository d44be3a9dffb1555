#pragma once

#include <string>

#include "sim/model/model.hpp"
#include "sim/runs/run_model.hpp"

namespace apical {

// The output of `apical run` on the result of a run.
std::string summary_text(const Model& model, const RunSummary& summary);
std::string summary_json(const Model& model, const RunSummary& summary);
// The output with `--json` for a run that is complete already.
std::string complete_json(const std::string& run_file, std::int64_t steps);

}  // namespace apical
