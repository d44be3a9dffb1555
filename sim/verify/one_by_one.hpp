#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/gate_delays.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace apical {

// A program on a state of its own, one operation after the other as they are listed, so that what
// an operation will read can be looked at before it. Neither task nor noise write here: what they
// gave another state in the same step is copied.
class OneByOne {
public:
    // The program must outlive this.
    OneByOne(const Program& program, const Kernels& kernels);
    // The model's program, whose late gates move as in a run: each phase draws its own delays.
    explicit OneByOne(const Model& model);
    OneByOne(const OneByOne&) = delete;  // the steps point into the state
    OneByOne& operator=(const OneByOne&) = delete;

    // The numbers of all slots of the program, or of one, from a state of a program that begins
    // with the same slots.
    void copy(const State& from);
    void copy(const State& from, SlotId slot);
    // What task and noise gave, and the trial's clock and draws.
    void copy_given(const State& from);

    // The operations of all phases of this step, counted from 1; of those that take place `before`
    // is called with the index, in each iteration.
    template <class Before>
    void perform(std::int64_t step, Before before) {
        for (std::size_t first = 0; first < steps_.size();) {
            const std::size_t end = end_of_iterated(first);
            for (int k = 0; k < program_.operations[first].iterations; ++k) {
                for (std::size_t i = first; i < end; ++i) perform_one(i, step, before);
            }
            first = end;
        }
    }

    const State& state() const { return state_; }

private:
    template <class Before>
    void perform_one(std::size_t i, std::int64_t step, Before& before) {
        const Operation& op = program_.operations[i];
        if (!op.phase || (op.every > 1 && !steps_of(op).contain(step)) || !is_open(op)) return;
        before(i);
        draw(i, step);
        for (const Step& one : steps_[i]) one.run(one);
    }
    // Whether all windows in which it takes place are.
    bool is_open(const Operation& op) const {
        return std::all_of(op.windows.begin(), op.windows.end(),
                           [&](SlotId window) { return *state_.data(window) > 0.0; });
    }
    // When a late gate moves in the phase of this operation.
    void draw(std::size_t i, std::int64_t step);
    // Behind the operations that are iterated together, or behind one.
    std::size_t end_of_iterated(std::size_t first) const;

    const Program& program_;
    State state_;
    FormulaStore formulas_;
    std::vector<std::vector<Step>> steps_;  // by operation
    std::optional<GateDelays> delays_;
};

}  // namespace apical
