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

std::unique_ptr<const Task> load_task(Table& root, const RunStreams& streams,
                                      const DataFolder& directory, std::int64_t steps,
                                      std::vector<std::string>& notes) {
    if (!root.find("task")) return make_no_task();
    const Section section = section_in(root, "task");
    const auto* populations = std::get_if<Table>(&root.find("population")->content);
    const bool shown = !populations || has_label(*populations);
    std::unique_ptr<const Task> task =
        make_task(section, streams, directory, shown ? Labels::shown : Labels::none);
    if (const std::vector<std::string> unused = unused_keys(section); !unused.empty()) {
        notes.push_back(fmt::format("the task \"{}\" does not use {} of [task]",
                                    section.text("kind").text, list_of(unused)));
    }
    const std::int64_t last = task->steps();
    if (last < 0 || steps <= last) return task;
    reject(section_in(root, "run").where("steps"),
           fmt::format("the run is {} steps long, but the task ends after {}; expected at most "
                       "that, or repeat = true in [task]",
                       steps, last));
}

}  // namespace apical
