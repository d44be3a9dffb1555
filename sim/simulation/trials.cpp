// What the steps of a run in trials differ in: what is shown in them, and whether their loss
// counts.
#include <algorithm>

#include "sim/simulation/scheduler.hpp"

namespace apical {

// In a gap nothing is shown.
void Scheduler::present_in_trial() {
    trials_->begin_step();
    if (!trials_->is_in_trial()) {
        std::fill(input_.begin(), input_.end(), 0.0);
        std::fill(label_.begin(), label_.end(), 0.0);
    } else if (present_step_ > 1) {
        task_->present(trials_->presented(), input_, label_);
    }
}

// Where phases are not carried out in each step, the loss is of another one, or of none: then it
// stays what it was.
void Scheduler::find_loss_phase() {
    if (trials_ && !trials_->counts()) {
        loss_phase_ = SIZE_MAX;
        *loss_ = std::numeric_limits<double>::quiet_NaN();
        return;
    }
    const auto found =
        std::find_if(loss_phases_.begin(), loss_phases_.end(), [&](std::size_t phase) {
            const bool is_open = !phase_open_[phase] || *phase_open_[phase] == 1.0;
            return is_open && circuit_.phases[phase].steps.contain(present_step_);
        });
    loss_phase_ = found == loss_phases_.end() ? SIZE_MAX : *found;
}

}  // namespace apical
