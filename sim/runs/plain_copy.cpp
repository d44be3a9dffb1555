#include "sim/runs/plain_copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/hdf5/hdf5_status.hpp"
#include "sim/model/evaluated_rows.hpp"
#include "sim/model/stored_model.hpp"
#include "sim/run_file/run_description.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/row_copy.hpp"
#include "sim/system/disk_file.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

// Limits the recordings of a run's model to what a file can have that ended where this one does.
void keep_recorded(std::vector<Recording>& recordings, const StoredRun& run) {
    const bool has_ends = run.format() > 1;
    if (!has_ends)
        std::erase_if(recordings, [](const Recording& one) { return one.to < one.from; });
    const std::int64_t last = std::max(run.last_step(), std::int64_t{1});
    for (Recording& one : recordings) {
        one.to = std::min(one.to, last);
        one.run_end = has_ends ? std::min(one.run_end, last) : 0;
    }
}

// All rows of a run that can be read, in a file of their own; `unfinished` is its failure when the
// run did not come to its end.
void write_copy(const StoredRun& run, const std::string& output, Replacing replacing,
                const std::string& unfinished, const StopRequest& stop) {
    Table root = parse_toml(run.text(run_attribute::resolved), run.path() + " (resolved)");
    const TaskShape shape = stored_task_shape(run, root);
    Model model = load_recorded(run.path(), std::move(root), shape);
    keep_recorded(model.recordings, run);
    RunDescription description = description_of(run);
    description.task = shape;
    description.evaluation = evaluated_rows(model);
    Recorder recorder(model.program, model.recordings, description, output, replacing);
    copy_rows(run, rows_of(run, recorder), recorder, stop);
    recorder.close(run.end(), run.number(run_attribute::final_loss, std::nan("")),
                   run.steps_completed() >= 0 ? run.failure() : unfinished,
                   run.integer(run_attribute::final_loss_steps, 0));
    recorder.publish();
}

}  // namespace

const Reading recovered_reading{
    "recovered", [](const std::vector<std::string>& words, const ReadingTrial& trial) {
        const StoredRun run(words.at(0));
        description_of(run);
        run.failure();
        run.number(run_attribute::final_loss, 0.0);
        read_rows(run, INT64_MAX, UINT64_MAX, trial);
    }};

std::int64_t recover(const std::string& run_file, const StopRequest& stop,
                     const ReadingTrial& trial) {
    const WritersLock lock(run_file);
    if (!lock.is_held() && is_being_written(run_file)) reject_being_written(run_file);
    remove_unfinished(run_file);
    clear_open_for_writing(run_file, trial);
    try_reading(trial, recovered_reading, {run_file}, {run_file, 0, 0});
    const StoredRun run(run_file);
    if (run.was_closed()) return run.end();  // a plain file, with what others added to it
    check_room_for_copy(run_file);
    write_copy(run, run_file, Replacing::yes,
               fmt::format("the run was killed; recovered up to step {}", run.last_step()), stop);
    return run.end();
}

std::int64_t copy_plainly(const StoredRun& run, const std::string& output, bool force,
                          const StopRequest& stop) {
    const bool exists = prepare_output(output, force, 0);
    write_copy(run, output, exists ? Replacing::yes : Replacing::no,
               fmt::format("copied up to step {}, before the run came to its end", run.last_step()),
               stop);
    return run.end();
}

}  // namespace apical
