#pragma once

#include <cstdint>
#include <string>

#include "sim/system/reading_trial.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

class StoredRun;

// The reading of a run file that is recovered; words: run file.
extern const Reading recovered_reading;

// The run file of a run that ended before its time, or was killed, as a plain one, with all rows
// that can be read. Throws as StoredRun; Error{cannot_create_output} while it is being written.
// Returns the last step in it. Asked to stop while rows are copied it throws Error{interrupted} or
// Error{terminated}, and all is as it was.
std::int64_t recover(const std::string& run_file, const StopRequest& stop = StopRequest(),
                     const ReadingTrial& trial = {});

// A run's rows in a plain file of another name, also while the run goes on: for readers that do not
// know how HDF5 files grow. Returns the last step in it. Throws what `prepare_output` and
// `copy_rows` do.
std::int64_t copy_plainly(const StoredRun& run, const std::string& output, bool force,
                          const StopRequest& stop = StopRequest());

}  // namespace apical
