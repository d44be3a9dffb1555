#include "sim/show/inspect/step_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuits/program/quantity_path.hpp"
#include "sim/run_file/recorder.hpp"

namespace apical {

namespace {

std::size_t last_cell(const StoredQuantity& one) {
    return cell_at(one, cell_dimension(one), one.row.back() - 1);
}

}  // namespace

std::size_t cell_dimension(const StoredQuantity& one) {
    return one.by_phase || one.by_iteration ? 1 : 0;
}

bool has_cells(const StoredQuantity& one) { return one.row.size() == cell_dimension(one) + 1; }

bool has_some_cells(const StoredQuantity& one) {
    return has_cells(one) && !one.chosen[cell_dimension(one)].empty();
}

StepNumbers::StepNumbers(const StoredRun& run, std::int64_t step,
                         const std::optional<CellList>& cells)
    : run_(run), step_(step), cells_(cells) {
    check_sampled();
    check_cells();
}

bool StepNumbers::is_sampled(std::size_t axis) const {
    const std::uint64_t row = row_in(axis);
    return row < run_.axes()[axis].rows && run_.steps(axis, row, 1).front() == step_;
}

bool StepNumbers::is_start() const {
    return std::any_of(run_.axes().begin(), run_.axes().end(), [&](const StoredAxis& axis) {
        return axis.start_rows > 0 && axis.rows > 0 && axis.first == step_;
    });
}

bool StepNumbers::is_there(const StoredQuantity& one) const {
    return is_sampled(one.axis) && row_in(one.axis) < one.rows;
}

// The axes in which to look for the step: those of state, that is, of anything but single
// numbers sampled once a step, such as the loss, and of strengths at both ends of the run. All
// where there is no state.
std::vector<std::size_t> StepNumbers::looked_in() const {
    std::vector<std::size_t> of_state, all(run_.axes().size());
    for (const StoredQuantity& one : run_.quantities())
        if (!one.row.empty() && run_.axes()[one.axis].name != ends_table)
            of_state.push_back(one.axis);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return of_state.empty() ? all : of_state;
}

void StepNumbers::check_sampled() const {
    std::optional<std::int64_t> below, above;
    for (const std::size_t a : looked_in()) {
        if (is_sampled(a)) return;
        const std::uint64_t row = row_in(a);
        if (row > 0) below = std::max(below.value_or(0), run_.steps(a, row - 1, 1).front());
        if (row >= run_.axes()[a].rows) continue;
        const std::int64_t next = run_.steps(a, row, 1).front();
        above = std::min(above.value_or(next), next);
    }
    std::string near = below ? fmt::format("step {} before it", *below) : "";
    if (above) near += fmt::format("{}step {} after it", near.empty() ? "" : " and ", *above);
    throw Error(ExitCode::usage,
                near.empty() ? fmt::format("{}: nothing was sampled in any step", run_.path())
                             : fmt::format("{}: no state was sampled in step {}; the nearest "
                                           "are {}",
                                           run_.path(), step_, near));
}

// The first ones that were recorded when none are asked for.
std::vector<CellPlace> StepNumbers::places_of(const StoredQuantity& one) const {
    if (cells_) return places_among(one, cell_dimension(one), *cells_);
    std::vector<CellPlace> places = places_in(one, cell_dimension(one), {});
    places.resize(std::min(places.size(), cells_by_default));
    return places;
}

std::vector<const StoredQuantity*> StepNumbers::with_cells() const {
    std::vector<const StoredQuantity*> all;
    for (const StoredQuantity& one : run_.quantities())
        if (has_cells(one) && is_there(one)) all.push_back(&one);
    return all;
}

// Each range has a cell of something.
void StepNumbers::check_cells() const {
    const std::vector<const StoredQuantity*> all = with_cells();
    if (!cells_ || all.empty()) return;
    const StoredQuantity& largest = **std::max_element(
        all.begin(), all.end(),
        [](const auto* a, const auto* b) { return last_cell(*a) < last_cell(*b); });
    for (const CellRange& range : *cells_) {
        const bool known = std::any_of(all.begin(), all.end(), [&](const auto* one) {
            return !places_among(*one, cell_dimension(*one), {range}).empty();
        });
        if (known) continue;
        if (has_some_cells(largest)) places_in(largest, cell_dimension(largest), CellList{range});
        throw Error(ExitCode::usage, fmt::format("`cells` {}: the largest has {} cells",
                                                 text_of(*cells_), last_cell(largest) + 1));
    }
}

std::vector<double> StepNumbers::values(const StoredQuantity& one, std::size_t phase) const {
    const std::uint64_t row = row_in(one.axis);
    if (!has_cells(one)) return run_.read_part(one, row, 1, phase, 0, 1);
    return read_places(run_, one, {row, 1}, phase, places_of(one));
}

StepNumbers::Change StepNumbers::change_of(const StoredQuantity& one) const {
    const bool strengths = quantity_path::is_of_synapses(one.path) && one.row.size() == 2;
    if (!strengths || !is_there(one) || row_in(one.axis) == 0) return {};
    const std::uint64_t row = row_in(one.axis);
    const std::vector<double> now = run_.read_stored(one, row, 1),
                              was = run_.read_stored(one, row - 1, 1);
    Change change;
    change.before = run_.steps(one.axis, row - 1, 1).front();
    change.now = now.front();
    for (std::size_t k = 0; k < now.size(); ++k) {
        if (std::abs(now[k] - was[k]) <= std::abs(change.largest)) continue;
        const std::size_t place = one.synapses.empty() ? k : one.synapses[k];
        change = {change.before, now[k] - was[k], now[k], cell_at(one, 0, place / one.row[1]),
                  cell_at(one, 1, place % one.row[1])};
        if (std::isnan(change.largest)) break;  // nothing is larger
    }
    return change;
}

}  // namespace apical
