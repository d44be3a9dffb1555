// Criterion v: noise is each cell's own.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/examination.hpp"

namespace apical {

namespace {

bool reads(const Operation& op, SlotId slot) {
    return std::any_of(op.operands.begin() + 1, op.operands.end(),
                       [&](const Operand& operand) { return operand.slot == slot; });
}

// Whether what the operation writes is in the noise's cells, or at their synapses.
bool stays_in_cells(const Examination& examination, const Slot& noise, const Slot& written) {
    if (written.shape == Shape::scalar) return true;
    return examination.same_cells(written.cells, noise.cells) ||
           (written.pre && examination.same_cells(written.pre, noise.cells));
}

void examine_readers(Examination& examination, SlotId drawn) {
    const Slot& noise = examination.program()[drawn];
    for (std::size_t i = 0; i < examination.operations().size(); ++i) {
        const Operation& op = examination.operations()[i];
        const Slot& written = examination.slot(op, 0);
        if (!reads(op, drawn) || stays_in_cells(examination, noise, written)) continue;
        examination.find(Criterion::independent_noise, i, noise.name,
                         fmt::format("\"{}\" is the noise of the cells \"{}\", and \"{}\" of "
                                     "\"{}\" knows the same draws",
                                     noise.name, examination.name(noise.cells), written.name,
                                     examination.name(written.cells)),
                         "draw noise for each population of its own");
    }
}

// Two draws that are the same numbers of a file.
void examine_replays(Examination& examination, std::size_t index) {
    const std::vector<Replay>& replays = examination.program().replays;
    const auto replay_of = [&](std::size_t operation) -> const Replay& {
        return replays[static_cast<std::size_t>(examination.operations()[operation].replay)];
    };
    const Operation& op = examination.operations()[index];
    for (std::size_t i = 0; i < index && op.replay >= 0; ++i) {
        const Operation& other = examination.operations()[i];
        if (other.kind != Kind::noise || other.replay < 0) continue;
        const Replay &a = replay_of(index), &b = replay_of(i);
        if (a.path != b.path || a.dataset != b.dataset || a.column != b.column) continue;
        const std::string& name = examination.slot(op, 0).name;
        examination.find(Criterion::independent_noise, index, name,
                         fmt::format("\"{}\" is the same numbers of \"{}\" as \"{}\"", name, a.path,
                                     examination.slot(other, 0).name),
                         "replay other columns");
    }
}

}  // namespace

void examine_noise(Examination& examination) {
    const std::vector<Operation>& operations = examination.operations();
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (operations[i].kind != Kind::noise) continue;
        const Slot& noise = examination.slot(operations[i], 0);
        examine_replays(examination, i);
        if (noise.shape == Shape::scalar) {
            examination.find(Criterion::independent_noise, i, noise.name,
                             fmt::format("\"{}\" is one draw for all cells", noise.name),
                             "draw noise in each cell");
        } else {
            examine_readers(examination, operations[i].operands[0].slot);
        }
    }
}

}  // namespace apical
