#include "sim/verify/kept_by_hold.hpp"

namespace apical {

double kept_by_hold(const Program& program, SlotId now) {
    const SlotId last = program.previous_of(now);
    double kept = 1.0;
    for (const Operation& op : program.operations) {
        const bool is_hold = last && op.operands[0].slot == last && op.kind == Kind::cellwise &&
                             op.asked_by.starts_with("hold.");
        if (is_hold) kept *= op.gain;
    }
    return kept;
}

}  // namespace apical
