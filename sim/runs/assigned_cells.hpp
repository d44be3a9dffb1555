#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/numbers/cell_classes.hpp"
#include "sim/numbers/scores.hpp"
#include "sim/runs/frozen_model.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

// A readout of a circuit that need not know labels: cells stand for the classes to which they
// responded, and the type of a trial is its class. A response is a cell's rate, mean over the steps
// of a trial that count, as they end.
struct AssignedCells {
    PopulationId population;
    CellClasses cells{0};
};

// Steps a simulation of `frozen.model`, as `evaluate` does, and lets each cell of the population
// stand for a class. Throws Error{usage} for a population that there is not or that has no rates,
// and for a model without trials of several types.
AssignedCells assigned_cells(const FrozenModel& frozen, Simulation& simulation,
                             const std::string& population, const StopRequest* stop = nullptr);

// Gathers the responses of a population step by step.
class Responses {
public:
    Responses(const Simulation& simulation, PopulationId population);

    // A step that counts has ended.
    void add();
    // The means of the steps since the last trial; empty where none counted.
    std::vector<double> take();

private:
    const double* rates_;
    std::vector<double> sums_;
    std::int64_t steps_ = 0;
};

// What the cells chose in each trial of an evaluation.
class AssignedChoices {
public:
    explicit AssignedChoices(const AssignedCells& assigned) : assigned_(assigned) {}

    void add(int type, std::span<const double> responses) {
        labels_.push_back(type);
        choices_.push_back(assigned_.cells.choice(responses));
    }
    // There are as many classes as types of trials, of those in which cells were assigned and
    // these.
    Choices result() const;

private:
    const AssignedCells& assigned_;
    std::vector<int> labels_, choices_;
};

}  // namespace apical
