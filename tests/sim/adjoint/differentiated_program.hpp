// A program whose loss is differentiated by strengths, and by differences.
#pragma once

#include <array>
#include <cmath>
#include <map>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/adjoint/adjoint_run.hpp"
#include "tests/sim/engine/plan/lone_operation.hpp"

namespace apical {

// Slots and operations of one phase, with numbers to begin with. What is a strength has a gradient,
// whatever its shape.
class DifferentiatedProgram {
public:
    DifferentiatedProgram() { program.phase_names = {"only"}; }

    SlotId slot(Slot slot, const Matrix& numbers, What what = What::of_rule) {
        slot.what = what;
        if (slot.name.empty()) slot.name = fmt::format("slot {}", program.slots.size());
        program.slots.push_back(slot);
        starts.push_back(numbers);
        return SlotId(program.slots.size() - 1);
    }
    SlotId slot(const Slot& one, What what = What::of_rule) {
        const auto seed = static_cast<unsigned>(program.slots.size() + 1);
        return slot(one, normal_matrix(one.rows, one.columns, seed), what);
    }
    SlotId strength(const Slot& one) { return slot(one, What::strength); }
    void add(Operation op) {
        op.phase = PhaseId(0);
        program.operations.push_back(std::move(op));
    }
    void judge(SlotId judged) {
        loss.judged = judged;
        loss.target = slot(lone::vector(program[judged].rows));
        loss.phases = {PhaseId(0)};
        loss.steps = {PeriodicSteps()};
    }

    // The largest error of any entry of a set, over the largest entry of the set's gradient.
    std::map<std::string, double> errors(std::int64_t steps = 1, AdjointOptions options = {}) {
        const AdjointProgram made = make_adjoint(program, Circuit(), loss, options);
        AdjointRun run(made, best_kernels(), static_cast<std::size_t>(steps), StrengthsOf::now);
        perform(run, steps);
        run.whole();
        std::map<std::string, double> found;
        std::vector<std::vector<double>> gradients;
        for (std::size_t k = 0; k < made.sets.size(); ++k)
            gradients.push_back(run.read_gradient(k));
        for (std::size_t k = 0; k < made.sets.size(); ++k) {
            const SlotId set = made.sets[k].strength;
            double largest = 0.0, apart = 0.0;
            for (std::size_t e = 0; e < gradients[k].size(); ++e) {
                largest = std::max(largest, std::abs(gradients[k][e]));
                apart = std::max(apart, std::abs(gradients[k][e] - difference(run, set, e, steps)));
            }
            found[program[set].name] = largest > 0.0 ? apart / largest : apart;
            largest_entry[program[set].name] = largest;
        }
        return found;
    }

    Program program;
    LossOfProgram loss;
    std::vector<Matrix> starts;
    std::map<std::string, double> largest_entry;

private:
    double perform(AdjointRun& run, std::int64_t steps) {
        for (std::size_t k = 0; k < starts.size(); ++k) {
            if (run.program().forward.slots[k].what != What::intermediate)
                run.state().write(SlotId(k), starts[k].data());
        }
        double sum = 0.0;
        for (std::int64_t step = 1; step <= steps; ++step) sum += run.step(step);
        return sum;
    }

    double difference(AdjointRun& run, SlotId set, std::size_t entry, std::int64_t steps) {
        constexpr double h = 1e-3;
        double& number = starts[set.value].data()[entry];
        const double at = number;
        const auto loss_at = [&](double x) {
            number = x;
            return perform(run, steps);
        };
        const double near = loss_at(at + h) - loss_at(at - h),
                     far = loss_at(at + 2 * h) - loss_at(at - 2 * h);
        number = at;
        return (8 * near - far) / (12 * h);
    }
};

}  // namespace apical
