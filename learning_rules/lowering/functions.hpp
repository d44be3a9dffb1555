#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace apical {

// What a function asks of its arguments' units, and the unit of its result.
enum class UnitRule : std::uint8_t {
    numbers,     // exp(x): numbers give a number
    any,         // sign(x): any unit gives a number
    same,        // min(a, b): equal units give that unit
    root,        // sqrt(x): half the power of ms
    choice,      // select(c, a, b): equal units of a and b give that unit
    activation,  // slope(v): a number in cells gives a number there
    name,        // previous(x): a name in cells, or of one number for all, keeps its unit
    gathered,    // sum(x): numbers in cells give one number for all, of their unit
    product,     // dot(P, x): a matrix between cells times a number in each, of both units
    outer,       // outer(a, b): two numbers in the same cells give one of each pair, of both units
    over_synapses,  // gather(x): numbers at synapses give one of their unit in each postsynaptic
                    // cell
};

// A function that equations may call.
struct FunctionOfText {
    std::string_view name;
    std::size_t arguments;
    UnitRule units;
    // Its value for constants; null: constants have no such function.
    double (*of_constants)(std::span<const double> arguments) = nullptr;
};

// All functions, in the order in which messages list them.
std::span<const FunctionOfText> functions_of_text();

// Null when there is none of that name.
const FunctionOfText* find_function_of_text(std::string_view name);

}  // namespace apical
