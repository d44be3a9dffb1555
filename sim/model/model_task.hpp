#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "circuits/text/value.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// The task of a run of so many steps that [task] describes; without [task] one that shows nothing.
// Keys that it does not use are told in `notes`. Throws Error{bad_model} when the run is longer
// than the task, and as `make_task`.
std::unique_ptr<const Task> load_task(Table& root, const RunStreams& streams,
                                      const DataFolder& directory, std::int64_t steps,
                                      std::vector<std::string>& notes);

}  // namespace apical
