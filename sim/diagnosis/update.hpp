#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/diagnosis/measured_model.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// Whether an operation adds to what it writes.
bool is_addition(const Operation& op);

// The change that a rule makes of its strengths in a step, before bounds of the set take back a
// part of it, exact to the last digit, which W(after) - W(before) is not: the plan's own steps are
// carried out once more, on matrices that are zero. Strengths change last in a phase, so right
// after it their inputs are still there.
class Update {
public:
    // The constructor alone reads the plan, whose steps it copies; what else is referred to must
    // outlive this.
    Update(const MeasuredModel& model, const Plan& plan, State& state, const AlignedRule& rule);
    Update(const Update&) = delete;  // the copied steps point into the panels
    Update(Update&&) = default;

    void begin_step();
    void after_phase(std::size_t phase, std::int64_t step);

    // The estimate of the gradient, what was added over - rate, into `to`, n x m as W. `first` has
    // the first column of each set of the rule; other columns are left as they are.
    void put_estimate(algebra::Matrix& to, const std::vector<algebra::Index>& first) const;
    // That of one set of the rule, into the columns from `first` on.
    void put_estimate(std::size_t set, algebra::Matrix& to, algebra::Index first = 0) const;

private:
    struct alignas(64) Eight {
        double numbers[lanes] = {};
    };
    // The sum that is added to one set, laid out as the state keeps its strengths.
    struct Added {
        SlotId strength, changed;
        std::vector<Eight> panels;

        double* numbers() { return reinterpret_cast<double*>(panels.data()); }
        const double* numbers() const { return reinterpret_cast<const double*>(panels.data()); }
    };
    void copy_steps(const Program& program, const Plan& plan, std::size_t set);
    Step into(const Step& step, double* out);

    const Program& program_;
    double rate_;
    std::vector<Added> added_;
    std::vector<std::vector<Step>> steps_;  // by phase
    std::deque<Step> inner_;                // of steps that wait for a window or an event
};

}  // namespace apical
