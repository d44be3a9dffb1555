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
    bool reads_files = false;  // so that shape and bounds are not known without them
};

// Each stands in its file with its keys.
extern const TaskKind add_task, mimic_task, file_task, flip_flop_task, pattern_task,
    delay_line_task, copy_task, delayed_match_task, delayed_nonmatch_task, compare_task,
    context_task, evidence_task, mnist_task, sequential_mnist_task, bars_task, teacher_task;

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
        "add, mimic, flip_flop, mnist, sequential_mnist, bars, teacher: steps for which an input "
        "is held; 1 when left out, of add and mimic 2"};
inline constexpr Key deviation_key{
    .section = "task",
    .name = "noise",
    .type = Type::number,
    .default_value = "-",
    .minimum = 0,
    .description =
        "context: standard deviation of what is added to a coherence in each step; "
        "teacher: of what is added to an output; 0 when left out"};

// Keys of the kinds that show data.
inline constexpr Key split_key{
    .section = "task",
    .name = "split",
    .type = Type::shares,
    .default_value = "-",
    .minimum = 0,
    .maximum = 1,
    .description =
        "file: the dataset or column that says which split a trial is in, or shares of "
        "train, validation and test that are drawn; mnist, sequential_mnist: shares of "
        "train and validation. Training shows \"train\", an evaluation \"test\""};
inline constexpr Key classes_key{
    .section = "task",
    .name = "classes",
    .type = Type::integer,
    .default_value = "-",
    .minimum = 2,
    .maximum = 1e6,
    .description =
        "mnist, sequential_mnist: number of classes; 10 when left out. file: labels are "
        "numbers of classes from 0 on, of so many"};
inline constexpr Key shuffle_key{
    .section = "task",
    .name = "shuffle",
    .type = Type::boolean,
    .default_value = "-",
    .description =
        "mnist, sequential_mnist, file with trials: training shows them in another order "
        "in each epoch; true when left out, of file false"};
inline constexpr Key readout_key{
    .section = "task",
    .name = "readout",
    .type = Type::text,
    .default_value = "-",
    .choices = "softmax|linear",
    .description =
        "file, mnist, sequential_mnist, bars: softmax with cross-entropy, or linear "
        "with squared error; softmax when left out"};

// TaskKind::reads_files of the kind of this name; false of none.
bool reads_files(std::string_view kind);

// The bounds that the key `bounds` of a task says, without what is no number.
std::vector<Bound> stated_bounds(const Value& bounds);

// The stream from which a task that draws its inputs does so.
inline constexpr std::string_view stream_of_input = "task/input";

// The value of a key that may be left out: then it is `otherwise`, which is written into the
// section.
std::int64_t integer_or(const Section& task, std::string_view key, std::int64_t otherwise);
double number_or(const Section& task, std::string_view key, double otherwise);
std::string text_or(const Section& task, std::string_view key, std::string_view otherwise);

}  // namespace apical
