#pragma once

#include <cstddef>
#include <cstdint>

namespace apical {

// What one part of a formula does with entries a, b, c of its sources (circuits/program/formula.hpp
// says what becomes of numbers that are none). A product that is added is rounded with the sum, as
// multiply_add does.
enum class FormulaCall : std::uint8_t {
    copy,
    add,
    subtract,
    multiply,
    divide,
    multiply_add,       // a b + c
    multiply_subtract,  // a b - c
    subtract_product,   // c - a b
    power,
    minimum,
    maximum,
    select,
    absolute,
    sign,
    step,
    root,
    exponential,
    logarithm,
    tanh,
    logistic,
    rectified,
};
inline constexpr std::size_t formula_call_count =
    static_cast<std::size_t>(FormulaCall::rectified) + 1;

}  // namespace apical
