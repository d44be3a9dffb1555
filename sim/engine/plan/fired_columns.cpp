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
        spikes =
            is_set_back || op.kind == Kind::readout ||
            (op.function == Function::spike && (op.kind == Kind::fire || op.kind == Kind::inject));
        if (!spikes) return false;
    }
    return spikes;
}

bool transmits_spikes(const Program& program, const Operation& op) {
    return op.kind == Kind::transmit && !op.reverse && op.operands.size() == 3 &&
           are_spikes(program, op.operands[1].slot);
}

SynapseColumns columns_of(const SynapseRows& rows, std::size_t columns) {
    SynapseColumns by;
    by.start.resize(columns + 1);
    by.entries.resize(2 * rows.count());
    for (const std::uint32_t j : rows.column) ++by.start[j + 1];
    for (std::size_t j = 0; j < columns; ++j) by.start[j + 1] += by.start[j];
    std::vector<std::uint32_t> next(by.start.begin(), by.start.end() - 1);
    for_each_synapse(rows, [&](std::size_t i, std::size_t j, std::size_t k) {
        const std::size_t entry = 2 * std::size_t{next[j]++}, number = k - rows.start[i];
        by.entries[entry] = static_cast<std::uint32_t>(4 * i + number % 4);
        by.entries[entry + 1] = static_cast<std::uint32_t>(k);
    });
    return by;
}

const SynapseColumns& FiredColumns::of(const SynapseRows& rows, std::size_t columns) {
    const auto found = all_.find(&rows);
    if (found != all_.end()) return found->second;
    return all_.emplace(&rows, columns_of(rows, columns)).first->second;
}

}  // namespace apical
