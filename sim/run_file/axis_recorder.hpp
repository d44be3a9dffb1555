#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/run_file/recorded_iterations.hpp"
#include "sim/run_file/row_writer.hpp"
#include "sim/run_file/run_description.hpp"
#include "sim/run_file/run_layout.hpp"

namespace apical {

// Copies the quantities of one axis out of the state, in the steps in which it samples.
class AxisRecorder {
public:
    // Adds the axis and its datasets to the file. File and writer must outlive this. Throws
    // Error{input_output_error}, as all functions do that write.
    AxisRecorder(const Program& program, const AxisLayout& layout, const RunDescription& run,
                 GrowingFile& file, RowWriter& writer);

    // The number of doubles that `direct_row` must hold: room for the largest row that is written
    // without being gathered, at least; 0 when there is none.
    std::size_t direct_row_numbers() const;
    std::int64_t next_step(std::int64_t step) const {
        const std::int64_t next = steps_.next(step);
        const bool early = step < early_end_ && (next < 0 || next > early_end_);
        return early ? early_end_ : next;
    }
    bool samples_phases() const { return samples_phases_; }
    bool samples(SlotId slot) const;  // in any phase
    // See Recorder::sample.
    void sample(std::int64_t step, std::size_t phase, const State& state, double* direct_row);
    // See Recorder::sample_iteration.
    bool samples_iterations() const { return !iterated_.empty(); }
    void sample_iteration(std::size_t phase, int iteration, const State& state);
    // See Recorder: sample_start, end_with, lasting_rows.
    void sample_start(std::int64_t begun, const State& state, double* direct_row);
    void end_with(std::int64_t step);
    std::uint64_t lasting_rows() const { return rows_.rows() - early_rows_; }
    bool is_given() const { return given_; }
    // See Recorder::repeat.
    void repeat(std::int64_t step, const std::vector<const double*>& row);
    RowBuffers& rows() { return rows_; }

private:
    // A slot that is part of a row: the row of a quantity that is sampled by phase has one for each
    // phase, any other row has one.
    struct Part {
        SlotId slot;           // unset: zeros
        bool matrix;           // stored in panels
        std::size_t numbers;   // that are stored: rows times columns
        std::size_t dataset;   // of a gathered row its number in `rows_`, else in the file
        std::size_t position;  // of its first byte in the row
        bool starts;           // whether it has numbers before the first step
        std::size_t choice;    // which of `choices_` says what is stored of it; or `whole_slot`
    };
    // Rows and columns of a slot that are stored.
    struct Choice {
        std::vector<std::size_t> rows, columns;
        std::size_t of_columns;  // that the slot has
    };
    static constexpr std::size_t whole_slot = std::numeric_limits<std::size_t>::max();
    // The row of a quantity as a whole.
    struct Whole {
        bool direct;
        std::size_t dataset;  // as in Part
        std::size_t bytes;
    };
    void add(const Quantity& quantity, const RecordedQuantity& recorded);
    void add_given(const RecordedQuantity& recorded);
    void add_parts(const Quantity& quantity, const RecordedQuantity& recorded, std::size_t dataset,
                   std::vector<std::vector<Part>>& to);
    void add_iterated(const Quantity& quantity, const RecordedQuantity& recorded);
    void copy(const Part& part, const State& state, double* target);
    void copy_chosen(const Part& part, const State& state, double* target);
    void finish_row(std::int64_t step);
    void finish_start(std::int64_t begun);
    void set_step(std::int64_t step);
    void set_times(double begin_ms, const std::vector<double>& after_ms);

    void write_direct(std::size_t dataset, const double* row);

    GrowingFile& file_;
    RowWriter& writer_;
    RowBuffers rows_;
    Sampling steps_;
    bool samples_phases_, starts_, ends_, given_;
    std::int64_t early_end_ = 0;  // 0: it ends as planned
    std::uint64_t early_rows_ = 0;
    std::vector<bool> known_at_start_;  // by slot
    double step_ms_;
    std::vector<double> phase_end_ms_;
    std::vector<std::vector<Part>> gathered_, direct_;  // by the phase at whose end they're copied
    // By phase, what is sampled in each iteration: in its first one.
    std::vector<std::vector<Part>> iterated_;
    std::vector<Iterations> iterations_;  // by phase
    std::vector<Whole> quantities_;
    std::vector<Choice> choices_;
    std::vector<double> whole_;        // a slot of which a part is stored
    std::size_t time_ = 0, step_ = 0;  // datasets of `rows_`
    std::vector<std::size_t> time_copies_, step_copies_;
};

}  // namespace apical
