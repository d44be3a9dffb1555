#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/run_file/row_buffers.hpp"
#include "sim/run_file/run_description.hpp"
#include "sim/run_file/spike_layout.hpp"

namespace apical {

// Appends a row for each spike of one population, in the steps in which it samples. All memory is
// allocated when it is made.
class SpikeRecorder {
public:
    // Adds the datasets to the file. File and writer must outlive this. Throws
    // Error{input_output_error}, as all functions do that write.
    SpikeRecorder(const SpikeLayout& layout, const RunDescription& run, GrowingFile& file,
                  RowWriter& writer);

    std::int64_t next_step(std::int64_t step) const { return steps_.next(step); }
    // Whether the cells fire in several iterations of a step.
    bool samples_iterations() const { return iterations_ > 1; }
    // What they fired in one of these, in a step that is sampled or in another.
    void sample_iteration(std::size_t phase, int iteration, const State& state);
    // All that they fired in a step, at its end.
    void sample(std::int64_t step, const State& state);
    // Appends a row that a run of the same model recorded before.
    void repeat(std::int64_t step, double time_ms, std::int64_t cell);

    RowBuffers& rows() { return rows_; }

private:
    struct Fired {
        std::uint32_t cell;
        int iteration;
    };

    RowBuffers rows_;
    SlotId rate_;
    Sampling steps_;
    PeriodicSteps fires_in_;
    std::size_t phase_;
    int iterations_;
    double step_ms_;
    std::vector<double> after_ms_;      // from the step's beginning, by iteration
    std::vector<std::uint32_t> cells_;  // that are recorded
    std::vector<Fired> fired_;          // in the step's iterations so far
    std::size_t time_, cell_, step_;    // datasets of `rows_`
};

// The recorders of all populations whose spikes are recorded.
class SpikeRecorders {
public:
    SpikeRecorders(const std::vector<SpikeLayout>& layouts, const RunDescription& run,
                   GrowingFile& file, RowWriter& writer);

    bool any() const { return !all_.empty(); }
    // The first step after `step` in which one of them samples, or -1.
    std::int64_t next_step(std::int64_t step) const;
    bool samples_iterations() const;
    void sample_iteration(std::size_t phase, int iteration, const State& state);
    void sample(std::int64_t step, const State& state);

    std::vector<SpikeRecorder>& each() { return all_; }

private:
    std::vector<SpikeRecorder> all_;
};

}  // namespace apical
