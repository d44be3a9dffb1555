#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/plot/read_panel.hpp"
#include "sim/plot/script_text.hpp"

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
    refuse(fmt::format("--at {}: {} has no \"{}\" of this step; the nearest sampled are {}", *step,
                       run.path(), quantity.address, nearest));
}

double largest_of(const std::vector<double>& numbers) {
    double largest = 0.0;
    for (const double one : numbers)
        if (can_be_drawn(one)) largest = std::max(largest, std::abs(one));
    return largest;
}

MatrixPanel mean_over(const std::vector<MatrixPanel>& panels) {
    MatrixPanel mean = panels.front();
    for (std::size_t k = 0; k < mean.numbers.size(); ++k) {
        mean.numbers[k] = 0.0;
        for (const MatrixPanel& one : panels) mean.numbers[k] += one.numbers[k];
        mean.numbers[k] /= static_cast<double>(panels.size());
    }
    return mean;
}

}  // namespace

std::vector<MatrixPanel> read_matrices(const Runs& runs, const Asked& asked,
                                       const PlotRequest& request) {
    std::vector<MatrixPanel> panels;
    std::vector<std::int64_t> steps;
    for (std::size_t k = 0; k < runs.files.size(); ++k) {
        const StoredRun& run = runs.files[k];
        const StoredQuantity& quantity = *asked.in[k];
        const std::uint64_t row = row_of_step(run, quantity, request.at);
        steps.push_back(run.steps(quantity.axis, row, 1).front());
        const std::string name = runs.files.size() > 1 ? ", " + runs.names[k] : "";
        panels.push_back({fmt::format("{}{}, step {}", asked.address, name, steps.back()),
                          label_of(quantity), quantity.row[0], quantity.row[1],
                          run.read(quantity, row, 1), 0.0});
    }
    if (request.mean) {
        if (std::count(steps.begin(), steps.end(), steps.front()) !=
            static_cast<std::ptrdiff_t>(steps.size()))
            refuse(
                fmt::format("--mean: the runs' last \"{}\" are of different steps; choose one "
                            "with --at",
                            asked.address));
        panels = {mean_over(panels)};
        panels.front().title = fmt::format("{}, mean of {} runs, step {}", asked.address,
                                           runs.files.size(), steps.front());
    }
    double largest = 0.0;
    for (const MatrixPanel& one : panels) largest = std::max(largest, largest_of(one.numbers));
    for (MatrixPanel& one : panels) one.largest = largest > 0.0 ? largest : 1.0;
    return panels;
}

}  // namespace apical
