// The spikes of a population, a tick each.
#include <fmt/format.h>

#include <algorithm>

#include "sim/show/plot/palette.hpp"
#include "sim/show/plot/read_panel.hpp"

namespace apical {

namespace {

constexpr std::string_view ending = ".spikes";
constexpr std::uint64_t most_spikes = 200'000;  // that a figure can hold
constexpr std::uint64_t at_once = 1 << 16;

bool is_chosen(const PlotRequest& request, std::int64_t cell) {
    if (!request.cells) return true;
    return std::any_of(request.cells->begin(), request.cells->end(), [&](const CellRange& range) {
        return range.begin <= static_cast<std::size_t>(cell) &&
               static_cast<std::size_t>(cell) < range.end;
    });
}

// The cells of the panel, from the first to before the end.
std::pair<std::size_t, std::size_t> cells_of(const PlotRequest& request, const StoredSpikes& spikes,
                                             const StoredRun& run) {
    const auto size = static_cast<std::size_t>(spikes.cells);
    if (!request.cells) return {0, size};
    const std::size_t first = request.cells->front().begin, end = request.cells->back().end;
    if (first < size) return {first, std::min(end, size)};
    refuse(fmt::format("`cells` {}: \"{}{}\" of {} has the cells 0 to {}", text_of(*request.cells),
                       spikes.population, ending, run.path(), size - 1));
}

Curve read_ticks(const StoredRun& run, const StoredSpikes& spikes, const PlotRequest& request,
                 const StepRange& steps) {
    Curve ticks;
    ticks.style = {black, 0};
    ticks.is_raster = true;
    const std::uint64_t end = run.first_spike(spikes, steps.last);
    for (std::uint64_t first = run.first_spike(spikes, steps.first - 1); first < end;
         first += at_once) {
        for (const Spike& one : run.read_spikes(spikes, first, std::min(at_once, end - first))) {
            if (!is_chosen(request, one.cell)) continue;
            const auto y = static_cast<double>(one.cell);
            ticks.points.push_back({one.time_ms, y, y, y});
        }
        if (ticks.points.size() > most_spikes)
            refuse(
                fmt::format("\"{}{}\" has more than {} spikes to draw; ask for fewer `steps` "
                            "or `cells`",
                            spikes.population, ending, most_spikes));
    }
    return ticks;
}

}  // namespace

std::string spiking_cells_of(const Runs& runs, const std::string& address) {
    if (!address.ends_with(ending)) return "";
    const std::string population = address.substr(0, address.size() - ending.size());
    const bool all = std::all_of(runs.files.begin(), runs.files.end(), [&](const StoredRun& run) {
        return run.find_spikes(population) != nullptr;
    });
    return all ? population : "";
}

std::vector<CurvePanel> read_rasters(const Runs& runs, const std::string& population,
                                     const PlotRequest& request, const CurveAxis& axis) {
    std::vector<CurvePanel> panels;
    for (const Group& group : runs.groups) {
        if (group.is_mean())
            refuse(
                fmt::format("`mean`: the spikes of \"{}\" have none; ask for them in a figure "
                            "of their own",
                            population));
        const StoredRun& run = runs.files[group.runs.front()];
        const StoredSpikes& spikes = *run.find_spikes(population);
        const auto [first, end] = cells_of(request, spikes, run);
        CurvePanel panel{std::string(population).append(ending), "cell", {}, {}};
        if (!group.name.empty()) panel.title += ", " + group.title();
        panel.first_cell = first;
        panel.end_cell = end;
        panel.curves.push_back(read_ticks(run, spikes, request, axis.steps));
        panels.push_back(std::move(panel));
    }
    return panels;
}

}  // namespace apical
