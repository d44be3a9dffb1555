#include "sim/plot/read_figure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/inspect/stored_model.hpp"
#include "sim/plot/read_panel.hpp"

namespace apical {

namespace {

// Beyond it phases are too narrow to be seen.
constexpr std::int64_t most_steps_with_phases = 60;
constexpr double longest_in_ms = 20000.0, most_single_steps = 20000.0;

std::int64_t last_step(const Runs& runs) {
    std::int64_t last = 0;
    for (const StoredRun& run : runs.files)
        for (const StoredAxis& axis : run.axes()) last = std::max(last, axis.last);
    return last;
}

StepRange all_steps(const Runs& runs, const std::vector<Asked>& all) {
    StepRange steps{last_step(runs), 1};
    for (const Asked& asked : all) {
        for (std::size_t k = 0; k < runs.files.size() && !asked.is_matrix(); ++k) {
            const StoredAxis& axis = runs.files[k].axes()[asked.in[k]->axis];
            steps.first = std::min(steps.first, axis.first);
            steps.last = std::max(steps.last, axis.last);
        }
    }
    return steps;
}

StepRange steps_in(const PlotRequest& request, const Runs& runs, const std::vector<Asked>& all) {
    if (!request.steps) return all_steps(runs, all);
    const std::int64_t last = last_step(runs);
    if (request.steps->last > last)
        refuse(fmt::format("--steps {}:{}: {} ends with step {}", request.steps->first,
                           request.steps->last, runs.files[0].path(), last));
    return *request.steps;
}

CurveAxis axis_of(const PlotRequest& request, const Runs& runs, const std::vector<Asked>& all) {
    const bool in_ms = std::any_of(all.begin(), all.end(),
                                   [&](const Asked& one) { return is_held(one, request); });
    return {in_ms, runs.files[0].step_ms(), runs.files[0].phase_end_ms(),
            steps_in(request, runs, all)};
}

void set_axis(Figure& figure, const CurveAxis& axis) {
    const auto first = static_cast<double>(axis.steps.first);
    const auto last = static_cast<double>(axis.steps.last);
    if (axis.in_ms) {
        figure.x = {(first - 1.0) * axis.step_ms, last * axis.step_ms};
        const bool seconds = figure.x.end > longest_in_ms;
        figure.x_label = seconds ? "time (s)" : "time (ms)";
        figure.x_per_unit = seconds ? 1000.0 : 1.0;
    } else {
        figure.x = {axis.steps.first == 1 ? 0.0 : first, std::max(last, first + 1.0)};
        const bool thousands = last > most_single_steps;
        figure.x_label = thousands ? "step (thousands)" : "step";
        figure.x_per_unit = thousands ? 1000.0 : 1.0;
    }
}

// Where `on` holds of a phase, in each of the steps; what follows without a gap is one stretch.
std::vector<Stretch> stretches(const CurveAxis& axis, const std::vector<bool>& on) {
    std::vector<Stretch> all;
    for (std::int64_t step = axis.steps.first; step <= axis.steps.last; ++step) {
        const double start = static_cast<double>(step - 1) * axis.step_ms;
        for (std::size_t p = 0; p < on.size(); ++p) {
            if (!on[p]) continue;
            const Stretch phase{start + (p == 0 ? 0.0 : axis.phase_end_ms[p - 1]),
                                start + axis.phase_end_ms[p]};
            if (!all.empty() && all.back().end == phase.begin) {
                all.back().end = phase.end;
            } else {
                all.push_back(phase);
            }
        }
    }
    return all;
}

std::vector<Timetable> phases_of(const StoredRun& run, const CurveAxis& axis) {
    std::vector<Timetable> phases;
    for (std::size_t p = 1; p < axis.phase_end_ms.size(); ++p) {
        std::vector<bool> on(axis.phase_end_ms.size());
        on[p] = true;
        phases.push_back({run.phases()[p], stretches(axis, on)});
    }
    return phases;
}

// When the model opens the gates of the populations that are drawn.
std::vector<Timetable> gates_of(const StoredRun& run, const std::vector<Asked>& all,
                                const PlotRequest& request, const CurveAxis& axis) {
    const StoredModel model = stored_model(run);
    std::vector<Timetable> gates;
    for (const Gate& gate : model.circuit.gates) {
        const Compartment& compartment = model.circuit[gate.compartment];
        const std::string cells = model.circuit[compartment.population].name + ".";
        const bool drawn = std::any_of(all.begin(), all.end(), [&](const Asked& one) {
            return is_held(one, request) && one.address.starts_with(cells);
        });
        if (drawn) gates.push_back({gate.name, stretches(axis, gate.open_in)});
    }
    return gates;
}

// The task's bounds, where all runs have the same.
std::vector<Level> levels_of(const Runs& runs) {
    std::vector<Level> levels;
    for (std::size_t k = 0; k < runs.files.size(); ++k) {
        std::vector<Level> of_run;
        for (const Bound& bound : stored_model(runs.files[k]).bounds)
            of_run.push_back({bound.name, bound.loss});
        const auto same = [](const Level& a, const Level& b) {
            return a.name == b.name && a.y == b.y;
        };
        if (k > 0 && !std::equal(levels.begin(), levels.end(), of_run.begin(), of_run.end(), same))
            return {};
        levels = std::move(of_run);
    }
    return levels;
}

}  // namespace

Figure read_figure(const PlotRequest& request) {
    const Runs runs = open_runs(request.runs);
    std::vector<Asked> all;
    for (const std::string& address : request.addresses) all.push_back(ask(runs, address));
    check_options(request, runs, all);
    const CurveAxis axis = axis_of(request, runs, all);
    Figure figure;
    figure.width_cm = request.width_cm;
    set_axis(figure, axis);
    for (const Asked& asked : all) {
        if (asked.is_matrix()) {
            for (MatrixPanel& one : read_matrices(runs, asked, request))
                figure.panels.emplace_back(std::move(one));
            continue;
        }
        CurvePanel panel = read_curves(runs, asked, request, axis);
        if (asked.first().path == "/signals/loss") panel.levels = levels_of(runs);
        figure.panels.emplace_back(std::move(panel));
    }
    if (axis.in_ms && axis.steps.last - axis.steps.first < most_steps_with_phases) {
        figure.phases = phases_of(runs.files[0], axis);
        figure.gates = gates_of(runs.files[0], all, request, axis);
    }
    return figure;
}

}  // namespace apical
