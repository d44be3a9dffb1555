#pragma once

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// Whether a synapse can make the number itself of what axons carry: a function, without memory, of
// rates that the cell has fired by then, in the same phase as the operation that reads it.
bool follows_from_rates(const AuditContext& context, SlotId slot, std::size_t reader);

// What terminals of a set's presynaptic cells hold: numbers from 0 to 1 that are made of what
// arrives and of each other, and a rate times them, which is what the set's synapses receive.
// Nobody but these synapses reads it: what stands at an axon's end is no memory of the cell.
class Terminals {
public:
    explicit Terminals(const AuditContext& context);

    // The rate of which a slot is the part that the terminals of the set release; unset where it is
    // none.
    SlotId released(SlotId arriving, SynapseSetId set) const;

private:
    bool is_read_elsewhere(SlotId slot, SynapseSetId set) const;
    bool is_at_terminals(SlotId slot, SlotId arriving, SynapseSetId set) const;
    bool is_own(SlotId slot, SynapseSetId set) const;

    const AuditContext& context_;
    Bounds bounds_;
};

}  // namespace apical
