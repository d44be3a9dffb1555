#pragma once

#include <vector>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"
#include "sim/audit/flow.hpp"
#include "sim/audit/size.hpp"
#include "sim/audit/starts.hpp"

namespace apical {

// The numbers that are counted.
enum class Counted : std::uint8_t {
    // The constants that operations multiply by: 1000 of "made = 1000 r". What is fired,
    // transmitted through strengths or drawn begins anew with 1.
    constants,
    // All: inputs, labels and saturating rates are at most 1, and a vector is transmitted through
    // the strengths that a set starts with.
    everything,
};

// The size of each slot, from the operations that write it; what a loop adds to itself in later
// steps is left out and said.
class Sizes {
public:
    // The references must outlive this.
    Sizes(const AuditContext& context, const Starts& starts, const Bounds& bounds, Counted counted);

    const Size& of(SlotId slot) const { return largest_[slot.value]; }
    // The size of what a change of a matrix adds to it in a step.
    Size added(const Operation& op) const;

private:
    // An operation and what its operands are when it takes place.
    struct Reading {
        const Operation& op;
        SlotId written;
        std::vector<Size> operands;  // that of the written slot first

        const Size& operator[](std::size_t k) const { return operands[k]; }
        std::size_t count() const { return operands.size(); }
        bool in_place() const { return op.operands[0].access != Access::set; }
    };
    void find_growth(const Flow& flow, const std::vector<Size>& start);
    void go_round(const Flow& flow, const std::vector<Size>& start,
                  const std::vector<Size>& before);
    Size within_bounds(const Size& made, SlotId id) const;
    Size made(const Reading& read) const;
    Size transmitted(const Reading& read) const;
    static std::vector<Size> fired_of(const Reading& read, const Size& drive);
    Size fired(const Reading& read) const;
    Size by_function(const Reading& read) const;
    Size summed(const Reading& read) const;
    Size led(const Reading& read) const;
    Size by_formula(const Reading& read) const;
    Size quotient(const Reading& read) const;
    Size gathered(const Reading& read) const;
    Size traced(const Reading& read) const;
    Size multiplied(const Reading& read) const;
    Size product(const Reading& read) const;
    bool is_share(SlotId rate) const;
    Size through(SlotId matrix, bool reverse, Size vector) const;
    Size started(SlotId slot) const;
    Size product_of(const Reading& read, std::initializer_list<std::size_t> operands) const;

    const AuditContext& context_;
    const Starts& starts_;
    const Bounds& bounds_;
    Counted counted_;
    std::vector<bool> changes_;  // by slot: an operation changes these strengths
    std::vector<bool> grows_;    // by slot: round a loop by more than 1
    std::vector<Size> now_, largest_;
};

}  // namespace apical
