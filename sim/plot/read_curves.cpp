#include <fmt/format.h>

#include <algorithm>

#include "sim/plot/palette.hpp"
#include "sim/plot/read_panel.hpp"
#include "sim/plot/reduce.hpp"

namespace apical {

namespace {

constexpr std::uint64_t most_buckets = 800;  // two points each
constexpr std::size_t numbers_at_once = 1 << 16;
// What a curve of one number a step is drawn with unless --block says otherwise.
constexpr std::int64_t most_blocks = 200;  // also the rows that are drawn one by one

RowRange sampled_in(const StoredRun& run, const StoredQuantity& quantity, const StepRange& steps) {
    RowRange rows = rows_in(run, quantity.axis, steps);
    rows.count = std::min(rows.count, quantity.rows - std::min(rows.first, quantity.rows));
    if (rows.count > 0) return rows;
    const StoredAxis& axis = run.axes()[quantity.axis];
    refuse(
        fmt::format("{}: \"{}\" was not sampled in steps {} to {}; its {} samples lie in steps "
                    "{} to {}",
                    run.path(), quantity.address, steps.first, steps.last, quantity.rows,
                    axis.first, axis.last));
}

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
        count > 1 ? fmt::format("--steps {}:{}, which were, or one ", first, last) : "one ";
    refuse(
        fmt::format("{}: \"{}\" was not sampled in every step from {} to {}, so its phases "
                    "cannot be drawn in time; ask for {}phase of it with --phase ({})",
                    run.path(), quantity.address, first,
                    run.steps(quantity.axis, rows.first + rows.count - 1, 1).front(), where,
                    list_of(run.phases())));
}

struct Cells {
    std::size_t first = 0, count = 1;
};

Cells cells_in(const Asked& asked, const PlotRequest& request) {
    if (asked.dimensions() == 0) return {};
    const CellRange range = request.cells.value_or(CellRange{0, 4});
    const std::size_t size = asked.first().row.back();
    if (range.begin >= size)
        refuse(fmt::format("--cells {}:{}: \"{}\" has the cells 0 to {}", range.begin, range.end,
                           asked.address, size - 1));
    return {range.begin, std::min(range.end, size) - range.begin};
}

// One of 1, 2, 5, 10, 20, ...: the least that leaves at most `most_blocks`.
std::int64_t readable_block(std::int64_t steps) {
    for (std::int64_t power = 1;; power *= 10)
        for (const std::int64_t block : {power, 2 * power, 5 * power})
            if ((steps + block - 1) / block <= most_blocks) return block;
}

// Reads a quantity of some runs in lockstep and makes a curve of each cell: y of one run, or the
// mean over them.
class CurveReader {
public:
    CurveReader(const Runs& runs, const Asked& asked, const PlotRequest& request,
                const CurveAxis& axis, std::vector<std::size_t> group)
        : runs_(runs),
          asked_(asked),
          axis_(axis),
          group_(std::move(group)),
          cells_(cells_in(asked, request)),
          held_(is_held(asked, request)),
          phases_(phases_of(request)),
          numbers_(phases_.size() * cells_.count * group_.size()) {
        for (const std::size_t k : group_) {
            rows_.push_back(sampled_in(runs_.files[k], *asked_.in[k], axis_.steps));
            if (held_) check_unbroken(runs_.files[k], *asked_.in[k], rows_.back());
        }
        for (const RowRange& rows : rows_)
            if (rows.count != rows_[0].count) different_steps();
    }

    // Of each cell.
    std::vector<std::vector<Point>> read(std::int64_t block) {
        const std::uint64_t points = held_ ? rows_[0].count * phases_.size() : blocks_of(block);
        const std::uint64_t bucket = points <= 2 * most_buckets ? 1 : 1 + points / most_buckets;
        thinned_.assign(cells_.count, MinMax(bucket));
        BlockMeans blocks(axis_.steps.first, block, numbers_.size());
        for_each_step([&](std::int64_t step) {
            if (held_) {
                add_phases(step);
            } else if (blocks.add(step, numbers_)) {
                add_points(blocks.step() * x_of_step(), blocks.means(), 0);
            }
            last_step_ = step;
        });
        if (!held_ && blocks.finish(next_step()))
            add_points(blocks.step() * x_of_step(), blocks.means(), 0);
        averaged_ = blocks.averaged();
        return take();
    }
    // Whether a point of them is the mean of several steps.
    bool averaged() const { return averaged_; }
    // What blocks have room for. After `read`.
    std::int64_t steps() const { return next_step() - axis_.steps.first; }

private:
    std::vector<std::size_t> phases_of(const PlotRequest& request) const {
        const std::vector<std::string>& names = runs_.files[0].phases();
        std::vector<std::size_t> phases;
        for (std::size_t p = 0; asked_.by_phase() && p < names.size(); ++p)
            if (request.phase.empty() || request.phase == names[p]) phases.push_back(p);
        return phases.empty() ? std::vector<std::size_t>{0} : phases;
    }

    std::uint64_t blocks_of(std::int64_t block) const {
        const std::int64_t steps = axis_.steps.last - axis_.steps.first;
        return std::min(rows_[0].count, static_cast<std::uint64_t>(steps / block + 1));
    }

    [[noreturn]] void different_steps() const {
        refuse(fmt::format("--mean: \"{}\" was sampled in different steps of {} and of other runs",
                           asked_.address, runs_.files[group_[0]].path()));
    }

    // The step that was sampled after the last of the curves, or would be at the same distance.
    std::int64_t next_step() const {
        const StoredRun& run = runs_.files[group_[0]];
        const std::size_t axis = asked_.in[group_[0]]->axis;
        const std::uint64_t end = rows_[0].first + rows_[0].count;
        const auto step_in = [&](std::uint64_t row) { return run.steps(axis, row, 1).front(); };
        if (end < run.axes()[axis].rows) return std::max(step_in(end), last_step_ + 1);
        if (end < 2) return last_step_ + 1;
        return 2 * last_step_ - std::clamp(step_in(end - 2), std::int64_t{0}, last_step_ - 1);
    }

    // numbers_[phase][cell][run] of one step after the other.
    template <class Visit>
    void for_each_step(Visit visit) {
        const std::uint64_t chunk =
            std::max<std::size_t>(1, numbers_at_once / (phases_.size() * cells_.count));
        for (std::uint64_t done = 0; done < rows_[0].count; done += chunk) {
            const std::uint64_t count = std::min(chunk, rows_[0].count - done);
            const std::vector<std::int64_t> steps = steps_of_chunk(done, count);
            const auto parts = read_chunk(done, count);
            for (std::uint64_t row = 0; row < count; ++row) {
                std::size_t at = 0;
                for (std::size_t p = 0; p < phases_.size(); ++p)
                    for (std::size_t c = 0; c < cells_.count; ++c)
                        for (std::size_t k = 0; k < group_.size(); ++k)
                            numbers_[at++] = parts[k][p][row * cells_.count + c];
                visit(steps[row]);
            }
        }
    }

    std::vector<std::int64_t> steps_of_chunk(std::uint64_t done, std::uint64_t count) const {
        std::vector<std::int64_t> steps;
        for (std::size_t k = 0; k < group_.size(); ++k) {
            auto of_run = runs_.files[group_[k]].steps(asked_.in[group_[k]]->axis,
                                                       rows_[k].first + done, count);
            if (k > 0 && of_run != steps) different_steps();
            steps = std::move(of_run);
        }
        check_rising(steps);
        return steps;
    }

    void check_rising(const std::vector<std::int64_t>& steps) const {
        std::int64_t before = last_step_;
        for (const std::int64_t step : steps) {
            if (step <= before || step < axis_.steps.first || step > axis_.steps.last)
                reject({runs_.files[group_[0]].path(), 0, 0},
                       fmt::format("is damaged: the steps of \"{}\" do not rise", asked_.address));
            before = step;
        }
    }

    // [run][phase], each rows x cells.
    std::vector<std::vector<std::vector<double>>> read_chunk(std::uint64_t done,
                                                             std::uint64_t count) const {
        std::vector<std::vector<std::vector<double>>> parts(group_.size());
        for (std::size_t k = 0; k < group_.size(); ++k)
            for (const std::size_t phase : phases_)
                parts[k].push_back(
                    runs_.files[group_[k]].read_part(*asked_.in[group_[k]], rows_[k].first + done,
                                                     count, phase, cells_.first, cells_.count));
        return parts;
    }

    double x_of_step() const { return axis_.in_ms ? axis_.step_ms : 1.0; }

    void add_phases(std::int64_t step) {
        for (std::size_t p = 0; p < phases_.size(); ++p) {
            const double begin = phases_[p] == 0 ? 0.0 : axis_.phase_end_ms[phases_[p] - 1];
            add_points(static_cast<double>(step - 1) * axis_.step_ms + begin, numbers_,
                       p * cells_.count * group_.size());
        }
    }

    void add_points(double x, const std::vector<double>& numbers, std::size_t at) {
        for (std::size_t c = 0; c < cells_.count; ++c, at += group_.size()) {
            const auto begin = numbers.begin() + static_cast<std::ptrdiff_t>(at);
            values_.assign(begin, begin + static_cast<std::ptrdiff_t>(group_.size()));
            thinned_[c].add(mean_of(x, values_));
        }
    }

    std::vector<std::vector<Point>> take() {
        std::vector<std::vector<Point>> all;
        for (MinMax& one : thinned_) {
            all.push_back(one.take());
            if (!held_) continue;
            all.back().push_back(all.back().back());
            all.back().back().x = static_cast<double>(last_step_) * axis_.step_ms;
        }
        return all;
    }

    const Runs& runs_;
    const Asked& asked_;
    const CurveAxis& axis_;
    std::vector<std::size_t> group_;
    Cells cells_;
    bool held_;
    std::vector<std::size_t> phases_;
    std::vector<RowRange> rows_;
    std::vector<double> numbers_, values_;
    std::vector<MinMax> thinned_;
    std::int64_t last_step_ = 0;
    bool averaged_ = false;
};

// Cells differ in colour and runs in dash; a run of one curve has its own colour.
LineStyle style_of(std::size_t group, std::size_t groups, std::size_t cell, std::size_t cells,
                   bool is_vector, const Asked& asked) {
    if (groups == 1 && !is_vector) return {black, 0};
    const bool only_runs = cells == 1 && groups > 1;
    const LineStyle style = only_runs ? LineStyle{group % black, group / black}
                                      : LineStyle{cell % black, cell / black * groups + group};
    if (style.dash < dashes.size()) return style;
    refuse(fmt::format("{} curves of \"{}\" cannot be told apart by {} colours and {} dashes; {}",
                       groups * cells, asked.address, black, dashes.size(),
                       only_runs ? "draw fewer runs, or their --mean" : "ask for fewer --cells"));
}

std::string name_of(const Group& group, bool is_vector, std::size_t cell) {
    const std::string name = group.title() + (group.is_mean() ? " \u00b1 S.E.M." : "");
    if (!is_vector) return name;
    return fmt::format("{}{}cell {}", name, name.empty() ? "" : ", ", cell);
}

// The longest of the curves has a block.
void check_block(const PlotRequest& request, const Asked& asked, std::int64_t steps) {
    if (request.block && *request.block > steps)
        refuse(
            fmt::format("--block {}: of \"{}\" only {} steps are drawn; expected at most as many",
                        *request.block, asked.address, steps));
}

std::int64_t block_for(const Runs& runs, const Asked& asked, const PlotRequest& request,
                       const StepRange& steps) {
    if (request.block) return *request.block;
    if (asked.dimensions() > 0 || asked.by_phase()) return 1;
    std::uint64_t most_rows = 0;
    for (std::size_t k = 0; k < runs.files.size(); ++k)
        most_rows = std::max(most_rows, sampled_in(runs.files[k], *asked.in[k], steps).count);
    return most_rows <= most_blocks ? 1 : readable_block(steps.last - steps.first + 1);
}

std::string title_of(const Asked& asked, const PlotRequest& request) {
    std::string title = asked.address;
    if (asked.by_phase() && !request.phase.empty()) title += " in phase " + request.phase;
    return title;
}

}  // namespace

bool is_held(const Asked& asked, const PlotRequest& request) {
    return asked.by_phase() && !asked.is_matrix() && request.phase.empty();
}

CurvePanel read_curves(const Runs& runs, const Asked& asked, const PlotRequest& request,
                       const CurveAxis& axis) {
    const bool held = is_held(asked, request);
    const std::int64_t block = held ? 1 : block_for(runs, asked, request, axis.steps);
    CurvePanel panel{title_of(asked, request), label_of(asked.first()), {}, {}};
    const Cells cells = cells_in(asked, request);
    const bool is_vector = asked.dimensions() == 1;
    const auto style = [&](std::size_t group, std::size_t cell) {
        return style_of(group, runs.groups.size(), cell, cells.count, is_vector, asked);
    };
    style(runs.groups.size() - 1, cells.count - 1);  // refuses before anything is read
    bool averaged = false;
    std::int64_t steps = 0;
    for (std::size_t g = 0; g < runs.groups.size(); ++g) {
        const Group& group = runs.groups[g];
        CurveReader reader(runs, asked, request, axis, group.runs);
        auto curves = reader.read(block);
        averaged |= reader.averaged();
        steps = std::max(steps, reader.steps());
        for (std::size_t c = 0; c < curves.size(); ++c)
            panel.curves.push_back({name_of(group, is_vector, cells.first + c), style(g, c),
                                    group.is_mean(), held, std::move(curves[c])});
    }
    if (!held) check_block(request, asked, steps);
    if (averaged) panel.title += fmt::format(", means of {} steps", block);
    return panel;
}

}  // namespace apical
