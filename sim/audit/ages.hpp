#pragma once

#include <vector>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/flow.hpp"

namespace apical {

// The ways in which a value is handed on, so that it is as old as the value it was made of.
enum class HandedOn : std::uint8_t {
    within_cells,  // from slot to slot of one cell
    from_cells,    // and from cells to others that fire nothing but what they receive
};

// How many steps ago a cell had what a slot says. A slot that is read before it is written has last
// step's value, whatever its name is. What comes back to where it began is a trace, and new.
class Ages {
public:
    Ages(const AuditContext& context, HandedOn handed_on);

    // The age, in steps, of what operation i reads in this slot; 0: it is new, or nothing writes
    // it. Within the iterations of a phase what the last one left is a part of a step old.
    double read(SlotId slot, std::size_t i) const;
    // The slot in which its value began: "hidden.r" of a chain of relays.
    SlotId begun(SlotId slot) const { return begun_[slot.value]; }
    // Whether what the operation writes is as old as its operand k. What is transmitted to cells
    // that receive more, fired by these, learned or summed up in a trace is new.
    bool hands_on(const Operation& op, std::size_t k) const;

private:
    bool hands_on_to_cells(const Operation& op, std::size_t k) const;
    bool hands_on_to_gathered(const Operation& op) const;

    const AuditContext& context_;
    HandedOn handed_on_;
    std::vector<std::vector<PopulationId>> sources_;  // by population: that drive its firing
    std::vector<bool> gathered_;                      // by slot: a tag that cells sum up
    Flow flow_;
    std::vector<double> ages_;   // by slot
    std::vector<SlotId> begun_;  // by slot
};

}  // namespace apical
