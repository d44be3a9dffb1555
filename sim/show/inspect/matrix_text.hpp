#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/model/stored_model.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/show/inspect/matrix_part.hpp"

namespace apical {

// One synapse: what it was in all sampled steps, or in `step`. Several: a table of what they were
// in `step`, or in the last one that was sampled, without numbers where there is no synapse. Throws
// Error{usage} for what is no matrix, cells that there are not or that were not recorded, a step
// that was not sampled, and more numbers than anybody reads, Error{bad_model} for an address that
// was not recorded.
std::string matrix_text(const StoredRun& run, const StoredModel& model, const MatrixPart& part,
                        std::optional<std::int64_t> step);
std::string matrix_json(const StoredRun& run, const StoredModel& model, const MatrixPart& part,
                        std::optional<std::int64_t> step);

}  // namespace apical
