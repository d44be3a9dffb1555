#include "sim/diagnosis/update.hpp"

#include <algorithm>

namespace apical {

bool is_addition(const Operation& op) {
    switch (traits(op.kind).change) {
        case MatrixChange::rank_one:
            return op.retain == 1.0 && op.operands.size() == 3;
        case MatrixChange::by_tag:
            return op.operands[0].access == Access::increment;
        case MatrixChange::formula:  // of which the gradient's part cannot be told yet
        case MatrixChange::overwritten:
        case MatrixChange::product:
        case MatrixChange::none:
            return false;
    }
    return false;
}

Update::Update(const MeasuredModel& model, const Plan& plan, State& state, const AlignedRule& rule)
    : program_(model.program), rate_(rule.rate), steps_(model.circuit.phases.size()) {
    for (const AlignedSet& one : rule.sets) {
        const SlotId strength = program_.strength_of(one.set);
        added_.push_back({strength, one.changed ? one.changed : strength, {}});
        added_.back().panels.resize(state.numbers(strength).size() / lanes);
    }
    for (std::size_t set = 0; set < added_.size(); ++set) copy_steps(program_, plan, set);
}

void Update::copy_steps(const Program& program, const Plan& plan, std::size_t set) {
    for (std::size_t phase = 0; phase < steps_.size(); ++phase) {
        for (const Step& step : plan.steps(phase)) {
            const Operation& op = program.operations[step.operation];
            if (op.operands[0].slot != added_[set].changed || keeps_strengths(op.asker)) continue;
            if (!is_addition(op)) continue;  // what is pending is cleared
            steps_[phase].push_back(into(step, added_[set].numbers()));
        }
    }
}

// A step that waits runs another one.
Step Update::into(const Step& step, double* out) {
    Step copy = step;
    copy.out = out;
    if (!step.conditional) return copy;
    inner_.push_back(into(*step.conditional, out));
    copy.conditional = &inner_.back();
    return copy;
}

void Update::begin_step() {
    for (Added& one : added_) std::fill(one.panels.begin(), one.panels.end(), Eight{});
}

void Update::after_phase(std::size_t phase, std::int64_t step) {
    for (const Step& one : steps_[phase]) {
        if (step % one.every == 0) one.run(one);
    }
}

void Update::put_estimate(algebra::Matrix& to, const std::vector<algebra::Index>& first) const {
    for (std::size_t set = 0; set < added_.size(); ++set) put_estimate(set, to, first[set]);
}

void Update::put_estimate(std::size_t set, algebra::Matrix& to, algebra::Index first) const {
    const Slot& slot = program_[added_[set].strength];
    const double* numbers = added_[set].numbers();
    for (int i = 0; i < slot.rows; ++i) {
        for (int j = 0; j < slot.columns; ++j) {
            const std::size_t at =
                place(slot, static_cast<std::size_t>(i), static_cast<std::size_t>(j));
            to(i, first + j) = numbers[at] / -rate_;
        }
    }
}

}  // namespace apical
