#pragma once

#include <span>
#include <string_view>

#include "circuits/text/value.hpp"

namespace apical {

// An activation that every model can name as if it had its [activation.NAME] table.
struct ShippedActivation {
    std::string_view name, equation;
};

// In the order of the help.
std::span<const ShippedActivation> shipped_activations();

// Puts the tables of those by which populations fire among the model's own; a model's own table of
// such a name comes first.
void add_shipped_activations(Table& root);

}  // namespace apical
