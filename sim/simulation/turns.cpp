// Phases whose iterations are events: those of a group, which are carried out in turn, and those of
// which each iteration is recorded.
#include <algorithm>

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/simulation/scheduler.hpp"

namespace apical {

void Scheduler::find_turns() {
    const std::size_t axes = recorder_ ? recorder_->sampled_count() : 0;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        if (recorder_->samples_iterations(axis)) iterated_axes_.push_back(axis);
    }
    for (std::size_t p = 0; p < circuit_.phases.size(); ++p) {
        const PhaseId phase(p);
        const bool in_turn = circuit_.group_of(phase) || !iterated_axes_.empty();
        turns_.push_back({circuit_.first_in_turn(phase).value, circuit_.last_in_turn(phase).value,
                          in_turn ? circuit_.iterations_of(phase) : 1,
                          circuit_.iteration_nanoseconds(phase)});
    }
}

// The first iteration of each phase, or the phase as a whole.
void Scheduler::push_phases(std::int64_t begin) {
    std::int64_t at = begin;
    for (std::size_t p = 0; p < phase_end_.size(); ++p) {
        const auto phase = static_cast<std::uint16_t>(p);
        Turns& turns = turns_[p];
        turns.begun = turns.ended = 0;
        const bool in_turn = turns.count > 1;
        queue_.push({at, in_turn ? EventKind::turn_begin : EventKind::phase_begin, phase});
        at = in_turn ? at + circuit_.phases[p].nanoseconds : begin + phase_end_[p];
        queue_.push({at, in_turn ? EventKind::turn_end : EventKind::phase_end, phase});
        if (p == turns.last) at = begin + phase_end_[p];
    }
}

// To the next iteration, or to the first one of the next step.
void Scheduler::postpone_turn(const Event& event, int& turn) {
    const Turns& turns = turns_[event.argument];
    const bool is_last = ++turn == turns.count;
    if (is_last) turn = 0;
    queue_.postpone(event.time +
                    (is_last ? step_length_ - (turns.count - 1) * turns.length : turns.length));
}

void Scheduler::begin_turn(const Event& event) {
    Turns& turns = turns_[event.argument];
    const bool is_in_group = turns.first != turns.last;
    if (acts_at_beginnings_) [[unlikely]]
        begin_phase(event);
    if (turns.begun == 0) {
        plan_.run_gates(event.argument, present_step_);
    } else if (is_in_group) {
        plan_.run_gates_again(event.argument, present_step_);
    }
    postpone_turn(event, turns.begun);
}

void Scheduler::end_turn(const Event& event) {
    const std::size_t phase = event.argument;
    Turns& turns = turns_[phase];
    plan_.run_iteration(phase, present_step_, observed_);
    sample_iteration(phase, turns.ended);
    if (turns.ended + 1 == turns.count) {
        if (phase == loss_phase_) take_loss();
        if (phase == turns.last) end_turns(turns);
    }
    postpone_turn(event, turns.ended);
}

// The iterations of all phases are over.
void Scheduler::end_turns(const Turns& turns) {
    for (std::size_t p = turns.first; p <= turns.last; ++p)
        plan_.run_behind(p, present_step_, observed_);
    for (std::size_t p = turns.first; p <= turns.last; ++p) {
        if (!kernels_.all_finite(written_[p].data(), written_[p].size())) fail(p);
        if (!diagnosis_) continue;
        plan_.flush(p);
        diagnosis_->after_phase(p, present_step_);
    }
}

void Scheduler::sample_iteration(std::size_t phase, int iteration) {
    for (const std::size_t axis : iterated_axes_) {
        if (due_[axis] != present_step_) continue;
        // No product of what iterations make is deferred: they share a pass with each other alone.
        if (flushes_[axis]) plan_.flush();
        recorder_->sample_iteration(axis, phase, iteration, state_);
    }
}

// What is iterated by itself begins and ends once for those who look at events, whoever records it.
bool Scheduler::is_within_phase(const Event& event) const {
    const Turns& turns = turns_[event.argument];
    if (turns.count == 1 || turns.first != turns.last) return false;
    return event.kind == EventKind::turn_begin ? turns.begun > 0 : turns.ended + 1 < turns.count;
}

// The phase that ends where this one begins.
std::size_t Scheduler::phase_before(std::size_t phase) const {
    const Turns& turns = turns_[phase];
    if (phase == turns.first && turns.begun > 0) return turns.last;
    return (phase + phase_end_.size() - 1) % phase_end_.size();
}

}  // namespace apical
