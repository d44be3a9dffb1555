#include "sim/adjoint/given_steps.hpp"

#include <algorithm>

namespace apical {

GivenSteps::GivenSteps(AdjointRun& run) : run_(run) {
    const Program& program = run.program().forward;
    for (const Operation& op : program.operations) {
        if (!is_from_outside(op)) continue;
        const SlotId slot = op.operands[0].slot;
        const PhaseId phase = op.kind == Kind::gate ? op.phase : PhaseId();
        given_.push_back({slot, phase, size_});
        size_ += run.state().line(slot).size();
    }
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        if (program.slots[i].what != What::clock && program.slots[i].what != What::beginning)
            continue;
        given_.push_back({SlotId(i), {}, size_});
        size_ += run.state().line(SlotId(i)).size();
    }
}

void GivenSteps::take_step(std::size_t loss_phase) {
    loss_phases_.push_back(loss_phase);
    numbers_.emplace_back(size_);
    for (const Given& one : given_)
        if (!one.phase)
            std::ranges::copy(run_.state().line(one.slot),
                              numbers_.back().begin() + static_cast<std::ptrdiff_t>(one.place));
}

void GivenSteps::take(std::size_t phase) {
    for (const Given& one : given_)
        if (one.phase && one.phase.value == phase)
            std::ranges::copy(run_.state().line(one.slot),
                              numbers_.back().begin() + static_cast<std::ptrdiff_t>(one.place));
}

void GivenSteps::give(std::size_t step, PhaseId phase) {
    for (const Given& one : given_) {
        if (one.phase != phase) continue;
        const std::span<double> to = run_.state().line(one.slot);
        std::copy_n(numbers_[step].begin() + static_cast<std::ptrdiff_t>(one.place), to.size(),
                    to.begin());
    }
}

double GivenSteps::perform(std::int64_t first) {
    double loss = 0.0;
    for (std::size_t k = 0; k < numbers_.size(); ++k) {
        give(k, {});
        loss += run_.step(first + static_cast<std::int64_t>(k), loss_phases_[k],
                          [&](std::size_t phase) { give(k, PhaseId(phase)); });
    }
    return loss;
}

}  // namespace apical
