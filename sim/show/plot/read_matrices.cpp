#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/show/plot/read_panel.hpp"
#include "sim/show/plot/script_text.hpp"

namespace apical {

namespace {

// The row of the step, or of the last. Names the steps next to one that was not sampled.
std::uint64_t row_of_step(const StoredRun& run, const StoredQuantity& quantity,
                          std::optional<std::int64_t> step) {
    if (!step) return quantity.rows - 1;
    const std::uint64_t row = run.row_of(quantity.axis, *step), rows = quantity.rows;
    const auto step_in = [&](std::uint64_t k) { return run.steps(quantity.axis, k, 1).front(); };
    if (row < rows && step_in(row) == *step) return row;
    std::string nearest = row > 0 ? fmt::format("{} before it", step_in(row - 1)) : "";
    if (row < rows)
        nearest += fmt::format("{}{} after it", nearest.empty() ? "" : " and ", step_in(row));
    refuse(fmt::format("`at` {}: {} has no \"{}\" of this step; the nearest sampled are {}", *step,
                       run.path(), quantity.address, nearest));
}

double largest_of(const std::vector<double>& numbers) {
    double largest = 0.0;
    for (const double one : numbers)
        if (can_be_drawn(one)) largest = std::max(largest, std::abs(one));
    return largest;
}

// The mean over the runs.
MatrixPanel read_group(const Runs& runs, const Selection& selection, const PlotRequest& request,
                       const Group& group) {
    MatrixPanel panel{"",
                      label_of(selection.first()),
                      selection.first().row[0],
                      selection.first().row[1],
                      std::vector<double>(selection.first().row_numbers()),
                      0.0,
                      selection.first().chosen[0],
                      selection.first().chosen[1],
                      !selection.first().synapses.empty(),
                      selection.first().by_iteration};
    std::optional<std::int64_t> step;
    for (const std::size_t k : group.runs) {
        const StoredRun& run = runs.files[k];
        const std::uint64_t row = row_of_step(run, *selection.in[k], request.at);
        const std::int64_t of_run = run.steps(selection.in[k]->axis, row, 1).front();
        if (step && *step != of_run)
            refuse(
                fmt::format("`mean`: the runs' last \"{}\" are of different steps; choose one "
                            "with `at`",
                            selection.address));
        step = of_run;
        const std::vector<double> numbers = run.read(*selection.in[k], row, 1);
        for (std::size_t n = 0; n < numbers.size(); ++n) panel.numbers[n] += numbers[n];
    }
    for (double& one : panel.numbers) one /= static_cast<double>(group.runs.size());
    const std::string title = group.title();
    panel.title =
        fmt::format("{}{}{}, step {}", selection.address, title.empty() ? "" : ", ", title, *step);
    return panel;
}

}  // namespace

std::vector<MatrixPanel> read_matrices(const Runs& runs, const Selection& selection,
                                       const PlotRequest& request) {
    std::vector<MatrixPanel> panels;
    for (const Group& group : runs.groups)
        panels.push_back(read_group(runs, selection, request, group));
    double largest = 0.0;
    for (const MatrixPanel& one : panels) largest = std::max(largest, largest_of(one.numbers));
    for (MatrixPanel& one : panels) one.largest = largest > 0.0 ? largest : 1.0;
    return panels;
}

}  // namespace apical
