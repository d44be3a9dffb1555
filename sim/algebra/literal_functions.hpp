#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "circuits/equations/syntax.hpp"

namespace apical::algebra {

// What a function is computed from: its arguments' entries at one place; or what a cell fires by,
// the step before, all cells, a cell's synapses or pairs of cells, which LiteralEquations knows.
enum class Called : std::uint8_t { by_entry, phi, slope, previous, sum, mean, gather, dot, outer };

// A function that equations may call.
struct LiteralFunction {
    std::string_view name;
    std::size_t arguments;
    Called called = Called::by_entry;
    double (*value)(std::span<const double> arguments) = nullptr;  // null unless by entry
};

inline constexpr std::size_t most_arguments = 3;

// The function of a call. Throws std::invalid_argument when there is none of its name, or when it
// takes another number of arguments.
const LiteralFunction& function_of(const Expression& call);

// Throws std::invalid_argument.
[[noreturn]] void refuse(const std::string& what);

}  // namespace apical::algebra
