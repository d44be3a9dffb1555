#include "sim/axis_recorder.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "sim/run_size.hpp"

namespace apical {

namespace {

template <class Part>
void copy(const Part& part, const State& state, double* target) {
    if (!part.slot) {
        std::fill_n(target, part.numbers, 0.0);
    } else if (part.matrix) {
        state.read(part.slot, target);
    } else {
        std::copy_n(state.data(part.slot), part.numbers, target);
    }
}

}  // namespace

AxisRecorder::AxisRecorder(const Program& program, const AxisLayout& layout,
                           const RunDescription& run, RunFile& file, RowWriter& writer)
    : file_(file),
      writer_(writer),
      rows_(file, writer, layout.window),
      steps_(layout.steps),
      samples_phases_(layout.samples_phases),
      step_ms_(run.step_ms),
      phase_end_ms_(run.phase_end_ms),
      gathered_(program.phase_names.size()),
      direct_(program.phase_names.size()) {
    assert(phase_end_ms_.size() == program.phase_names.size());
    const std::size_t step = file.add(layout.step);
    const std::size_t time = samples_phases_ ? file.add(layout.time) : 0;
    for (const RecordedQuantity& recorded : layout.quantities) {
        add(program.quantities[recorded.index], recorded);
    }
    if (samples_phases_) time_ = rows_.add(time, row_bytes(layout.time));
    step_ = rows_.add(step, row_bytes(layout.step));
}

void AxisRecorder::add(const Quantity& quantity, const RecordedQuantity& recorded) {
    const NewDataset& dataset = recorded.dataset;
    const std::size_t in_file = file_.add(dataset);
    if (recorded.direct) {
        rows_.add_written(in_file);
        quantities_.push_back({true, in_file, row_bytes(dataset)});
        add_parts(quantity, in_file, direct_);
    } else {
        const std::size_t in_rows = rows_.add(in_file, row_bytes(dataset));
        quantities_.push_back({false, in_rows, row_bytes(dataset)});
        add_parts(quantity, in_rows, gathered_);
    }
}

bool AxisRecorder::samples(SlotId slot) const {
    for (const auto* all : {&gathered_, &direct_}) {
        for (const std::vector<Part>& parts : *all) {
            for (const Part& part : parts) {
                if (part.slot == slot) return true;
            }
        }
    }
    return false;
}

void AxisRecorder::add_parts(const Quantity& quantity, std::size_t dataset,
                             std::vector<std::vector<Part>>& to) {
    const bool matrix = !is_vector(quantity.shape);
    const std::size_t numbers =
        static_cast<std::size_t>(quantity.rows) * static_cast<std::size_t>(quantity.columns);
    if (!quantity.by_phase) {
        to.back().push_back({quantity.slots.front(), matrix, numbers, dataset, 0});
        return;
    }
    assert(quantity.slots.size() == to.size());
    for (std::size_t phase = 0; phase < to.size(); ++phase) {
        const std::size_t position = phase * numbers * sizeof(double);
        to[phase].push_back({quantity.slots[phase], matrix, numbers, dataset, position});
    }
}

std::size_t AxisRecorder::direct_row_numbers() const {
    std::size_t numbers = 0;
    for (const Part& part : direct_.back()) numbers = std::max(numbers, part.numbers);
    return numbers;
}

void AxisRecorder::sample(std::int64_t step, std::size_t phase, const State& state,
                          double* direct_row) {
    for (const Part& part : gathered_[phase]) {
        copy(part, state, reinterpret_cast<double*>(rows_.row(part.dataset) + part.position));
    }
    for (const Part& part : direct_[phase]) {
        copy(part, state, direct_row);
        write_direct(part.dataset, direct_row);
    }
    if (phase + 1 == gathered_.size()) finish_row(step);
}

void AxisRecorder::repeat(std::int64_t step, const std::vector<const double*>& row) {
    assert(row.size() == quantities_.size());
    for (std::size_t k = 0; k < row.size(); ++k) {
        const Whole& one = quantities_[k];
        if (one.direct) {
            write_direct(one.dataset, row[k]);
        } else {
            std::memcpy(rows_.row(one.dataset), row[k], one.bytes);
        }
    }
    finish_row(step);
}

// In the same order, whoever writes the gathered rows.
void AxisRecorder::write_direct(std::size_t dataset, const double* row) {
    writer_.hand_over_opened();
    writer_.wait();
    file_.write(dataset, rows_.rows(), 1, row);
}

void AxisRecorder::finish_row(std::int64_t step) {
    std::memcpy(rows_.row(step_), &step, sizeof step);
    if (samples_phases_) {
        auto* time = reinterpret_cast<double*>(rows_.row(time_));
        for (const double end : phase_end_ms_)
            *time++ = static_cast<double>(step - 1) * step_ms_ + end;
    }
    rows_.finish_row();
}

}  // namespace apical
