#include "sim/show/plot/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

std::string shape_of(const StoredQuantity& quantity) {
    std::string text;
    for (const std::size_t size : quantity.row)
        text += fmt::format("{}{}", text.empty() ? "" : " x ", size);
    return text.empty() ? "one number" : text;
}

void check_phases(const StoredRun& one, const StoredRun& other) {
    if (one.phases() == other.phases() && one.phase_end_ms() == other.phase_end_ms()) return;
    refuse(fmt::format("{} and {} have different phases, and cannot be drawn on one time axis",
                       one.path(), other.path()));
}

void check_same(const Runs& runs, const Selection& selection) {
    for (std::size_t k = 1; k < runs.files.size(); ++k) {
        const StoredQuantity& one = selection.first();
        const StoredQuantity& other = *selection.in[k];
        if (one.row != other.row || one.by_phase != other.by_phase) {
            refuse(
                fmt::format("\"{}\" is {} a step in {} and {} in {}; only runs of one shape can "
                            "share a panel",
                            selection.address, shape_of(one), runs.files[0].path(), shape_of(other),
                            runs.files[k].path()));
        }
        if (one.chosen != other.chosen)
            refuse(fmt::format(
                "\"{}\" is of other cells in {} than in {}; only runs that recorded the "
                "same cells can share a panel",
                selection.address, runs.files[0].path(), runs.files[k].path()));
        if (one.by_phase) check_phases(runs.files[0], runs.files[k]);
    }
}

// The names of the files; where two are the same, the paths.
std::vector<std::string> names_of(const std::vector<StoredRun>& files) {
    std::vector<std::string> names, paths;
    for (const StoredRun& run : files) {
        names.push_back(std::filesystem::path(run.path()).stem().string());
        paths.push_back(run.path());
    }
    const bool all_differ =
        std::set<std::string>(names.begin(), names.end()).size() == names.size();
    return all_differ ? names : paths;
}

void check_phase_name(const Runs& runs, const std::string& name) {
    const std::vector<std::string>& phases = runs.files[0].phases();
    if (std::find(phases.begin(), phases.end(), name) != phases.end()) return;
    refuse(fmt::format("`phase` {}: {} has the phases {}.{}", shortened(name), runs.files[0].path(),
                       list_of(phases), did_you_mean(name, phases)));
}

// Checks that sums and differences of steps are numbers.
void check_steps(const StoredRun& run) {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    for (const StoredAxis& axis : run.axes()) {
        if (axis.rows == 0 || (0 <= axis.first && axis.first <= axis.last && axis.last <= most))
            continue;
        reject({run.path(), 0, 0},
               fmt::format("is damaged: \"{}\" goes from {} to {}",
                           run_path::steps_of_axis(axis.name), axis.first, axis.last));
    }
}

}  // namespace

Runs open_runs(const std::vector<std::string>& paths, bool mean) {
    Runs runs;
    for (const std::string& path : paths) {
        runs.files.emplace_back(path);
        check_steps(runs.files.back());
    }
    runs.groups = groups_of(runs.files, names_of(runs.files), mean);
    return runs;
}

Selection selection_of(const Runs& runs, const std::string& address) {
    Selection selection;
    for (const StoredRun& run : runs.files) {
        selection.in.push_back(&run.find(address));
        selection.address = selection.first().address;
        if (selection.in.back()->rows == 0)
            refuse(fmt::format("{}: nothing of \"{}\" has been sampled", run.path(),
                               selection.address));
    }
    check_same(runs, selection);
    if (selection.first().row_numbers() == 0)
        refuse(fmt::format("\"{}\" is {} a step; nothing of it can be drawn", selection.address,
                           shape_of(selection.first())));
    if (selection.dimensions() > 2)
        refuse(fmt::format("\"{}\" is {} a step; numbers, vectors and matrices can be drawn",
                           selection.address, shape_of(selection.first())));
    return selection;
}

void check_options(const PlotRequest& request, const Runs& runs, const std::vector<Selection>& all,
                   bool has_rasters) {
    const auto any = [&](auto is_such) { return std::any_of(all.begin(), all.end(), is_such); };
    const auto is_matrix = [](const Selection& one) { return one.is_matrix(); };
    const auto matrix = std::find_if(all.begin(), all.end(), is_matrix);
    const bool only_matrices = !has_rasters && std::all_of(all.begin(), all.end(), is_matrix);
    if (request.cells && matrix != all.end())
        refuse(
            fmt::format("`cells`: \"{}\" is a matrix and is drawn whole; ask for it in a figure "
                        "of its own",
                        matrix->address));
    if (request.cells && !has_rasters &&
        !any([](const Selection& one) { return one.dimensions() == 1; }))
        refuse("`cells`: nothing that is drawn has cells");
    if (request.at && matrix == all.end())
        refuse("`at` is the step of a matrix, and none is drawn; `steps` A:B is of curves");
    if (request.steps && only_matrices)
        refuse("`steps` is of curves, and only matrices are drawn; `at` STEP is of these");
    if (!request.phase.empty()) {
        if (!any([](const Selection& one) { return one.by_phase(); }))
            refuse("`phase`: nothing that is drawn is sampled by phase");
        check_phase_name(runs, request.phase);
    }
    const bool by_step = any([&](const Selection& one) {
        return !one.is_matrix() && (!one.by_phase() || !request.phase.empty());
    });
    if (request.block && !by_step)
        refuse(
            "`block`: means over blocks of steps are of what is sampled once a step, or in one "
            "`phase` of it");
}

std::string label_of(const StoredQuantity& quantity) {
    namespace path = quantity_path;
    const std::string_view last = path::name_of(quantity.path);
    const auto ends = [&](std::string_view what) { return last.ends_with(what); };
    const std::string& symbol = quantity.symbol.empty() ? quantity.address : quantity.symbol;
    const std::string name = last == path::strength            ? "strength"
                             : path::is_of_gate(quantity.path) ? "1: open"
                             : ends(path::voltage)             ? "voltage " + symbol
                             : ends(path::rate)                ? "rate " + symbol
                             : last == path::drive             ? "drive " + symbol
                                                               : symbol;
    const bool has_unit = !quantity.units.empty() && quantity.units != "1";
    return has_unit ? fmt::format("{} ({})", name, quantity.units) : name;
}

}  // namespace apical
