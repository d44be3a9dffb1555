#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/run_file/recorder.hpp"
#include "sim/system/reading_trial.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

class StoredRun;

// How many rows of each axis and of the events a run file has.
struct RowCounts {
    std::vector<std::uint64_t> axes;
    std::uint64_t events = 0;
    std::vector<std::uint64_t> spikes = {};  // by population whose spikes are recorded
};

// Reads all rows up to a step and so many events, or as many as there are, to see whether HDF5 can.
// A trial gets the time that this takes. Throws Error{input_output_error} when it says that it
// cannot.
void read_rows(const StoredRun& run, std::int64_t last_step, std::uint64_t events,
               const ReadingTrial& trial);
// The reading that tries `read_rows`; words: run file, last step, events.
extern const Reading rows_reading;

// All that can be read.
RowCounts rows_of(const StoredRun& run, const Recorder& recorder);

// Gives a recorder the first rows of another file of the same run, in the order in which the run
// recorded them: the new file then has the bytes that the run's own would have. Throws
// Error{bad_model} when the file does not have so many or is one of another run,
// Error{input_output_error} when it cannot be read or the new one not be written,
// Error{interrupted} or Error{terminated} when it is asked to stop.
void copy_rows(const StoredRun& from, const RowCounts& counts, Recorder& to,
               const StopRequest& stop);

}  // namespace apical
