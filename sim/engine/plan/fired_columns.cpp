#include "sim/engine/plan/fired_columns.hpp"

#include <algorithm>

namespace apical {

bool are_spikes(const Program& program, SlotId slot) {
    const Slot& is = program[slot];
    const bool is_of_another_time =
        is.what == What::previous || is.what == What::before || is.what == What::at_end;
    if (is_of_another_time) return are_spikes(program, is.of);
    if (is.what != What::rate) return false;
    bool spikes = false;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != slot) continue;
        const bool is_set_back =
            op.kind == Kind::reset &&
            (op.operands.size() == 1 || program[op.operands[1].slot].what != What::beginning);
        spikes = is_set_back || (op.kind == Kind::fire && op.function == Function::spike);
        if (!spikes) return false;
    }
    return spikes;
}

bool transmits_spikes(const Program& program, const Operation& op) {
    return op.kind == Kind::transmit && !op.reverse && op.operands.size() == 3 &&
           !program[op.operands[2].slot].places && are_spikes(program, op.operands[1].slot);
}

}  // namespace apical
