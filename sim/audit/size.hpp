#pragma once

#include <limits>

#include "circuits/program/program.hpp"

namespace apical {

// The size of what constants alone can make as large as one likes: a fraction of what may be 0, an
// exponential of what has no bound, a number that multiplies itself by more than 1.
inline constexpr double limitless_size = std::numeric_limits<double>::infinity();

// The size that the numbers of a slot can come to.
struct Size {
    double most = 0.0;
    // The slot without a bound that they grow with, as strengths that change and sums round a loop
    // have none; unset when all that they are made of has one. `most` leaves out that growth.
    SlotId unbounded = {};
    int sign = 0;  // of all numbers, where they have one
};

// The size of a product, and of a sum: of opposite signs it is no larger than the larger of the
// two.
Size operator*(double factor, const Size& size);
Size operator*(const Size& a, const Size& b);
Size operator+(const Size& a, const Size& b);
Size larger(const Size& a, const Size& b);
// x <- keep x + `added` for ever, of the slot `of`: what keeps more than all of itself has no
// limit.
Size accumulated(double keep, const Size& added, SlotId of);

// The size of what a rule keeps, before the first step; 1 for what is read from a file.
inline constexpr double drawn_deviations = 4.0;  // of a normal draw
double largest_at_first(const Initializer& init, int rows, int columns);

}  // namespace apical
