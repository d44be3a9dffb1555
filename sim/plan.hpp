#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "circuits/program.hpp"
#include "sim/kernels.hpp"
#include "sim/state.hpp"

namespace apical {

// What really executes: the operations of a program as flat lists of kernel calls on one state.
// Const once compiled.
class Plan {
public:
    // The state must be the program's and outlive the plan. Steps that a program's operation needs
    // several of (firing from several compartments) name it each; `inject` and `noise` have none,
    // since the scheduler lets the task and the noise write their values (sim/scheduler.hpp).
    static Plan compile(const Program& program, State& state,
                        const Kernels& kernels = best_kernels());

    // The gates of a phase move at its beginning; all else happens at its end. `step` counts
    // from 1.
    void run_gates(std::size_t phase) const { run(gates_[phase], 0); }
    void run_phase(std::size_t phase, std::int64_t step) const { run(phases_[phase], step); }
    // What changes between two steps, and what is remembered for the next one. Before the first
    // step, 0, nothing is due that takes place every few steps.
    void run_step_end(std::int64_t step) const { run(step_end_, step); }

    std::span<const Step> gates(std::size_t phase) const { return gates_[phase]; }
    std::span<const Step> steps(std::size_t phase) const { return phases_[phase]; }
    std::span<const Step> step_end() const { return step_end_; }

private:
    static void run(const std::vector<Step>& steps, std::int64_t step) {
        for (const Step& s : steps) {
            if (s.every == 1 || (step > 0 && step % s.every == 0)) s.run(s);
        }
    }
    std::vector<std::vector<Step>> gates_, phases_;
    std::vector<Step> step_end_;
};

}  // namespace apical
