#include "sim/engine/plan/plan.hpp"

#include <cassert>

#include "sim/engine/plan/matrix_operands.hpp"

namespace apical {

void Plan::add(const Program& program, std::size_t operation, const Step& step) {
    const Operation& op = program.operations[operation];
    const bool begins = is_gate_of_timetable(op) || op.kind == Kind::reset ||
                        holds_gate_of_timetable(program, op) || lesions_before(program, op);
    std::vector<Step>& slice = !op.phase ? step_end_
                               : begins  ? gates_[op.phase.value]
                                         : phases_[op.phase.value];
    slice.push_back(step);
    if (op.kind == Kind::reset) ++set_back_[op.phase.value];
    if (op.iterations == 1 || begins) return;
    assert(op.phase);
    Iterated& iterated = iterated_[op.phase.value];
    assert(iterated.times == 1 || iterated.times == op.iterations);
    assert(iterated.steps + 1 == slice.size());  // nothing that is run once stands before it
    iterated = {slice.size(), op.iterations};
}

namespace {

// No step before `boundary` is alike to one behind it.
void find_alike_in(std::vector<Step>& steps, std::size_t boundary) {
    for (std::size_t i = steps.size(); i-- > 0;) {
        Step& step = steps[i];
        const bool is_last = i + 1 == steps.size() || i + 1 == boundary;
        const bool goes_on = !is_last && steps[i + 1].every == step.every &&
                             steps[i + 1].first == step.first && steps[i + 1].count == step.count;
        step.alike = goes_on ? steps[i + 1].alike + 1 : 1;
    }
}

}  // namespace

// Steps that run in the same steps of a run are decided upon together.
void Plan::find_alike() {
    for (std::size_t p = 0; p < gates_.size(); ++p) find_alike_in(gates_[p], set_back_[p]);
    for (std::size_t p = 0; p < phases_.size(); ++p) find_alike_in(phases_[p], iterated_[p].steps);
    find_alike_in(step_end_, step_end_.size());
}

void Plan::run_iterations(std::size_t phase, std::int64_t step, bool observed) const {
    const std::span<const Step> all = phases_[phase];
    const auto [steps, times] = iterated_[phase];
    for (int k = 0; k < times; ++k) run(all.first(steps), step, observed);
    run(all.subspan(steps), step, observed);
}

Plan::Plan(const Program& program, State& state)
    : gates_(program.phase_names.size()),
      phases_(program.phase_names.size()),
      iterated_(program.phase_names.size()),
      set_back_(program.phase_names.size()),
      deferred_products_(program.phase_names.size()),
      memory_(&state.step_memory()) {}

Plan Plan::compile(const Program& program, State& state, const Kernels& kernels) {
    Plan plan(program, state);
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        for (const Step& step : translated(program, state, kernels, plan.formulas_, i))
            plan.add(program, i, step);
    }
    plan.find_alike();
    return plan;
}

// Flushes are split like the passes and products that they stand for: sums over rows are then added
// block by block in both, and have the same bits.
void Plan::split(const Kernels& kernels, Workers* workers) {
    const auto split = [&](std::vector<Step>& steps) {
        for (Step& step : steps) step = row_blocks_.in_blocks(step, kernels, workers, *memory_);
    };
    for (auto* by_phase : {&gates_, &phases_, &deferred_products_}) {
        for (std::vector<Step>& steps : *by_phase) split(steps);
    }
    split(step_end_);
    split(deferred_changes_);
}

std::optional<std::vector<const double**>> Plan::operands_of(std::span<const double> matrix) {
    std::vector<const double**> all;
    for (std::vector<Step>& steps : phases_) {
        const auto some = matrix_operands(steps, matrix);
        if (!some) return {};
        all.insert(all.end(), some->begin(), some->end());
    }
    return all;
}

std::vector<std::uint32_t> Plan::operations(const Step& step) const {
    if (step.operation == Step::no_operation) return {};
    const auto found = store_.operations.find(step.pass);
    return found == store_.operations.end() ? std::vector{step.operation} : found->second;
}

}  // namespace apical
