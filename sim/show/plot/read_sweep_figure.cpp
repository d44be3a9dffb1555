#include "sim/show/plot/read_sweep_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuits/text/error.hpp"
#include "sim/show/plot/read_figure.hpp"
#include "sim/show/plot/reduce.hpp"
#include "sim/show/plot/sweep_panels.hpp"

namespace apical {

namespace {

constexpr std::size_t smoothed_part = 10;

void check_blocks(const ReportedCondition& condition, const std::string& path) {
    for (const JobResult* job : condition.jobs) {
        if (job->block_steps == condition.jobs.front()->block_steps &&
            job->block_losses.size() == job->block_steps.size())
            continue;
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: the file is damaged: the curves of {} on {} have different "
                                "blocks",
                                path, condition.model, condition.task));
    }
}

// Means over `window` blocks, each at the middle of its steps; a gap when all jobs failed.
std::vector<Point> points_of(const ReportedCondition& condition) {
    if (condition.jobs.empty()) return {mean_of(0.0, {std::nan("")})};
    const std::vector<std::int64_t>& steps = condition.jobs.front()->block_steps;
    const std::size_t window = std::max<std::size_t>(1, steps.size() / smoothed_part);
    std::vector<Point> points;
    for (std::size_t end = window; end <= steps.size(); ++end) {
        std::vector<double> means;
        for (const JobResult* job : condition.jobs) {
            const auto from = job->block_losses.begin() + static_cast<std::ptrdiff_t>(end - window);
            means.push_back(std::accumulate(from, from + static_cast<std::ptrdiff_t>(window), 0.0) /
                            static_cast<double>(window));
        }
        const auto begin = static_cast<double>(end == window ? 0 : steps[end - window - 1]);
        points.push_back(mean_of((begin + static_cast<double>(steps[end - 1])) / 2.0, means));
    }
    return points;
}

void add_levels(CurvePanel& panel, const ReportedCondition& condition) {
    for (const Bound& bound : condition.bounds) {
        const auto same = [&](const Level& level) { return level.y == bound.loss; };
        if (std::none_of(panel.levels.begin(), panel.levels.end(), same))
            panel.levels.push_back({bound.name, bound.loss});
    }
}

}  // namespace

void check_losses(const SweepResult& result, const std::string& path) {
    if (!result.lacks_losses()) return;
    throw Error(ExitCode::bad_model,
                fmt::format("{}: there is no loss to draw: no circuit of the sweep has an output "
                            "that is compared with a label",
                            path));
}

Figure read_sweep_figure(const SweepResult& result, const std::string& path, double width_cm) {
    Figure figure;
    figure.width_cm = width_cm;
    check_losses(result, path);
    SweepPanels panels(result, path, "loss");
    for (const ReportedCondition& condition : conditions_of(result)) {
        if (!condition.jobs.empty() && condition.jobs.front()->block_steps.empty()) continue;
        check_blocks(condition, path);
        SeedCount seeds;
        seeds.add(condition.jobs.size(), condition.failed);
        add_levels(panels.add(condition.task, name_of(result, condition), seeds,
                              points_of(condition), false),
                   condition);
        for (const JobResult* job : condition.jobs)
            figure.x.end = std::max(figure.x.end, static_cast<double>(job->steps));
    }
    figure.panels = panels.take();
    label_steps(figure);
    figure.notes = data_notes(conditions_of(result));
    return figure;
}

}  // namespace apical
