#include "sim/run_file/axis_recorder.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>

#include "sim/engine/known_at_start.hpp"
#include "sim/run_file/run_size.hpp"

namespace apical {

AxisRecorder::AxisRecorder(const Program& program, const AxisLayout& layout,
                           const RunDescription& run, GrowingFile& file, RowWriter& writer)
    : file_(file),
      writer_(writer),
      rows_(file, writer, layout.window),
      steps_(layout.steps),
      samples_phases_(layout.samples_phases),
      starts_(layout.starts),
      ends_(layout.ends),
      given_(layout.given),
      known_at_start_(starts_ && !given_ ? known_at_start(program) : std::vector<bool>()),
      step_ms_(run.step_ms),
      phase_end_ms_(run.phase_end_ms),
      gathered_(program.phase_names.size()),
      direct_(program.phase_names.size()),
      iterations_(iterations_of(program)) {
    assert(phase_end_ms_.size() == program.phase_names.size());
    const std::size_t step = file.add(layout.step);
    const std::size_t time = samples_phases_ ? file.add(layout.time) : 0;
    std::vector<std::size_t> steps, times;
    for (const NewDataset& copy : layout.step_copies) steps.push_back(file.add(copy));
    for (const NewDataset& copy : layout.time_copies) times.push_back(file.add(copy));
    for (const RecordedQuantity& recorded : layout.quantities) {
        if (given_) {
            add_given(recorded);
        } else {
            add(program.quantities[recorded.index], recorded);
        }
    }
    if (samples_phases_) time_ = rows_.add(time, row_bytes(layout.time));
    for (const std::size_t copy : times)
        time_copies_.push_back(rows_.add(copy, row_bytes(layout.time)));
    for (const std::size_t copy : steps)
        step_copies_.push_back(rows_.add(copy, row_bytes(layout.step)));
    step_ = rows_.add(step, row_bytes(layout.step));
}

void AxisRecorder::add(const Quantity& quantity, const RecordedQuantity& recorded) {
    const NewDataset& dataset = recorded.dataset;
    if (recorded.each_iteration) return add_iterated(quantity, recorded);
    const std::size_t in_file = file_.add(dataset);
    if (recorded.direct) {
        rows_.add_written(in_file);
        quantities_.push_back({true, in_file, row_bytes(dataset)});
        add_parts(quantity, recorded, in_file, direct_);
    } else {
        const std::size_t in_rows = rows_.add(in_file, row_bytes(dataset));
        quantities_.push_back({false, in_rows, row_bytes(dataset)});
        add_parts(quantity, recorded, in_rows, gathered_);
    }
}

// Nothing of the state is a part of such a row.
void AxisRecorder::add_given(const RecordedQuantity& recorded) {
    const std::size_t bytes = row_bytes(recorded.dataset);
    quantities_.push_back({false, rows_.add(file_.add(recorded.dataset), bytes), bytes});
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

void AxisRecorder::add_parts(const Quantity& quantity, const RecordedQuantity& recorded,
                             std::size_t dataset, std::vector<std::vector<Part>>& to) {
    // What is stored by rows lies in its slot as it is recorded.
    const bool by_rows = quantity.places != nullptr;
    const bool matrix = !is_vector(quantity.shape) && !by_rows;
    const auto rows = by_rows ? std::size_t{1} : static_cast<std::size_t>(quantity.rows);
    const auto columns =
        by_rows ? quantity.places->count() : static_cast<std::size_t>(quantity.columns);
    const bool some = !recorded.rows.empty();
    if (some) {
        choices_.push_back({recorded.rows, recorded.columns, columns});
        if (matrix) whole_.resize(std::max(whole_.size(), rows * columns));
    }
    const std::size_t numbers =
        some ? recorded.rows.size() * recorded.columns.size() : rows * columns;
    const auto add_part = [&](std::vector<Part>& parts, SlotId slot, std::size_t position) {
        const bool starts = starts_ && slot && known_at_start_[slot.value];
        parts.push_back({slot, matrix, numbers, dataset, position, starts,
                         some ? choices_.size() - 1 : whole_slot});
    };
    if (!quantity.by_phase) return add_part(to.back(), quantity.slots.front(), 0);
    assert(quantity.slots.size() == to.size());
    for (std::size_t phase = 0; phase < to.size(); ++phase)
        add_part(to[phase], quantity.slots[phase], phase * numbers * sizeof(double));
}

void AxisRecorder::add_iterated(const Quantity& quantity, const RecordedQuantity& recorded) {
    const std::size_t in_rows = rows_.add(file_.add(recorded.dataset), row_bytes(recorded.dataset));
    quantities_.push_back({false, in_rows, row_bytes(recorded.dataset)});
    const auto rows = static_cast<std::size_t>(quantity.rows);
    const bool some = !recorded.rows.empty();
    if (some) choices_.push_back({recorded.rows, recorded.columns, 1});
    const std::size_t numbers = some ? recorded.rows.size() : rows;
    iterated_.resize(iterations_.size());
    for (std::size_t phase = 0; phase < iterated_.size(); ++phase) {
        const SlotId slot = quantity.by_phase ? quantity.slots[phase] : quantity.slots.front();
        iterated_[phase].push_back({slot, false, numbers, in_rows,
                                    iterations_[phase].first * numbers * sizeof(double), false,
                                    some ? choices_.size() - 1 : whole_slot});
    }
}

void AxisRecorder::copy(const Part& part, const State& state, double* target) {
    if (!part.slot) {
        std::fill_n(target, part.numbers, 0.0);
    } else if (part.choice != whole_slot) {
        copy_chosen(part, state, target);
    } else if (part.matrix) {
        state.read(part.slot, target);
    } else {
        std::copy_n(state.data(part.slot), part.numbers, target);
    }
}

void AxisRecorder::copy_chosen(const Part& part, const State& state, double* target) {
    const Choice& choice = choices_[part.choice];
    if (part.matrix) state.read(part.slot, whole_.data());
    const double* numbers = part.matrix ? whole_.data() : state.data(part.slot);
    for (const std::size_t row : choice.rows) {
        for (const std::size_t column : choice.columns)
            *target++ = numbers[row * choice.of_columns + column];
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
    if (samples_iterations() && iterations_[phase].count == 1) sample_iteration(phase, 0, state);
    if (phase + 1 == gathered_.size()) finish_row(step);
}

void AxisRecorder::sample_iteration(std::size_t phase, int iteration, const State& state) {
    // A phase in which nothing is iterated has one, its end.
    if (iteration >= iterations_[phase].count) return;
    const std::size_t behind_first =
        static_cast<std::size_t>(iteration) * iterations_[phase].distance;
    for (const Part& part : iterated_[phase]) {
        double* row = reinterpret_cast<double*>(rows_.row(part.dataset) + part.position);
        copy(part, state, row + behind_first * part.numbers);
    }
}

void AxisRecorder::sample_start(std::int64_t begun, const State& state, double* direct_row) {
    if (!starts_ || given_) return;
    const auto copy_start = [&](const Part& part, double* target) {
        if (part.starts) return copy(part, state, target);
        std::fill_n(target, part.numbers, std::numeric_limits<double>::quiet_NaN());
    };
    for (const std::vector<Part>& parts : gathered_) {
        for (const Part& part : parts)
            copy_start(part, reinterpret_cast<double*>(rows_.row(part.dataset) + part.position));
    }
    for (const Part& part : direct_.back()) {
        copy_start(part, direct_row);
        write_direct(part.dataset, direct_row);
    }
    for (std::size_t phase = 0; phase < iterated_.size(); ++phase) {  // there was none yet
        const auto [first, distance, count] = iterations_[phase];
        for (const Part& part : iterated_[phase]) {
            double* row = reinterpret_cast<double*>(rows_.row(part.dataset) + part.position);
            for (int k = 0; k < count; ++k, row += distance * part.numbers)
                std::fill_n(row, part.numbers, std::numeric_limits<double>::quiet_NaN());
        }
    }
    finish_start(begun);
}

void AxisRecorder::end_with(std::int64_t step) {
    if (ends_) early_end_ = step;
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
    if (starts_ && rows_.rows() == 0) return finish_start(step);
    finish_row(step);
}

// Writes a row in the order of the gathered ones, whoever writes those.
void AxisRecorder::write_direct(std::size_t dataset, const double* row) {
    writer_.hand_over_opened();
    writer_.wait();
    file_.write(dataset, rows_.rows(), 1, row);
}

void AxisRecorder::finish_row(std::int64_t step) {
    if (step == early_end_ && !steps_.includes(step)) ++early_rows_;
    set_step(step);
    set_times(static_cast<double>(step - 1) * step_ms_, phase_end_ms_);
    rows_.finish_row();
}

// The phases that were before have no time of their own: all end when the step does.
void AxisRecorder::finish_start(std::int64_t begun) {
    set_step(begun);
    set_times(static_cast<double>(begun) * step_ms_, std::vector<double>(phase_end_ms_.size()));
    rows_.finish_row();
}

void AxisRecorder::set_times(double begin_ms, const std::vector<double>& after_ms) {
    if (!samples_phases_) return;
    auto* time = reinterpret_cast<double*>(rows_.row(time_));
    for (const double after : after_ms) *time++ = begin_ms + after;
    for (const std::size_t copy : time_copies_)
        std::memcpy(rows_.row(copy), rows_.row(time_), after_ms.size() * sizeof(double));
}

void AxisRecorder::set_step(std::int64_t step) {
    std::memcpy(rows_.row(step_), &step, sizeof step);
    for (const std::size_t copy : step_copies_) std::memcpy(rows_.row(copy), &step, sizeof step);
}

}  // namespace apical
