// Images from IDX files: MNIST, and what has its form.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/data/idx.hpp"
#include "sim/tasks/images_task.hpp"
#include "sim/tasks/period_keys.hpp"
#include "sim/tasks/splits.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr double byte_scale = 1.0 / 255.0;
constexpr std::int64_t usual_classes = 10;

struct IdxData final : LabelledImages {
    IdxImages images;
    IdxLabels labels;

    std::span<const std::uint8_t> image(std::size_t i) const override { return images.image(i); }
    int label(std::size_t i) const override { return labels.label(i); }
};

// The paths of images and labels that a key has.
std::array<std::string, 2> paths_of(const Section& task, std::string_view key) {
    const std::vector<Text> both = task.texts(key);
    if (both.size() != 2)
        reject(task.where(key), fmt::format("task.{} is a list of {}; expected two files, the "
                                            "images and their labels",
                                            key, both.size()));
    return {both[0].text, both[1].text};
}

void check_labels(const IdxData& data, std::int64_t classes, const std::string& path,
                  const Where& where) {
    for (std::size_t i = 0; i < data.labels.count(); ++i) {
        if (data.label(i) < classes) continue;
        reject(where, fmt::format("label {} of \"{}\" is {}; expected one of 0 to {}, or "
                                  "task.classes = {}",
                                  i, path, data.label(i), classes - 1, data.label(i) + 1));
    }
}

std::unique_ptr<const IdxData> read_images(const Section& task, std::string_view key,
                                           const DataFolder& folder) {
    const std::array<std::string, 2> names = paths_of(task, key);
    const Where where = task.where(key);
    auto data = std::make_unique<IdxData>();
    data->images = IdxImages::read(folder.path_of(names[0]), where);
    data->labels = IdxLabels::read(folder.path_of(names[1]), where);
    if (data->images.count() != data->labels.count())
        reject(where, fmt::format("\"{}\" is an IDX file of {} images, \"{}\" of {} labels",
                                  names[0], data->images.count(), names[1], data->labels.count()));
    check_labels(*data, task.integer("classes"), names[1], where);
    return data;
}

void add_source(ShownImages& all, const Section& task, std::string_view key, const IdxData& data) {
    const std::array<std::string, 2> names = paths_of(task, key);
    all.data.push_back({"task", names[0], "images", data.images.fingerprint()});
    all.data.push_back({"task", names[1], "labels", data.labels.fingerprint()});
}

bool shows_test(const Section& task, const DataFolder& folder) {
    if (!folder.split || !task.has("test_files")) return false;
    return folder.split->empty() || *folder.split == "test";
}

// The file of the split that is shown, and which of its images.
ShownImages images_of(const Section& task, const DataFolder& folder, const RunStreams& streams) {
    ShownImages all;
    const bool tests = shows_test(task, folder);
    const std::string_view key = tests ? "test_files" : "train_files";
    std::unique_ptr<const IdxData> data = read_images(task, key, folder);
    all.count = data->images.count();
    all.scale = byte_scale;
    add_source(all, task, key, *data);
    all.images = std::move(data);
    if (task.has("split")) {
        const Splits splits = Splits::drawn(task, all.count, streams);
        all.splits = splits.names();
        if (!tests) all.shown = splits.shown(folder.split, all.count, task.where("split"));
    } else {
        all.splits = {"train"};
    }
    if (task.has("test_files")) all.splits.emplace_back("test");
    all.ends = folder.split.has_value();
    const std::size_t shown = all.shown.empty() ? all.count : all.shown.size();
    if (!all.ends && task.boolean("shuffle"))
        all.order.emplace(shown, streams.of_steps(stream_of_input));
    return all;
}

TaskShape shape_of_images(const Section& task, ShownImages& all, std::int64_t classes) {
    const bool linear = text_or(task, "readout", "softmax") == "linear";
    if (task.has("targets")) {
        if (!linear)
            reject(task.where("targets"),
                   "task.targets are of squared errors; expected readout = \"linear\" beside them");
        std::tie(all.low, all.high) = task.number_pair("targets");
        if (all.low >= all.high)
            reject(task.where("targets"),
                   fmt::format("task.targets are {} and {}; expected that of other classes and a "
                               "larger one of the right class",
                               all.low, all.high));
    }
    return {static_cast<int>(all.pixels), static_cast<int>(classes),
            linear ? Activation::linear : Activation::softmax};
}

std::unique_ptr<Task> made_of(const Section& task, ShownImages all, std::int64_t classes,
                              const RunStreams& streams) {
    TaskFacts facts;
    facts.shape = shape_of_images(task, all, classes);
    facts.bounds = bounds_of_classes(all, facts.shape);
    if (all.order) facts.streams.push_back(streams.name(stream_of_input));
    if (!all.splits.empty() && task.has("split")) facts.streams.emplace_back(stream_of_splits);
    return make_images_task(std::move(facts), std::move(all));
}

void begin_keys(const Section& task) {
    task.require("train_files", fmt::format("the task \"{}\"", task.text("kind").text));
    integer_or(task, "classes", usual_classes);
    if (!task.has("shuffle")) task.set("shuffle", true);
    if (task.has("split") && std::holds_alternative<std::string>(task.value("split").content))
        reject(task.where("split"),
               "IDX files have no columns; expected the shares of training "
               "and validation among the images of `train_files`, [0.9, 0.1]");
    if (task.has("split") && task.numbers("split").size() != 2)
        reject(task.where("split"),
               "expected two shares, of training and validation among the "
               "images of `train_files`, as [0.9, 0.1]; `test_files` are another split");
}

std::unique_ptr<Task> make_mnist_task(const Section& task, const RunStreams& streams,
                                      const DataFolder& folder, Labels) {
    begin_keys(task);
    ShownImages all = images_of(task, folder, streams);
    all.pixels = static_cast<const IdxData&>(*all.images).images.pixels();
    all.hold = integer_or(task, "hold", 1);
    return made_of(task, std::move(all), task.integer("classes"), streams);
}

std::unique_ptr<Task> make_sequential_task(const Section& task, const RunStreams& streams,
                                           const DataFolder& folder, Labels) {
    begin_keys(task);
    ShownImages all = images_of(task, folder, streams);
    const IdxImages& images = static_cast<const IdxData&>(*all.images).images;
    const bool by_row = text_or(task, "pixels", "one") == "row";
    all.pixels = by_row ? images.columns() : 1;
    all.parts = images.pixels() / all.pixels;
    all.hold = integer_or(task, "hold", 1);
    all.decision = integer_or(task, "decision", 1);
    if (all.decision == 0) check_period(task, {"decision", 0, 0});
    return made_of(task, std::move(all), task.integer("classes"), streams);
}

constexpr Key images_key(std::string_view name, std::string_view description) {
    return Key{.section = "task",
               .name = name,
               .type = Type::text_list,
               .default_value = "-",
               .description = description};
}
constexpr Key train_files_key = images_key(
    "train_files",
    "mnist, sequential_mnist: IDX files of the images to learn from and of their labels, from the "
    "model file's folder");
constexpr Key test_files_key = images_key(
    "test_files", "mnist, sequential_mnist: the same of the images that an evaluation shows");
constexpr Key targets_key{
    .section = "task",
    .name = "targets",
    .type = Type::number_pair,
    .default_value = "-",
    .description =
        "mnist, sequential_mnist, bars, with readout = \"linear\": labels of the other "
        "classes and of the right one; [0, 1] when left out"};

constexpr std::array mnist_keys = {train_files_key, test_files_key, split_key,   classes_key,
                                   shuffle_key,     targets_key,    readout_key, hold_key};
constexpr std::array sequential_keys = {
    train_files_key,
    test_files_key,
    split_key,
    classes_key,
    shuffle_key,
    targets_key,
    readout_key,
    hold_key,
    decision_key,
    Key{.section = "task",
        .name = "pixels",
        .type = Type::text,
        .default_value = "-",
        .choices = "one|row",
        .description = "sequential_mnist: what a step shows of an image; one pixel when left out"}};

// ---- bars: the images of 3 x 3 in which one row, column or diagonal is white

struct Bars final : LabelledImages {
    static constexpr std::size_t images = 8, pixels = 9;
    std::array<std::array<std::uint8_t, pixels>, images> bytes{};
    Bars() {
        constexpr std::uint8_t white = 255;
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t k = 0; k < 3; ++k) {
                bytes[i][3 * i + k] = white;
                bytes[3 + i][3 * k + i] = white;
            }
            bytes[6][3 * i + i] = white;
            bytes[7][3 * i + 2 - i] = white;
        }
    }
    std::span<const std::uint8_t> image(std::size_t i) const override { return bytes[i]; }
    int label(std::size_t i) const override { return i < 3 ? 0 : i < 6 ? 1 : 2; }
};

std::unique_ptr<Task> make_bars_task(const Section& task, const RunStreams& streams,
                                     const DataFolder&, Labels) {
    constexpr std::int64_t kinds_of_bars = 3;
    ShownImages all;
    all.images = std::make_unique<Bars>();
    all.count = Bars::images;
    all.pixels = Bars::pixels;
    all.scale = byte_scale;
    all.hold = integer_or(task, "hold", 1);
    all.order.emplace(Bars::images, streams.of_steps(stream_of_input));
    return made_of(task, std::move(all), kinds_of_bars, streams);
}

constexpr std::array bars_keys = {targets_key, readout_key, hold_key};

}  // namespace

const TaskKind mnist_task{"mnist", "images of IDX files, each in one step, and their classes",
                          mnist_keys, make_mnist_task, /*reads_files=*/true};
const TaskKind sequential_mnist_task{"sequential_mnist",
                                     "images of IDX files pixel by pixel, and their classes",
                                     sequential_keys, make_sequential_task, /*reads_files=*/true};
const TaskKind bars_task{"bars", "3 x 3 images of a row, a column or a diagonal", bars_keys,
                         make_bars_task};

}  // namespace apical
