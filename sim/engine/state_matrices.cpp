#include "sim/engine/state_matrices.hpp"

#include <cassert>

namespace apical {

algebra::Matrix numbers_of(const State& state, SlotId slot) {
    const Slot& what = state.program()[slot];
    algebra::Matrix numbers(what.rows, what.columns);
    state.read(slot, numbers.data());
    return numbers;
}

algebra::Matrix numbers_of(const State& state, std::string_view name) {
    const SlotId slot = state.program().find(name);
    assert(slot);
    return numbers_of(state, slot);
}

algebra::Matrix beside(const State& state, const std::vector<SlotId>& slots) {
    const Program& program = state.program();
    int columns = 0;
    for (const SlotId slot : slots) columns += program[slot].columns;
    algebra::Matrix all(program[slots.front()].rows, columns);
    int first = 0;
    for (const SlotId slot : slots) {
        all.middleCols(first, program[slot].columns) = numbers_of(state, slot);
        first += program[slot].columns;
    }
    return all;
}

}  // namespace apical
