#include "sim/plot/read_sweep_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "circuits/error.hpp"
#include "sim/plot/palette.hpp"
#include "sim/plot/read_figure.hpp"
#include "sim/plot/reduce.hpp"
#include "sim/sweep/report.hpp"

namespace apical {

namespace {

constexpr std::size_t smoothed_part = 10;

void check_blocks(const ReportedCell& cell, const std::string& path) {
    for (const JobResult* job : cell.jobs) {
        if (job->block_steps == cell.jobs.front()->block_steps &&
            job->block_losses.size() == job->block_steps.size())
            continue;
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: the file is damaged: the curves of {} on {} have different "
                                "blocks",
                                path, cell.model, cell.task));
    }
}

// Means over `window` blocks, each at the middle of its steps.
std::vector<Point> points_of(const ReportedCell& cell) {
    const std::vector<std::int64_t>& steps = cell.jobs.front()->block_steps;
    const std::size_t window = std::max<std::size_t>(1, steps.size() / smoothed_part);
    std::vector<Point> points;
    for (std::size_t end = window; end <= steps.size(); ++end) {
        std::vector<double> means;
        for (const JobResult* job : cell.jobs) {
            const auto from = job->block_losses.begin() + static_cast<std::ptrdiff_t>(end - window);
            means.push_back(std::accumulate(from, from + static_cast<std::ptrdiff_t>(window), 0.0) /
                            static_cast<double>(window));
        }
        const auto begin = static_cast<double>(end == window ? 0 : steps[end - window - 1]);
        points.push_back(mean_of((begin + static_cast<double>(steps[end - 1])) / 2.0, means));
    }
    return points;
}

LineStyle style_of(std::size_t curve, const std::string& path) {
    if (curve >= black * dashes.size())
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: more than {} curves could not be told apart; `apical report` "
                                "prints all",
                                path, black * dashes.size()));
    return {curve % black, curve / black};
}

void add_levels(CurvePanel& panel, const ReportedCell& cell) {
    for (const Bound& bound : cell.bounds) {
        const auto same = [&](const Level& level) { return level.y == bound.loss; };
        if (std::none_of(panel.levels.begin(), panel.levels.end(), same))
            panel.levels.push_back({bound.name, bound.loss});
    }
}

}  // namespace

Figure read_sweep_figure(const SweepResult& result, const std::string& path, double width_cm) {
    Figure figure;
    figure.width_cm = width_cm;
    std::vector<std::string> names;  // a curve has the same style in every panel
    for (const ReportedCell& cell : cells_of(result)) {
        if (cell.jobs.empty() || cell.jobs.front()->block_steps.empty()) continue;
        check_blocks(cell, path);
        const std::string name = name_of(result, cell);
        auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) found = names.insert(names.end(), name);
        const auto has_task = [&](const Panel& one) {
            return std::get<CurvePanel>(one).title == cell.task;
        };
        auto panel = std::find_if(figure.panels.begin(), figure.panels.end(), has_task);
        if (panel == figure.panels.end())
            panel =
                figure.panels.insert(figure.panels.end(), CurvePanel{cell.task, "loss", {}, {}});
        auto& curves = std::get<CurvePanel>(*panel);
        curves.curves.push_back({name,
                                 style_of(static_cast<std::size_t>(found - names.begin()), path),
                                 cell.jobs.size() > 1, false, points_of(cell)});
        add_levels(curves, cell);
        figure.x.end = std::max(figure.x.end, static_cast<double>(cell.jobs.front()->steps));
    }
    if (figure.panels.empty())
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: no job was completed: there is nothing to draw", path));
    label_steps(figure);
    return figure;
}

}  // namespace apical
