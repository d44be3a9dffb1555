#include "sim/model/model_task.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/load_circuit.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

Section section_in(Table& root, std::string_view name) {
    Value& value = *root.find(name);
    return {std::get<Table>(value.content), value.where, std::string(name), keys_of(name)};
}

}  // namespace

void load_task(Model& model, Table& root) {
    if (!root.find("task")) {
        model.task = make_no_task();
        return;
    }
    const Section task = section_in(root, "task");
    const auto* populations = std::get_if<Table>(&root.find("population")->content);
    const bool shown = !populations || has_label(*populations);
    model.task = make_task(task, model.seed, model.directory, shown ? Labels::shown : Labels::none);
    if (const std::vector<std::string> unused = unused_keys(task); !unused.empty()) {
        model.notes.push_back(fmt::format("the task \"{}\" does not use {} of [task]",
                                          task.text("kind").text, list_of(unused)));
    }
    const std::int64_t last = model.task->steps();
    if (last < 0 || model.steps <= last) return;
    reject(section_in(root, "run").where("steps"),
           fmt::format("the run is {} steps long, but the task ends after {}; expected at most "
                       "that, or repeat = true in [task]",
                       model.steps, last));
}

}  // namespace apical
