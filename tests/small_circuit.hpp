#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/model/model.hpp"
#include "sim/simulation/scheduler.hpp"
#include "tests/sim/model/drafted_model.hpp"

namespace apical {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

// Largest difference of two entries, relative to the largest entry expected, if that is above one.
template <class Found, class Expected>
double distance(const Eigen::MatrixBase<Found>& found,
                const Eigen::MatrixBase<Expected>& expected) {
    REQUIRE(found.rows() == expected.rows());
    REQUIRE(found.cols() == expected.cols());
    if (!found.allFinite() || !expected.allFinite()) return INFINITY;
    return (found - expected).cwiseAbs().maxCoeff() / std::max(1.0, expected.cwiseAbs().maxCoeff());
}

// A number of about 1 that a closed form says.
inline Approx as_closed_form(double expected) {
    return Approx(expected).epsilon(0.0).margin(1e-14);
}

// What a small circuit has beside what it is about: 3 inputs, 2 labels, a bias, a linear output,
// and phases of 6 and 4 ms. Tests add lines of TOML to it; no line opens a section.
inline const std::string common_lines = R"(
format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.input.role = "input"
population.label.role = "label"
population.one.role = "constant"
population.output.role = "output"
task = { kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 1 }
run = { steps = 1_000_000, seed = 3 }
)";

// Hidden cells that the input drives and the output reads, in the phase "forward".
inline const std::string hidden_lines = R"(
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

// A model's text with other phases: `phases` takes the place of the line that states them.
inline std::string with_phases(std::string text, const std::string& phases) {
    const std::size_t begin = text.find("phase = ");
    REQUIRE(begin != std::string::npos);
    return text.replace(begin, text.find('\n', begin) - begin, phases);
}

inline Model model_of_text(const std::string& text,
                           const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    return load_model(folder.write("small.toml", text), overrides);
}

inline Model small_model(const std::string& lines, const std::vector<std::string>& overrides = {}) {
    return model_of_text(common_lines + lines, overrides);
}

// A model that is ready to be stepped, and its numbers by address.
class SteppedModel {
public:
    explicit SteppedModel(Model loaded, Recorder* recorder = nullptr,
                          const Kernels& kernels = best_kernels())
        : model(std::move(loaded)),
          state(model.program),
          plan(prepare(model, state, kernels)),
          scheduler(model, plan, state, recorder) {}
    SteppedModel(const SteppedModel&) = delete;
    SteppedModel& operator=(const SteppedModel&) = delete;

    void step() { scheduler.run_to(scheduler.step() + 1); }
    void step(std::int64_t count) { scheduler.run_to(scheduler.step() + count); }
    // One phase of the plan, without the scheduler.
    void run_phase(std::size_t phase) {
        plan.run_gates(phase);
        plan.run_phase(phase, 1);
    }

    SlotId find(const std::string& address) const {
        const SlotId slot = model.program.find(address);
        INFO("there is no slot " << address);
        REQUIRE(slot);
        return slot;
    }
    Matrix matrix(const std::string& address) const {
        const SlotId slot = find(address);
        Matrix numbers(model.program[slot].rows, model.program[slot].columns);
        state.read(slot, numbers.data());
        return numbers;
    }
    Vector vector(const std::string& address) const { return matrix(address).col(0); }
    void write(const std::string& address, const Matrix& numbers) {
        const SlotId slot = find(address);
        REQUIRE(numbers.rows() == model.program[slot].rows);
        REQUIRE(numbers.cols() == model.program[slot].columns);
        state.write(slot, numbers.data());
    }

    // Every number of every slot.
    std::vector<double> numbers() const {
        std::vector<double> all;
        for (std::size_t i = 0; i < model.program.slots.size(); ++i) {
            const Slot& slot = model.program.slots[i];
            const std::size_t before = all.size();
            all.resize(before + static_cast<std::size_t>(slot.rows) *
                                    static_cast<std::size_t>(slot.columns));
            state.read(SlotId(i), all.data() + before);
        }
        return all;
    }

    Model model;
    State state;
    Plan plan;
    Scheduler scheduler;

private:
    static Plan prepare(const Model& model, State& state, const Kernels& kernels) {
        initialize(state, model.circuit, model.seed, model.directory);
        return Plan::compile(model.program, state, kernels);
    }
};

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// The operations of a program as their listing says them, without number, phase and who asked:
// "transmit hidden.soma.v = W_in input.r".
inline std::vector<std::string> listed(const Program& program, const std::string& asked_by = "") {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        if (op.asked_by.find(asked_by) == std::string::npos) continue;
        const std::string line = listing_line(program, i), verb(traits(op.kind).verb);
        const std::size_t begin =
            line.find_first_not_of(' ', line.find(' ' + verb + ' ') + verb.size() + 1);
        std::string operands = line.substr(begin, line.rfind(op.asked_by) - begin);
        operands.erase(operands.find_last_not_of(' ') + 1);
        lines.push_back(verb + ' ' + operands);
    }
    return lines;
}

}  // namespace apical
