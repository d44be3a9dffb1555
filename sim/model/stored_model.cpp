#include "sim/model/stored_model.hpp"

#include <fmt/format.h>

#include <climits>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/text/keys.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/model/model_trials.hpp"
#include "sim/model/storage.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

Table& table_at(Table& root, std::string_view key, const std::string& path) {
    Value* value = root.find(key);
    auto* table = value ? std::get_if<Table>(&value->content) : nullptr;
    if (!table)
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: its attribute \"resolved\" has no table [{}]", path, key));
    return *table;
}

std::string kind_of(Table& task) {
    const Value* kind = task.find("kind");
    const auto* text = kind ? std::get_if<std::string>(&kind->content) : nullptr;
    return text ? *text : "";
}

// A task that reads no file.
std::unique_ptr<const Task> task_of(Table& table, const std::string& path) {
    const Section task(table, {path, 0, 0}, "task", task_keys());
    return make_task(task, 1, "");
}

// The sizes stand in the resolved populations, so no file of the task is needed.
TaskShape shape_without_attributes(Table& root, const std::string& path) {
    TaskShape shape;
    for (Entry& entry : table_at(root, "population", path).entries) {
        auto* table = std::get_if<Table>(&entry.value.content);
        const Value* role = table ? table->find("role") : nullptr;
        const Value* size = table ? table->find("size") : nullptr;
        const auto* text = role ? std::get_if<std::string>(&role->content) : nullptr;
        const auto* number = size ? std::get_if<std::int64_t>(&size->content) : nullptr;
        if (!text || !number) continue;
        if (*text == "input") shape.inputs = static_cast<int>(*number);
        if (*text == "output") shape.outputs = static_cast<int>(*number);
    }
    shape.readout = resolved_readout(root, path);
    return shape;
}

Activation readout_named(const std::string& name, const std::string& path) {
    for (const Activation readout : {Activation::softmax, Activation::linear})
        if (name == name_of(readout)) return readout;
    throw Error(ExitCode::bad_model,
                fmt::format("{}: its attribute \"readout\" is \"{}\"; expected \"softmax\" or "
                            "\"linear\"",
                            path, shortened(name)));
}

// A task without labels has no outputs.
int size_of(const StoredRun& run, RunAttribute attribute, std::int64_t least = 1) {
    const std::int64_t size = run.integer(attribute, 0);
    if (size >= least && size <= INT_MAX) return static_cast<int>(size);
    throw Error(ExitCode::bad_model,
                fmt::format("{}: its attribute \"{}\" is {}; expected a number of cells",
                            run.path(), attribute.name, size));
}

}  // namespace

Activation resolved_readout(Table& root, const std::string& path) {
    if (!root.find("task")) return Activation::linear;
    Table& task = table_at(root, "task", path);
    if (!reads_files(kind_of(task))) return task_of(task, path)->shape().readout;
    const Value* readout = task.find("readout");
    const auto* text = readout ? std::get_if<std::string>(&readout->content) : nullptr;
    return text && *text == "linear" ? Activation::linear : Activation::softmax;
}

Activation resolved_judgement(Table& root, const std::string& path) {
    const Value* loss = root.find("loss");
    const auto* table = loss ? std::get_if<Table>(&loss->content) : nullptr;
    const Value* kind = table ? table->find("kind") : nullptr;
    const auto* text = kind ? std::get_if<std::string>(&kind->content) : nullptr;
    if (!text) return resolved_readout(root, path);
    return *text == "cross_entropy" ? Activation::softmax : Activation::linear;
}

TaskShape stored_task_shape(const StoredRun& run, Table& root) {
    const std::string readout = run.text(run_attribute::readout);
    if (readout.empty()) return shape_without_attributes(root, run.path());
    return {size_of(run, run_attribute::inputs, root.find("task") ? 1 : 0),
            size_of(run, run_attribute::outputs, run.has_loss() && !root.find("loss") ? 1 : 0),
            readout_named(readout, run.path())};
}

namespace {

std::vector<Bound> bounds_of(Table& root, const std::string& path) {
    Table& table = table_at(root, "task", path);
    if (reads_files(kind_of(table))) {
        const Value* stated = table.find("bounds");
        return stated ? stated_bounds(*stated) : std::vector<Bound>{};
    }
    return task_of(table, path)->bounds();
}

// Cells that spike fire by no activation. Before that was refused, resolved models stated the one
// that was not used.
void leave_out_unused_activations(Table& root) {
    Value* value = root.find("population");
    auto* populations = value ? std::get_if<Table>(&value->content) : nullptr;
    if (!populations) return;
    for (Entry& entry : populations->entries) {
        auto* cells = std::get_if<Table>(&entry.value.content);
        if (!cells || !cells->find("spikes")) continue;
        std::erase_if(cells->entries, [](const Entry& key) { return key.key == "activation"; });
    }
}

}  // namespace

StoredModel stored_model(const StoredRun& run) {
    StoredModel model;
    model.root = parse_toml(run.text(run_attribute::resolved), run.path() + " (resolved)");
    const Section whole(model.root, {run.path() + " (resolved)", 0, 0}, "", root_keys());
    const TaskShape shape = stored_task_shape(run, model.root);
    leave_out_unused_activations(model.root);
    model.circuit = load_circuit(model.root, recorded_shape(shape, model.root));
    recorded_storage(model.circuit);
    // Bounds are of whoever sees the task's inputs, and no spikes that stand for them.
    const PopulationId input = model.circuit.find_role(Role::input);
    const bool is_seen = !input || !model.circuit[input].firing;
    if (is_seen && model.circuit.has_loss_of_output())
        model.bounds = bounds_of(model.root, run.path());
    return model;
}

}  // namespace apical
