// Where a run whose rules go back through its past tells what the present step is.
#include "sim/simulation/scheduler.hpp"

namespace apical {

void Scheduler::go_back(const Event& event) {
    const bool is_turn = event.kind == EventKind::turn_begin;
    if (is_turn && turns_[event.argument].begun > 0) return;
    Backpropagation::Now now{.step = present_step_, .loss_phase = loss_phase_};
    if (trials_) {
        now.is_in_trial = trials_->is_in_trial();
        now.begins_trial = trials_->first_step() == present_step_;
        now.ends_trial = trials_->ends_trial();
    }
    past_->begin_phase(event.argument, now);
}

}  // namespace apical
