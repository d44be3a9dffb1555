#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/run_file/recording.hpp"
#include "sim/run_file/run_description.hpp"
#include "sim/run_file/spike.hpp"

namespace apical {

// Whether a run file that exists is replaced when a recorder's own takes its name, or is an error.
enum class Replacing : std::uint8_t { no, yes };

// Copies rows of the state into bounded buffers and writes full buffers to the run file. Addresses
// that are recorded in the same steps share one axis. When nothing is recorded it makes a file
// without datasets, and no thread.
class Recorder {
public:
    // The file has another name until `publish`, and is removed when it was not published.
    // Throws Error{bad_model} for an unknown address (with the nearest known one) and for steps
    // that a table cannot have,
    // Error{cannot_create_output} when the file exists and is not to be replaced, cannot be made,
    // or would not fit on the disk (saying how much it needs and how much is free).
    Recorder(const Program& program, const std::vector<Recording>& recordings,
             const RunDescription& description, const std::string& path, Replacing replacing,
             Writing writing = Writing::within_run);
    ~Recorder();

    // Largest size of the run file in bytes, before anything is made.
    static std::uint64_t estimate(const Program& program, const std::vector<Recording>& recordings,
                                  const RunDescription& description);

    // A run of this program begins, the only one whose rows follow. Throws Error{usage} when
    // another did before, or when the program has not what is recorded: it is of another model.
    void begin(const Program& performed);

    std::size_t axis_count() const;
    // What is sampled: the axes and, as one more behind them, the spikes where any are recorded,
    // once in each of their steps. Its number is as good as an axis's in what follows, up to
    // `sample_iteration`.
    std::size_t sampled_count() const;
    // The first step after `step` in which the axis samples, or -1 when there is none left.
    // Allocates nothing.
    std::int64_t next_step(std::size_t axis, std::int64_t step) const;
    // Whether the axis has quantities that are sampled at each phase's end (else only once a step,
    // after the last phase).
    bool samples_phases(std::size_t axis) const;
    // Whether the axis samples this slot in any phase.
    bool samples(std::size_t axis, SlotId slot) const;
    // Copies the state at the end of a phase of a due step: the phase's quantities, and with the
    // last phase also those sampled once a step. Called for every phase of a due step in order.
    // Writes full buffers; throws Error{input_output_error} when the disk does not take them. A
    // thread beside the run takes them and writes while the run goes on, which waits only when two
    // buffers are full; its error is thrown by the next `sample` that fills one, `flush` or
    // `close`.
    void sample(std::size_t axis, std::int64_t step, std::size_t phase, const State& state);
    // Whether the axis has quantities that are sampled at the end of each iteration of a phase.
    // Then what they are at the end of one, in a due step, counted from 0: called for all of a
    // phase that is iterated, before `sample` of its end.
    bool samples_iterations(std::size_t axis) const;
    void sample_iteration(std::size_t axis, std::size_t phase, int iteration, const State& state);

    // Writes the first row of each axis that has a row of the beginning: the state after the step
    // `begun`, which is 0 unless the run is a branch. A quantity that the first step makes before
    // anything reads it is NaN in this row. Called before the first `sample`. Throws as `sample`,
    // and Error{usage} when there are rows already.
    void sample_start(std::int64_t begun, const State& state);
    // The run ends early, with this step, which is still to come: axes that have the run's last
    // step sample it. Their row of it is not counted by `lasting_rows` unless it was due anyway.
    void end_with(std::int64_t step);

    // Whether the events of this step are recorded; and one event, at `time_ms` from the beginning
    // of the run. `kind` and `target` are copied. `event` throws as `sample`.
    bool records_events(std::int64_t step) const;
    void event(double time_ms, std::string_view kind, std::string_view target);

    // The name of an axis, the quantities in each of its rows with their shape in the file, and the
    // number of its rows so far; `event_rows`: the number of events so far.
    const std::string& axis_name(std::size_t axis) const;
    struct RecordedRow {
        std::string path;
        std::vector<std::size_t> shape;
    };
    std::vector<RecordedRow> quantities(std::size_t axis) const;
    std::uint64_t rows(std::size_t axis) const;
    // The number of rows that a run which goes on from here has too: all but those that only
    // `end_with` added.
    std::uint64_t lasting_rows(std::size_t axis) const;
    std::uint64_t event_rows() const;
    // The populations whose spikes are recorded, and how many spikes of one so far.
    std::size_t spike_count() const;
    const std::string& spiking(std::size_t k) const;
    std::uint64_t spike_rows(std::size_t k) const;
    // Appends a spike that a run of the same model recorded before, in place of `sample`.
    void repeat_spike(std::size_t k, const Spike& spike);
    bool has_events() const;  // else there are none to be given to it
    // Appends a row that a run of the same model recorded before, in place of `sample`. `row` has a
    // pointer for each of `quantities(axis)`, in that order, to as many numbers as the product of
    // its shape, row-major; they are copied. Throws as `sample`.
    void repeat(std::size_t axis, std::int64_t step, const std::vector<const double*>& row);
    // The axis whose rows `repeat` alone appends, those of evaluations: of after a step, when all
    // else of that step is recorded. The first is of before the first step. Unset: there is none.
    std::optional<std::size_t> evaluation_axis() const;
    // Renames the file to its own name, once. Throws Error{input_output_error}, also when another
    // file has taken the name meanwhile.
    void publish();

    // Writes and flushes what is buffered: afterwards every row sampled so far is readable. Throws
    // Error{input_output_error}.
    void flush();
    // Flushes, and returns when all is on the disk. Throws Error{input_output_error}.
    void sync();
    // Flushes and closes; sets the attributes that are known only at the end. Call once, at the end
    // of a run, with what ended it when it was a failure; `loss_steps` is how many steps
    // `final_loss` is the mean of. After it `begin`, `flush`, `sync` and a second `close` throw
    // Error{usage}. A recorder that is destroyed before writes what it has; its file says of no end
    // (`steps_completed` is -1).
    void close(std::int64_t steps_completed, double final_loss, const std::string& failure = {},
               std::int64_t loss_steps = 0);
    // Throws Error{usage} after `close`.
    void check_open() const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace apical
