#pragma once

#include <vector>

#include "sim/show/plot/read_panel.hpp"
#include "sim/show/plot/reduce.hpp"

namespace apical {

// The cells of a vector that are drawn; one of what has none. Throws Error{usage} when the quantity
// has no such cells.
std::vector<CellPlace> cells_in(const Selection& selection, const PlotRequest& request);

// Steps begin with 1 where they are counted, be there a row of what was before or not.
std::int64_t first_counted(const StepRange& steps);

// Rows as `drawn_rows` finds them. Throws Error{usage} when there are none.
RowRange sampled_in(const StoredRun& run, const StoredQuantity& quantity, const StepRange& steps,
                    bool in_time);

// Reads a quantity of some runs in lockstep and makes a curve of each cell: y of one run, or the
// mean over them.
class CurveReader {
public:
    // `group` has the runs' places among `runs`. Throws Error{usage} when they were not sampled in
    // the same steps, or, for what is drawn in time, not in every step.
    CurveReader(const Runs& runs, const Selection& selection, const PlotRequest& request,
                const CurveAxis& axis, std::vector<std::size_t> group);

    // The curve of each cell. What is drawn by step is a mean over blocks of `block` steps.
    std::vector<std::vector<Point>> read(std::int64_t block);
    // Whether each value holds to the next point.
    bool is_held() const { return in_time_ && tau_ms_ == 0.0; }
    // Whether a point of them is the mean of several steps.
    bool averaged() const { return averaged_; }
    // What blocks have room for. After `read`.
    std::int64_t steps() const { return next_step() - first_counted(axis_.steps); }

private:
    std::vector<std::size_t> phases_of(const PlotRequest& request) const;
    std::uint64_t blocks_of(std::int64_t block) const;
    std::uint64_t points_of(std::int64_t block) const;
    [[noreturn]] void different_steps() const;
    std::int64_t next_step() const;
    double farthest_joined() const;
    template <class Visit>
    void for_each_step(Visit visit);
    std::vector<std::int64_t> steps_of_chunk(std::uint64_t done, std::uint64_t count) const;
    void check_rising(const std::vector<std::int64_t>& steps) const;
    std::vector<std::vector<std::vector<double>>> read_chunk(std::uint64_t done,
                                                             std::uint64_t count) const;
    std::int64_t first_step() const {
        return runs_.files[group_[0]]
            .steps(selection_.in[group_[0]]->axis, rows_[0].first, 1)
            .front();
    }
    double x_of_step() const { return axis_.in_ms ? axis_.step_ms : 1.0; }
    std::vector<double> values_before_first() const;
    void add_phases(std::int64_t step);
    void leave_out(double from_ms);
    void add_relaxation(double begin_ms, std::size_t phase, double phase_ms);
    void add_points(double x, const std::vector<double>& numbers, std::size_t at);
    std::vector<std::vector<Point>> take();

    const Runs& runs_;
    const Selection& selection_;
    const CurveAxis& axis_;
    std::vector<std::size_t> group_;
    std::vector<CellPlace> cells_;
    bool in_time_;
    double tau_ms_;  // with which it relaxes between the ends of phases; 0: each value is held
    int parts_ = 1;  // of a phase, in which it relaxes
    std::vector<std::size_t> phases_;
    std::vector<RowRange> rows_;
    std::vector<double> numbers_, values_;
    std::vector<double> before_;  // what relaxes, at the end of the phase before: [cell][run]
    std::vector<MinMax> thinned_;
    std::int64_t last_step_ = -1;
    bool is_joined_ = true;  // the next point with the one before
    bool averaged_ = false;
};

}  // namespace apical
