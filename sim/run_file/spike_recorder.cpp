#include "sim/run_file/spike_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "sim/run_file/run_size.hpp"

namespace apical {

namespace {

// From the step's beginning to the end of each iteration in which the cells fire, in whole
// nanoseconds. What the task has fire is there from the beginning on.
std::vector<double> times_of(const SpikeLayout& layout, const RunDescription& run) {
    if (!layout.phase) return {0.0};
    const std::size_t first = layout.first_in_turn.value;
    const double begin = first == 0 ? 0.0 : run.phase_end_ms[first - 1],
                 length = (run.phase_end_ms[layout.last_in_turn.value] - begin) /
                          static_cast<double>(layout.iterations),
                 last = run.phase_end_ms[layout.phase.value];
    constexpr double nanoseconds = 1e6;  // in a ms
    std::vector<double> times;
    for (int k = 0; k < layout.iterations; ++k) {
        const double time = last - static_cast<double>(layout.iterations - 1 - k) * length;
        times.push_back(std::round(time * nanoseconds) / nanoseconds);
    }
    times.back() = last;
    return times;
}

}  // namespace

SpikeRecorder::SpikeRecorder(const SpikeLayout& layout, const RunDescription& run,
                             GrowingFile& file, RowWriter& writer)
    : rows_(file, writer, layout.window),
      rate_(layout.rate),
      steps_(layout.steps),
      fires_in_(layout.fires_in),
      phase_(layout.phase ? layout.phase.value : 0),
      iterations_(layout.iterations),
      step_ms_(run.step_ms),
      after_ms_(times_of(layout, run)),
      cells_(layout.cells.begin(), layout.cells.end()) {
    if (samples_iterations()) fired_.reserve(cells_.size() * static_cast<std::size_t>(iterations_));
    const std::size_t time = file.add(layout.timestamps), cell = file.add(layout.node_ids),
                      step = file.add(layout.step);
    time_ = rows_.add(time, row_bytes(layout.timestamps));
    cell_ = rows_.add(cell, row_bytes(layout.node_ids));
    step_ = rows_.add(step, row_bytes(layout.step));
}

void SpikeRecorder::sample_iteration(std::size_t phase, int iteration, const State& state) {
    if (phase != phase_ || !samples_iterations()) return;
    if (iteration == 0) fired_.clear();
    const double* rate = state.data(rate_);
    for (const std::uint32_t cell : cells_) {
        if (rate[cell] != 0.0) fired_.push_back({cell, iteration});
    }
}

void SpikeRecorder::sample(std::int64_t step, const State& state) {
    // Where the phase does not take place, cells keep what they fired last.
    if (!steps_.includes(step) || !fires_in_.contain(step)) return;
    const double begin = static_cast<double>(step - 1) * step_ms_;
    if (samples_iterations()) {
        for (const Fired& one : fired_)
            repeat(step, begin + after_ms_[static_cast<std::size_t>(one.iteration)], one.cell);
        return;
    }
    const double* rate = state.data(rate_);
    for (const std::uint32_t cell : cells_) {
        if (rate[cell] != 0.0) repeat(step, begin + after_ms_.front(), cell);
    }
}

void SpikeRecorder::repeat(std::int64_t step, double time_ms, std::int64_t cell) {
    std::memcpy(rows_.row(time_), &time_ms, sizeof time_ms);
    std::memcpy(rows_.row(cell_), &cell, sizeof cell);
    std::memcpy(rows_.row(step_), &step, sizeof step);
    rows_.finish_row();
}

SpikeRecorders::SpikeRecorders(const std::vector<SpikeLayout>& layouts, const RunDescription& run,
                               GrowingFile& file, RowWriter& writer) {
    all_.reserve(layouts.size());
    for (const SpikeLayout& one : layouts) all_.emplace_back(one, run, file, writer);
}

std::int64_t SpikeRecorders::next_step(std::int64_t step) const {
    std::int64_t first = -1;
    for (const SpikeRecorder& one : all_) {
        const std::int64_t next = one.next_step(step);
        if (next >= 0 && (first < 0 || next < first)) first = next;
    }
    return first;
}

bool SpikeRecorders::samples_iterations() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const SpikeRecorder& one) { return one.samples_iterations(); });
}

void SpikeRecorders::sample_iteration(std::size_t phase, int iteration, const State& state) {
    for (SpikeRecorder& one : all_) one.sample_iteration(phase, iteration, state);
}

void SpikeRecorders::sample(std::int64_t step, const State& state) {
    for (SpikeRecorder& one : all_) one.sample(step, state);
}

}  // namespace apical
