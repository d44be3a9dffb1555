#include "sim/tasks/file_data.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/tasks/data_file.hpp"
#include "sim/tasks/file_trials.hpp"

namespace apical {

namespace {

// A dataset with the place and the names by which it was asked for.
struct ReadData {
    DataSet data;
    Where where;
    std::string name;

    std::size_t dimensions() const { return data.shape.size(); }
    std::size_t size(std::size_t dimension) const { return data.shape[dimension]; }
};

class FileDataReader {
public:
    FileDataReader(const Section& task, const RunStreams& streams, const DataFolder& folder)
        : task_(task), streams_(streams), file_(task, folder) {}

    FileData read(Labels labels) {
        const ReadData x = read_key("x");
        if (x.dimensions() < 1 || x.dimensions() > 3 || x.data.numbers.empty())
            reject(
                x.where,
                fmt::format("dataset \"{}\" of \"{}\" has the shape [{}]; expected one row a "
                            "step, [T, n], with at least one number, or trials, [trial, step, n]",
                            x.name, file_.path(), fmt::join(x.data.shape, ", ")));
        if (task_.has("classes")) all_.classes = task_.integer("classes");
        find_trials(x);
        if (labels == Labels::shown) take_labels(x, read_key("y"));
        all_.x = {x.data.numbers, x.dimensions() == 1 ? 1 : x.data.shape.back()};
        return std::move(all_);
    }

private:
    ReadData read_key(std::string_view key) {
        const bool is_there = task_.has(key) && file_.is_readable();
        ReadData read;
        read.where = is_there ? task_.where(key) : task_.where("path");
        const std::vector<std::string> names = file_.names_of(task_, key);
        read.name = fmt::format("{}", fmt::join(names, ","));
        read.data = file_.read(names, read.where);
        all_.sources.push_back(
            {"task", task_.text("path").text, read.name, fingerprint_of(read.data)});
        return read;
    }

    std::size_t rows_of(const ReadData& x) const {
        return x.dimensions() == 3 ? x.size(0) * x.size(1) : x.size(0);
    }

    // Rows of one trial each where splits are asked for and there are no other trials.
    void find_trials(const ReadData& x) {
        if (x.dimensions() == 3) {
            if (task_.has("trials"))
                reject(task_.where("trials"),
                       fmt::format("dataset \"{}\" has trials of its own, [trial, step, n]; "
                                   "expected task.trials left out",
                                   x.name));
            all_.trials = equal_trials(x.size(0), x.size(1));
        } else if (task_.has("trials")) {
            all_.trials = stated_trials(task_, file_, x.size(0));
        } else if (task_.has("split") || task_.has("type")) {
            all_.trials = equal_trials(x.size(0), 1);
        }
        if (all_.trials.empty()) return;
        if (task_.has("type")) take_types(all_.trials, task_, file_);
        if (task_.has("split")) all_.splits = splits_of(all_.trials, task_, file_, streams_);
    }

    void take_labels(const ReadData& x, ReadData y) {
        const std::size_t rows = rows_of(x), trials = all_.trials.size();
        const std::size_t d = y.dimensions();
        const bool has_steps = x.dimensions() == 3 && d >= 2 && y.size(0) == x.size(0) &&
                               y.size(1) == x.size(1) && (d == 3 || all_.classes > 0);
        const std::size_t counted = d == 0 ? 0 : has_steps ? rows : y.size(0);
        all_.labels_trials = trials > 0 && counted != rows && counted == trials;
        const bool fits = (d <= 2 || has_steps) && (counted == rows || all_.labels_trials);
        if (!fits || y.data.numbers.empty())
            reject(task_.where("path"),
                   fmt::format("the inputs of \"{}\" are {} and its labels {}; expected as many "
                               "rows of both{}",
                               file_.path(), fmt::join(x.data.shape, " x "),
                               fmt::join(y.data.shape, " x "),
                               trials > 0 ? fmt::format(", or one for each of {} trials", trials)
                                          : std::string()));
        all_.y = FileRows{std::move(y.data.numbers), 0};
        all_.y->width = all_.y->numbers.size() / counted;
        if (all_.classes > 0) check_classes(y);
    }

    void check_classes(const ReadData& y) const {
        const auto most = static_cast<double>(all_.classes);
        if (all_.y->width != 1)
            reject(y.where, fmt::format("task.classes says that \"{}\" is the number of a class, "
                                        "and it has {} columns; expected one",
                                        y.name, all_.y->width));
        for (std::size_t t = 0; t < all_.y->count(); ++t) {
            const double number = all_.y->row(t)[0];
            if (number >= 0.0 && number < most && number == std::floor(number)) continue;
            reject(y.where, fmt::format("\"{}\" is {} in row {}; expected the number of a class, "
                                        "0 to {}",
                                        y.name, number, t, all_.classes - 1));
        }
    }

    const Section& task_;
    const RunStreams& streams_;
    DataFile file_;
    FileData all_;
};

}  // namespace

FileData read_file_data(const Section& task, const RunStreams& streams, const DataFolder& folder,
                        Labels labels) {
    return FileDataReader(task, streams, folder).read(labels);
}

}  // namespace apical
