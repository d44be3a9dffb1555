#include "sim/verify/one_by_one.hpp"

namespace apical {

OneByOne::OneByOne(const Program& program, const Kernels& kernels)
    : program_(program), state_(program) {
    for (std::size_t i = 0; i < program.operations.size(); ++i)
        steps_.push_back(translated(program, state_, kernels, formulas_, i));
}

OneByOne::OneByOne(const Model& model) : OneByOne(model.program, *model.kernels) {
    delays_.emplace(model.program, model.circuit, model.seed);
}

void OneByOne::draw(std::size_t i, std::int64_t step) {
    const Operation& op = program_.operations[i];
    if (!delays_ || op.kind != Kind::gate || op.function != Function::delay) return;
    for (const LateMove& move : delays_->of(op.phase.value))
        if (move.delay == op.operands[0].slot) draw_delay(move, step, state_);
}

std::size_t OneByOne::end_of_iterated(std::size_t first) const {
    const std::vector<Operation>& all = program_.operations;
    const auto goes_on = [&](std::size_t i) {
        return program_.loop_of(all[i].phase) == program_.loop_of(all[first].phase) &&
               all[i].iterations == all[first].iterations;
    };
    std::size_t end = first + 1;
    while (all[first].iterations > 1 && end < all.size() && goes_on(end)) ++end;
    return end;
}

void OneByOne::copy(const State& from) {
    for (std::size_t i = 0; i < program_.slots.size(); ++i) copy(from, SlotId(i));
}

void OneByOne::copy(const State& from, SlotId slot) {
    const std::span<const double> numbers = from.line(slot);
    std::copy(numbers.begin(), numbers.end(), state_.line(slot).begin());
}

void OneByOne::copy_given(const State& from) {
    for (const Operation& op : program_.operations) {
        if (is_from_outside(op)) copy(from, op.operands[0].slot);
    }
    for (std::size_t i = 0; i < program_.slots.size(); ++i) {
        const What what = program_.slots[i].what;
        if (what == What::clock || what == What::beginning) copy(from, SlotId(i));
    }
}

}  // namespace apical
