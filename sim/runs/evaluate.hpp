#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "circuits/anatomy/circuit.hpp"
#include "sim/numbers/mean_error.hpp"
#include "sim/numbers/scores.hpp"
#include "sim/runs/assigned_cells.hpp"
#include "sim/runs/frozen_model.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

// What a circuit comes to while nothing learns: "frozen". While learning goes on, it tracks what is
// shown, and its loss may be that of the tracking: an output that only learns its bias follows a
// label that seldom changes, and knows nothing of it.
struct Evaluation {
    std::int64_t settle = 0, steps = 0;  // which came first, and which count
    std::int64_t counted =
        0;  // of the latter, with a loss: where its phase is not in each step, fewer
    std::int64_t trials = 0;  // that the steps were; 0: they were not counted by trials
    // The mean of the loss that training has (sim/tasks/task.hpp: nats, or half a mean square), and
    // its standard error from the means of 20 stretches (sim/numbers/batch_means.hpp), or from
    // those of the trials. Neither is a number where the circuit has no loss.
    MeanError loss;
    // How what is judged compares with its label, at the moment at which the loss is taken: of a
    // cross-entropy which class is the largest, of squared errors how near each output is. Where a
    // trial asks for one answer, a choice is that of the mean output over its steps that count, and
    // squared errors have one where the task has classes, and a single output by its sign where
    // its labels are a and -a.
    std::optional<Choices> choices = {};
    bool chooses_by_trial = false;
    std::map<int, Choices> by_type = {};  // the same for the trials of each type
    // What cells chose that stand for the types of trials (sim/runs/assigned_cells.hpp).
    std::optional<Choices> assigned = {};
    std::optional<Nearness> nearness = {};
};

// Steps a simulation of `frozen.model`, which has begun or not and made no step yet, to its end,
// and says what it came to; before the steps that count it settles. Strengths are those that it
// has: `write` them first, as those of a run at its end. Asked to stop, it says what the steps
// until then came to. Throws Error{usage} after a first step, and what Simulation::step throws.
//     const FrozenModel frozen = frozen_model(load_model("model.toml"));
//     Simulation simulation(frozen.model);
//     simulation.write("W_rec", strengths);     // post x pre, row by row
//     const double loss = evaluate(frozen, simulation).loss.mean;
Evaluation evaluate(const FrozenModel& frozen, Simulation& simulation,
                    const StopRequest* stop = nullptr, const AssignedCells* assigned = nullptr);

// Whether a run's loss while learning is far less than the frozen one, by more than 5 standard
// errors of this and by more than a fifth: then what learns is part of the memory.
bool is_learning_the_memory(double loss_while_learning, const MeanError& frozen);
inline constexpr char learning_is_memory[] =
    "what learns is part of the memory: frozen, the loss is larger by more than 5 S.E.M. and 20 %";

}  // namespace apical
