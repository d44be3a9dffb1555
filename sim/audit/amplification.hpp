#pragma once

#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// By what constants the operations of a program multiply on the way to a slot: 1000 of
// "made = 1000 r". Sums have the largest of their parts; what is fired, transmitted through
// strengths or drawn begins anew with 1.
class Amplification {
public:
    explicit Amplification(const Program& program)
        : program_(program), found_(program.slots.size(), unknown) {}
    double of(SlotId slot);

private:
    static constexpr double unknown = -1.0, being_found = -2.0;
    double written(const Operation& op);

    const Program& program_;
    std::vector<double> found_;
};

}  // namespace apical
