// Criterion v: noise is each cell's own.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/audit_context.hpp"

namespace apical {

namespace {

bool reads(const Operation& op, SlotId slot) {
    return std::any_of(op.operands.begin() + 1, op.operands.end(),
                       [&](const Operand& operand) { return operand.slot == slot; });
}

// Whether what the operation writes is in the noise's cells, or at their synapses.
bool stays_in_cells(const AuditContext& context, const Slot& noise, const Slot& written) {
    if (written.shape == Shape::scalar) return true;
    return context.same_cells(written.cells, noise.cells) ||
           (written.pre && context.same_cells(written.pre, noise.cells));
}

// Whether one gate alone reads it: then it is the noise of the interneuron that moves it.
bool is_of_gate(const AuditContext& context, SlotId drawn) {
    GateId gate;
    for (const Operation& op : context.operations()) {
        if (!reads(op, drawn)) continue;
        const GateId by = context.slot(op, 0).gate;
        if (op.kind != Kind::gate || !by || (gate && gate != by)) return false;
        gate = by;
    }
    return bool(gate);
}

void examine_readers(AuditContext& context, SlotId drawn) {
    const Slot& noise = context.program()[drawn];
    for (std::size_t i = 0; i < context.operations().size(); ++i) {
        const Operation& op = context.operations()[i];
        const Slot& written = context.slot(op, 0);
        if (!reads(op, drawn) || stays_in_cells(context, noise, written)) continue;
        context.find(Criterion::independent_noise, i, noise.name,
                     fmt::format("\"{}\" is the noise of the cells \"{}\", and \"{}\" of "
                                 "\"{}\" knows the same draws",
                                 noise.name, context.name(noise.cells), written.name,
                                 context.name(written.cells)),
                     "draw noise for each population of its own");
    }
}

// Two draws that are the same numbers of a file.
void examine_replays(AuditContext& context, std::size_t index) {
    const std::vector<Replay>& replays = context.program().replays;
    const auto replay_of = [&](std::size_t operation) -> const Replay& {
        return replays[static_cast<std::size_t>(context.operations()[operation].replay)];
    };
    const Operation& op = context.operations()[index];
    for (std::size_t i = 0; i < index && op.replay >= 0; ++i) {
        const Operation& other = context.operations()[i];
        const bool is_own = other.operands[0].slot == op.operands[0].slot;
        if (other.kind != Kind::noise || other.replay < 0 || is_own) continue;
        const Replay &a = replay_of(index), &b = replay_of(i);
        if (a.path != b.path || a.dataset != b.dataset || a.column != b.column) continue;
        const std::string& name = context.slot(op, 0).name;
        context.find(Criterion::independent_noise, index, name,
                     fmt::format("\"{}\" is the same numbers of \"{}\" as \"{}\"", name, a.path,
                                 context.slot(other, 0).name),
                     "replay other columns");
    }
}

}  // namespace

void examine_noise(AuditContext& context) {
    const std::vector<Operation>& operations = context.operations();
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const bool moves_gate =
            operations[i].kind == Kind::gate && operations[i].function == Function::delay;
        if (operations[i].kind != Kind::noise && !moves_gate) continue;
        const Slot& noise = context.slot(operations[i], 0);
        examine_replays(context, i);
        if (is_of_gate(context, operations[i].operands[0].slot)) continue;
        if (noise.shape == Shape::scalar) {
            context.find(Criterion::independent_noise, i, noise.name,
                         fmt::format("\"{}\" is one draw for all cells", noise.name),
                         "draw noise in each cell");
        } else {
            examine_readers(context, operations[i].operands[0].slot);
        }
    }
}

}  // namespace apical
