#include "sim/runs/row_copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/run_file/ranges.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

namespace {

constexpr std::size_t block_bytes = 1 << 20;
constexpr std::int64_t no_step = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void reject_run(const StoredRun& run, const std::string& why) {
    throw Error(ExitCode::bad_model, fmt::format("{}: {}", run.path(), why));
}

// How many rows are read at once.
std::uint64_t rows_at_once(std::size_t row_bytes) {
    return std::max<std::uint64_t>(1, block_bytes / std::max<std::size_t>(1, row_bytes));
}

// Rows of one quantity, one after the other.
class QuantityRows {
public:
    QuantityRows(const StoredRun& run, const StoredQuantity& quantity)
        : run_(&run), quantity_(&quantity), numbers_(quantity.stored_numbers()) {}

    const double* row(std::uint64_t number, std::uint64_t end) {
        if (number >= first_ + count_) {
            first_ = number;
            count_ = std::min(end - number, rows_at_once(numbers_ * sizeof(double)));
            block_ = run_->read_stored(*quantity_, first_, count_);
        }
        return block_.data() + (number - first_) * numbers_;
    }

private:
    const StoredRun* run_;
    const StoredQuantity* quantity_;
    std::size_t numbers_;
    std::uint64_t first_ = 0, count_ = 0;
    std::vector<double> block_;
};

// Rows of one axis.
class AxisRows {
public:
    AxisRows(const StoredRun& run, std::size_t axis, const Recorder& to, std::size_t number,
             std::uint64_t end)
        : run_(&run), axis_(axis), number_(number), end_(end) {
        for (const auto& [path, shape] : to.quantities(number)) {
            const StoredQuantity& stored = run.find(path);
            if (stored.stored_row() != shape)
                reject_run(run,
                           fmt::format("its rows of \"{}\" are not as its model has them", path));
            quantities_.emplace_back(run, stored);
        }
        row_.resize(quantities_.size());
    }

    // The step of the next row; `no_step` after the last.
    std::int64_t step() {
        if (next_ == end_) return no_step;
        if (next_ >= first_ + steps_.size()) {
            first_ = next_;
            steps_ = run_->steps(axis_, first_,
                                 std::min(end_ - next_, rows_at_once(sizeof(std::int64_t))));
        }
        return steps_[next_ - first_];
    }
    void copy(Recorder& to) {
        for (std::size_t k = 0; k < row_.size(); ++k) row_[k] = quantities_[k].row(next_, end_);
        to.repeat(number_, step(), row_);
        ++next_;
    }

private:
    const StoredRun* run_;
    std::size_t axis_, number_;
    std::uint64_t end_, next_ = 0, first_ = 0;
    std::vector<std::int64_t> steps_;
    std::vector<QuantityRows> quantities_;
    std::vector<const double*> row_;
};

// Spikes of one population.
class SpikeRows {
public:
    SpikeRows(const StoredRun& run, const StoredSpikes& spikes, std::size_t number,
              std::uint64_t end)
        : run_(&run), spikes_(&spikes), number_(number), end_(end) {}

    std::int64_t step() { return next_ == end_ ? no_step : spike().step; }
    // Copies those of the present step.
    void copy(Recorder& to) {
        for (const std::int64_t present = step(); step() == present && present != no_step; ++next_)
            to.repeat_spike(number_, spike());
    }

private:
    const Spike& spike() {
        if (next_ >= first_ + block_.size()) {
            first_ = next_;
            block_ = run_->read_spikes(*spikes_, first_,
                                       std::min(end_ - next_, rows_at_once(sizeof(Spike))));
        }
        return block_[next_ - first_];
    }

    const StoredRun* run_;
    const StoredSpikes* spikes_;
    std::size_t number_;
    std::uint64_t end_, next_ = 0, first_ = 0;
    std::vector<Spike> block_;
};

// The events, and the step that each belongs to: it begins with the input and ends with its end.
class EventRows {
public:
    EventRows(const StoredRun& run, std::uint64_t end) : run_(run), end_(end) {}

    // A step's rows of all axes come right before its end.
    bool comes_before_rows_of(std::int64_t step) {
        if (next_ == end_) return false;
        return step_of_next() < step ||
               (step_of_next() == step && event().kind != event_kind::step_end);
    }
    bool is_left() const { return next_ < end_; }
    // An evaluation takes place when all of its step is over.
    bool comes_before_evaluation_after(std::int64_t step) {
        return is_left() && step_of_next() <= step;
    }
    void copy(Recorder& to) {
        to.event(event().time_ms, event().kind, event().target);
        ++next_;
    }

private:
    const StoredEvent& event() {
        if (next_ >= first_ + events_.size()) {
            first_ = next_;
            events_ =
                run_.events(first_, std::min(end_ - next_, rows_at_once(sizeof(StoredEvent))));
        }
        return events_[next_ - first_];
    }
    std::int64_t step_of_next() {
        if (event().kind == event_kind::input)
            step_ = std::llround(event().time_ms / run_.step_ms()) + 1;
        return step_;
    }

    const StoredRun& run_;
    std::uint64_t end_, next_ = 0, first_ = 0;
    std::vector<StoredEvent> events_;
    std::int64_t step_ = 0;
};

std::vector<AxisRows> rows_of_axes(const StoredRun& from, const RowCounts& counts,
                                   const Recorder& to) {
    std::vector<AxisRows> all;
    for (std::size_t k = 0; k < to.axis_count(); ++k) {
        const StoredAxis* axis = from.find_axis(to.axis_name(k));
        if (!axis || axis->rows < counts.axes.at(k))
            reject_run(from, fmt::format("it does not have the {} rows of {} that it had once",
                                         counts.axes[k], run_path::axis(to.axis_name(k))));
        all.emplace_back(from, static_cast<std::size_t>(axis - from.axes().data()), to, k,
                         counts.axes[k]);
    }
    return all;
}

std::vector<SpikeRows> rows_of_spikes(const StoredRun& from, const RowCounts& counts,
                                      const Recorder& to) {
    std::vector<SpikeRows> all;
    for (std::size_t k = 0; k < to.spike_count(); ++k) {
        const StoredSpikes* spikes = from.find_spikes(to.spiking(k));
        if (!spikes || spikes->rows < counts.spikes.at(k))
            reject_run(from,
                       fmt::format("it does not have the {} spikes of \"{}\" that it had once",
                                   counts.spikes[k], to.spiking(k)));
        all.emplace_back(from, *spikes, k, counts.spikes[k]);
    }
    return all;
}

}  // namespace

RowCounts rows_of(const StoredRun& run, const Recorder& recorder) {
    RowCounts counts{std::vector<std::uint64_t>(recorder.axis_count()), run.event_count()};
    for (std::size_t k = 0; k < counts.axes.size(); ++k) {
        if (const StoredAxis* axis = run.find_axis(recorder.axis_name(k)))
            counts.axes[k] = axis->rows;
    }
    for (std::size_t k = 0; k < recorder.spike_count(); ++k) {
        const StoredSpikes* spikes = run.find_spikes(recorder.spiking(k));
        counts.spikes.push_back(spikes ? spikes->rows : 0);
    }
    return counts;
}

void read_rows(const StoredRun& run, std::int64_t last_step, std::uint64_t events,
               const ReadingTrial& trial) {
    constexpr double slowly = 5e7;  // bytes a second
    const auto in_blocks = [&](std::uint64_t end, std::size_t row_bytes, auto read) {
        trial.extend_time(static_cast<double>(end * row_bytes) / slowly);
        const std::uint64_t most = rows_at_once(row_bytes);
        for (std::uint64_t row = 0; row < end; row += most) read(row, std::min(end - row, most));
    };
    std::vector<std::uint64_t> rows;
    for (std::size_t a = 0; a < run.axes().size(); ++a) {
        const RowRange range = rows_in(run, a, {0, last_step});
        rows.push_back(range.first + range.count);
        in_blocks(rows[a], sizeof(std::int64_t),
                  [&](std::uint64_t row, std::uint64_t count) { run.steps(a, row, count); });
    }
    for (const StoredQuantity& one : run.quantities())
        in_blocks(
            std::min(one.rows, rows[one.axis]), one.stored_numbers() * sizeof(double),
            [&](std::uint64_t row, std::uint64_t count) { run.read_stored(one, row, count); });
    for (const StoredSpikes& one : run.spikes())
        in_blocks(
            run.first_spike(one, last_step), sizeof(Spike),
            [&](std::uint64_t row, std::uint64_t count) { run.read_spikes(one, row, count); });
    in_blocks(std::min(events, run.event_count()), sizeof(StoredEvent),
              [&](std::uint64_t row, std::uint64_t count) { run.events(row, count); });
}

const Reading rows_reading{
    "rows", [](const std::vector<std::string>& words, const ReadingTrial& trial) {
        read_rows(StoredRun(words.at(0)), std::stoll(words.at(1)), std::stoull(words.at(2)), trial);
    }};

void copy_rows(const StoredRun& from, const RowCounts& counts, Recorder& to,
               const StopRequest& stop) {
    std::vector<AxisRows> axes = rows_of_axes(from, counts, to);
    if (from.event_count() < counts.events)
        reject_run(from,
                   fmt::format("it does not have the {} events that it had once", counts.events));
    if (counts.events > 0 && !to.has_events())
        reject_run(from, "it has events, which its model does not record");
    std::vector<SpikeRows> spikes = rows_of_spikes(from, counts, to);
    EventRows events(from, counts.events);
    for (;;) {
        stop.throw_if_asked("interrupted while the rows of \"" + from.path() +
                            "\" were copied; it is as it was, with its checkpoints");
        std::int64_t step = no_step;
        for (AxisRows& axis : axes) step = std::min(step, axis.step());
        for (SpikeRows& one : spikes) step = std::min(step, one.step());
        while (events.is_left() && (step == no_step || events.comes_before_rows_of(step)))
            events.copy(to);
        if (step == no_step) break;
        for (std::size_t k = 0; k < axes.size(); ++k) {
            if (axes[k].step() != step) continue;
            while (k == to.evaluation_axis() && events.comes_before_evaluation_after(step))
                events.copy(to);
            axes[k].copy(to);
        }
        for (SpikeRows& one : spikes) {
            if (one.step() == step) one.copy(to);
        }
    }
    to.flush();  // no thread writes any more when the file that was read is closed
}

}  // namespace apical
