#pragma once

#include <string>

#include "sim/model/model.hpp"
#include "sim/runs/run.hpp"

namespace apical {

// What `apical run` prints of what a run came to.
std::string summary_text(const Model& model, const RunSummary& summary);
std::string summary_json(const Model& model, const RunSummary& summary);
// What `--json` prints of a run that is complete already and needs no more steps.
std::string complete_json(const std::string& run_file, std::int64_t steps);

}  // namespace apical
