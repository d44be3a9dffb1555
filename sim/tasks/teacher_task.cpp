#include <fmt/format.h>

#include <Eigen/Core>
#include <array>
#include <cmath>

#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::string_view stream_of_noise = "task/noise";

enum class Transfer : std::uint8_t { linear, tanh, relu, sigmoid };

double transferred(Transfer transfer, double v) {
    switch (transfer) {
        case Transfer::linear:
            return v;
        case Transfer::tanh:
            return std::tanh(v);
        case Transfer::relu:
            return std::max(v, 0.0);
        case Transfer::sigmoid:
            return 1.0 / (1.0 + std::exp(-v));
    }
    return v;
}

// Layers of a fixed network without biases; the last one is linear.
struct TeacherLayers {
    std::vector<MatrixXd> weights;
    Transfer transfer = Transfer::linear;
    MatrixXd patterns;  // a column each; none: inputs are drawn anew
    double noise = 0.0;

    Index inputs() const { return weights.front().cols(); }
};

struct TeacherSettings {
    TeacherLayers layers;
    std::int64_t hold = 1;  // steps
    Stream input, noise;
};

class TeacherPresentation final : public Presentation {
public:
    explicit TeacherPresentation(const TeacherSettings& s)
        : s_(s), rates_{VectorXd(s.layers.inputs())} {
        for (const MatrixXd& weights : s.layers.weights) rates_.emplace_back(weights.rows());
    }

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        const auto k = static_cast<std::uint64_t>((step - 1) / s_.hold);
        draw(k);
        std::ranges::copy(rates_.front(), input.begin());
        if (label.empty()) return;
        pass();
        for (std::size_t i = 0; i < label.size(); ++i) {
            label[i] = rates_.back()(static_cast<Index>(i));
            if (s_.layers.noise > 0.0) label[i] += s_.layers.noise * s_.noise.normal(k, i);
        }
    }

private:
    void draw(std::uint64_t k) {
        VectorXd& x = rates_.front();
        if (const Index count = s_.layers.patterns.cols(); count > 0) {
            const double u = s_.input.uniform(k, 0) * static_cast<double>(count);
            x = s_.layers.patterns.col(static_cast<Index>(u));
            return;
        }
        for (Index i = 0; i < x.size(); ++i)
            x(i) = s_.input.normal(k, static_cast<std::uint64_t>(i));
    }

    void pass() {
        const TeacherLayers& layers = s_.layers;
        for (std::size_t l = 0; l < layers.weights.size(); ++l) {
            VectorXd& to = rates_[l + 1];
            to.noalias() = layers.weights[l] * rates_[l];
            if (l + 1 == layers.weights.size()) continue;
            for (double& v : to) v = transferred(layers.transfer, v);
        }
    }

    const TeacherSettings& s_;
    std::vector<VectorXd> rates_;  // by layer, inputs first
};

class TeacherTask final : public Task {
public:
    TeacherTask(TaskFacts facts, TeacherSettings settings)
        : facts_(std::move(facts)), settings_(std::move(settings)) {}

    TaskShape shape() const override { return facts_.shape; }
    std::vector<Bound> bounds() const override { return facts_.bounds; }
    std::vector<std::string> streams() const override { return facts_.streams; }
    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<TeacherPresentation>(settings_);
    }

private:
    TaskFacts facts_;
    TeacherSettings settings_;
};

// Number i of the stream is entry i, row by row.
MatrixXd drawn_matrix(Index rows, Index columns, bool uniform, double deviation,
                      const Stream& stream) {
    MatrixXd all(rows, columns);
    for (Index i = 0; i < rows; ++i) {
        for (Index j = 0; j < columns; ++j) {
            const auto k = static_cast<std::uint64_t>(i * columns + j);
            all(i, j) =
                uniform ? 2.0 * stream.uniform(0, k) - 1.0 : deviation * stream.normal(0, k);
        }
    }
    return all;
}

std::vector<std::int64_t> sizes_of(const Section& task) {
    if (!task.has("sizes")) {
        Array usual;
        for (const std::int64_t size : {30, 20, 10}) usual.push_back(value_of(size));
        task.set("sizes", usual);
    }
    std::vector<std::int64_t> sizes = task.integers("sizes");
    if (sizes.size() < 2)
        reject(task.where("sizes"), fmt::format("task.sizes has {} of them; expected those of the "
                                                "inputs, of hidden layers, and of the outputs",
                                                sizes.size()));
    double bytes = 0.0;
    for (std::size_t k = 1; k < sizes.size(); ++k)
        bytes += 8.0 * static_cast<double>(sizes[k]) * static_cast<double>(sizes[k - 1]);
    if (bytes > 1e9)
        reject(task.where("sizes"), fmt::format("the teacher's matrices need {:.1f} GB; expected "
                                                "at most 1",
                                                bytes * 1e-9));
    return sizes;
}

Transfer transfer_of(const Section& task) {
    const std::string name = text_or(task, "activation", "tanh");
    if (name == "linear") return Transfer::linear;
    if (name == "tanh") return Transfer::tanh;
    return name == "relu" ? Transfer::relu : Transfer::sigmoid;
}

std::unique_ptr<Task> make_teacher_task(const Section& task, const RunStreams& streams,
                                        const DataFolder&, Labels) {
    const std::vector<std::int64_t> sizes = sizes_of(task);
    TeacherLayers layers;
    layers.transfer = transfer_of(task);
    layers.noise = number_or(task, "noise", 0.0);
    const bool uniform = text_or(task, "weights", "normal") == "uniform";
    TaskFacts facts;
    facts.shape = {static_cast<int>(sizes.front()), static_cast<int>(sizes.back()),
                   Activation::linear};
    for (std::size_t k = 1; k < sizes.size(); ++k) {
        const std::string name = fmt::format("task/teacher/W{}", k);
        const double deviation = 1.0 / std::sqrt(static_cast<double>(sizes[k - 1]));
        layers.weights.push_back(
            drawn_matrix(sizes[k], sizes[k - 1], uniform, deviation, Stream(streams.seed, name)));
        facts.streams.push_back(name);
    }
    if (const std::int64_t patterns = integer_or(task, "patterns", 0); patterns > 0) {
        const std::string name = "task/teacher/patterns";
        layers.patterns =
            drawn_matrix(patterns, sizes[0], false, 1.0, Stream(streams.seed, name)).transpose();
        facts.streams.push_back(name);
    }
    facts.bounds = {{"the teacher known (the floor)", 0.5 * layers.noise * layers.noise}};
    for (const std::string_view name : {stream_of_input, stream_of_noise})
        facts.streams.push_back(streams.name(name));
    return std::make_unique<TeacherTask>(
        std::move(facts),
        TeacherSettings{std::move(layers), integer_or(task, "hold", 1),
                        streams.of_steps(stream_of_input), streams.of_steps(stream_of_noise)});
}

constexpr std::array teacher_keys = {
    hold_key,
    Key{.section = "task",
        .name = "sizes",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e5,
        .description = "teacher: cells of its layers, inputs first; [30, 20, 10] when left out"},
    Key{.section = "task",
        .name = "activation",
        .type = Type::text,
        .default_value = "-",
        .choices = "tanh|linear|relu|sigmoid",
        .description = "teacher: of its hidden layers; tanh when left out"},
    Key{.section = "task",
        .name = "weights",
        .type = Type::text,
        .default_value = "-",
        .choices = "normal|uniform",
        .description = "teacher: N(0, 1/n) of n cells before, or U(-1, 1); normal when left out"},
    Key{.section = "task",
        .name = "patterns",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .description = "teacher: inputs that are drawn once, of which each step shows one; 0, "
                       "which draws N(0, 1) anew, when left out"},
    deviation_key,
};

}  // namespace

const TaskKind teacher_task{"teacher", "the outputs of a fixed random network of layers",
                            teacher_keys, make_teacher_task};

}  // namespace apical
