#include "sim/show/plot/curve_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/show/plot/relaxation.hpp"
#include "sim/show/plot/script_text.hpp"

namespace apical {

namespace {

constexpr std::uint64_t most_buckets = 800;  // two points each
constexpr std::size_t numbers_at_once = 1 << 16;
constexpr std::uint64_t most_pieces = 32;  // of a phase in which a voltage relaxes

// How many rows from `first` on are of one step after the other.
std::uint64_t unbroken(const StoredRun& run, std::size_t axis, const RowRange& rows) {
    const std::int64_t from = run.steps(axis, rows.first, 1).front();
    std::uint64_t low = 1, high = rows.count;
    while (low < high) {
        const std::uint64_t middle = low + (high - low + 1) / 2;
        const std::int64_t step = run.steps(axis, rows.first + middle - 1, 1).front();
        if (static_cast<std::uint64_t>(step) - static_cast<std::uint64_t>(from) == middle - 1) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

// Phases can be drawn in time only where every step was sampled.
void check_unbroken(const StoredRun& run, const StoredQuantity& quantity, const RowRange& rows) {
    const std::uint64_t count = unbroken(run, quantity.axis, rows);
    if (count == rows.count) return;
    const std::int64_t first = run.steps(quantity.axis, rows.first, 1).front();
    const std::int64_t last = first + static_cast<std::int64_t>(count) - 1;
    const std::string where =
        count > 1 ? fmt::format("`steps` {}:{}, which were, or one ", first, last) : "one ";
    refuse(
        fmt::format("{}: \"{}\" was not sampled in every step from {} to {}, so its phases "
                    "cannot be drawn in time; ask for {}phase of it with `phase` ({})",
                    run.path(), quantity.address, first,
                    run.steps(quantity.axis, rows.first + rows.count - 1, 1).front(), where,
                    list_of(run.phases())));
}

}  // namespace

std::int64_t first_counted(const StepRange& steps) {
    return std::max(steps.first, std::int64_t{1});
}

RowRange drawn_rows(const StoredRun& run, const StoredQuantity& quantity, const StepRange& steps,
                    bool in_time) {
    RowRange rows = rows_in(run, quantity.axis, steps);
    rows.count = std::min(rows.count, quantity.rows - std::min(rows.first, quantity.rows));
    if (rows.count == 0 || rows.first >= run.axes()[quantity.axis].start_rows) return rows;
    const std::vector<double> start = run.read(quantity, rows.first, 1);
    if (!in_time && std::any_of(start.begin(), start.end(), can_be_drawn)) return rows;
    return {rows.first + 1, rows.count - 1};
}

RowRange sampled_in(const StoredRun& run, const StoredQuantity& quantity, const StepRange& steps,
                    bool in_time) {
    const RowRange rows = drawn_rows(run, quantity, steps, in_time);
    if (rows.count > 0) return rows;
    const StoredAxis& axis = run.axes()[quantity.axis];
    refuse(
        fmt::format("{}: \"{}\" was not sampled in steps {} to {}; its {} samples lie in steps "
                    "{} to {}",
                    run.path(), quantity.address, steps.first, steps.last, quantity.rows,
                    axis.first, axis.last));
}

// A number without cells is drawn as one.
std::vector<CellPlace> cells_in(const Selection& selection, const PlotRequest& request) {
    constexpr std::size_t by_default = 4;
    if (selection.dimensions() == 0) return {{}};
    std::vector<CellPlace> cells =
        places_in(selection.first(), selection.by_phase() ? 1 : 0, request.cells);
    if (!request.cells) cells.resize(std::min(cells.size(), by_default));
    return cells;
}

CurveReader::CurveReader(const Runs& runs, const Selection& selection, const PlotRequest& request,
                         const CurveAxis& axis, std::vector<std::size_t> group)
    : runs_(runs),
      selection_(selection),
      axis_(axis),
      group_(std::move(group)),
      cells_(cells_in(selection, request)),
      in_time_(is_in_time(selection, request)),
      tau_ms_(in_time_ ? tau_ms_of(runs.files[group_[0]], *selection.in[group_[0]]) : 0.0),
      phases_(phases_of(request)),
      numbers_(phases_.size() * cells_.size() * group_.size()) {
    for (const std::size_t k : group_) {
        rows_.push_back(sampled_in(runs_.files[k], *selection_.in[k], axis_.steps, in_time_));
        if (in_time_) check_unbroken(runs_.files[k], *selection_.in[k], rows_.back());
    }
    for (const RowRange& rows : rows_)
        if (rows.count != rows_[0].count) different_steps();
}

std::uint64_t CurveReader::points_of(std::int64_t block) const {
    if (!in_time_) return blocks_of(block);
    return rows_[0].count * phases_.size() * static_cast<std::uint64_t>(parts_);
}

std::vector<std::vector<Point>> CurveReader::read(std::int64_t block) {
    if (tau_ms_ > 0.0) {
        parts_ = static_cast<int>(
            std::clamp<std::uint64_t>(2 * most_buckets / points_of(block), 1, most_pieces));
        before_ = values_before_first();
    }
    const std::uint64_t points = points_of(block);
    const std::uint64_t bucket = points <= 2 * most_buckets ? 1 : 1 + points / most_buckets;
    thinned_.assign(cells_.size(), MinMax(bucket));
    if (tau_ms_ > 0.0)
        add_points(static_cast<double>(first_step() - 1) * axis_.step_ms, before_, 0);
    BlockMeans blocks(block == 1 ? axis_.steps.first : first_counted(axis_.steps), block,
                      numbers_.size());
    const double farthest = in_time_ ? 1.0 : farthest_joined();
    for_each_step([&](std::int64_t step) {
        if (in_time_) {
            add_phases(step);
        } else if (blocks.add(step, numbers_)) {
            add_points(blocks.step() * x_of_step(), blocks.means(), 0);
            is_joined_ = static_cast<double>(step - last_step_) <= farthest;
        }
        last_step_ = step;
    });
    if (!in_time_ && blocks.finish(next_step()))
        add_points(blocks.step() * x_of_step(), blocks.means(), 0);
    averaged_ = blocks.averaged();
    return take();
}

std::vector<std::size_t> CurveReader::phases_of(const PlotRequest& request) const {
    const std::vector<std::string>& names = runs_.files[0].phases();
    std::vector<std::size_t> phases;
    for (std::size_t p = 0; selection_.by_phase() && p < names.size(); ++p)
        if (request.phase.empty() || request.phase == names[p]) phases.push_back(p);
    return phases.empty() ? std::vector<std::size_t>{0} : phases;
}

std::uint64_t CurveReader::blocks_of(std::int64_t block) const {
    const std::int64_t steps = axis_.steps.last - axis_.steps.first;
    return std::min(rows_[0].count, static_cast<std::uint64_t>(steps / block + 1));
}

void CurveReader::different_steps() const {
    refuse(fmt::format("`mean`: \"{}\" was sampled in different steps of {} and of other runs",
                       selection_.address, runs_.files[group_[0]].path()));
}

// The step that was sampled after the last of the curves, or would be at the same distance.
std::int64_t CurveReader::next_step() const {
    const StoredRun& run = runs_.files[group_[0]];
    const std::size_t axis = selection_.in[group_[0]]->axis;
    const std::uint64_t end = rows_[0].first + rows_[0].count;
    const auto step_in = [&](std::uint64_t row) { return run.steps(axis, row, 1).front(); };
    if (end < run.axes()[axis].rows) return std::max(step_in(end), last_step_ + 1);
    if (end < 2) return last_step_ + 1;
    return 2 * last_step_ - std::clamp(step_in(end - 2), std::int64_t{0}, last_step_ - 1);
}

// Cells may do anything between two steps; a number of a step is a curve over the steps, with gaps
// where rows are more than twice as far apart as usual.
double CurveReader::farthest_joined() const {
    if (selection_.dimensions() > 0 || selection_.by_phase()) return 1.0;
    const StoredRun& run = runs_.files[group_[0]];
    const std::size_t index = selection_.in[group_[0]]->axis;
    const StoredAxis& axis = run.axes()[index];
    const std::vector<std::int64_t> steps =
        run.steps(index, axis.start_rows, axis.rows - axis.start_rows);
    if (steps.size() < 2) return 1.0;
    std::vector<double> distances(steps.begin() + 1, steps.end());
    for (std::size_t k = 0; k < distances.size(); ++k)
        distances[k] -= static_cast<double>(steps[k]);
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    return 2.0 * *middle;
}

// numbers_[phase][cell][run] of one step after the other.
template <class Visit>
void CurveReader::for_each_step(Visit visit) {
    const std::uint64_t chunk =
        std::max<std::size_t>(1, numbers_at_once / (phases_.size() * cells_.size()));
    for (std::uint64_t done = 0; done < rows_[0].count; done += chunk) {
        const std::uint64_t count = std::min(chunk, rows_[0].count - done);
        const std::vector<std::int64_t> steps = steps_of_chunk(done, count);
        const auto parts = read_chunk(done, count);
        for (std::uint64_t row = 0; row < count; ++row) {
            std::size_t at = 0;
            for (std::size_t p = 0; p < phases_.size(); ++p)
                for (std::size_t c = 0; c < cells_.size(); ++c)
                    for (std::size_t k = 0; k < group_.size(); ++k)
                        numbers_[at++] = parts[k][p][row * cells_.size() + c];
            visit(steps[row]);
        }
    }
}

std::vector<std::int64_t> CurveReader::steps_of_chunk(std::uint64_t done,
                                                      std::uint64_t count) const {
    std::vector<std::int64_t> steps;
    for (std::size_t k = 0; k < group_.size(); ++k) {
        auto of_run = runs_.files[group_[k]].steps(selection_.in[group_[k]]->axis,
                                                   rows_[k].first + done, count);
        if (k > 0 && of_run != steps) different_steps();
        steps = std::move(of_run);
    }
    check_rising(steps);
    return steps;
}

void CurveReader::check_rising(const std::vector<std::int64_t>& steps) const {
    std::int64_t before = last_step_;
    for (const std::int64_t step : steps) {
        if (step <= before || step < axis_.steps.first || step > axis_.steps.last)
            reject({runs_.files[group_[0]].path(), 0, 0},
                   fmt::format("is damaged: the steps of \"{}\" do not rise", selection_.address));
        before = step;
    }
}

// [run][phase], each rows x cells.
std::vector<std::vector<std::vector<double>>> CurveReader::read_chunk(std::uint64_t done,
                                                                      std::uint64_t count) const {
    std::vector<std::vector<std::vector<double>>> parts(group_.size());
    for (std::size_t k = 0; k < group_.size(); ++k)
        for (const std::size_t phase : phases_)
            parts[k].push_back(read_places(runs_.files[group_[k]], *selection_.in[group_[k]],
                                           {rows_[k].first + done, count}, phase, cells_));
    return parts;
}

// The voltages before the first step that is drawn, as the row of the step before has them; 0
// before the run. Not a number when that step was not sampled.
std::vector<double> CurveReader::values_before_first() const {
    std::vector<double> values(cells_.size() * group_.size(), std::nan(""));
    const std::int64_t step = first_step();
    for (std::size_t k = 0; k < group_.size(); ++k) {
        const StoredRun& run = runs_.files[group_[k]];
        const StoredQuantity& quantity = *selection_.in[group_[k]];
        const std::uint64_t row = rows_[k].first;
        std::vector<double> of_run(cells_.size(), step == 1 ? 0.0 : std::nan(""));
        if (step > 1 && row > 0 && run.steps(quantity.axis, row - 1, 1).front() == step - 1)
            of_run = read_places(run, quantity, {row - 1, 1}, phases_.back(), cells_);
        for (std::size_t c = 0; c < cells_.size(); ++c) values[c * group_.size() + k] = of_run[c];
    }
    return values;
}

void CurveReader::add_phases(std::int64_t step) {
    for (std::size_t p = 0; p < phases_.size(); ++p) {
        const double before = phases_[p] == 0 ? 0.0 : axis_.phase_end_ms[phases_[p] - 1];
        const double begin = axis_.phase_begin_ms[phases_[p]];
        const double start_ms = static_cast<double>(step - 1) * axis_.step_ms;
        const double begin_ms = start_ms + begin;
        if (begin > before) leave_out(start_ms + before);
        if (tau_ms_ > 0.0) {
            add_relaxation(begin_ms, p, axis_.phase_end_ms[phases_[p]] - begin);
        } else {
            add_points(begin_ms, numbers_, p * cells_.size() * group_.size());
        }
    }
}

// What phases in turn were in all iterations but the last is not recorded.
void CurveReader::leave_out(double from_ms) {
    const std::vector<double> nothing(cells_.size() * group_.size(), std::nan(""));
    add_points(from_ms, nothing, 0);
    if (tau_ms_ > 0.0) before_ = nothing;
}

// Adds points from the end of the phase before to that of this one.
void CurveReader::add_relaxation(double begin_ms, std::size_t phase, double phase_ms) {
    const auto end =
        numbers_.begin() + static_cast<std::ptrdiff_t>(phase * cells_.size() * group_.size());
    std::vector<double> values(before_.size());
    for (int part = 1; part < parts_; ++part) {
        const double ms = phase_ms * part / parts_;
        const double share = relaxed_share(ms, phase_ms, tau_ms_);
        std::transform(before_.begin(), before_.end(), end, values.begin(),
                       [&](double from, double to) { return from + share * (to - from); });
        add_points(begin_ms + ms, values, 0);
    }
    std::copy_n(end, before_.size(), before_.begin());
    add_points(begin_ms + phase_ms, before_, 0);
}

void CurveReader::add_points(double x, const std::vector<double>& numbers, std::size_t at) {
    for (std::size_t c = 0; c < cells_.size(); ++c, at += group_.size()) {
        const auto begin = numbers.begin() + static_cast<std::ptrdiff_t>(at);
        values_.assign(begin, begin + static_cast<std::ptrdiff_t>(group_.size()));
        thinned_[c].add(mean_of(x, values_), is_joined_);
    }
    is_joined_ = true;
}

std::vector<std::vector<Point>> CurveReader::take() {
    std::vector<std::vector<Point>> all;
    for (MinMax& one : thinned_) {
        all.push_back(one.take());
        if (!in_time_ || tau_ms_ > 0.0) continue;
        all.back().push_back(all.back().back());
        all.back().back().x = static_cast<double>(last_step_) * axis_.step_ms;
    }
    return all;
}

}  // namespace apical
