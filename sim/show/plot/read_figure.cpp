#include "sim/show/plot/read_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/program/quantity_path.hpp"
#include "sim/hdf5/data_source.hpp"
#include "sim/model/stored_model.hpp"
#include "sim/show/plot/log_axes.hpp"
#include "sim/show/plot/palette.hpp"
#include "sim/show/plot/phase_times.hpp"
#include "sim/show/plot/read_gates.hpp"

namespace apical {

namespace {

// Beyond it phases are too narrow to be seen.
constexpr std::int64_t most_steps_with_phases = 60;
// The most ms or steps that an axis counts one by one; beyond it they are counted in thousands.
constexpr double longest_in_ones = 20000.0;

const StoredRun& longest(const Runs& runs) {
    return *std::max_element(
        runs.files.begin(), runs.files.end(),
        [](const StoredRun& a, const StoredRun& b) { return a.end() < b.end(); });
}

void check_times(const StoredRun& run) {
    const std::vector<double> ends = run.phase_end_ms();
    double before = 0.0;
    bool rising = !ends.empty() && ends.size() == run.phases().size();
    for (const double end : ends) {
        rising &= std::isfinite(end) && end > before;
        before = end;
    }
    if (!rising || !(run.step_ms() >= before))
        reject({run.path(), 0, 0}, "is damaged: it does not say how long its phases last");
}

// The population of each address that names spikes; empty of the others.
using Rasters = std::vector<std::string>;

bool has_any(const Rasters& rasters) {
    return std::any_of(rasters.begin(), rasters.end(), [](auto& one) { return !one.empty(); });
}

void take_rasters(StepRange& steps, const Runs& runs, const Rasters& rasters) {
    for (const std::string& population : rasters) {
        for (const StoredRun& run : runs.files) {
            if (population.empty()) continue;
            const StoredSpikes& spikes = *run.find_spikes(population);
            steps.first = std::min(steps.first, std::int64_t{1});
            steps.last = std::max(steps.last, run.end());
            if (spikes.rows == 0) continue;
            steps.last =
                std::max(steps.last, run.read_spikes(spikes, spikes.rows - 1, 1).front().step);
        }
    }
}

StepRange all_steps(const PlotRequest& request, const Runs& runs, const std::vector<Selection>& all,
                    const Rasters& rasters) {
    StepRange steps{longest(runs).end(), 1};
    take_rasters(steps, runs, rasters);
    for (const Selection& selection : all) {
        for (std::size_t k = 0; k < runs.files.size() && !selection.is_matrix(); ++k) {
            const StoredRun& run = runs.files[k];
            const StoredQuantity& one = *selection.in[k];
            const RowRange rows = drawn_rows(run, one, {}, is_in_time(selection, request));
            if (rows.count == 0) continue;
            steps.first = std::min(steps.first, run.steps(one.axis, rows.first, 1).front());
            steps.last = std::max(steps.last, run.axes()[one.axis].last);
        }
    }
    return steps;
}

StepRange steps_in(const PlotRequest& request, const Runs& runs, const std::vector<Selection>& all,
                   const Rasters& rasters) {
    if (!request.steps) return all_steps(request, runs, all, rasters);
    check_end(*request.steps, longest(runs));
    return *request.steps;
}

CurveAxis axis_of(const PlotRequest& request, const Runs& runs, const std::vector<Selection>& all,
                  const Rasters& rasters) {
    const bool in_ms = has_any(rasters) ||
                       std::any_of(all.begin(), all.end(),
                                   [&](const Selection& one) { return is_in_time(one, request); });
    for (const StoredRun& run : runs.files)
        if (in_ms) check_times(run);
    const StoredRun& run = runs.files[0];
    CurveAxis axis = {
        in_ms, run.step_ms(), run.phase_end_ms(), {}, steps_in(request, runs, all, rasters)};
    if (!in_ms) return axis;
    axis.phase_begin_ms = last_begins(stored_model(run).circuit);
    if (axis.phase_begin_ms.size() != axis.phase_end_ms.size())
        reject({run.path(), 0, 0}, "is damaged: its phases are not those of its model");
    return axis;
}

void set_axis(Figure& figure, const CurveAxis& axis) {
    const auto first = static_cast<double>(axis.steps.first);
    const auto last = static_cast<double>(axis.steps.last);
    figure.in_time = axis.in_ms;
    if (axis.in_ms) {
        figure.x = {std::max(first - 1.0, 0.0) * axis.step_ms, last * axis.step_ms};
        const bool seconds = figure.x.end - figure.x.begin > longest_in_ones;
        figure.x_label = seconds ? "time (s)" : "time (ms)";
        figure.x_per_unit = seconds ? 1000.0 : 1.0;
    } else {
        figure.x = {axis.steps.first == 1 ? 0.0 : first, last};
        if (axis.steps.first == axis.steps.last) figure.x = {first - 1.0, first + 1.0};
        label_steps(figure);
    }
}

std::vector<Timetable> phases_of(const StoredRun& run, const Circuit& circuit,
                                 const CurveAxis& axis) {
    std::vector<Timetable> phases;
    for (std::size_t p = 1; p < circuit.phases.size(); ++p) {
        std::vector<bool> on(circuit.phases.size());
        on[p] = true;
        phases.push_back({run.phases()[p], stretches(circuit, axis.steps, on)});
    }
    return phases;
}

std::string label_of_loss(const StoredModel& model) {
    const LossKind kind = loss_kind(judged_by(model.circuit));
    return fmt::format("loss ({})", kind.units == "1" ? kind.name : kind.units);
}

// The task's bounds, where all runs have the same.
std::vector<Level> levels_of(const std::vector<StoredModel>& models) {
    std::vector<Level> levels;
    for (std::size_t k = 0; k < models.size(); ++k) {
        std::vector<Level> of_run;
        for (const Bound& bound : models[k].bounds) of_run.push_back({bound.name, bound.loss});
        const auto same = [](const Level& a, const Level& b) {
            return a.name == b.name && a.y == b.y;
        };
        if (k > 0 && !std::equal(levels.begin(), levels.end(), of_run.begin(), of_run.end(), same))
            return {};
        levels = std::move(of_run);
    }
    return levels;
}

// Adds the label and the bounds that the runs' tasks give the loss.
void add_tasks(CurvePanel& panel, const Runs& runs) {
    std::vector<StoredModel> models;
    for (const StoredRun& run : runs.files) models.push_back(stored_model(run));
    panel.levels = levels_of(models);
    panel.label = label_of_loss(models[0]);
    for (const StoredModel& model : models)
        if (label_of_loss(model) != panel.label) panel.label = "loss";
}

// Draws what evaluations found beside the loss while learning, where all runs have it.
void add_frozen(CurvePanel& panel, const Runs& runs, const PlotRequest& request,
                const CurveAxis& axis) {
    const std::string address = "evaluation.loss";
    for (const StoredRun& run : runs.files)
        if (!run.has(address)) return;
    const CurvePanel frozen = read_curves(runs, selection_of(runs, address), request, axis);
    for (Curve curve : frozen.curves) {
        curve.name = panel.curves.size() == 1 ? "frozen" : curve.name + ", frozen";
        curve.style.dash = (curve.style.dash + 1) % dashes.size();
        panel.curves.push_back(std::move(curve));
    }
}

void add_panels(Figure& figure, const Runs& runs, const Selection& selection,
                const PlotRequest& request, const CurveAxis& axis) {
    if (selection.is_matrix()) {
        for (MatrixPanel& one : read_matrices(runs, selection, request))
            figure.panels.emplace_back(std::move(one));
        return;
    }
    CurvePanel panel = read_curves(runs, selection, request, axis);
    if (selection.first().path == quantity_path::loss) {
        add_tasks(panel, runs);
        if (!axis.in_ms) add_frozen(panel, runs, request, axis);
    }
    figure.panels.emplace_back(std::move(panel));
}

// Curves over different data lie side by side as if they were of one.
std::vector<std::string> data_notes(const Runs& runs) {
    const auto data_of = [](const StoredRun& run) {
        return data_of_uses(run.text(run_attribute::data), {"task"});
    };
    const StoredRun& first = runs.files.front();
    for (const StoredRun& run : runs.files) {
        const std::string one = data_of(first), other = data_of(run);
        if (one.empty() || other.empty() || one == other) continue;
        return {fmt::format("{} and {} read different data: {}", first.path(), run.path(),
                            differing_data(one, other))};
    }
    return {};
}

}  // namespace

void label_steps(Figure& figure) {
    const bool thousands = figure.x.end - figure.x.begin > longest_in_ones;
    figure.least_tick = 1.0;
    figure.x_label = thousands ? "step (thousands)" : "step";
    figure.x_per_unit = thousands ? 1000.0 : 1.0;
}

Figure read_figure(const PlotRequest& request) {
    const Runs runs = open_runs(request.runs, request.mean);
    std::vector<Selection> all;
    Rasters rasters;
    for (const std::string& address : request.addresses) {
        rasters.push_back(spiking_cells_of(runs, address));
        if (rasters.back().empty()) all.push_back(selection_of(runs, address));
    }
    check_options(request, runs, all, has_any(rasters));
    const CurveAxis axis = axis_of(request, runs, all, rasters);
    Figure figure;
    figure.width_cm = request.width_cm;
    figure.notes = data_notes(runs);
    set_axis(figure, axis);
    for (std::size_t k = 0, next = 0; k < rasters.size(); ++k) {
        if (rasters[k].empty()) {
            add_panels(figure, runs, all[next++], request, axis);
            continue;
        }
        for (CurvePanel& one : read_rasters(runs, rasters[k], request, axis))
            figure.panels.emplace_back(std::move(one));
    }
    const bool any_curves =
        std::any_of(figure.panels.begin(), figure.panels.end(),
                    [](const Panel& one) { return std::holds_alternative<CurvePanel>(one); });
    if (any_curves) figure.marks = read_marks(runs, axis, figure.notes);
    make_logarithmic(figure, request.log);
    if (axis.in_ms && axis.steps.last - axis.steps.first < most_steps_with_phases) {
        const Circuit circuit = stored_model(runs.files[0]).circuit;
        figure.phases = phases_of(runs.files[0], circuit, axis);
        figure.gates = read_gates(runs.files[0], circuit, all, request, axis);
    }
    return figure;
}

}  // namespace apical
