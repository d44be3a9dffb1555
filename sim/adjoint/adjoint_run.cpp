#include "sim/adjoint/adjoint_run.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace apical {

namespace {

Program without_gradients(const AdjointProgram& program) {
    Program states = program.backward;
    states.operations.clear();
    for (std::size_t i = 0; i < program.backward.operations.size(); ++i) {
        if (!program.only_gradients[i]) states.operations.push_back(program.backward.operations[i]);
    }
    return states;
}

}  // namespace

AdjointRun::AdjointRun(const AdjointProgram& program, const Kernels& kernels, std::size_t rows,
                       StrengthsOf strengths)
    : program_(program),
      states_only_(without_gradients(program)),
      forward_(program.forward),
      backward_(program.backward),
      plan_(Plan::compile(program.forward, forward_, kernels)),
      back_{Plan::compile(program.backward, backward_, kernels)},
      back_states_{Plan::compile(states_only_, backward_, kernels)},
      strengths_(strengths),
      outputs_(static_cast<std::size_t>(program.forward[program.loss.judged].rows)) {
    lay_out();
    find_given();
    find_operands();
    tape_.resize(rows * row_size_ / lanes);
    steps_.resize(rows);
    losses_.resize(rows, no_loss);
    write_constants();
}

// ---- layout of a row

// All that a row has is padded, so that strengths in it are read as in a state.
std::size_t AdjointRun::room(std::size_t numbers) {
    assert(numbers % lanes == 0);
    return std::exchange(row_size_, row_size_ + numbers);
}

// The errors come first: by what is judged, and by what it is compared with.
void AdjointRun::lay_out() {
    error_ = room(2 * padded(outputs_));
    lay_out_strengths();
    for (const Moment& moment : program_.moments) add_moment(moment);
}

void AdjointRun::lay_out_strengths() {
    for (const SetGradient& set : program_.sets) {
        const std::span<const double> from = std::as_const(forward_).numbers(set.strength);
        const std::size_t place = strengths_ == StrengthsOf::then ? room(from.size()) : 0;
        sets_.push_back({from.data(), place, from.size(), backward_.data(set.used)});
    }
}

void AdjointRun::find_operands() {
    if (strengths_ == StrengthsOf::now) return;
    for (const Stretch& set : sets_) {
        const std::span<const double> there(set.to, set.count);
        const auto some = back_.plan.operands_of(there),
                   others = back_states_.plan.operands_of(there);
        if (!some || !others) {
            copied_.push_back(set);
            continue;
        }
        for (const double** operand : *some) back_.operands.push_back({operand, set.place});
        for (const double** operand : *others)
            back_states_.operands.push_back({operand, set.place});
    }
}

void AdjointRun::add_moment(const Moment& moment) {
    MomentOfStep made;
    const auto phase_in = [&](PhaseId phase) {
        made.phase = phase.value;
        made.first_in_turn = program_.forward.loop_of(phase).value;
    };
    if (moment.loss) {
        phase_in(moment.loss);
        made.is_loss = true;
        moments_.push_back(std::move(made));
        return;
    }
    const AdjointSegment& segment = program_.segments[moment.segment];
    made.segment = moment.segment;
    made.part = segment.part;
    if (segment.part != PhasePart::end) phase_in(segment.phase);
    made.begins = made.part == PhasePart::begin || made.part == PhasePart::begin_again;
    for (const TapeEntry& entry : segment.tape) {
        const std::span<const double> from = std::as_const(forward_).numbers(entry.from);
        made.stretches.push_back(
            {from.data(), room(from.size()), from.size(), backward_.data(entry.to)});
    }
    moments_.push_back(std::move(made));
}

std::size_t numbers_of_row(const AdjointProgram& program, StrengthsOf strengths) {
    return AdjointRun(program, best_kernels(), 0, strengths).row_numbers();
}

// ---- forwards

void AdjointRun::take(const State& run) {
    const Program& from = run.program();
    // What a run has beyond them, it measures.
    const std::size_t count = std::min(from.slots.size(), program_.forward.slots.size());
    for (std::size_t i = 0; i < count; ++i) {
        const SlotId slot(i);
        const bool is_needed =
            program_.forward[slot].what == from[slot].what && from[slot].what != What::intermediate;
        if (is_needed) std::ranges::copy(run.line(slot), forward_.line(slot).begin());
    }
}

void AdjointRun::find_given() {
    const Program& program = program_.forward;
    for (const Operation& op : program.operations)
        if (is_from_outside(op)) given_.push_back(op.operands[0].slot);
    for (std::size_t i = 0; i < program_.adjoint_of.size(); ++i)
        if (program.slots[i].what == What::event || program.slots[i].what == What::clock)
            given_.push_back(SlotId(i));
}

void AdjointRun::begin_step(std::int64_t step, std::size_t loss_phase) {
    begin_row(step, loss_phase);
    next_ = 0;
}

void AdjointRun::follow_phase(const State& run, std::size_t phase) {
    for (const SlotId slot : given_) std::ranges::copy(run.line(slot), forward_.line(slot).begin());
    const std::size_t first = program_.forward.loop_of(PhaseId(phase)).value;
    while (next_ + 1 < moments_.size() && moments_[next_].first_in_turn == first) perform(next_++);
}

void AdjointRun::end_step() {
    while (next_ < moments_.size()) perform(next_++);
}

void AdjointRun::begin_row(std::int64_t step, std::size_t loss_phase) {
    if (steps_.empty()) return;
    newest_ = (newest_ + 1) % steps_.size();
    taped_ = std::min(taped_ + 1, steps_.size());
    steps_[newest_] = step;
    losses_[newest_] = loss_phase;
    if (strengths_ == StrengthsOf::now) return;
    double* const to = row_of(newest_);
    for (const Stretch& set : sets_) std::copy_n(set.from, set.count, to + set.place);
}

// Without a division, which takes as long as a tenth of a small step.
std::size_t AdjointRun::place_of(std::size_t age) const {
    return newest_ >= age ? newest_ - age : newest_ + steps_.size() - age;
}

std::size_t AdjointRun::phase_of_loss(std::int64_t step) const {
    const LossOfProgram& loss = program_.loss;
    for (std::size_t k = 0; k < loss.phases.size(); ++k)
        if (loss.steps[k].contain(step)) return loss.phases[k].value;
    return no_loss;
}

double AdjointRun::perform(std::size_t m) {
    const MomentOfStep& moment = moments_[m];
    const std::int64_t step = steps_[newest_];
    double* const to = row_of(newest_);
    if (moment.is_loss) return losses_[newest_] == moment.phase ? take_loss(to) : 0.0;
    switch (moment.part) {
        case PhasePart::begin:
            plan_.run_gates(moment.phase, step);
            break;
        case PhasePart::begin_again:
            plan_.run_gates_again(moment.phase, step);
            break;
        case PhasePart::iterated:
            plan_.run_iteration(moment.phase, step, true);
            break;
        case PhasePart::behind:
            plan_.run_behind(moment.phase, step, true);
            break;
        case PhasePart::end:
            plan_.run_step_end(step);
    }
    if (!keeps_tape_) return 0.0;
    for (const Stretch& one : moment.stretches) std::copy_n(one.from, one.count, to + one.place);
    return 0.0;
}

// What the loss is, and by how much it is more for each number that is judged (v), and for what it
// is compared with (y):
//     half the sum of squares  v - y                         -(v - y)
//     cross-entropy            (sum of y) softmax(v) - y     log(sum of exp(v)) - v
double AdjointRun::take_loss(double* row) {
    const LossOfProgram& loss = program_.loss;
    const double* const v = forward_.data(loss.judged);
    const double* const y = forward_.data(loss.target) + loss.first_cell;
    double* const by_v = row + error_;
    double* const by_y = by_v + padded(outputs_);
    double all = 0.0;
    if (!loss.is_cross_entropy) {
        for (std::size_t k = 0; k < outputs_; ++k) {
            by_v[k] = v[k] - y[k];
            by_y[k] = -by_v[k];
            all += 0.5 * by_v[k] * by_v[k];
        }
        return all;
    }
    const double most = *std::max_element(v, v + outputs_);
    double sum = 0.0, targets = 0.0;
    for (std::size_t k = 0; k < outputs_; ++k) {
        sum += std::exp(v[k] - most);
        targets += y[k];
    }
    const double log_sum = most + std::log(sum);
    for (std::size_t k = 0; k < outputs_; ++k) {
        by_v[k] = targets * (std::exp(v[k] - most) / sum) - y[k];
        by_y[k] = log_sum - v[k];
        all += y[k] * by_y[k];
    }
    return all;
}

// ---- backwards

void AdjointRun::write_constants() {
    for (const SlotId ones : program_.ones)
        std::fill_n(backward_.data(ones), program_.backward[ones].rows, 1.0);
    for (const SlotId identity : program_.identities) {
        const Slot& slot = program_.backward[identity];
        for (int k = 0; k < slot.rows; ++k) {
            const auto i = static_cast<std::size_t>(k);
            backward_.data(identity)[place(slot, i, i)] = 1.0;
        }
    }
}

// All derivatives are 0 before the last step is gone back through.
void AdjointRun::clear() {
    std::fill_n(backward_.memory().data(), backward_.vectors().size(), 0.0);
    for (const SlotId slot : program_.adjoint_of) {
        if (slot && !is_vector(program_.backward[slot].shape))
            std::ranges::fill(backward_.numbers(slot), 0.0);
    }
    write_constants();
    if (strengths_ == StrengthsOf::then) return;
    for (const Stretch& set : sets_) std::copy_n(set.from, set.count, set.to);
}

void AdjointRun::put_strengths(const double* row, const PlanBack& back) {
    for (const Stretch& set : copied_) std::copy_n(row + set.place, set.count, set.to);
    for (const OperandOfRow& one : back.operands) *one.operand = row + one.place;
}

void AdjointRun::back(std::size_t age, bool counts, const PlanBack& back) {
    const std::size_t place = place_of(age);
    const double* const from = row_of(place);
    const std::int64_t step = steps_[place];
    put_strengths(from, back);
    for (auto moment = moments_.rbegin(); moment != moments_.rend(); ++moment) {
        if (moment->is_loss) {
            if (!counts || losses_[place] != moment->phase) continue;
            const LossOfProgram& loss = program_.loss;
            const auto add = [&](SlotId of, std::size_t first, const double* errors) {
                const SlotId adjoint = program_.adjoint_of[of.value];
                if (!adjoint) return;
                double* const to = backward_.data(adjoint) + first;
                for (std::size_t k = 0; k < outputs_; ++k) to[k] += errors[k];
            };
            add(loss.judged, 0, from + error_);
            add(loss.target, static_cast<std::size_t>(loss.first_cell),
                from + error_ + padded(outputs_));
            continue;
        }
        for (const Stretch& one : moment->stretches)
            std::copy_n(from + one.place, one.count, one.to);
        back.plan.run_phase(moment->segment, step, true);
    }
}

void AdjointRun::past() {
    clear();
    for (std::size_t age = 0; age < taped_; ++age) back(age, age == 0, back_);
}

void AdjointRun::future() {
    clear();
    for (std::size_t age = 0; age < taped_; ++age)
        back(age, true, age + 1 < taped_ ? back_states_ : back_);
}

std::vector<double> AdjointRun::read_gradient(std::size_t set) const {
    const Slot& slot = program_.backward[program_.sets[set].gradient];
    std::vector<double> numbers(static_cast<std::size_t>(slot.rows) *
                                static_cast<std::size_t>(slot.columns));
    backward_.read(program_.sets[set].gradient, numbers.data());
    return numbers;
}

}  // namespace apical
