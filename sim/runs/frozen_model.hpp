#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/model/model.hpp"
#include "sim/tasks/trial_lengths.hpp"

namespace apical {

// The stretch of steps that an evaluation is of.
struct EvaluationOptions {
    // Steps that count, from 1. Unset: 10,000; of a task that ends sooner, all that are left.
    std::optional<std::int64_t> steps = {};
    // Steps before them, from 0, in which what is remembered of the initial state fades. Unset:
    // 100; of a task that ends, at most a tenth of it.
    std::optional<std::int64_t> settle = {};
    std::optional<std::uint32_t> seed = {};  // of the evaluation's own streams; unset: 1
    // Trials that count, from 1, in place of steps, and without settling. Unset: of a circuit with
    // trials, where neither steps nor settle are set, 200, of a task that ends all.
    std::optional<std::int64_t> trials = {};
    // The split of the task's data that is shown. Unset: "test" where there is one.
    std::optional<std::string> data = {};
};

// What [evaluate] says, as far as there is one, where `asked` says nothing.
EvaluationOptions completed(EvaluationOptions asked, const std::optional<EvaluationPolicy>& said);

// A model of which nothing learns, as an evaluation runs it.
struct FrozenModel {
    // The whole model, but for: its program, which is frozen (circuits/program/freeze.hpp); rules
    // and diagnosis, of which there are none; `steps`, which are those of the evaluation; its draws
    // from step to step (inputs, noise, late gates), which are of the streams "evaluate/..." of the
    // evaluation's seed (sim/numbers/run_streams.hpp). A task that draws nothing, as one of a file,
    // shows its first steps. It records what [record] says, of what there still is.
    Model model;
    std::int64_t settle = 0, steps = 0;  // model.steps is their sum
    std::int64_t trials = 0;             // that the steps are; 0: they are not counted by trials
    std::size_t operations = 0;          // of the program in which something learns
    std::vector<std::size_t> learns, unneeded;  // of these, as FrozenProgram has them
    std::vector<SlotId> taken;                  // slots that begin with what was learned
};

// How long the evaluation of a task is. Throws Error{usage} for steps that there cannot be, and for
// more than the task has.
struct EvaluationSteps {
    std::int64_t settle = 0, steps = 0;
    std::int64_t trials = 0;  // that the steps are; 0: not counted by trials
};
EvaluationSteps steps_of_evaluation(const Task& task, const EvaluationOptions& options);
// Counts by trials, which are as long as these say.
EvaluationSteps steps_of_evaluation(const Task& task, const EvaluationOptions& options,
                                    const TrialLengths& lengths);

// The split that the model's task shows in an evaluation; empty where its data have none.
std::string shown_split(const Model& model);

// Freezes a model that `load_model` returned. Throws Error{usage} as `check_runnable` and
// `steps_of_evaluation`; Error{bad_model} when a noise that is replayed ends too soon.
FrozenModel frozen_model(Model model, const EvaluationOptions& options = {});

}  // namespace apical
