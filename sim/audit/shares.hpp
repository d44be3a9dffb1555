#pragma once

#include <vector>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// Shares of the strength of a synapse that other numbers at it hold. A tag that is k w + y of the
// strength w gives back k w where it is added to the strength, so that "tag = w" and then "w -=
// tag" takes the strength from itself; a tag that follows the strength holds up to what it
// converges to.
class StrengthShares {
public:
    // The references must outlive this.
    StrengthShares(const AuditContext& context, const Bounds& bounds);

    // The interval of k, the share that a tag holds.
    const Interval& held(SlotId tag) const { return held_[tag.value]; }
    // The share of a strength that its change keeps by way of tags, beside what it keeps itself.
    Interval returned(const Operation& change) const;
    // The first tag that gives some of it back; unset where none does.
    SlotId giver(const Operation& change) const;

private:
    void hold(SlotId tag);
    Interval read(const Operation& op, std::size_t k) const;
    Interval taken_in(const Operation& op) const;
    Interval kept(const Operation& op) const;

    const AuditContext& context_;
    const Bounds& bounds_;
    std::vector<Interval> held_;  // by slot
};

}  // namespace apical
