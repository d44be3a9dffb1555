#include "sim/tasks/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "circuits/anatomy/resolve.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr std::array kinds = {&add_task, &mimic_task, &file_task};

constexpr Key kind_key{
    .section = "task", .name = "kind", .type = Type::text, .description = "add, mimic, or file"};

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

double cross_entropy(std::span<const double> voltage, std::span<const double> label) {
    const double largest = *std::max_element(voltage.begin(), voltage.end());
    double sum = 0.0;
    for (const double v : voltage) sum += std::exp(v - largest);
    const double log_sum = largest + std::log(sum);
    double loss = 0.0;
    for (std::size_t k = 0; k < label.size(); ++k) loss += label[k] * (log_sum - voltage[k]);
    return loss;
}

double half_mean_square(std::span<const double> voltage, std::span<const double> label) {
    double sum = 0.0;
    for (std::size_t k = 0; k < label.size(); ++k) {
        const double error = voltage[k] - label[k];
        sum += error * error;
    }
    return 0.5 * sum / static_cast<double>(label.size());
}

}  // namespace

std::span<const TaskKind* const> task_kinds() { return kinds; }

std::vector<Key> task_keys() {
    std::vector<Key> all{kind_key};
    for (const TaskKind* kind : kinds) {
        for (const Key& key : kind->keys)
            if (!has(all, key.name)) all.push_back(key);
    }
    return all;
}

std::unique_ptr<Task> make_task(const Section& task, std::uint32_t seed,
                                const DataFolder& directory, Labels labels) {
    task.require("kind", "every task");
    const TaskKind& kind = find_kind(task.text("kind"));
    return kind.make(task, seed, directory, labels);
}

// Keys of other tasks may stay in a file, so that `kind` alone changes the task.
std::vector<std::string> unused_keys(const Section& task) {
    const TaskKind& kind = find_kind(task.text("kind"));
    std::vector<std::string> unused;
    for (const Key& key : task_keys()) {
        const bool used = key.name == kind_key.name || has(kind.keys, key.name);
        if (!used && task.has(key.name)) unused.emplace_back(key.name);
    }
    return unused;
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

double loss(Activation readout, std::span<const double> voltage, std::span<const double> label) {
    assert(voltage.size() == label.size() && !label.empty());
    return readout == Activation::softmax ? cross_entropy(voltage, label)
                                          : half_mean_square(voltage, label);
}

}  // namespace apical
