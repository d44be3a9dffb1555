#include "sim/runs/evaluated_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "circuits/anatomy/load_circuit.hpp"
#include "sim/model/model_evaluation.hpp"
#include "sim/model/model_task.hpp"
#include "sim/model/model_trials.hpp"
#include "sim/runs/model_files.hpp"
#include "sim/runs/run_model.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

// Why a change of this key would not be noticed; empty when it would be.
std::string why_unnoticed(const std::string& key) {
    const std::string section = key.substr(0, key.find('.'));
    for (const char* learning : {"plasticity", "rule", "rules", "diagnose"})
        if (section == learning) return "nothing learns in an evaluation";
    for (const char* other : {"record", "checkpoint"})
        if (section == other) return "an evaluation records what the run did";
    if (key == "evaluate.every") return "`at` says of which steps the strengths are";
    if (key == "run.seed") return "circuit and seed are the run's; `seed` is that of its draws";
    if (key == "run.steps") return "`steps` and `settle` say how long an evaluation is";
    if (key == "run.output") return "`output` names the file of an evaluation";
    const bool of_synapses = section == "synapses";
    if (of_synapses && (key.ends_with(".init") || key.find(".init.") != std::string::npos))
        return "strengths are those that the run came to";
    if (of_synapses && key.find(".connect") != std::string::npos)
        return "synapses are those that the run had";
    return "";
}

void check_changes(const Overrides& overrides) {
    for (const Override& one : overrides.changes) {
        const std::string why = why_unnoticed(one.key);
        if (!why.empty())
            throw Error(ExitCode::usage, fmt::format("`override` {}: {}", shortened(one.key), why));
    }
}

ModelSource resolved_source(const StoredRun& run, const EvaluationRequest& request) {
    const std::string name = std::filesystem::path(run.path()).filename().string() + " (resolved)";
    return {(std::filesystem::path(request.folder) / name).string(),
            run.text(run_attribute::resolved), request.trial};
}

std::uint32_t seed_of_run(const Table& root) {
    const Value* run = root.find("run");
    const auto* keys = run ? std::get_if<Table>(&run->content) : nullptr;
    const Value* seed = keys ? keys->find("seed") : nullptr;
    const auto* number = seed ? std::get_if<std::int64_t>(&seed->content) : nullptr;
    return number ? static_cast<std::uint32_t>(*number) : 0;
}

// The steps that the whole evaluation has, which the task may limit. A model with events is loaded
// as long as its run was, within which they begin.
std::int64_t steps_in_all(const ModelSource& source, const EvaluationRequest& request) {
    Table root = source.root;
    for (const Override& one : request.overrides.changes) override_key(root, one);
    std::vector<std::string> told;  // when the model is loaded
    const EvaluationOptions asked = completed(request.options, evaluation_policy(root));
    DataFolder folder(request.folder, request.trial);
    folder.split = asked.data.value_or("");
    const RunStreams streams(seed_of_run(root), asked.seed.value_or(1));
    const std::unique_ptr<const Task> task = load_task(root, streams, folder, 0, told);
    const Circuit circuit = circuit_of_trials(root, *task);
    const EvaluationSteps steps =
        circuit.trials ? steps_of_evaluation(*task, asked, TrialLengths(circuit, *task, streams))
                       : steps_of_evaluation(*task, asked);
    const std::int64_t all = steps.settle + steps.steps;
    return root.find("event") ? std::max(all, steps_of_run(root)) : all;
}

// Also what [evaluate] says, or changes say that it does.
std::string split_asked(const ModelSource& source, const EvaluationRequest& request) {
    Table root = source.root;
    for (const Override& one : request.overrides.changes) override_key(root, one);
    return completed(request.options, evaluation_policy(root)).data.value_or("");
}

// What the user changed is checked first; then the model is that of a run as long as the
// evaluation.
Model evaluated_model(const StoredRun& run, const EvaluationRequest& request) {
    check_changes(request.overrides);
    ModelSource source = resolved_source(run, request);
    Overrides all = request.overrides;
    all.append(Overrides{fmt::format("run.steps={}", steps_in_all(source, request))});
    source.split = split_asked(source, request);
    Model model = load_model(source, all);
    model.text = run.text(run_attribute::model);
    return model;
}

FrozenModel frozen_as_asked(Model model, const EvaluationOptions& options) {
    const EvaluationOptions all = completed(options, model.evaluation);
    return frozen_model(std::move(model), all);
}

// The model in which cells are assigned: the split "train", or draws of another seed.
std::optional<FrozenModel> assigning_model(const StoredRun& run, const EvaluationRequest& request,
                                           const FrozenModel& shown) {
    if (request.assign.empty()) return {};
    if (!shown.model.circuit.trials)
        throw Error(ExitCode::usage,
                    "cells stand for the types of trials, and the model has no trials; expected a "
                    "task that has, or [trial]");
    EvaluationRequest other = request;
    other.options.steps.reset();
    other.options.settle.reset();
    other.options.trials = request.assign_trials;
    if (!shown.model.task->splits().empty())
        other.options.data = "train";
    else
        other.options.seed = shown.model.streams->seed_of_steps + 1;
    std::erase_if(other.overrides.changes,
                  [](const Override& one) { return one.key.starts_with("evaluate."); });
    return frozen_as_asked(evaluated_model(run, other), other.options);
}

// What is taken from the run: what it changed, and of a branch, which began with what another run
// had, all strengths.
std::vector<SlotId> taken_from(const StoredRun& run, const FrozenModel& frozen) {
    std::vector<SlotId> taken = frozen.taken;
    if (run.text(run_attribute::forked_from).empty()) return taken;
    const Program& program = frozen.model.program;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const SlotId slot(i);
        const bool is_there = std::find(taken.begin(), taken.end(), slot) != taken.end();
        if (program[slot].what == What::strength && !is_there) taken.push_back(slot);
    }
    return taken;
}

}  // namespace

EvaluatedRun::EvaluatedRun(const StoredRun& run, const EvaluationRequest& request)
    : run_(run),
      frozen_(frozen_as_asked(evaluated_model(run, request), request.options)),
      assign_(request.assign),
      assigning_(assigning_model(run, request, frozen_)),
      strengths_(run, frozen_.model.program, taken_from(run, frozen_), request.trial) {}

std::optional<AssignedCells> EvaluatedRun::assigned_after(std::int64_t step,
                                                          const StopRequest* stop) const {
    if (!assigning_) return {};
    Simulation simulation(assigning_->model);
    strengths_.write(step, simulation);
    return assigned_cells(*assigning_, simulation, assign_, stop);
}

Evaluation EvaluatedRun::after(std::int64_t step, const StopRequest* stop) const {
    const std::optional<AssignedCells> assigned = assigned_after(step, stop);
    Simulation simulation(frozen_.model);
    strengths_.write(step, simulation);
    return evaluate(frozen_, simulation, stop, assigned ? &*assigned : nullptr);
}

Evaluation EvaluatedRun::recorded_after(std::int64_t step, const std::string& path, bool force,
                                        const StopRequest* stop) {
    Model& model = frozen_.model;
    check_not_input(path, run_.path());
    check_not_read(path, model);
    model.branched_from = fmt::format("{} after step {}",
                                      std::filesystem::path(run_.path()).filename().string(), step);
    const std::optional<AssignedCells> assigned = assigned_after(step, stop);
    Simulation simulation(model);
    strengths_.write(step, simulation);
    Recorder recorder(model.program, model.recordings, description_of(model, simulation.data()),
                      path, force ? Replacing::yes : Replacing::no);
    recorder.publish();
    simulation.begin(&recorder);
    simulation.record_start();
    try {
        const Evaluation found =
            evaluate(frozen_, simulation, stop, assigned ? &*assigned : nullptr);
        recorder.close(simulation.steps(), found.loss.mean, "", found.steps);
        return found;
    } catch (const Error& error) {
        close_after(error, recorder, simulation.steps());
        throw;
    }
}

}  // namespace apical
