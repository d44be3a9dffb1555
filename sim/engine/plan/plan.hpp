#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/formula_steps.hpp"
#include "sim/engine/plan/row_blocks.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// A fused plan's passes: what they go through, what they copy, and the operations that each
// performs. Addresses stay, since steps point here.
struct PassStore {
    std::deque<Pass> passes;
    std::deque<std::vector<PassMatrix>> matrices;
    std::deque<std::vector<Snapshot>> snapshots;
    std::deque<std::vector<Numbers>> zeros;                        // vectors that stay zero
    std::map<const Pass*, std::vector<std::uint32_t>> operations;  // that a pass performs
};

// The executable form of a program: flat lists of kernel calls on one state, one for the gates of
// each phase, one for the other operations of each phase, one for the step's end. It is made by
// passes (passes.hpp), each of which takes the program or the plan before it:
//
//     eliminate_jacobians  program -> program  (eliminate_jacobians.hpp)  same up to rounding
//     fuse                 program -> plan     (fuse.hpp)                 same bits
//     split                plan -> plan        (row_blocks.hpp)           same bits on any threads
//
// Any of them may be left out; without `fuse` the program is compiled, operation by operation.
//
// Invariants, against the state that the same program makes operation by operation:
//   - At the end of a phase or a step, and after `flush`, every slot has the same bits, but for
//     intermediate ones, which nobody reads. Without fusing it has them without `flush`.
//   - Before `flush` the slots of `stale_slots` may be stale: by a change whose pass is `due`, or
//     by a product that is made in a later phase. No step of the plan reads a stale number.
//   - Flushing early changes nothing that is made later: a change has one expression, whenever it
//     is made, and a product that was made for an observer is made again in its place.
// A step is a kernel and pointers into the state; nothing is looked up or allocated while it runs.
//
// A plan is const once it is made. A run of it changes the state alone: slots, and beside them what
// is deferred (State::step_memory). So
//   - a copy of the state (State::snapshot) has all that a run goes on from, at any step of the
//     plan, and needs no flush before;
//   - one plan performs any number of runs in turn, each of which restores its own copy first;
//   - it performs them in one state, since its steps have addresses in place of slots, so that
//     nothing is looked up. Runs at the same time need a state each, and so a plan each.
class Plan {
public:
    Plan(Plan&&) = default;
    Plan& operator=(Plan&&) = default;

    // The state must be the program's and outlive the plan. Where an operation takes several steps
    // (firing from several compartments) each of them names it. `inject` and `noise` have no step:
    // the scheduler lets the task and the noise write their values
    // (sim/simulation/scheduler.hpp).
    static Plan compile(const Program& program, State& state,
                        const Kernels& kernels = best_kernels());

    // Runs steps of matrices with many rows in blocks of rows (RowBlockStore::in_blocks). The
    // workers, which may be null, must outlive the plan.
    void split(const Kernels& kernels, Workers* workers);

    // The gates of a phase move at its beginning, and cells are set back; all other operations run
    // at its end. `step` counts from 1. Operations for observers (`every` is 0) run only when the
    // step is `observed`.
    void run_gates(std::size_t phase, std::int64_t step = 1) const {
        run(gates_[phase], step, false);
    }
    // What the phase iterates is run so many times, then once the steps behind it.
    void run_phase(std::size_t phase, std::int64_t step, bool observed = true) const {
        if (iterated_[phase].times > 1) return run_iterations(phase, step, observed);
        run(phases_[phase], step, observed);
    }
    // A phase that is carried out in turn with others has these: its gates before a later
    // iteration, what it iterates, once, and what it does when the last iteration is over.
    void run_gates_again(std::size_t phase, std::int64_t step) const {
        run(gates_again(phase), step, false);
    }
    void run_iteration(std::size_t phase, std::int64_t step, bool observed) const {
        run(steps(phase).first(iterated_[phase].steps), step, observed);
    }
    void run_behind(std::size_t phase, std::int64_t step, bool observed) const {
        run(steps(phase).subspan(iterated_[phase].steps), step, observed);
    }
    // The operations between two steps: changes, and values that are remembered for the next one.
    // At step 0, before the first, operations that run every few steps do not run.
    void run_step_end(std::int64_t step) const { run(step_end_, step, false); }

    // Flushes: makes every number what it is in the program at the end of this phase or, without a
    // phase, at the step's end. To be called before anyone reads one of `stale_slots`. Changes
    // come first, since the deferred products of a phase are with the changed matrices.
    void flush(std::size_t phase) const {
        flush();
        run(deferred_products_[phase], 0, false);
    }
    void flush() const { run(deferred_changes_, 0, false); }
    // The slots that may be stale until then; a slot may be listed several times.
    std::span<const SlotId> stale_slots() const { return stale_slots_; }

    // Where the steps of all phases read a matrix (matrix_operands.hpp); none when that may not be
    // moved. A plan that was not fused or split stays what it is but for what is put there.
    std::optional<std::vector<const double**>> operands_of(std::span<const double> matrix);

    // The operations of the program that a step performs, by index; none for a step that only
    // defers a change.
    std::vector<std::uint32_t> operations(const Step& step) const;

    std::span<const Step> gates(std::size_t phase) const { return gates_[phase]; }
    // Gates that move in each iteration of a group; what sets cells back stands before them.
    std::span<const Step> gates_again(std::size_t phase) const {
        return gates(phase).subspan(set_back_[phase]);
    }
    std::span<const Step> steps(std::size_t phase) const { return phases_[phase]; }
    // The first of the steps of a phase, which are run in each of its iterations.
    struct Iterated {
        std::size_t steps = 0;
        int times = 1;
    };
    const Iterated& iterated(std::size_t phase) const { return iterated_[phase]; }
    std::span<const Step> step_end() const { return step_end_; }

private:
    friend class Fusion;
    Plan(const Program& program, State& state);
    void add(const Program& program, std::size_t operation, const Step& step);
    void find_alike();

    void run_iterations(std::size_t phase, std::int64_t step, bool observed) const;
    static void run(std::span<const Step> steps, std::int64_t step, bool observed) {
        const Step* const end = steps.data() + steps.size();
        for (const Step* s = steps.data(); s != end;) {
            const Step* const other = s + s->alike;
            const bool runs = s->every == 1 || (s->every == 0 ? observed : takes_place(*s, step));
            if (!runs) s = other;
            for (; s != other; ++s) s->run(*s);
        }
    }
    // Before the first step, at step 0, nothing takes place: -1 is in no stretch.
    static bool takes_place(const Step& s, std::int64_t step) {
        const std::int64_t behind_first = (step - 1) % s.every - s.first;
        return static_cast<std::uint64_t>(behind_first) < s.count;
    }
    std::vector<std::vector<Step>> gates_, phases_;
    std::vector<Iterated> iterated_;     // by phase
    std::vector<std::size_t> set_back_;  // by phase: the steps of gates_ that set cells back
    std::vector<Step> step_end_;
    std::vector<Step> deferred_changes_;
    std::vector<std::vector<Step>> deferred_products_;  // by phase
    std::vector<SlotId> stale_slots_;
    PassStore store_;
    FormulaStore formulas_;
    RowBlockStore row_blocks_;
    StepMemory* memory_;  // the state's
};

// The kernel of this activation; null of softmax, which no cell has by itself, and of one that is
// written, which is a formula.
KernelFunction kernel_of(const Kernels::ByActivation& kernels, Activation activation);

// The steps that perform one operation; none for `inject` and `noise`. A formula is kept in the
// store.
std::vector<Step> translated(const Program& program, State& state, const Kernels& kernels,
                             FormulaStore& formulas, std::size_t operation);

}  // namespace apical
