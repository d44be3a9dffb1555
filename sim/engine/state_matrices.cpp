#include "sim/engine/state_matrices.hpp"

#include <cassert>

namespace apical {

algebra::Matrix numbers_of(const State& state, SlotId slot) {
    const Slot& what = state.program()[slot];
    algebra::Matrix numbers(what.rows, what.columns);
    state.read(slot, numbers.data());
    return numbers;
}

algebra::Matrix kept_numbers_of(const State& state, SlotId slot) {
    const SynapseRows* places = state.program()[slot].places;
    if (!places) return numbers_of(state, slot);
    const std::span<const double> numbers = state.numbers(slot).first(places->count());
    return Eigen::Map<const algebra::Vector>(numbers.data(),
                                             static_cast<algebra::Index>(numbers.size()));
}

algebra::Matrix numbers_of(const State& state, std::string_view name) {
    const SlotId slot = state.program().find(name);
    assert(slot);
    return numbers_of(state, slot);
}

algebra::Matrix existing_synapses(const State& state, SynapseSetId set) {
    const Program& program = state.program();
    const SlotId strength = program.strength_of(set);
    if (strength && program[strength].places) {
        algebra::Matrix exist =
            algebra::Matrix::Zero(program[strength].rows, program[strength].columns);
        for_each_synapse(*program[strength].places, [&](std::size_t i, std::size_t j, std::size_t) {
            exist(static_cast<algebra::Index>(i), static_cast<algebra::Index>(j)) = 1.0;
        });
        return exist;
    }
    const SlotId places = program.tag_of(set, connected_name);
    const bool is_kept = places && program[places].init.kind == Initializer::Kind::connected;
    return is_kept ? numbers_of(state, places) : algebra::Matrix();
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
