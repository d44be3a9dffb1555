#include <fmt/format.h>

#include <Eigen/Core>
#include <array>
#include <cmath>

#include "sim/engine/state.hpp"
#include "sim/numbers/orthogonal.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Settings {
    std::int64_t hold = 2;  // steps
    int inputs = 32, outputs = 32, cells = 32;
    double alpha = 0.5;
    double probability = 0.5;
};

MatrixXd normal(int rows, int columns, double deviation, const Stream& stream) {
    MatrixXd matrix(rows, columns);
    for (Index i = 0; i < rows; ++i) {
        for (Index j = 0; j < columns; ++j) {
            matrix(i, j) =
                deviation * stream.normal(0, static_cast<std::uint64_t>(i * columns + j));
        }
    }
    return matrix;
}

MatrixXd orthogonal_matrix(int size, const Stream& stream) {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const std::vector<double> q = orthogonal(size, size, stream);
    return Eigen::Map<const RowMajor>(q.data(), size, size);
}

// A fixed network: r <- (1 - alpha) r + alpha tanh(W_rec r + W_in x + b), y = W_out r + b_out, r(0)
// = 0.
class Teacher {
public:
    Teacher(const Settings& s, std::uint32_t seed)
        : alpha_(s.alpha),
          W_rec_(orthogonal_matrix(s.cells, Stream(seed, "task/teacher/W_rec"))),
          W_in_(normal(s.cells, s.inputs, 1.0 / std::sqrt(s.inputs),
                       Stream(seed, "task/teacher/W_in"))),
          W_out_(normal(s.outputs, s.cells, 1.0 / std::sqrt(s.cells),
                        Stream(seed, "task/teacher/W_out"))),
          b_(normal(s.cells, 1, 0.1, Stream(seed, "task/teacher/b"))),
          b_out_(normal(s.outputs, 1, 0.1, Stream(seed, "task/teacher/b_out"))),
          rate_(VectorXd::Zero(s.cells)),
          voltage_(VectorXd::Zero(s.cells)) {}

    void rest() { rate_.setZero(); }
    VectorXd& rate() { return rate_; }
    const VectorXd& rate() const { return rate_; }

    void step(const VectorXd& input) {
        voltage_ = b_;
        voltage_.noalias() += W_rec_ * rate_;
        voltage_.noalias() += W_in_ * input;
        rate_ = (1.0 - alpha_) * rate_.array() + alpha_ * voltage_.array().tanh();
    }

    void read_out(Eigen::Map<VectorXd> output) const {
        output = b_out_;
        output.noalias() += W_out_ * rate_;
    }

private:
    double alpha_;
    MatrixXd W_rec_, W_in_, W_out_;
    VectorXd b_, b_out_, rate_, voltage_;
};

class MimicPresentation final : public Presentation {
public:
    MimicPresentation(const Settings& settings, const RunStreams& streams)
        : settings_(settings),
          teacher_(settings, streams.seed),
          stream_(streams.of_steps(stream_of_input)),
          input_(VectorXd::Zero(settings.inputs)) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        if (step < step_) start_again();
        while (step_ < step) advance();
        Eigen::Map<VectorXd>(input.data(), input_.size()) = input_;
        if (label.empty()) return;
        teacher_.read_out({label.data(), static_cast<Index>(label.size())});
    }

    // The teacher's rates, then the input that is held.
    std::vector<double> memory() const override {
        std::vector<double> all(teacher_.rate().begin(), teacher_.rate().end());
        all.insert(all.end(), input_.begin(), input_.end());
        return all;
    }
    void recall(std::int64_t step, std::span<const double> memory) override {
        step_ = step;
        const auto rates = memory.begin() + teacher_.rate().size();
        std::copy(memory.begin(), rates, teacher_.rate().begin());
        std::copy(rates, memory.end(), input_.begin());
    }

private:
    void start_again() {
        step_ = 0;
        teacher_.rest();
    }

    // The teacher takes a step with every step of the circuit, so that the label moves on while the
    // input is held; with one step a task step the losses of Fig. 1b do not come out.
    void advance() {
        if (step_ % settings_.hold == 0) draw(static_cast<std::uint64_t>(step_ / settings_.hold));
        teacher_.step(input_);
        ++step_;
    }

    void draw(std::uint64_t task_step) {
        for (Index i = 0; i < input_.size(); ++i) {
            const double u = stream_.uniform(task_step, static_cast<std::uint64_t>(i));
            input_(i) = u < settings_.probability ? 1.0 : 0.0;
        }
    }

    Settings settings_;
    Teacher teacher_;
    Stream stream_;
    VectorXd input_;
    std::int64_t step_ = 0;
};

class MimicTask final : public Task {
public:
    MimicTask(const Settings& settings, const RunStreams& streams)
        : settings_(settings), streams_(streams) {}

    TaskShape shape() const override {
        return {settings_.inputs, settings_.outputs, Activation::linear};
    }

    std::vector<std::string> streams() const override {
        return {streams_.name(stream_of_input), "task/teacher/W_rec", "task/teacher/W_in",
                "task/teacher/W_out",           "task/teacher/b",     "task/teacher/b_out"};
    }

    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<MimicPresentation>(settings_, streams_);
    }

private:
    Settings settings_;
    RunStreams streams_;
};

std::unique_ptr<Task> make_mimic_task(const Section& task, const RunStreams& streams,
                                      const DataFolder&, Labels) {
    Settings s;
    const auto size = [&](std::string_view key, int otherwise) {
        return static_cast<int>(integer_or(task, key, otherwise));
    };
    s.hold = integer_or(task, "hold", s.hold);
    s.inputs = size("inputs", s.inputs);
    s.outputs = size("outputs", s.outputs);
    s.cells = size("cells", s.cells);
    s.alpha = number_or(task, "alpha", s.alpha);
    s.probability = number_or(task, "probability", s.probability);
    const double bytes = 8.0 * s.cells * (double{1} * s.cells + s.inputs + s.outputs);
    if (bytes > memory_of_machine()) {
        reject(task.where("cells"),
               fmt::format("the teacher's matrices need {:.1f} GB; this machine has {:.1f} GB",
                           bytes * 1e-9, memory_of_machine() * 1e-9));
    }
    return std::make_unique<MimicTask>(s, streams);
}

constexpr std::array mimic_keys = {
    hold_key,
    Key{.section = "task",
        .name = "inputs",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e6,
        .description = "mimic: number of inputs; 32 when left out"},
    Key{.section = "task",
        .name = "outputs",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e6,
        .description = "mimic: number of outputs; 32 when left out"},
    Key{.section = "task",
        .name = "cells",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e5,
        .unit = "cells",
        .description = "mimic: size of the teacher; 32 when left out"},
    Key{.section = "task",
        .name = "alpha",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .description = "mimic: the teacher's inverse time constant; 0.5 when left out"},
    Key{.section = "task",
        .name = "probability",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "mimic: probability that an input is 1; 0.5 when left out"},
};

}  // namespace

const TaskKind mimic_task{"mimic", "the output of a fixed random network with the same inputs",
                          mimic_keys, make_mimic_task};

}  // namespace apical
