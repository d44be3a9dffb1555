#pragma once

#include <optional>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"

namespace apical {

class Starts;

// The values that a number can have: from the one to the other.
struct Interval {
    double low = 0.0, high = 0.0;

    bool is_within(double least, double most) const { return low >= least && high <= most; }
    bool is_bounded() const;
    double size() const;  // the largest of a value in it, without its sign
};

Interval operator*(const Interval& a, const Interval& b);
Interval operator+(double a, const Interval& b);
Interval operator+(const Interval& a, const Interval& b);
// The smallest interval that has both in it.
Interval joined(const Interval& a, const Interval& b);

// The values of the square of a number within `a`.
Interval square(const Interval& a);

// Within which a scale is, whatever the sizes that it is relative to.
Interval started(const Scale& start);
// Within which the numbers of a constant are, which some cells may have and the others lack.
Interval started(const Initializer& constant);

// The interval within which the strengths of a set start; low above high where that is not known,
// and of a slot that has no strengths.
Interval start_of(const Starts& starts, const Slot& slot);

// The bounds within which the operations of a program keep the numbers of a slot, whatever the run;
// none where nothing bounds them.
class Bounds {
public:
    Bounds(const Program& program, const Circuit& circuit);
    const Interval& of(SlotId slot) const { return intervals_[slot.value]; }

private:
    // Follows the numbers from operation to operation of a step that begins with `begin_`.
    void go_through(const Program& program, const Circuit& circuit);
    void begin_with_last_step(const Program& program, const Circuit& circuit);
    void find_what_stays_within(const Program& program, const Circuit& circuit);
    Interval written(const Program& program, const Operation& op) const;
    Interval averaged(const Program& program, const Operation& op) const;
    Interval summed(const Program& program, const Operation& op) const;
    Interval arriving(const Program& program, const Circuit& circuit, SlotId sum) const;
    std::optional<Interval> conductance(const Program& program, const Circuit& circuit,
                                        const Operation& op) const;
    Interval sum(const Operation& op) const;
    Interval of_formula(const Program& program, const Operation& op) const;
    std::vector<Interval> intervals_;
    std::vector<Interval> begin_;  // by slot: before the step's first operation
    std::vector<bool> assumed_;    // by slot: `begin_` says what all steps begin with
};

}  // namespace apical
