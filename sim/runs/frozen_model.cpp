#include "sim/runs/frozen_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/freeze.hpp"
#include "sim/model/model_task.hpp"
#include "sim/model/streams.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/tasks/firing_input.hpp"

namespace apical {

namespace {

constexpr std::int64_t usual_steps = 10'000, usual_settle = 100;
constexpr std::int64_t settles_of_task = 10;  // of one that ends
constexpr std::int64_t usual_trials = 200;

void check_steps(const char* name, std::optional<std::int64_t> asked, std::int64_t least) {
    if (!asked || (*asked >= least && static_cast<double>(*asked) <= most_steps)) return;
    throw Error(ExitCode::usage,
                fmt::format("`{}` is {}; expected a whole number from {} to {:.0e}", name, *asked,
                            least, most_steps));
}

bool names_something(const Program& program, const Recording& recording, const Text& what) {
    Recording alone = recording;
    alone.what = {what};
    try {
        lay_out(program, {alone});
    } catch (const Rejected&) {
        return false;
    }
    return true;
}

// What is no more, as traces and measures, is not recorded.
void leave_out_gone(Model& model) {
    std::erase_if(model.recordings, [](const Recording& one) { return !one.at.empty(); });
    for (Recording& one : model.recordings) {
        one.to = std::min(one.to, model.steps);
        if (one.run_end > 0) one.run_end = model.steps;
        std::erase_if(one.what,
                      [&](const Text& what) { return !names_something(model.program, one, what); });
    }
    std::erase_if(model.recordings, [](const Recording& one) {
        return one.what.empty() || (one.run_end == 0 && one.to < one.from);
    });
}

}  // namespace

EvaluationOptions completed(EvaluationOptions asked, const std::optional<EvaluationPolicy>& said) {
    if (!said) return asked;
    // What is asked for is in trials or in steps, and what is said in the other counts no more.
    const bool by_trials = asked.trials.has_value(), by_steps = asked.steps || asked.settle;
    if (!by_steps && !asked.trials) asked.trials = said->trials;
    if (!asked.steps && !by_trials) asked.steps = said->steps;
    if (!asked.settle && !by_trials) asked.settle = said->settle;
    if (!asked.data && !said->data.empty()) asked.data = said->data;
    if (!asked.seed) asked.seed = said->seed;
    return asked;
}

EvaluationSteps steps_of_evaluation(const Task& task, const EvaluationOptions& options) {
    if (options.trials)
        throw Error(ExitCode::usage,
                    "evaluate.trials needs a task with trials; expected evaluate.steps");
    check_steps("steps", options.steps, 1);
    check_steps("settle", options.settle, 0);
    const std::int64_t end = task.steps();
    const bool ends = end >= 0;
    EvaluationSteps asked;
    asked.settle = options.settle.value_or(ends ? std::min(usual_settle, end / settles_of_task)
                                                : usual_settle);
    asked.steps = options.steps.value_or(
        ends ? std::clamp<std::int64_t>(end - asked.settle, 1, usual_steps) : usual_steps);
    if (!ends || asked.settle + asked.steps <= end) return asked;
    throw Error(ExitCode::usage,
                fmt::format("the task ends after {} steps, and {} of `settle` and {} of `steps` "
                            "are more; expected fewer, or repeat = true in [task]",
                            end, asked.settle, asked.steps));
}

EvaluationSteps steps_of_evaluation(const Task& task, const EvaluationOptions& options,
                                    const TrialLengths& lengths) {
    check_steps("trials", options.trials, 1);
    if (options.trials && (options.steps || options.settle))
        throw Error(ExitCode::usage,
                    fmt::format("`trials` and `{}` both say how long an evaluation "
                                "is; expected one of the two",
                                options.steps ? "steps" : "settle"));
    if (!options.trials && (options.steps || options.settle))
        return steps_of_evaluation(task, options);
    const std::int64_t end = task.steps();
    EvaluationSteps found;
    const auto take = [&] {
        found.steps += lengths.steps(found.trials) + (found.trials > 0 ? lengths.gap() : 0);
        ++found.trials;
    };
    if (options.trials || end < 0) {
        const std::int64_t trials = options.trials.value_or(usual_trials);
        while (found.trials < trials) take();
        if (end < 0 || lengths.presented(found.steps) <= end) return found;
        throw Error(ExitCode::usage,
                    fmt::format("the task ends after {} steps, and {} trials have {}; expected as "
                                "many as there are, or data that begin again",
                                end, trials, lengths.presented(found.steps)));
    }
    for (std::int64_t shown = 0;
         shown + lengths.steps(found.trials) <= end && found.trials < usual_steps;) {
        shown += lengths.steps(found.trials);
        take();
    }
    if (found.trials > 0) return found;
    throw Error(ExitCode::usage,
                fmt::format("the task ends after {} steps, and its first trial has "
                            "{}; expected a whole trial",
                            end, lengths.steps(0)));
}

namespace {

EvaluationSteps steps_of(const Model& model, const EvaluationOptions& options) {
    if (!model.circuit.trials) return steps_of_evaluation(*model.task, options);
    return steps_of_evaluation(*model.task, options,
                               TrialLengths(model.circuit, *model.task, *model.streams));
}

}  // namespace

std::string shown_split(const Model& model) {
    const std::vector<std::string> splits = model.task->splits();
    const std::string asked = model.directory.split.value_or("train");
    if (splits.empty() || !asked.empty()) return splits.empty() ? "" : asked;
    return std::ranges::count(splits, "test") > 0 ? "test" : "train";
}

FrozenModel frozen_model(Model model, const EvaluationOptions& options) {
    check_runnable(model);
    FrozenModel frozen;
    frozen.model = std::move(model);
    Model& made = frozen.model;
    made.evaluation.reset();
    made.streams = RunStreams(made.seed, options.seed.value_or(1));
    Table root = made.root;
    std::vector<std::string> told;  // when the model was loaded
    made.directory.split = options.data.value_or("");
    made.task = with_firing_input(load_task(root, *made.streams, made.directory, 0, told),
                                  made.circuit, *made.streams);
    const EvaluationSteps steps = steps_of(made, options);
    frozen.settle = steps.settle;
    frozen.steps = steps.steps;
    frozen.trials = steps.trials;
    made.steps = steps.settle + steps.steps;
    FrozenProgram program = freeze(made.program);
    frozen.operations = made.program.operations.size();
    frozen.learns = std::move(program.learns);
    frozen.unneeded = std::move(program.unneeded);
    frozen.taken = std::move(program.taken);
    made.program = std::move(program.program);
    made.rules.clear();
    made.circuit.interventions.clear();  // the experimenter does nothing: their numbers stay 0
    made.diagnosed = {};
    check_distinct(streams_of(made.program, made.circuit, *made.task, *made.streams));
    made.noise = std::make_unique<Noise>(made.program, *made.streams, made.directory, made.steps);
    leave_out_gone(made);
    return frozen;
}

}  // namespace apical
