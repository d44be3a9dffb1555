#include "sim/engine/plan/firing_steps.hpp"

#include <cassert>
#include <utility>

#include "sim/engine/plan/plan.hpp"

namespace apical {

namespace {

// The first voltage is put into scratch, others are added.
Step driving(Step gather, const Kernels& k, bool first) {
    const bool is_gated = gather.b != nullptr;
    if (first) {
        gather.run = is_gated ? k.gated_set : k.scale_set;
    } else {
        gather.run = is_gated ? k.gated_add : k.scale_add;
    }
    return gather;
}

// A gate that is one number for each cell: the product is made beside the sum, and added.
void add_drive_of_cells(std::vector<Step>& steps, Step gather, const Kernels& k, bool first) {
    gather.run = k.product;
    double* const sum = gather.out;
    if (!first) gather.out += padded(gather.rows);
    steps.push_back(gather);
    if (first) return;
    gather.a = std::exchange(gather.out, sum);
    gather.run = k.scale_add;
    steps.push_back(gather);
}

}  // namespace

std::vector<Step> firing_steps(const Operation& op, const std::vector<bool>& of_cells,
                               const Step& whole, State& state, const Kernels& k) {
    std::vector<Step> steps;
    Step fires = whole;
    fires.run = kernel_of(k.fire, op.activation);
    const bool is_own_drive = op.gated.size() == 1 && !(op.gated[0] && of_cells[2]);
    if (is_own_drive) {
        if (op.gated[0]) fires.run = kernel_of(k.fire_gated, op.activation);
        assert(fires.run);
        return {fires};
    }
    Step gather = whole;
    gather.out = state.scratch();
    gather.gain = 1.0;
    std::size_t operand = 1;
    for (std::size_t c = 0; c < op.gated.size(); ++c) {
        gather.a = state.data(op.operands[operand].slot);
        gather.b = op.gated[c] ? state.data(op.operands[operand + 1].slot) : nullptr;
        if (op.gated[c] && of_cells[operand + 1]) {
            add_drive_of_cells(steps, gather, k, c == 0);
        } else {
            steps.push_back(driving(gather, k, c == 0));
        }
        operand += op.gated[c] ? 2 : 1;
    }
    fires.a = state.scratch();
    assert(fires.run);
    steps.push_back(fires);
    return steps;
}

}  // namespace apical
