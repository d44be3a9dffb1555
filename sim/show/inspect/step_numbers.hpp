#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/run_file/ranges.hpp"
#include "sim/run_file/recorded_cells.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

// The numbers that a run file has of one step, the first `cells_by_default` cells of each quantity
// or those that were asked for.
class StepNumbers {
public:
    static constexpr std::size_t cells_by_default = 8;

    // The largest change of a matrix of strengths since it was sampled last.
    struct Change {
        std::optional<std::int64_t> before =
            {};  // the step compared with; none: no change is known
        double largest = 0.0, now = 0.0;
        std::size_t row = 0, column = 0;  // postsynaptic and presynaptic cell
    };

    // The run must outlive it. Throws Error{usage} when no state was sampled in the step, with the
    // nearest steps, and when one of `cells` is a cell of nothing.
    StepNumbers(const StoredRun& run, std::int64_t step, const std::optional<CellList>& cells);

    const StoredRun& run() const { return run_; }
    std::int64_t step() const { return step_; }
    // Whether what is shown was there before the first step.
    bool is_start() const;
    // Whether the quantity was sampled in the step.
    bool is_there(const StoredQuantity& one) const;
    // The quantities of the step that have a number for each of some cells.
    std::vector<const StoredQuantity*> with_cells() const;
    // The cells that are shown of one of these, in order.
    std::vector<CellPlace> places_of(const StoredQuantity& one) const;
    // A number for each of these places; of a quantity without cells one number. `phase` is counted
    // from 0, and 0 for what is sampled once a step.
    std::vector<double> values(const StoredQuantity& one, std::size_t phase) const;
    // Nothing is known of a quantity that is no matrix of strengths, or was not sampled before.
    Change change_of(const StoredQuantity& one) const;

private:
    std::uint64_t row_in(std::size_t axis) const { return run_.row_of(axis, step_); }
    bool is_sampled(std::size_t axis) const;
    std::vector<std::size_t> looked_in() const;
    void check_sampled() const;
    void check_cells() const;

    const StoredRun& run_;
    std::int64_t step_;
    std::optional<CellList> cells_;
};

// The dimension of a row that counts cells: the first, or after the phases the second.
std::size_t cell_dimension(const StoredQuantity& one);
// Whether a quantity has a number for each of some cells.
bool has_cells(const StoredQuantity& one);
// Whether it was recorded of some cells alone.
bool has_some_cells(const StoredQuantity& one);

}  // namespace apical
