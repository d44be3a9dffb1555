#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// The stream of lengths that are drawn.
inline constexpr std::string_view stream_of_lengths = "trial/steps";

// Steps of a trial, from `from` on to before `to`, counted from 0.
struct WindowSteps {
    std::int64_t from = 0, to = 0;
    bool contains(std::int64_t step) const { return from <= step && step < to; }
};

// How long each trial of a model with trials is, and where its windows are: by number, in any
// order. All references must outlive it.
class TrialLengths {
public:
    TrialLengths(const Circuit& circuit, const Task& task, const RunStreams& streams);

    struct Trial {
        std::int64_t steps = 0;
        int type = 0;
    };
    // The trial of this number, counted from 0; `windows` gets the circuit's, in its order. A
    // length that the model says allocates nothing.
    Trial find(std::int64_t number, std::vector<WindowSteps>& windows) const;
    std::int64_t steps(std::int64_t number) const;
    std::int64_t gap() const { return trials_.gap; }

    // The steps of a run of so many trials, and of one that ends with the trial that reaches a
    // step: gaps lie between trials.
    std::int64_t steps_of_trials(std::int64_t count) const;
    std::int64_t whole_trials(std::int64_t steps) const;
    // The last steps of the trials that end in a run of so many steps; none of more than ten
    // million trials.
    std::vector<std::int64_t> ends(std::int64_t steps) const;
    // The most steps that a trial of a run of so many steps has; of lengths that are drawn the most
    // there can be, of a task's that of the first ten million trials.
    std::int64_t longest(std::int64_t steps) const;
    // How many of a run's first steps lie in no gap.
    std::int64_t presented(std::int64_t steps) const;

private:
    std::int64_t drawn(std::int64_t number) const;

    const Circuit& circuit_;
    const Trials& trials_;
    const Task& task_;
    Stream stream_;
    bool is_of_task_;     // the length
    bool asks_the_task_;  // for lengths, periods or types
};

}  // namespace apical
