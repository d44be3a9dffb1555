#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/run_file/evaluation_rows.hpp"
#include "sim/run_file/format.hpp"

namespace apical {

class StoredRun;

// The attributes of a run file's root, and what it has beside [record].
struct RunDescription {
    std::string title, model, resolved, listing, audit, version, compiler;
    std::uint32_t seed = 0;
    double step_ms = 0.0;
    std::vector<double> phase_end_ms;       // of each phase, from the step's beginning
    std::string branched_from = {};         // of a branch: which run, and after which step
    std::int64_t format = run_file_format;  // of the file
    std::string data = {};                  // the datasets that it read, as `text_of` says
    TaskShape task = {};
    bool has_loss = true;
    std::optional<Activation> judged_by = {};  // how the loss is; unset: as the task's readout says
    std::optional<EvaluatedRows> evaluation = {};  // no attribute; unset: the run has none
};

// The attributes of a file whose run begins, in the order in which they are written; those that
// only the end of the run knows have values that say so.
Attributes attributes_of(const RunDescription& run);

// The description that a file has, but for the task's shape: `stored_task_shape` reads it, of old
// files from the model. Throws what StoredRun throws.
RunDescription description_of(const StoredRun& run);

}  // namespace apical
