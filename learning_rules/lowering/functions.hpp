#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace apical {

// What a function asks of the units of its arguments, and what it gives.
enum class UnitRule : std::uint8_t {
    numbers,     // of numbers a number: exp(x)
    any,         // of anything a number: sign(x)
    same,        // of equal units that unit: min(a, b)
    root,        // half the power
    choice,      // of the second and third argument: select(c, a, b)
    activation,  // of a number in cells a number there: slope(v)
    name,        // of a name of cells, or of one number for all, its unit: previous(x)
    gathered,    // of numbers in cells one number for all: sum(x)
};

struct FunctionOfText {
    std::string_view name;
    std::size_t arguments;
    UnitRule units;
    // Of constants; null when constants have no such function.
    double (*of_constants)(std::span<const double> arguments) = nullptr;
};

// In the order in which messages list them.
std::span<const FunctionOfText> functions_of_text();

// Null when there is none of that name.
const FunctionOfText* find_function_of_text(std::string_view name);

}  // namespace apical
