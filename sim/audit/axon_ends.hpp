#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// Where in its cells a vector is, from the operations that write it: in the cell, or at the ends of
// an axon that takes more than a step. What the cell does with its numbers stays where these are.
struct Side {
    enum class Of : std::uint8_t { nowhere, cell, end, both } of = Of::nowhere;
    SlotId axon = {};  // of an end: what arrives there

    bool is_in_cell() const { return of == Of::nowhere || of == Of::cell; }
    bool operator==(const Side&) const = default;
};

// What stands at the ends of axons, where only synapses can read it, so that it is no memory of the
// cell. Of an axon that takes more than a step this is what `conduct` writes, and what is made of
// it. Where synapses are at hand it is what is made for one set of what that set carries, and what
// nobody but the set's synapses reads: shares from 0 to 1 of a rate, which synapses release, and
// traces.
class AxonEnds {
public:
    explicit AxonEnds(const AuditContext& context);

    const Side& side(SlotId slot) const { return sides_[slot.value]; }
    bool is_at_end(SlotId slot) const { return !side(slot).is_in_cell(); }
    // The side of what is made of the operation's vectors.
    Side made_by(const Operation& op) const;
    // Whether synapses of the set carry it in the set's direction.
    bool carries(SynapseSetId set, SlotId slot) const;
    // Whether axons of more than a step alone bring the set what it carries in its direction.
    bool is_far(SynapseSetId set) const;
    // The rate of which a slot is the part that the set's synapses receive; unset where it is none.
    SlotId released(SlotId arriving, SynapseSetId set) const;
    // Whether it is made of nothing but what the set carries, and the set's synapses alone read it.
    bool is_trace(SlotId slot, SynapseSetId set) const;

private:
    bool is_read_elsewhere(SlotId slot, SynapseSetId set) const;
    bool is_share(SlotId slot, SlotId arriving, SynapseSetId set) const;
    bool is_own(SlotId slot, SynapseSetId set) const;
    bool is_trace(SlotId slot, SynapseSetId set, std::vector<SlotId>& known) const;
    bool stays_there(SlotId slot, SynapseSetId set, std::vector<SlotId>& seen) const;

    const AuditContext& context_;
    Bounds bounds_;
    std::vector<Side> sides_;
    // In the sets' direction; by value of the set's id, which may be unset.
    std::set<std::pair<std::uint32_t, std::uint32_t>> carried_;  // the set, and the slot
    std::map<std::uint32_t, bool> far_;
};

// Whether what the operation makes stays where its operands are.
bool stays_in_place(const Operation& op);

// Whether a synapse can make the number itself of what axons carry: a function, without memory, of
// rates that the cell has fired by then, in the same phase as the operation that reads it.
bool follows_from_rates(const AuditContext& context, SlotId slot, std::size_t reader);

}  // namespace apical
