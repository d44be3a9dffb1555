// [trial] and [batch] of a model, and the windows of its task.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

class TrialLoader {
public:
    TrialLoader(Circuit& circuit, Value& value, const TaskShape& task)
        : circuit_(circuit),
          task_(task),
          section_(std::get<Table>(value.content), value.where, "trial", trial_keys()) {
        trials_.where = value.where;
    }

    Trials load() && {
        load_length();
        if (section_.has("gap")) trials_.gap = section_.integer("gap");
        load_reset();
        load_windows();
        load_counts();
        return std::move(trials_);
    }

private:
    using Kind = TrialLength::Kind;

    void load_length() {
        if (!section_.has("steps")) return check_task();
        const Value& steps = section_.value("steps");
        if (const auto* whole = std::get_if<std::int64_t>(&steps.content)) {
            trials_.length.kind = Kind::fixed;
            trials_.length.steps = *whole;
        } else if (std::holds_alternative<Table>(steps.content)) {
            load_drawn_length();
        } else {
            reject(steps.where, fmt::format("trial.steps is {}; expected a whole number of steps",
                                            describe(steps)));
        }
    }
    void check_task() const {
        if (task_.has_trials || task_.is_recorded) return;
        reject(section_.where(),
               "[trial] needs the key \"steps\": the task has no trials of its "
               "own, and nothing says how long one is");
    }

    void load_drawn_length() {
        Value& value = section_.value("steps");
        const Section drawn(std::get<Table>(value.content), value.where, "trial.steps",
                            trial_steps_keys());
        TrialLength& length = trials_.length;
        if (drawn.has("uniform") == drawn.has("exponential"))
            reject(value.where,
                   "trial.steps is a table that says two lengths, or none; expected "
                   "one of uniform and exponential");
        if (drawn.has("uniform")) {
            const std::vector<std::int64_t> ends = drawn.integers("uniform");
            if (ends.size() != 2 || ends[0] > ends[1])
                reject(drawn.where("uniform"),
                       "trial.steps.uniform is no stretch of lengths; "
                       "expected two, the shorter one first");
            for (const char* other : {"smallest", "largest"}) {
                if (drawn.has(other))
                    reject(drawn.where(other),
                           fmt::format("\"{}\" goes with \"exponential\" alone", other));
            }
            length.kind = Kind::uniform;
            length.smallest = ends[0];
            length.largest = ends[1];
            return;
        }
        drawn.require("largest", "trial.steps with exponential");
        length.kind = Kind::exponential;
        length.mean = drawn.number("exponential");
        length.smallest = drawn.has("smallest") ? drawn.integer("smallest") : 1;
        length.largest = drawn.integer("largest");
        if (length.largest < length.smallest)
            reject(drawn.where("largest"),
                   fmt::format("the longest trial has {} steps, the shortest {}; expected more",
                               length.largest, length.smallest));
    }

    void load_reset() {
        if (section_.has("reset"))
            trials_.reset =
                Trials::Reset(index_of_choice(reset_names, section_.text("reset").text));
        trials_.clears_traces = section_.has("traces") ? section_.text("traces").text == "zero"
                                                       : trials_.reset != Trials::Reset::keep;
        if (section_.has("keep")) {
            for (const Text& one : section_.texts("keep"))
                trials_.keep.emplace_back(one.text, one.where);
        }
        if (!section_.has("values")) return;
        for (Entry& entry : std::get<Table>(section_.value("values").content).entries)
            trials_.values.push_back({entry.key, initial(entry), entry.where});
    }

    Initializer initial(Entry& entry) const {
        if (std::holds_alternative<Table>(entry.value.content))
            return load_initializer(entry.value, "trial.values." + entry.key, false);
        Initializer one;
        one.where = entry.value.where;
        const auto* whole = std::get_if<std::int64_t>(&entry.value.content);
        one.scale.factor =
            whole ? static_cast<double>(*whole) : std::get<double>(entry.value.content);
        return one;
    }

    void load_windows() {
        if (!section_.has("window")) return;
        Mistakes mistakes;
        for (Entry& entry : std::get<Table>(section_.value("window").content).entries)
            mistakes.attempt([&] { load_window(entry); });
        mistakes.reject_any();
    }
    void load_window(Entry& entry) {
        check_letters({entry.key, entry.where});
        const Section section(inner_table(entry, "trial.window"), entry.where,
                              "trial.window." + entry.key, trial_window_keys());
        TrialWindow window{.name = entry.key, .where = entry.where};
        for (const TrialWindow& other : circuit_.windows) {
            if (other.name == entry.key)
                reject(entry.where, fmt::format("[{}] has the name of a period of the task; "
                                                "expected another name",
                                                section.name()));
        }
        window.from = section.integer("from");
        window.to_end = !section.has("to");
        if (!window.to_end) window.to = section.integer("to");
        check_window(window, section);
        circuit_.windows.push_back(std::move(window));
    }
    // Where its place in a trial is known: of a fixed length, or with both ends from one side.
    void check_window(const TrialWindow& window, const Section& section) const {
        const bool is_fixed = trials_.length.kind == Kind::fixed;
        const std::int64_t steps = is_fixed ? trials_.length.steps : 0;
        const auto [from, to] = window.in_trial(steps);
        const bool on_one_side = (window.from < 0) == (window.to < 0) && !window.to_end;
        const bool is_empty = (is_fixed || on_one_side) && from >= to;
        const bool is_out = is_fixed && (from < 0 || to > steps);
        check_longest(window, section);
        if (!is_empty && !is_out) return;
        reject(section.where(is_empty && !window.to_end ? "to" : "from"),
               fmt::format("[{}] goes from step {} to before step {}{}; expected a stretch of at "
                           "least one step of a trial, from 0 on",
                           section.name(), from, to,
                           is_fixed ? fmt::format(" of a trial of {}", steps) : ""));
    }

    // A window of trials whose lengths are drawn may be missing in short ones, but not in all.
    void check_longest(const TrialWindow& window, const Section& section) const {
        const TrialLength& length = trials_.length;
        if (!length.is_drawn() || window.from < length.largest) return;
        reject(section.where("from"), fmt::format("[{}] begins with step {}, and the longest trial "
                                                  "has {}; expected a step within it",
                                                  section.name(), window.from, length.largest));
    }

    void load_counts() {
        if (!section_.has("counts")) {
            for (const std::string& name : task_.counts)
                trials_.counts.push_back(circuit_.find_window(name));
            return;
        }
        for (const Text& name : section_.texts("counts"))
            trials_.counts.push_back(resolve_window(circuit_, name, "[trial] counts losses in"));
        if (trials_.counts.empty())
            reject(section_.where("counts"), "trial.counts names no window; expected one or more");
    }

    Circuit& circuit_;
    const TaskShape& task_;
    Section section_;
    Trials trials_;
};

void load_batch(Circuit& circuit, Table& root) {
    Value* value = root.find("batch");
    if (!value) return;
    const Section section(std::get<Table>(value->content), value->where, "batch", batch_keys());
    if (!circuit.trials) {
        reject(value->where,
               "[batch] is of trials, and there are none; expected [trial] with its "
               "steps, or a task that has trials");
    }
    circuit.trials->batch = section.integer("trials");
}

}  // namespace

void load_trials(Circuit& circuit, Table& root, const TaskShape& task) {
    for (const std::string& name : task.windows)
        circuit.windows.push_back({.name = name, .is_of_task = true});
    if (Value* value = root.find("trial")) {
        circuit.trials = TrialLoader(circuit, *value, task).load();
    } else if (task.has_trials) {
        circuit.trials.emplace();
        for (const std::string& name : task.counts)
            circuit.trials->counts.push_back(circuit.find_window(name));
    }
    load_batch(circuit, root);
}

WindowId load_window(const Circuit& circuit, const Section& section) {
    if (!section.has("in")) return {};
    return resolve_window(circuit, section.text("in"), fmt::format("[{}] is in", section.name()));
}

}  // namespace apical
