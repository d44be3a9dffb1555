#include "sim/engine/plan/fuse.hpp"

#include "sim/engine/plan/fused_groups.hpp"
#include "sim/engine/plan/rank_one_formula.hpp"
#include "sim/engine/plan/shared_tanhs.hpp"

namespace apical {

// Makes the plan of what was chosen to be performed together (fused_groups.hpp).
//
// The learned Jacobian J of models/dni_b.toml, as `apical check` lists its operations (the numbers
// are places):
//
//     5  forward  transmit  hidden.forecast.v = J previous(hidden.r)
//    23  update   transmit  hidden.bootstrap.v = transpose(J) hidden.apical.r
//    35  update   hebb      J += 0.001 jacobian.error x previous(hidden.r)
//
// Performed as written, J goes through the processor three times a step. Fused, it goes once: the
// product at 5 waits until 23, and the change is deferred to 23 of the next step.
//
//    35  defer: copies previous(hidden.r), which the program overwrites at 38, and sets `due`, both
//        in the state beside its slots (State::step_memory);
//        jacobian.error stays in its slot, which is written again only after 23
//        ... the step ends, the next one begins ...
//    23  pass: for each entry of J, the change if it is due, then both products
//
// Code that needs J in between (recorder, diagnosis, checkpoint, error message) flushes first
// (Plan::flush): each deferred change has a step of its own, a pass without products, that makes
// it if it is due. The pass that comes later then finds nothing due and only multiplies. Who needs
// hidden.forecast.v at the end of phase forward has it made there, and 23 makes it again.
//
// Invariants, c the place of the last operation of a change, g that of its group:
//
//   1. Between c and g, through the step's end when g < c, no other operation touches the changed
//      matrices (Grouping::defer). So the change may be made anywhere from c to g.
//   2. When it is made, its factors have the values of its own place. They are read in their slots
//      if nothing writes these between that place and g and no product of the group writes them;
//      else a snapshot is taken at c (`slot_or_snapshot`), once if two passes need it.
//   3. At g the change comes first, then the products. Each product is performed in one place, g,
//      and nothing between its own place and g touches its sum or writes its inputs.
//   4. What an observer would miss at the end of a phase is listed when the group is made: the
//      slots of changes, and the sums of products that moved to a later phase (defer_until).
//   5. Every operation of the program but `inject` and `noise` is performed by one step of the plan
//      or by all that it takes when alone (Plan::operations; a test counts them).
//
// In the place of an operation stands what has taken it (a pass, a `defer`, a shared tanh, a
// copied sum of squares), or nothing where a pass elsewhere has absorbed the operation, or the
// operation itself. So the order of places is the order of steps, and no other precedence is
// needed.
class Fusion {
public:
    Fusion(const Program& program, State& state, const Kernels& kernels)
        : program_(program),
          state_(state),
          kernels_(kernels),
          order_(program),
          plan_(program, state) {}

    Plan plan() {
        for (const FusedGroup& group : fused_groups(order_, kernels_)) add_pass(group);
        for (const auto& [fire, slope] : shared_tanhs(order_)) share(fire, slope);
        emit();
        plan_.find_alike();
        return std::move(plan_);
    }

private:
    double* numbers(SlotId slot) const { return state_.data(slot); }
    StepMemory& memory() { return state_.step_memory(); }

    // The place of a change's input when the change is made: its slot, or a snapshot (invariant 2).
    // `at` is the operation that reads it. A copy that another pass has made of the slot serves as
    // well if it is made earlier in the same step, with the same value, and is not made anew before
    // the group is performed.
    double* slot_or_snapshot(SlotId slot, std::size_t at, const FusedGroup& group,
                             std::vector<Snapshot>& snapshots) {
        const std::size_t later = group.at(), last = group.change->last();
        bool overwritten = order_.written_between(at, later, slot);
        for (const FusedProduct& product : group.products)
            overwritten |= order_.out(product.operations[0]) == slot;
        if (!overwritten) return numbers(slot);
        for (const SlotSnapshot& one : snapshots_) {
            // What is written behind a change in iterations would miss in a copy from before them.
            if (order_.loop(last) && order_.loop(last) != order_.loop(one.at)) continue;
            const bool same =  // not the last step's, which the first one has not
                one.slot == slot && one.at <= last && !order_.written_between(one.at, last, slot);
            const bool stays =
                !order_.any_between(last, later, [&](std::size_t i) { return i == one.at; });
            if (same && stays) return one.numbers;
        }
        const std::size_t count = state_.numbers(slot).size();
        double* const copy = memory().numbers(count);
        snapshots.push_back({copy, numbers(slot), count});
        snapshots_.push_back({slot, last, copy});
        return copy;
    }

    // The vector for a matrix of the pass that a product lacks: S x 0 adds zero to its sum, if S is
    // finite.
    const double* zeros(std::size_t count) {
        return plan_.store_.zeros.emplace_back(padded(count) / lanes).front().of;
    }

    // One step in the place of the group. Matrices are those of the first product.
    void add_pass(const FusedGroup& group) {
        PassStore& store = plan_.store_;
        Pass& pass = store.passes.emplace_back();
        std::vector<PassMatrix>& of_pass = store.matrices.emplace_back();
        std::vector<std::uint32_t>& performed = store.operations[&pass];
        std::size_t sums = 0;
        for (const std::size_t i : group.products[0].operations) {
            PassMatrix one;
            one.matrix = state_.data(order_.matrix(i));
            const Slot& slot = program_[order_.matrix(i)];
            one.columns = static_cast<std::size_t>(slot.columns);
            if (slot.places) {
                one.start = slot.places->start.data();
                one.column = slot.places->column.data();
                one.synapses_end = slot.places->count();
            }
            of_pass.push_back(one);
        }
        for (const FusedProduct& product : group.products) {
            product.reverse ? multiply_back(product, pass)
                            : multiply_forward(product, sums++, pass, of_pass);
            for (const std::size_t i : product.operations) {
                absorbed_[i] = true;
                performed.push_back(static_cast<std::uint32_t>(i));
            }
            defer_until(product);
        }
        Step step;
        step.rows =
            static_cast<std::size_t>(program_[order_.matrix(group.products[0].operations[0])].rows);
        step.pass = &pass;
        step.in_blocks = InBlocks::pass;
        if (group.change) {
            step.due = memory().flag();
            add_change(*group.change, group, step, pass, of_pass);
        }
        pass.matrices = of_pass.data();
        pass.matrix_count = of_pass.size();
        step.run = kernel_of(passes_of(kernels_, order_, group), group, group.change);
        step.operation = performed.front();
        steps_[group.at()].push_back(step);
    }

    bool adds_to_sum(const FusedProduct& product) const {
        return order_.op(product.operations[0]).operands[0].access == Access::increment;
    }
    void multiply_back(const FusedProduct& product, Pass& pass) {
        const std::size_t first = product.operations[0];
        pass.back = state_.data(order_.out(first));
        pass.back_rows = numbers(order_.vector(first));
        pass.back_adds = adds_to_sum(product);
    }
    // A matrix of the pass that the product has not is multiplied by zeros.
    void multiply_forward(const FusedProduct& product, std::size_t sum, Pass& pass,
                          std::vector<PassMatrix>& of_pass) {
        const Indices& all = product.operations;
        pass.sum[sum] = state_.data(order_.out(all[0]));
        pass.adds[sum] = adds_to_sum(product);
        for (std::size_t k = 0; k < all.size(); ++k)
            of_pass[k].forward[sum] = numbers(order_.vector(all[k]));
        for (std::size_t k = all.size(); k < of_pass.size(); ++k)
            of_pass[k].forward[sum] = zeros(of_pass[k].columns);
    }

    // A product that is performed in a later phase than its own: for the ends of the phases
    // between, steps that make its sum as the program does. They set and do not add, so that the
    // pass makes the same sum again.
    void defer_until(const FusedProduct& product) {
        const std::size_t first = product.operations[0];
        for (std::size_t p = order_.op(first).phase.value; p < order_.op(product.at).phase.value;
             ++p) {
            for (const std::size_t i : product.operations) {
                for (const Step& step : translated(program_, state_, kernels_, plan_.formulas_, i))
                    plan_.deferred_products_[p].push_back(step);
            }
            plan_.stale_slots_.push_back(order_.out(first));
        }
    }

    // Three things: the change's factors, or its programs, in the pass `made`; a step `defer` in
    // its own place, which defers it; and a step for flushes, which makes it alone.
    void add_change(const DeferrableChange& change, const FusedGroup& group, const Step& made,
                    Pass& pass, std::vector<PassMatrix>& of_pass) {
        std::vector<Snapshot>& snapshots = plan_.store_.snapshots.emplace_back();
        std::vector<std::uint32_t>& performed = plan_.store_.operations[&pass];
        change.programs.empty() ? add_factors(change, group, pass, of_pass, snapshots)
                                : add_programs(change, group, of_pass, snapshots);
        for (std::size_t k = 0; k < change.bounds.size(); ++k) of_pass[k].bounds = change.bounds[k];
        pass.is_bounded = !change.bounds.empty();
        pass.snapshots = snapshots.data();
        pass.snapshots_end = snapshots.data() + snapshots.size();
        for (const Indices* all : {&change.traces, &change.changes, &change.projections}) {
            for (const std::size_t i : *all) {
                absorbed_[i] = true;
                performed.push_back(static_cast<std::uint32_t>(i));
                plan_.stale_slots_.push_back(order_.out(i));
            }
        }
        Step deferral = made, alone = made;
        deferral.run = kernels_.defer;
        deferral.in_blocks = InBlocks::never;
        deferral.operation = Step::no_operation;
        steps_[change.last()].push_back(deferral);
        alone.run = kernel_of(passes_of(kernels_, order_, group), {}, change);
        alone.in_blocks = InBlocks::change_of_pass;
        alone.operation = static_cast<std::uint32_t>(change.traces.empty() ? change.changes.front()
                                                                           : change.traces.front());
        plan_.deferred_changes_.push_back(alone);
    }

    // A program for each matrix.
    void add_programs(const DeferrableChange& change, const FusedGroup& group,
                      std::vector<PassMatrix>& of_pass, std::vector<Snapshot>& snapshots) {
        const Indices& products = group.products[0].operations;
        for (std::size_t k = 0; k < of_pass.size(); ++k) {
            std::vector<TiledOperation> operations;
            for (const std::size_t i : change.programs[k]) {
                TiledOperation& one = operations.emplace_back();
                one.operation = written_as_formula(order_.op(i), program_);
                one.clears = order_.op(i).kind == Kind::synaptic;
                for (const auto& [slot, access] : order_.op(i).operands)
                    one.operands.push_back(order_.is_matrix(slot)
                                               ? numbers(slot)
                                               : slot_or_snapshot(slot, i, group, snapshots));
            }
            if (!operations.empty())
                of_pass[k].tiles = &plan_.formulas_.tiles().compiled(operations, state_, kernels_,
                                                                     order_.matrix(products[k]));
        }
    }

    // The factors of a Hebbian change, or of tags and of what they are consolidated by.
    void add_factors(const DeferrableChange& change, const FusedGroup& group, Pass& pass,
                     std::vector<PassMatrix>& of_pass, std::vector<Snapshot>& snapshots) {
        const Indices& rank_one = change.traces.empty() ? change.changes : change.traces;
        const std::size_t first = rank_one.front();
        pass.gain = order_.op(first).gain;
        pass.retain = order_.op(first).retain;
        pass.post = slot_or_snapshot(order_.operand(first, 1), first, group, snapshots);
        for (std::size_t k = 0; k < of_pass.size(); ++k) {
            of_pass[k].pre =
                slot_or_snapshot(order_.operand(rank_one[k], 2), rank_one[k], group, snapshots);
            if (!change.traces.empty()) of_pass[k].tag = state_.data(order_.out(rank_one[k]));
        }
        if (order_.op(first).operands.size() > 3) {
            const SlotId slot = order_.operand(first, 3);
            const bool number = program_[slot].shape == Shape::scalar;
            (number ? pass.retain_number : pass.retain_cells) =
                slot_or_snapshot(slot, first, group, snapshots);
        }
        if (order_.op(first).operands.size() > 4)
            pass.gain_number = slot_or_snapshot(order_.operand(first, 4), first, group, snapshots);
        if (change.traces.empty()) return;
        const std::size_t consolidation = change.changes.front();
        const SlotId slot = order_.operand(consolidation, 1);
        const bool number = program_[slot].shape == Shape::scalar;
        (number ? pass.credit_number : pass.credit_cells) =
            slot_or_snapshot(slot, consolidation, group, snapshots);
        pass.rate = order_.op(consolidation).gain;
        for (std::size_t k = 0; k < of_pass.size(); ++k)
            of_pass[k].square = take_squares(change.traces[k], group);
    }

    // If an operation between the pass and the next change of the tag asks for the sum of its
    // squares (`inner` of the tag with itself), the pass sums them on its way, and the operation
    // becomes a copy of one number. Returns the room for the sum, or null.
    double* take_squares(std::size_t trace, const FusedGroup& group) {
        const SlotId tag = order_.out(trace);
        // A pass of iterations sums only in the one that makes the change.
        if (order_.loop(group.at()) || order_.loop(trace)) return nullptr;
        for (std::size_t i = group.at() + 1; i < trace; ++i) {
            const Operation& op = order_.op(i);
            const bool sums = op.kind == Kind::modulate && op.function == Function::inner &&
                              op.every == 1 && op.iterations == 1 && op.phase &&
                              op.windows.empty() && order_.operand(i, 1) == tag &&
                              order_.operand(i, 2) == tag;
            if (!sums || order_.written_between(group.at(), i, tag)) continue;
            double* const square = memory().numbers(square_room);
            Step step = translated(program_, state_, kernels_, plan_.formulas_, i).front();
            step.run =
                op.operands[0].access == Access::set ? kernels_.scale_set : kernels_.scale_add;
            step.in_blocks = InBlocks::never;
            step.a = square;
            step.rows = step.columns = 1;
            step.gain = 1.0;
            absorbed_[i] = true;
            steps_[i] = {step};
            return square;
        }
        return nullptr;
    }

    // The slope takes tanh(v) from the firing.
    void share(std::size_t fire, std::size_t slope) {
        const std::size_t count = state_.numbers(order_.out(slope)).size();
        double* const kept = memory().numbers(count);
        Step fires = translated(program_, state_, kernels_, plan_.formulas_, fire).front(),
             slopes = translated(program_, state_, kernels_, plan_.formulas_, slope).front();
        fires.run = order_.op(fire).gated[0] ? kernels_.fire_gated_tanh : kernels_.fire_tanh;
        fires.scratch = kept;
        slopes.run = kernels_.slope_of_tanh;
        slopes.a = kept;
        for (const auto& [i, step] : {std::pair(fire, fires), std::pair(slope, slopes)}) {
            absorbed_[i] = true;
            steps_[i] = {step};
        }
    }

    void emit() {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            for (const Step& step : steps_[i]) plan_.add(program_, i, step);
            if (absorbed_[i]) continue;
            for (const Step& step : translated(program_, state_, kernels_, plan_.formulas_, i))
                plan_.add(program_, i, step);
        }
    }

    struct SlotSnapshot {
        SlotId slot;
        std::size_t at;
        double* numbers;
    };
    const Program& program_;
    State& state_;
    const Kernels& kernels_;
    OperationOrder order_;
    Plan plan_;
    std::vector<SlotSnapshot> snapshots_;
    std::vector<bool> absorbed_ = std::vector<bool>(program_.operations.size());
    std::vector<std::vector<Step>> steps_ =
        std::vector<std::vector<Step>>(program_.operations.size());
};

Plan fuse(const Program& program, State& state, const Kernels& kernels) {
    return Fusion(program, state, kernels).plan();
}

}  // namespace apical
