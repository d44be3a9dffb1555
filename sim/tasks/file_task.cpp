#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>

#include "sim/hdf5/dataset.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

// One row a step; a dataset of one dimension is one column.
struct Rows {
    DataSet data;
    DataSource source;

    std::size_t count() const { return data.shape[0]; }
    std::size_t width() const { return data.shape.size() == 1 ? 1 : data.shape[1]; }
    std::span<const double> row(std::size_t t) const {
        return std::span(data.numbers).subspan(t * width(), width());
    }
};

std::string shape_text(const Rows& rows) {
    return fmt::format("{}", fmt::join(rows.data.shape, " x "));
}

class FilePresentation final : public Presentation {
public:
    FilePresentation(const Rows& x, const Rows* y) : x_(x), y_(y) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        const std::size_t t = static_cast<std::size_t>(step - 1) % x_.count();
        std::ranges::copy(x_.row(t), input.begin());
        if (y_) std::ranges::copy(y_->row(t), label.begin());
    }

private:
    const Rows& x_;
    const Rows* y_;  // null: there are no labels
};

class FileTask final : public Task {
public:
    FileTask(Rows x, std::optional<Rows> y, Activation readout, bool repeat)
        : x_(std::move(x)), y_(std::move(y)), readout_(readout), repeat_(repeat) {}

    TaskShape shape() const override {
        return {static_cast<int>(x_.width()), y_ ? static_cast<int>(y_->width()) : 0, readout_};
    }

    std::int64_t steps() const override {
        return repeat_ ? -1 : static_cast<std::int64_t>(x_.count());
    }

    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<FilePresentation>(x_, y_ ? &*y_ : nullptr);
    }

    std::vector<DataSource> data() const override {
        std::vector<DataSource> all{x_.source};
        if (y_) all.push_back(y_->source);
        return all;
    }

private:
    Rows x_;
    std::optional<Rows> y_;
    Activation readout_;
    bool repeat_;
};

bool readable(const std::string& path) {
    std::error_code failure;
    return std::filesystem::is_regular_file(path, failure) && std::ifstream(path).good();
}

// Softmax and cross-entropy judge a probability for each output.
void check_probabilities(const Rows& labels, const Where& where, const std::string& path) {
    for (std::size_t t = 0; t < labels.count(); ++t) {
        double sum = 0.0, least = 0.0;
        for (const double y : labels.row(t)) {
            sum += y;
            least = std::min(least, y);
        }
        if (labels.row(t).size() > 1 && least >= 0.0 && std::abs(sum - 1.0) < 1e-6) continue;
        reject(where,
               fmt::format(
                   "the labels of \"{}\" in row {} are no probabilities of two or more outputs; "
                   "expected "
                   "readout = \"linear\" in [task], or rows that are not negative and sum to 1",
                   path, t));
    }
}

Rows read_rows(const Section& task, std::string_view key, const std::string& path,
               const ReadingTrial& trial) {
    const Where where = task.has(key) && readable(path) ? task.where(key) : task.where("path");
    const std::string name = text_or(task, key, key);
    Rows rows{read_dataset(path, name, where, trial), {"task", task.text("path").text, name}};
    rows.source.fingerprint = fingerprint_of(rows.data);
    const std::vector<std::size_t>& shape = rows.data.shape;
    const bool has_rows = shape.size() == 1 || shape.size() == 2;
    if (!has_rows || rows.data.numbers.empty()) {
        reject(where, fmt::format("dataset \"{}\" of \"{}\" has the shape [{}]; expected one row a "
                                  "step, [T, n], with at least one number",
                                  name, path, fmt::join(shape, ", ")));
    }
    require_finite(rows.data, path, name, where);
    return rows;
}

// The labels, as many rows as there are inputs.
Rows read_labels(const Section& task, const std::string& path, const Rows& x,
                 const ReadingTrial& trial) {
    Rows y = read_rows(task, "y", path, trial);
    if (x.count() != y.count()) {
        reject(task.where("path"), fmt::format("the inputs of \"{}\" are {} and its labels {}; "
                                               "expected as many rows of both",
                                               path, shape_text(x), shape_text(y)));
    }
    return y;
}

std::unique_ptr<Task> make_file_task(const Section& task, const RunStreams&,
                                     const DataFolder& directory, Labels labels) {
    task.require("path", "the task \"file\"");
    const std::string path = directory.path_of(task.text("path").text);
    const Where where = task.has("y") ? task.where("y") : task.where("path");
    Rows x = read_rows(task, "x", path, directory.trial);
    std::optional<Rows> y;
    if (labels == Labels::shown) y = read_labels(task, path, x, directory.trial);
    const bool linear = text_or(task, "readout", "softmax") == "linear";
    if (y && !linear) check_probabilities(*y, where, path);
    if (!task.has("repeat")) task.set("repeat", false);
    const bool repeat = task.boolean("repeat");
    return std::make_unique<FileTask>(std::move(x), std::move(y),
                                      linear ? Activation::linear : Activation::softmax, repeat);
}

constexpr std::array file_keys = {
    Key{.section = "task",
        .name = "path",
        .type = Type::text,
        .default_value = "-",
        .description = "file: HDF5 file, from the model file's folder"},
    Key{.section = "task",
        .name = "x",
        .type = Type::text,
        .default_value = "-",
        .description = "file: dataset of inputs [T, n_in]; \"x\" when left out"},
    Key{.section = "task",
        .name = "y",
        .type = Type::text,
        .default_value = "-",
        .description = "file: dataset of labels [T, n_out]; \"y\" when left out"},
    Key{.section = "task",
        .name = "repeat",
        .type = Type::boolean,
        .default_value = "-",
        .description = "file: start again after the last row; false when left out"},
    Key{.section = "task",
        .name = "readout",
        .type = Type::text,
        .default_value = "-",
        .choices = "softmax|linear",
        .description = "file: softmax with cross-entropy, or linear with squared error; softmax "
                       "when left out"},
};

}  // namespace

const TaskKind file_task{"file", "inputs and labels from two datasets of an HDF5 file", file_keys,
                         make_file_task};

}  // namespace apical
