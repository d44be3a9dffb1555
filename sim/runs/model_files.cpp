#include "sim/runs/model_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/runs/checkpoint.hpp"
#include "sim/system/output_path.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

// Texts of a value, one or a list of them.
void add_texts(const Value* value, std::vector<std::string>& all) {
    if (!value) return;
    if (const auto* text = std::get_if<std::string>(&value->content)) all.push_back(*text);
    if (const auto* list = std::get_if<Array>(&value->content))
        for (const Value& one : *list) add_texts(&one, all);
}

// None when the task reads none.
std::vector<std::string> paths_of_task(const Model& model) {
    const Value* task = model.root.find("task");
    const auto* table = task ? std::get_if<Table>(&task->content) : nullptr;
    std::vector<std::string> kind, paths;
    if (table) add_texts(table->find("kind"), kind);
    if (kind.empty() || !reads_files(kind.front())) return {};
    const bool is_file = kind.front() == "file";
    const std::vector<const char*> keys =
        is_file ? std::vector{"path"} : std::vector{"train_files", "test_files"};
    for (const char* key : keys) add_texts(table->find(key), paths);
    if (is_file && !paths.empty() && paths.front().ends_with(".npy"))
        add_texts(table->find("y"), paths);  // a file of its own
    return paths;
}

bool has_changed(const RuleFile& file) {
    std::string now;
    try {
        load_toml(file.path, now);
    } catch (const Rejected&) {
        return true;
    } catch (const Error& error) {
        return error.code() == ExitCode::bad_model;
    }
    return now != file.text;
}

}  // namespace

std::vector<std::string> files_read(const Model& model) {
    std::vector<std::string> files{model.path};
    const auto add = [&](const std::string& path) {
        if (path.empty()) return;
        const std::string whole = model.directory.path_of(path);
        if (std::find(files.begin(), files.end(), whole) == files.end()) files.push_back(whole);
    };
    for (const RuleFile& one : model.rule_files) files.push_back(one.path);
    for (const std::string& path : paths_of_task(model)) add(path);
    for (const SynapseSet& set : model.circuit.synapses) add(set.init.path);
    for (const Population& population : model.circuit.populations)
        add(population.initial_rate.path);
    for (const Slot& slot : model.program.slots) add(slot.init.path);
    for (const Replay& replay : model.program.replays) add(replay.path);
    return files;
}

std::vector<std::string> changed_rule_files(const Model& model) {
    std::vector<std::string> notes;
    for (const RuleFile& one : model.rule_files) {
        if (has_changed(one))
            notes.push_back(
                fmt::format("{} has changed; the run goes on with the rules that it "
                            "began with",
                            one.path));
    }
    return notes;
}

void check_not_read(const std::string& output, const Model& model) {
    const std::vector<std::int64_t> steps = checkpoint_steps(output);
    for (const std::string& file : files_read(model)) {
        check_not_input(output, file);
        for (const std::int64_t step : steps) check_not_input(checkpoint_path(output, step), file);
    }
}

}  // namespace apical
