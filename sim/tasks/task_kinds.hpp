#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sim/numbers/run_streams.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// Whether a circuit has cells that labels are shown to.
enum class Labels : bool { none, shown };

using TaskMaker = std::unique_ptr<Task> (*)(const Section& task, const RunStreams& streams,
                                            const DataFolder& directory, Labels labels);

// A value of `kind` in [task].
struct TaskKind {
    std::string_view name;
    std::string_view summary;
    std::span<const Key> keys;  // of [task] that it uses, beside `kind`
    TaskMaker make;
};

// Each stands in its file with its keys.
extern const TaskKind add_task, mimic_task, file_task, flip_flop_task, pattern_task,
    delay_line_task, copy_task, delayed_match_task, delayed_nonmatch_task, compare_task,
    context_task, evidence_task;

// All of them.
std::span<const TaskKind* const> task_kinds();

// Makes the task that [task] describes, and writes the defaults of its keys into the section.
// Paths are relative to `directory`, the model file's. Without labels none are
// read, and then the task may have no outputs. Throws Error{bad_model}
// for an unknown kind, a missing key or a value that does not fit, Error{no_such_input} for a
// missing file.
std::unique_ptr<Task> make_task(const Section& task, const RunStreams& streams,
                                const DataFolder& directory, Labels labels = Labels::shown);

// The task of a model without [task]: nothing is shown, without inputs and labels.
std::unique_ptr<Task> make_no_task();

// The keys of [task]: `kind`, and those of every kind of task.
std::vector<Key> task_keys();

// The keys that [task] has and its kind does not use.
std::vector<std::string> unused_keys(const Section& task);

// A key of several kinds, which stands in the keys of each.
inline constexpr Key hold_key{
    .section = "task",
    .name = "hold",
    .type = Type::integer,
    .default_value = "-",
    .minimum = 1,
    .maximum = 1e6,
    .unit = "steps",
    .description =
        "add, mimic, flip_flop: steps for which an input is held; 2 when left out, of "
        "flip_flop 1"};

// The stream from which a task that draws its inputs does so.
inline constexpr std::string_view stream_of_input = "task/input";

// The value of a key that may be left out: then it is `otherwise`, which is written into the
// section.
std::int64_t integer_or(const Section& task, std::string_view key, std::int64_t otherwise);
double number_or(const Section& task, std::string_view key, double otherwise);
std::string text_or(const Section& task, std::string_view key, std::string_view otherwise);

}  // namespace apical
