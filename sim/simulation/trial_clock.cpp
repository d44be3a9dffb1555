#include "sim/simulation/trial_clock.hpp"

#include <algorithm>
#include <cmath>

#include "circuits/program/noise_streams.hpp"

namespace apical {

TrialClock::TrialClock(const Circuit& circuit, const Task& task, const RunStreams& streams,
                       State& state)
    : trials_(*circuit.trials),
      lengths_(circuit, task, streams),
      state_(state),
      windows_(circuit.windows.size()) {
    const Program& program = state.program();
    for (const TrialWindow& window : circuit.windows)
        open_.push_back(number_of(std::string(clock_name::window) + window.name));
    counting_ = number_of(clock_name::counts);
    begins_ = number_of(clock_name::begins);
    ends_ = number_of(clock_name::ends);
    batch_ends_ = number_of(clock_name::batch_ends);
    loss_ = measured(clock_name::loss);
    measured_number_ = measured(clock_name::number);
    measured_first_ = measured(clock_name::first_step);
    measured_steps_ = measured(clock_name::steps);
    measured_type_ = measured(clock_name::type);
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        if (slot.what != What::beginning || !slot.init.is_drawn()) continue;
        drawn_.push_back({&slot.init, streams.of_steps(stream_of_beginning(program, slot)),
                          state.data(SlotId(i)), static_cast<std::size_t>(slot.rows)});
    }
    reward_ = TrialReward::of(task, state);
    if (loss_) *loss_ = std::numeric_limits<double>::quiet_NaN();
    go_to(0);
}

// Null of one that no operation asks for.
double* TrialClock::number_of(std::string_view clock) {
    const SlotId slot = state_.program().clock_of(clock);
    return slot ? state_.data(slot) : nullptr;
}

// Null where a program has it no more, as one that is evaluated.
double* TrialClock::measured(std::string_view address) {
    const SlotId slot = state_.program().find(address);
    return slot ? state_.data(slot) : nullptr;
}

// The last step before the first trial is one of a gap.
void TrialClock::go_to(std::int64_t step) {
    number_ = -1;
    trial_ = {};
    first_ = 1 - lengths_.gap();
    place_ = lengths_.gap() - 1;
    presented_ = 0;
    for (;;) {
        const std::int64_t next = first_ + trial_.steps + lengths_.gap();
        if (step < next) break;
        presented_ += trial_.steps;
        trial_ = lengths_.find(++number_, windows_);
        first_ = next;
    }
    if (number_ < 0) return;
    place_ = step - first_;
    presented_ += std::min(place_ + 1, trial_.steps);
}

void TrialClock::begin_step() {
    ++place_;
    if (place_ == trial_.steps + lengths_.gap()) begin_trial();
    if (is_in_trial()) ++presented_;
    set_numbers();
}

void TrialClock::begin_trial() {
    first_ += trial_.steps + lengths_.gap();
    trial_ = lengths_.find(++number_, windows_);
    place_ = 0;
    sum_ = 0.0;
    counted_in_trial_ = 0;
    draw();
    set_measures();
    if (reward_) reward_->begin_trial(trial_.type);
}

void TrialClock::set_measures() {
    if (!measured_number_) return;
    *measured_number_ = static_cast<double>(number_ + 1);
    *measured_first_ = static_cast<double>(first_);
    *measured_steps_ = static_cast<double>(trial_.steps);
    *measured_type_ = static_cast<double>(trial_.type);
}

void TrialClock::set_numbers() {
    const bool inside = is_in_trial();
    const auto put = [](double* number, bool is) {
        if (number) *number = is ? 1.0 : 0.0;
    };
    counts_ = inside && trials_.counts.empty();
    for (std::size_t i = 0; i < open_.size(); ++i)
        put(open_[i], inside && windows_[i].contains(place_));
    for (const WindowId one : trials_.counts)
        counts_ |= inside && windows_[one.value].contains(place_);
    put(counting_, counts_);
    put(begins_, place_ == 0);
    put(ends_, ends_trial());
    put(batch_ends_, ends_trial() && (number_ + 1) % trials_.batch == 0);
    if (ends_trial() && loss_) *loss_ = mean_of_trial();  // this step's is yet to come
    if (ends_trial() && reward_) reward_->show();
}

// What trial k begins with is draw k of its stream, whatever was drawn before.
void TrialClock::draw() const {
    const auto k = static_cast<std::uint64_t>(number_);
    for (const Drawn& one : drawn_) {
        const Initializer& init = *one.init;
        const double scale = init.scale.factor, low = init.low.factor, high = init.high.factor;
        for (std::size_t i = 0; i < one.count; ++i) {
            double& out = one.out[i];
            if (init.kind == Initializer::Kind::uniform) {
                out = low + (high - low) * one.stream.uniform(k, i);
                continue;
            }
            const double x = one.stream.normal(k, i);
            out = init.kind == Initializer::Kind::half_normal ? scale * std::abs(x)
                  : init.kind == Initializer::Kind::lognormal ? scale * std::exp(init.sigma * x)
                                                              : scale * x;
        }
    }
}

double TrialClock::mean_of_trial() const {
    return counted_in_trial_ > 0 ? sum_ / static_cast<double>(counted_in_trial_)
                                 : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace apical
