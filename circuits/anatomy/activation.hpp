#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/initializer.hpp"
#include "circuits/equations/syntax.hpp"
#include "circuits/text/error.hpp"

namespace apical {

enum class Activation : std::uint8_t { linear, tanh, rectified, logistic, softmax, written };
// The activations that cells can have, in the order of the help; softmax is a readout's alone, and
// what is written is known by its own name.
inline constexpr std::string_view activation_names = "tanh|linear|rectified|logistic";
std::string_view name_of(Activation activation);
// The activation of a name in `activation_names`.
Activation activation_of(std::string_view name);

// An activation phi(x) that a model has as text.
struct WrittenActivation {
    std::string name;
    Expression equation;  // of "x", the voltage, and `of_cells`; other parameters are numbers in it
    Where where;
    // Parameters of which each cell has its own number.
    struct OfCells {
        std::string name;
        Initializer init;
    };
    std::vector<OfCells> of_cells = {};
    // What rules read in place of the equation's derivative, of the same names.
    std::optional<Expression> slope = std::nullopt;
    const Expression* slope_text() const { return slope ? &*slope : nullptr; }
};

}  // namespace apical
