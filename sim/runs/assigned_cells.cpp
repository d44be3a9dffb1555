#include "sim/runs/assigned_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

PopulationId population_of(const Model& model, const std::string& name) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < model.circuit.populations.size(); ++i) {
        const Population& one = model.circuit.populations[i];
        if (one.role != Role::cells || !model.program.rate_of(PopulationId(i))) continue;
        if (one.name == name) return PopulationId(i);
        known.push_back(one.name);
    }
    throw Error(ExitCode::usage,
                fmt::format("cells of \"{}\" cannot stand for classes: there is no such population "
                            "of cells; expected one of {}.{}",
                            shortened(name), list_of(known), did_you_mean(name, known)));
}

}  // namespace

Responses::Responses(const Simulation& simulation, PopulationId population) {
    const State& state = simulation.state();
    const SlotId rate = state.program().rate_of(population);
    rates_ = state.data(rate);
    sums_.resize(static_cast<std::size_t>(state.program()[rate].rows));
}

void Responses::add() {
    for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += rates_[k];
    ++steps_;
}

std::vector<double> Responses::take() {
    std::vector<double> means;
    for (double& sum : sums_) {
        if (steps_ > 0) means.push_back(sum / static_cast<double>(steps_));
        sum = 0.0;
    }
    steps_ = 0;
    return means;
}

AssignedCells assigned_cells(const FrozenModel& frozen, Simulation& simulation,
                             const std::string& population, const StopRequest* stop) {
    const Model& model = frozen.model;
    AssignedCells found{population_of(model, population)};
    if (!model.circuit.trials)
        throw Error(ExitCode::usage,
                    "cells stand for the types of trials, and the model has no trials; expected a "
                    "task that has, or [trial]");
    if (!simulation.has_begun()) simulation.begin();
    Scheduler& scheduler = simulation.scheduler();
    Responses responses(simulation, found.population);
    std::set<int> types;
    bool is_first = true;
    for (std::int64_t step = 1; step <= frozen.settle + frozen.steps; ++step) {
        if (stop && stop->asked()) break;
        scheduler.run_to(step);
        const TrialClock& clock = *scheduler.trials();
        if (clock.counts()) responses.add();
        if (!clock.ends_trial()) continue;
        const std::vector<double> means = responses.take();
        if (means.empty()) continue;
        if (is_first) found.cells = CellClasses(means.size());
        is_first = false;
        found.cells.learn(clock.type(), means);
        types.insert(clock.type());
    }
    if (types.size() < 2)
        throw Error(ExitCode::usage,
                    fmt::format("cells stand for the types of trials, and {} trials had {}; "
                                "expected several types, as those of images, or of task.type",
                                found.cells.trials(), types.empty() ? "none" : "one type alone"));
    found.cells.assign();
    return found;
}

Choices AssignedChoices::result() const {
    int last = 0;
    for (const int label : labels_) last = std::max(last, label);
    for (std::size_t k = 0; k < assigned_.cells.cells(); ++k)
        last = std::max(last, assigned_.cells.class_of(k));
    const auto classes = static_cast<std::size_t>(last) + 1;
    Choices all(classes);
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        std::vector<double> label(classes), judged(classes);
        label[static_cast<std::size_t>(labels_[k])] = 1.0;
        if (choices_[k] != CellClasses::none) judged[static_cast<std::size_t>(choices_[k])] = 1.0;
        all.add(judged, label);
    }
    return all;
}

}  // namespace apical
