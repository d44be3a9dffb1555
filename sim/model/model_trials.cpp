#include "sim/model/model_trials.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/program/quantity_path.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/tasks/trial_lengths.hpp"

namespace apical {

namespace {

void name_window(TaskShape& shape, const std::string& name) {
    if (std::ranges::count(shape.windows, name) == 0) shape.windows.push_back(name);
}

void find_windows(TaskShape& shape, const Value& value, bool names_them);

void find_windows(TaskShape& shape, const Table& table) {
    for (const Entry& entry : table.entries)
        find_windows(shape, entry.value, entry.key == "in" || entry.key == "counts");
}

// Texts of these keys name windows, and so do addresses anywhere.
void find_windows(TaskShape& shape, const Value& value, bool names_them) {
    if (const auto* text = std::get_if<std::string>(&value.content)) {
        if (names_them) name_window(shape, *text);
        if (text->starts_with(clock_name::window))
            name_window(shape, text->substr(clock_name::window.size()));
    } else if (const auto* list = std::get_if<Array>(&value.content)) {
        for (const Value& one : *list) find_windows(shape, one, names_them);
    } else if (const auto* table = std::get_if<Table>(&value.content)) {
        find_windows(shape, *table);
    }
}

const Table* windows_of_model(const Table& root) {
    const Value* trial = root.find("trial");
    const auto* keys = trial ? std::get_if<Table>(&trial->content) : nullptr;
    const Value* windows = keys ? keys->find("window") : nullptr;
    return windows ? std::get_if<Table>(&windows->content) : nullptr;
}

// Whole trials are as long as the task's, where it has some.
void check_length(const Circuit& circuit, const Task& task, const Where& where) {
    const std::int64_t of_task = task.trial(0).steps;
    const TrialLength& length = circuit.trials->length;
    if (of_task < 0 || length.kind == TrialLength::Kind::of_task) return;
    if (length.kind == TrialLength::Kind::fixed && length.steps == of_task) return;
    reject(where, fmt::format(
                      "the trials of the task are {} steps long, and trial.steps says {}; "
                      "expected the task's own, which are taken when the key is left out",
                      of_task,
                      length.is_drawn() ? "lengths that are drawn" : std::to_string(length.steps)));
}

// A window of a task's trials may be missing in short ones, but not in all.
void check_windows(const Circuit& circuit, const TrialLengths& lengths, std::int64_t steps) {
    if (circuit.trials->length.kind != TrialLength::Kind::of_task) return;
    for (const TrialWindow& window : circuit.windows) {
        if (window.is_of_task) continue;
        const std::int64_t longest = lengths.longest(steps);
        const auto [from, to] = window.in_trial(longest);
        if (from < longest && to > 0 && from < to) continue;
        reject(window.where,
               fmt::format("[trial.window.{}] goes from step {} to before step {} of the task's "
                           "trials, of which the longest has {}; expected a stretch of at least "
                           "one step within it",
                           window.name, from, to, longest));
    }
}

void check_end(const Section& run, const Task& task, std::int64_t presented) {
    const std::int64_t last = task.steps();
    if (last < 0 || presented <= last) return;
    reject(run.where(run.has("trials") ? "trials" : "steps"),
           fmt::format("the trials of the run have {} steps, but the task ends after {}; expected "
                       "at most that, or repeat = true in [task]",
                       presented, last));
}

std::int64_t steps_of(const Section& run, const TrialLengths& lengths) {
    const std::int64_t first = lengths.steps(0);
    if (!run.has("trials")) {
        const std::int64_t steps = run.integer("steps");
        if (steps < first)
            reject(run.where("steps"), fmt::format("the run is {} steps long, and its first trial "
                                                   "{}; expected at least one trial, or run.trials",
                                                   steps, first));
        return lengths.whole_trials(steps);
    }
    const std::int64_t steps = lengths.steps_of_trials(run.integer("trials"));
    if (run.has("steps") && run.integer("steps") != steps)
        reject(run.where("trials"),
               fmt::format("the run has {} trials, of {} steps, and run.steps is {}; expected one "
                           "of the two keys",
                           run.integer("trials"), steps, run.integer("steps")));
    return steps;
}

}  // namespace

TaskShape shape_of(const Task& task) {
    TaskShape shape = task.shape();
    const TrialShape first = task.trial(0);
    shape.has_trials = first.steps >= 0;
    for (const Period& period : first.periods) shape.windows.push_back(period.name);
    if (shape.has_trials) shape.counts = task.counts();
    return shape;
}

TaskShape recorded_shape(const TaskShape& shape, const Table& resolved) {
    TaskShape all = shape;
    all.is_recorded = true;
    find_windows(all, resolved);
    const Table* own = windows_of_model(resolved);
    std::erase_if(all.windows, [&](const std::string& name) { return own && own->find(name); });
    return all;
}

std::vector<Recording> trials_recording(const Circuit& circuit, const Program& program,
                                        const Task& task, const RunStreams& streams,
                                        std::int64_t steps) {
    if (!circuit.trials) return {};
    Recording all;
    all.name = trials_table;
    for (const Quantity& one : program.quantities) {
        if (one.path.starts_with(quantity_path::trials)) all.what.push_back({one.address, {}});
    }
    all.at = TrialLengths(circuit, task, streams).ends(steps);
    if (all.at.empty()) return {};
    all.from = all.at.front();
    all.to = all.at.back();
    return {std::move(all)};
}

Circuit circuit_of_trials(Table& root, const Task& task) {
    const TaskShape shape = shape_of(task);
    if (shape.has_trials && !root.find("trial")) {
        root.entries.push_back(entry("trial", Table{}));
        root.entries.back().value.where = root.find("task")->where;
    }
    Circuit circuit;
    load_trials(circuit, root, shape);
    return circuit;
}

std::int64_t steps_in_trials(Table& root, const Task& task, const RunStreams& streams) {
    Value& value = *root.find("run");
    Table& keys = std::get<Table>(value.content);
    const Section run(keys, value.where, "run", keys_of("run"));
    const Circuit circuit = circuit_of_trials(root, task);
    if (!circuit.trials) {
        if (!run.has("trials")) return 0;
        reject(run.where("trials"),
               "run.trials needs trials; expected [trial] with its steps, or "
               "a task that has trials, or run.steps");
    }
    check_length(circuit, task, circuit.trials->where);
    const TrialLengths lengths(circuit, task, streams);
    const std::int64_t steps = steps_of(run, lengths);
    check_windows(circuit, lengths, steps);
    std::int64_t presented = steps;
    if (circuit.trials->gap > 0) presented = lengths.presented(steps);
    check_end(run, task, presented);
    run.set("steps", steps);
    std::erase_if(keys.entries, [](const Entry& one) { return one.key == "trials"; });
    return steps;
}

}  // namespace apical
