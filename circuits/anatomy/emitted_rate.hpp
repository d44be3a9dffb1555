#pragma once

#include <string>
#include <string_view>

#include "circuits/equations/syntax.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// What cells fire while a dendrite alone drives them, in place of phi of its voltage: the key
// "emits" of a gate. It is made inside the cell, as "hidden.apical_emits", before the cells fire
// it.
struct EmittedRate {
    std::string text;
    Expression equation;  // of the cells' own numbers, as equations inside cells name them
    Where where;
};

// "apical_emits"
inline std::string emitted_quantity(std::string_view dendrite) {
    return std::string(dendrite) + "_emits";
}

}  // namespace apical
