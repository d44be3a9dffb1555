#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/numbers/epoch_order.hpp"
#include "sim/tasks/file_data.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

// What is shown of a file, and in which order.
struct ShownFile {
    FileData data;
    std::vector<std::uint32_t> trials;     // those of the split
    std::optional<EpochOrder> order = {};  // unset: as they lie there
    bool ends = true;

    std::size_t trial(std::uint64_t k) const {
        return trials[order ? order->item(k) : k % trials.size()];
    }
    void show_label(std::size_t row, std::span<double> label) const {
        if (data.classes == 0) {
            std::ranges::copy(data.y->row(row), label.begin());
            return;
        }
        std::ranges::fill(label, 0.0);
        label[static_cast<std::size_t>(data.class_of(row))] = 1.0;
    }
};

// Row after row.
class FilePresentation final : public Presentation {
public:
    explicit FilePresentation(const ShownFile& file) : file_(file) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        const std::size_t t = static_cast<std::size_t>(step - 1) % file_.data.x.count();
        std::ranges::copy(file_.data.x.row(t), input.begin());
        if (file_.data.y) file_.show_label(t, label);
    }

private:
    const ShownFile& file_;
};

// Trial after trial, which need not be of one length.
class FileTrialsPresentation final : public Presentation {
public:
    explicit FileTrialsPresentation(const ShownFile& file) : file_(file) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        if (step <= before_) {
            number_ = 0;
            before_ = 0;
        }
        std::size_t trial = file_.trial(number_);
        while (step - before_ > steps_of(trial)) {
            before_ += steps_of(trial);
            trial = file_.trial(++number_);
        }
        const auto t = static_cast<std::size_t>(step - before_ - 1);
        std::ranges::copy(file_.data.x.row(file_.data.trials[trial].first + t), input.begin());
        if (file_.data.y) file_.show_label(file_.data.label_row(trial, t), label);
    }

private:
    std::int64_t steps_of(std::size_t trial) const {
        return static_cast<std::int64_t>(file_.data.trials[trial].steps);
    }

    const ShownFile& file_;
    std::uint64_t number_ = 0;  // of the trial that is shown
    std::int64_t before_ = 0;   // steps before it
};

class FileTask final : public Task {
public:
    FileTask(ShownFile file, Activation readout, std::vector<Bound> bounds,
             std::vector<std::string> streams)
        : file_(std::move(file)),
          readout_(readout),
          bounds_(std::move(bounds)),
          streams_(std::move(streams)),
          asks_once_(finds_one_answer()),
          asks_sign_(finds_two_signs()) {}

    TaskShape shape() const override {
        const FileData& data = file_.data;
        const std::size_t outputs = !data.y            ? 0
                                    : data.classes > 0 ? static_cast<std::size_t>(data.classes)
                                                       : data.y->width;
        return {static_cast<int>(data.x.width), static_cast<int>(outputs), readout_};
    }
    std::vector<Bound> bounds() const override { return bounds_; }
    std::int64_t steps() const override {
        if (!file_.ends) return -1;
        if (!has_trials()) return static_cast<std::int64_t>(file_.data.x.count());
        std::size_t steps = 0;
        for (const std::uint32_t k : file_.trials) steps += file_.data.trials[k].steps;
        return static_cast<std::int64_t>(steps);
    }
    TrialShape trial(std::int64_t k) const override {
        if (!has_trials()) return {};
        const std::size_t trial = file_.trial(static_cast<std::uint64_t>(k));
        const FileTrial& one = file_.data.trials[trial];
        const bool by_class = asks_once_ && file_.data.classes > 0 && one.type == 0;
        return {static_cast<std::int64_t>(one.steps),
                {},
                by_class ? file_.data.class_of(file_.data.label_row(trial, 0)) : one.type};
    }
    bool asks_once() const override { return asks_once_; }
    bool asks_class() const override { return asks_once_ && file_.data.classes > 0; }
    bool asks_sign() const override { return asks_sign_; }
    std::vector<std::string> splits() const override { return file_.data.splits.names(); }
    std::unique_ptr<Presentation> begin() const override {
        if (has_trials()) return std::make_unique<FileTrialsPresentation>(file_);
        return std::make_unique<FilePresentation>(file_);
    }
    std::vector<DataSource> data() const override { return file_.data.sources; }
    std::vector<std::string> streams() const override { return streams_; }

private:
    bool has_trials() const { return !file_.data.trials.empty(); }
    // Whether the labels are the same in all steps of each trial.
    bool finds_one_answer() const {
        const FileData& data = file_.data;
        if (!has_trials() || !data.y) return false;
        for (std::size_t k = 0; k < data.trials.size(); ++k) {
            const std::span<const double> first = data.y->row(data.label_row(k, 0));
            for (std::size_t t = 1; t < data.trials[k].steps; ++t)
                if (!std::ranges::equal(first, data.y->row(data.label_row(k, t)))) return false;
        }
        return true;
    }

    // Whether the one label of each trial is a or -a, each of them in some.
    bool finds_two_signs() const {
        const FileData& data = file_.data;
        if (!asks_once_ || data.classes > 0 || data.y->width != 1) return false;
        const std::vector<double>& labels = data.y->numbers;
        const double size = std::abs(labels.front());
        const auto is_of_size = [&](double y) { return std::abs(y) == size; };
        return size > 0.0 && std::ranges::all_of(labels, is_of_size) &&
               std::ranges::count(labels, size) > 0 && std::ranges::count(labels, -size) > 0;
    }

    ShownFile file_;
    Activation readout_;
    std::vector<Bound> bounds_;
    std::vector<std::string> streams_;
    bool asks_once_, asks_sign_;
};

// Softmax and cross-entropy judge a probability for each output.
void check_probabilities(const FileRows& labels, const Where& where, const std::string& path) {
    for (std::size_t t = 0; t < labels.count(); ++t) {
        double sum = 0.0, least = 0.0;
        for (const double y : labels.row(t)) {
            sum += y;
            least = std::min(least, y);
        }
        if (labels.width > 1 && least >= 0.0 && std::abs(sum - 1.0) < 1e-6) continue;
        reject(where,
               fmt::format(
                   "the labels of \"{}\" in row {} are no probabilities of two or more outputs; "
                   "expected "
                   "readout = \"linear\" in [task], or rows that are not negative and sum to 1",
                   path, t));
    }
}

// An evaluation of data in splits shows each trial once, in their order.
ShownFile shown_of(const Section& task, FileData data, const RunStreams& streams,
                   const DataFolder& folder) {
    ShownFile file{std::move(data), {}};
    const bool evaluates = folder.split.has_value() && !file.data.splits.names().empty();
    if (!task.has("repeat")) task.set("repeat", false);
    file.ends = evaluates || !task.boolean("repeat");
    const bool shuffles = task.has("shuffle") && task.boolean("shuffle");
    if (file.data.trials.empty()) {
        if (shuffles)
            reject(task.where("shuffle"),
                   "the rows of the file follow each other, and only trials are shown in another "
                   "order; expected task.trials, or [trial, step, n], or task.split");
        return file;
    }
    const Where where = task.has("split") ? task.where("split") : task.where("path");
    file.trials = file.data.splits.shown(folder.split, file.data.trials.size(), where);
    if (shuffles && !evaluates)
        file.order.emplace(file.trials.size(), streams.of_steps(stream_of_input));
    return file;
}

std::unique_ptr<Task> make_file_task(const Section& task, const RunStreams& streams,
                                     const DataFolder& directory, Labels labels) {
    task.require("path", "the task \"file\"");
    const std::string path = directory.path_of(task.text("path").text);
    const Where where = task.has("y") ? task.where("y") : task.where("path");
    FileData data = read_file_data(task, streams, directory, labels);
    const bool linear = text_or(task, "readout", "softmax") == "linear";
    if (data.y && !linear && data.classes == 0) check_probabilities(*data.y, where, path);
    ShownFile file = shown_of(task, std::move(data), streams, directory);
    std::vector<std::string> names;
    if (file.order) names.push_back(streams.name(stream_of_input));
    if (task.has("split") && std::holds_alternative<Array>(task.value("split").content))
        names.emplace_back(stream_of_splits);
    return std::make_unique<FileTask>(
        std::move(file), linear ? Activation::linear : Activation::softmax,
        task.has("bounds") ? stated_bounds(task.value("bounds")) : std::vector<Bound>{},
        std::move(names));
}

constexpr Key named_key(std::string_view name, Type type, std::string_view description) {
    return Key{.section = "task",
               .name = name,
               .type = type,
               .default_value = "-",
               .description = description};
}

constexpr std::array file_keys = {
    named_key("path", Type::text,
              "file: HDF5 file, .npz or .npy of numpy, or .csv, from the model file's folder"),
    named_key("x", Type::texts,
              "file: dataset of inputs [T, n_in], or [trial, step, n_in], or columns of a .csv "
              "file; \"x\" when left out"),
    named_key("y", Type::texts,
              "file: dataset of labels [T, n_out], a row a step or a trial, or columns of a .csv "
              "file; \"y\" when left out"),
    named_key("repeat", Type::boolean, "file: start again after the last row; false when left out"),
    readout_key,
    named_key("trials", Type::text,
              "file: column of a .csv file that is the same in all rows of a trial, or group with "
              "the datasets `first` and `steps`"),
    named_key("type", Type::text,
              "file: column or dataset with the type of each trial, a whole number"),
    split_key,
    classes_key,
    shuffle_key,
    Key{.section = "task",
        .name = "bounds",
        .type = Type::numbers,
        .default_value = "-",
        .description = "file: known values of the mean loss, by name"},
};

}  // namespace

std::vector<Bound> stated_bounds(const Value& bounds) {
    std::vector<Bound> all;
    const auto* table = std::get_if<Table>(&bounds.content);
    if (!table) return all;
    for (const Entry& one : table->entries) {
        const auto* whole = std::get_if<std::int64_t>(&one.value.content);
        const auto* number = std::get_if<double>(&one.value.content);
        if (whole || number)
            all.push_back({one.key, whole ? static_cast<double>(*whole) : *number});
    }
    return all;
}

const TaskKind file_task{"file", "inputs and labels from a file of HDF5, numpy or CSV", file_keys,
                         make_file_task, /*reads_files=*/true};

}  // namespace apical
