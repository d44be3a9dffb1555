// A task made of a text, and what it presents, for tests.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/tasks/task_kinds.hpp"
#include "tests/sim/model/drafted_model.hpp"

namespace apical::task_tests {

// A task and one way through it.
struct Presented {
    std::unique_ptr<const Task> task;
    std::unique_ptr<Presentation> presentation = task->begin();

    const Task* operator->() const { return task.get(); }
};

inline Presented made(const std::string& toml, std::uint32_t seed = 1,
                      const std::string& directory = ".") {
    Table table = parse_toml(toml, "model.toml");
    const std::vector<Key> keys = task_keys();
    return {make_task(Section(table, {"model.toml", 1, 1}, "task", keys), seed, directory)};
}

// One whose files lie in the folder: of a run, or of an evaluation that shows a split.
inline Presented made_in(const std::string& toml, const TemporaryFolder& folder,
                         const std::optional<std::string>& split = {}) {
    Table table = parse_toml(toml, "model.toml");
    const std::vector<Key> keys = task_keys();
    DataFolder data(folder.path());
    data.split = split;
    const RunStreams streams = split ? RunStreams(1, 1) : RunStreams(1);
    return {make_task(Section(table, {"model.toml", 1, 1}, "task", keys), streams, data)};
}

struct Example {
    Eigen::VectorXd input, label;
};

inline Example presented(const Presented& task, std::int64_t step) {
    Example e{Eigen::VectorXd::Constant(task->shape().inputs, NAN),
              Eigen::VectorXd::Constant(task->shape().outputs, NAN)};
    task.presentation->present(step, {e.input.data(), std::size_t(e.input.size())},
                               {e.label.data(), std::size_t(e.label.size())});
    return e;
}

}  // namespace apical::task_tests
