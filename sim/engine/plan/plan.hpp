#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/row_blocks.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// What the passes of a fused plan need beside the state; addresses stay.
struct PassStore {
    std::deque<Pass> passes;
    std::deque<std::vector<PassMatrix>> matrices;
    std::deque<std::vector<Kept>> kept;
    std::deque<std::vector<Numbers>> numbers;
    std::map<const Pass*, std::vector<std::uint32_t>> operations;  // that a pass performs
};

// What really executes: the operations of a program as flat lists of kernel calls on one state.
// Its lists do not change once it is compiled; what a fused plan has put off is part of a run.
class Plan {
public:
    Plan(Plan&&) = default;
    Plan& operator=(Plan&&) = default;

    // The state must be the program's and outlive the plan. Steps that a program's operation needs
    // several of (firing from several compartments) name it each; `inject` and `noise` have none,
    // since the scheduler lets the task and the noise write their values
    // (sim/simulation/scheduler.hpp).
    static Plan compile(const Program& program, State& state,
                        const Kernels& kernels = best_kernels());

    // Runs steps of matrices with many rows in blocks of rows (RowBlockStore::in_blocks). The
    // workers, which may be null, must outlive the plan.
    void split(const Kernels& kernels, Workers* workers);

    // The gates of a phase move at its beginning; all else happens at its end. `step` counts
    // from 1. What only an observer looks at is made when the step is `observed`.
    void run_gates(std::size_t phase) const { run(gates_[phase], 0, false); }
    void run_phase(std::size_t phase, std::int64_t step, bool observed = true) const {
        run(phases_[phase], step, observed);
    }
    // What changes between two steps, and what is remembered for the next one. Before the first
    // step, 0, nothing is due that takes place every few steps.
    void run_step_end(std::int64_t step) const { run(step_end_, step, false); }

    // Makes every number what it is in the program at the end of this phase, or, without one, at
    // the step's end: what a fused plan has put off is done. To be called before anyone reads what
    // is put off; it changes nothing that the plan makes later.
    void settle(std::size_t phase) const {
        settle();
        run(put_off_products_[phase], 0, false);
    }
    void settle() const { run(put_off_changes_, 0, false); }
    // Slots whose numbers may be behind until then; some more than once.
    std::span<const SlotId> slots_behind() const { return put_off_slots_; }
    // Drops what is put off: the state begins anew.
    void forget() const {
        for (const Step& step : put_off_changes_) step.pass->due = false;
    }

    // Which operations of the program a step performs: none when it only copies what a later step
    // needs.
    std::vector<std::uint32_t> operations(const Step& step) const;

    std::span<const Step> gates(std::size_t phase) const { return gates_[phase]; }
    std::span<const Step> steps(std::size_t phase) const { return phases_[phase]; }
    std::span<const Step> step_end() const { return step_end_; }

private:
    friend class Fusion;
    explicit Plan(const Program& program);
    void add(const Program& program, std::size_t operation, const Step& step);

    static void run(const std::vector<Step>& steps, std::int64_t step, bool observed) {
        for (const Step& s : steps) {
            if (s.every == 1 || (s.every == 0 ? observed : step > 0 && step % s.every == 0))
                s.run(s);
        }
    }
    std::vector<std::vector<Step>> gates_, phases_;
    std::vector<Step> step_end_;
    std::vector<Step> put_off_changes_;
    std::vector<std::vector<Step>> put_off_products_;  // by phase
    std::vector<SlotId> put_off_slots_;
    PassStore store_;
    RowBlockStore row_blocks_;
};

// The kernel of this activation; null of softmax, which no cell has by itself.
Kernels::Run kernel_of(const Kernels::ByActivation& kernels, Activation activation);

// The steps that perform one operation; none for `inject` and `noise`.
std::vector<Step> translated(const Program& program, State& state, const Kernels& kernels,
                             std::size_t operation);

}  // namespace apical
