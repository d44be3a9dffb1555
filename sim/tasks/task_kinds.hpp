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
    std::span<const Key> keys;  // of [task] that it uses, beside `kind`
    TaskMaker make;
};

// Each stands in its file with its keys.
extern const TaskKind add_task, mimic_task, file_task;

// All of them.
std::span<const TaskKind* const> task_kinds();

// A key of several kinds, which stands in the keys of each.
inline constexpr Key hold_key{
    .section = "task",
    .name = "hold",
    .type = Type::integer,
    .default_value = "-",
    .minimum = 1,
    .maximum = 1e6,
    .unit = "steps",
    .description = "add, mimic: steps for which an input is held; 2 when left out"};

// The value of a key that may be left out: then it is `otherwise`, which is written into the
// section.
std::int64_t integer_or(const Section& task, std::string_view key, std::int64_t otherwise);
double number_or(const Section& task, std::string_view key, double otherwise);
std::string text_or(const Section& task, std::string_view key, std::string_view otherwise);

}  // namespace apical
