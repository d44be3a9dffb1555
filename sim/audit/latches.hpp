#pragma once

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// Finds numbers that are a memory of no fixed age: what a switch lets in, and keeps as it is until
// it lets in another, as select(c, held, x) or held + step(c) (x - held). A few of them, filled in
// turn, recall the past as a history does.
class Latches {
public:
    // The references must outlive this.
    Latches(const AuditContext& context, const Bounds& bounds)
        : context_(context), bounds_(bounds) {}

    // Whether the operation writes one. What decays while it is held is a trace, what is set to a
    // constant a reset, and what a graded number lets in by parts a mean.
    bool is_written_by(const Operation& op) const;

private:
    bool chooses(const Operation& op, std::size_t node) const;
    bool is_held(const Operation& op, std::size_t node) const;
    bool is_let_in(const Operation& op, std::size_t node) const;
    bool takes_in(const Operation& op, std::size_t node) const;
    bool is_new(const Operation& op, std::size_t operand) const;
    bool has_switch(const Operation& op, std::size_t node, int depth) const;
    bool is_switch(const Operation& op, std::size_t node, int depth) const;
    bool is_switch(SlotId slot, int depth) const;
    bool is_switched_sum(const Operation& op) const;

    const AuditContext& context_;
    const Bounds& bounds_;
};

}  // namespace apical
