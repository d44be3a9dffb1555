#pragma once

#include "sim/engine/kernels/formula_kernels.hpp"

// What the loops of register programs compute of up to four entries (tiles.hpp has the table). In
// an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

namespace tile {

struct Spread {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return a; }
};
struct Absolute {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return size_of(a); }
};
struct Sign {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) {
        return select(a > 0.0, broadcast(1.0), select(a < 0.0, broadcast(-1.0), a));
    }
};
struct StepOf {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) {
        return by_sign(a, broadcast(1.0), Eight{}, Eight{});
    }
};
struct Root {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return root_all(a); }
};
struct Exponential {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return exp_all(a); }
};
struct Logarithm {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return log_all(a); }
};
struct Tanh {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return tanh_of(a); }
};
struct Logistic {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return logistic_all(a); }
};
struct Rectified {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) {
        return select(a < 0.0, Eight{}, a);
    }
};

struct Add {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a + b; }
};
struct Subtract {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a - b; }
};
struct Multiply {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a * b; }
};
struct Divide {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a / b; }
};
struct Minimum {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return smaller_of(a, b); }
};
struct Maximum {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return larger_of(a, b); }
};

struct ProductAdded {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) {
        return multiply_add(a, b, c);
    }
};
struct ProductTaken {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) {
        return multiply_add(-a, b, c);
    }
};
struct ProductsAdded {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return multiply_add(a, b, c * d);
    }
};
// Products, alone, added and taken, whose first factor is a difference.
struct DifferenceTimes {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) { return (a - b) * c; }
};
struct DifferenceAdded {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return multiply_add(a - b, c, d);
    }
};
struct DifferenceTaken {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return multiply_add(-(a - b), c, d);
    }
};
// The nearer d is to the bound c, the less it changes.
struct SoftlyBounded {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return multiply_add(c - d, a * b, d);
    }
};
// What a strength loses by its sign: taken from a number, from a product, and from the product that
// is added to the strength itself.
struct SignTaken {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) {
        return multiply_add(-Sign::of(a, a, a, a), b, c);
    }
};
struct SignTakenFromProduct {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return multiply_add(-Sign::of(c, c, c, c), d, a * b);
    }
};
struct Shrinking {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return c + SignTakenFromProduct::of(a, b, c, d);
    }
};
struct Select {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) { return by_sign(a, b, c, c); }
};

// F between the two numbers that are the loop's last operands; where `at_zero`, one of them may be
// 0.
template <class F, bool at_zero = true>
struct Clipped {
    using BesideZero = Clipped<F, false>;
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) { return F::of(a, b, c, d); }
};
template <class F>
inline constexpr bool clips = false;
template <class F, bool at_zero>
inline constexpr bool clips<Clipped<F, at_zero>> = true;
template <class F>
inline constexpr bool clips_at_zero = false;
template <class F>
inline constexpr bool clips_at_zero<Clipped<F, true>> = true;

// x where it is neither above nor below; what is no number stays none. The bounds are numbers, and
// come first: the processor's maximum and minimum have the second where neither is larger.
APICAL_INLINE Eight between(Eight low, Eight high, Eight x) {
    const Eight above = by_register<8>(
        [](NativeDoubles bound, NativeDoubles y) { return bound > y ? bound : y; }, low, x);
    return by_register<8>(
        [](NativeDoubles bound, NativeDoubles y) { return bound < y ? bound : y; }, high, above);
}

}  // namespace tile

}  // namespace
}  // namespace apical
