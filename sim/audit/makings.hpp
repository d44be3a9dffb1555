#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/audit/audit_context.hpp"

namespace apical {

// What vectors are made of within a step, to tell those that are distinct: the matrices that they
// went through on their way, and what was there at the step's beginning or came from outside. A
// vector that cells fire once more, or that settles through the same synapses again and again,
// soon is made of the same; two that are made of the same count as one.
class Makings {
public:
    using Making = std::uint32_t;  // the same number: made of the same
    explicit Makings(const AuditContext& context);

    // What the slot's present value is made of, and what two values are made of together.
    // Operations must be gone through in their order, each followed by `pass`.
    Making of(SlotId slot);
    Making joined(Making a, Making b);
    // Takes note of the slot that the operation writes.
    void pass(const Operation& op);

private:
    Making intern(std::vector<std::uint32_t> parts);
    Making through(SlotId matrix);

    const AuditContext& context_;
    std::vector<std::vector<std::uint32_t>> parts_;  // by making, sorted
    std::map<std::vector<std::uint32_t>, Making> known_;
    std::map<std::pair<Making, Making>, Making> joined_;
    std::vector<Making> now_;  // by slot; `unmade` before it is written
};

}  // namespace apical
