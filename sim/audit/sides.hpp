#pragma once

#include <vector>

#include "sim/audit/audit_context.hpp"

namespace apical {

// Where in its cells a vector is, from the operations that write it: in the cell, or at the ends of
// an axon that takes more than a step. What the cell does with its numbers stays where these are.
struct Side {
    enum class Of : std::uint8_t { nowhere, cell, end, both } of = Of::nowhere;
    SlotId axon = {};  // of an end: what arrives there

    bool is_in_cell() const { return of == Of::nowhere || of == Of::cell; }
    bool operator==(const Side&) const = default;
};

class Sides {
public:
    explicit Sides(const AuditContext& context);

    const Side& of(SlotId slot) const { return sides_[slot.value]; }
    // The side of what is made of the operation's vectors.
    Side made_by(const Operation& op) const;
    // Whether synapses of the set carry what arrives there, in the set's direction.
    bool carries(SynapseSetId set, SlotId axon) const;
    // Whether axons of more than a step alone bring the set what it carries in its direction.
    bool is_far(SynapseSetId set) const;

private:
    const AuditContext& context_;
    std::vector<Side> sides_;
};

// Whether what the operation makes stays where its operands are.
bool stays_in_place(const Operation& op);

}  // namespace apical
