#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/row_writer.hpp"
#include "sim/run_layout.hpp"
#include "sim/state.hpp"

namespace apical {

// Copies the quantities of one axis out of the state, in the steps in which it samples.
class AxisRecorder {
public:
    // Adds the axis and its datasets to the file. File and writer must outlive this.
    AxisRecorder(const Program& program, const AxisLayout& layout, const RunDescription& run,
                 RunFile& file, RowWriter& writer);

    // How many numbers `direct_row` must hold.
    std::size_t direct_row_numbers() const;
    std::int64_t next_step(std::int64_t step) const { return steps_.next(step); }
    bool samples_phases() const { return samples_phases_; }
    bool samples(SlotId slot) const;  // in any phase
    // See Recorder::sample.
    void sample(std::int64_t step, std::size_t phase, const State& state, double* direct_row);
    // See Recorder::repeat.
    void repeat(std::int64_t step, const std::vector<const double*>& row);
    RowBuffers& rows() { return rows_; }

private:
    // A slot that is part of a row.
    struct Part {
        SlotId slot;           // unset: zeros
        bool matrix;           // stored in panels
        std::size_t numbers;   // how many
        std::size_t dataset;   // of a gathered row its number in `rows_`, else in the file
        std::size_t position;  // of its first byte in the row
    };
    // A quantity's row as a whole.
    struct Whole {
        bool direct;
        std::size_t dataset;  // as in Part
        std::size_t bytes;
    };
    void add(const Quantity& quantity, const RecordedQuantity& recorded);
    void add_parts(const Quantity& quantity, std::size_t dataset,
                   std::vector<std::vector<Part>>& to);
    void finish_row(std::int64_t step);

    void write_direct(std::size_t dataset, const double* row);

    RunFile& file_;
    RowWriter& writer_;
    RowBuffers rows_;
    Sampling steps_;
    bool samples_phases_;
    double step_ms_;
    std::vector<double> phase_end_ms_;
    std::vector<std::vector<Part>> gathered_, direct_;  // by the phase at whose end they're copied
    std::vector<Whole> quantities_;
    std::size_t time_ = 0, step_ = 0;  // datasets of `rows_`
};

}  // namespace apical
