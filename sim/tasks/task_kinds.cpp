#include "sim/tasks/task_kinds.hpp"

#include <algorithm>
#include <array>

#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

constexpr std::array kinds = {
    &add_task,        &mimic_task,    &file_task,          &flip_flop_task,        &pattern_task,
    &delay_line_task, &copy_task,     &delayed_match_task, &delayed_nonmatch_task, &compare_task,
    &context_task,    &evidence_task, &mnist_task,         &sequential_mnist_task, &bars_task,
    &teacher_task};

constexpr Key kind_key{.section = "task",
                       .name = "kind",
                       .type = Type::text,
                       .description =
                           "add, mimic, file, flip_flop, pattern, delay_line, copy, delayed_match, "
                           "delayed_nonmatch, compare, context, evidence, mnist, "
                           "sequential_mnist, bars, or teacher"};

// A key of every kind.
constexpr Key teaching_key{
    .section = "task",
    .name = "teaching",
    .type = Type::text,
    .default_value = "-",
    .choices = "labels|reward",
    .description =
        "what the circuit is told: \"reward\" shows it no label, and rules may read "
        "task.reward and task.expected; labels when left out"};

bool has(std::span<const Key> keys, std::string_view name) {
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
}

const TaskKind& find_kind(const Text& name) {
    std::vector<std::string> names;
    for (const TaskKind* kind : kinds) {
        if (kind->name == name.text) return *kind;
        names.emplace_back(kind->name);
    }
    reject_unknown(name, "task", names);
}

}  // namespace

std::span<const TaskKind* const> task_kinds() { return kinds; }

std::vector<Key> task_keys() {
    std::vector<Key> all{kind_key};
    for (const TaskKind* kind : kinds) {
        for (const Key& key : kind->keys)
            if (!has(all, key.name)) all.push_back(key);
    }
    all.push_back(teaching_key);
    return all;
}

std::unique_ptr<Task> make_task(const Section& task, const RunStreams& streams,
                                const DataFolder& directory, Labels labels) {
    task.require("kind", "every task");
    const TaskKind& kind = find_kind(task.text("kind"));
    return kind.make(task, streams, directory, labels);
}

// Keys of other tasks may stay in a file, so that `kind` alone changes the task.
std::vector<std::string> unused_keys(const Section& task) {
    const TaskKind& kind = find_kind(task.text("kind"));
    std::vector<std::string> unused;
    for (const Key& key : task_keys()) {
        const bool used =
            key.name == kind_key.name || key.name == teaching_key.name || has(kind.keys, key.name);
        if (!used && task.has(key.name)) unused.emplace_back(key.name);
    }
    return unused;
}

bool reads_files(std::string_view kind) {
    return std::any_of(kinds.begin(), kinds.end(),
                       [&](const TaskKind* one) { return one->name == kind && one->reads_files; });
}

std::int64_t integer_or(const Section& task, std::string_view key, std::int64_t otherwise) {
    if (!task.has(key)) task.set(key, otherwise);
    return task.integer(key);
}

double number_or(const Section& task, std::string_view key, double otherwise) {
    if (!task.has(key)) task.set(key, otherwise);
    return task.number(key);
}

std::string text_or(const Section& task, std::string_view key, std::string_view otherwise) {
    if (!task.has(key)) task.set(key, std::string(otherwise));
    return task.text(key).text;
}

}  // namespace apical
