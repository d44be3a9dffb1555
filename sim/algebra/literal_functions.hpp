#pragma once

#include <cstdint>

#include "circuits/equations/syntax.hpp"

namespace apical::algebra {

// The functions that an equation may call.
enum class Called : std::uint8_t {
    absolute,
    sign,
    step,
    root,
    exponential,
    logarithm,
    tanh,
    logistic,
    rectified,
    minimum,
    maximum,
    clip,
    select,
    phi,
    slope,
    previous,
    sum,
    mean,
    dot,
    outer,
};

// The function of a call. Throws std::invalid_argument when there is none of its name, or none that
// takes so many arguments.
Called function_of(const Expression& call);

// A function of one number, as sqrt. Not a number stays what it is.
double of_number(Called function, double x);
// min(a, b), max(a, b), clip(a, b, c), select(a, b, c): b where a > 0. Not a number in one of the
// first two, of select in the first, passes through.
double of_numbers(Called function, double a, double b, double c);

// Throws std::invalid_argument.
[[noreturn]] void refuse(const std::string& what);

}  // namespace apical::algebra
