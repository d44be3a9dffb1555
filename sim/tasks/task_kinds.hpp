#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sim/tasks/task.hpp"

namespace apical {

using TaskMaker = std::unique_ptr<Task> (*)(const Section& task, std::uint32_t seed,
                                            const DataFolder& directory, Labels labels);

// A value of `kind` in [task].
struct TaskKind {
    std::string_view name;
    std::string_view summary;
    std::string_view keys;  // of [task] that it knows, beside `kind`: "lags|hold"
    TaskMaker make;
};

std::span<const TaskKind> task_kinds();

std::unique_ptr<Task> make_add_task(const Section& task, std::uint32_t seed,
                                    const DataFolder& directory, Labels labels);
std::unique_ptr<Task> make_mimic_task(const Section& task, std::uint32_t seed,
                                      const DataFolder& directory, Labels labels);
std::unique_ptr<Task> make_file_task(const Section& task, std::uint32_t seed,
                                     const DataFolder& directory, Labels labels);

// The value of a key that may be left out: then it is `otherwise`, which is written into the
// section.
std::int64_t integer_or(const Section& task, std::string_view key, std::int64_t otherwise);
double number_or(const Section& task, std::string_view key, double otherwise);
std::string text_or(const Section& task, std::string_view key, std::string_view otherwise);

}  // namespace apical
