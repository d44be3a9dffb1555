#include "sim/engine/known_at_start.hpp"

namespace apical {

namespace {

class FirstUses {
public:
    explicit FirstUses(std::size_t slots) : known_(slots), used_(slots) {}

    // Reads come before writes. What is made before the first step is known at its beginning.
    void take(const Operation& op, bool before_first_step) {
        for (const Operand& operand : op.operands) {
            if (operand.access != Access::set) see(operand.slot, true);
        }
        for (const Operand& operand : op.operands) {
            if (operand.access == Access::set) see(operand.slot, before_first_step);
        }
    }
    // Nothing sets it: it stays what it was. (Numbers of no cells, such as the loss, are made
    // anew.)
    void take_unused(SlotId slot) { see(slot, true); }
    std::vector<bool> known() { return std::move(known_); }

private:
    void see(SlotId slot, bool read) {
        if (!slot || used_[slot.value]) return;
        used_[slot.value] = true;
        known_[slot.value] = read;
    }
    std::vector<bool> known_, used_;
};

}  // namespace

// The step's end comes first: but for what it does every few steps, it takes place once before the
// first step.
std::vector<bool> known_at_start(const Program& program) {
    FirstUses uses(program.slots.size());
    for (const bool before_first_step : {true, false}) {
        for (const Operation& op : program.operations) {
            if (op.kind == Kind::reset) continue;  // sets back what is known
            const bool at_start = !op.phase && op.every == 1;
            if (at_start == before_first_step) uses.take(op, before_first_step);
        }
    }
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        if (slot.what != What::measured && (slot.cells || slot.kept)) uses.take_unused(SlotId(i));
    }
    return uses.known();
}

}  // namespace apical
