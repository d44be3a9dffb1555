#pragma once

#include <span>
#include <string>
#include <string_view>

#include "circuits/text/keys.hpp"

namespace apical {

// An algorithm that a model may say it implements.
struct Algorithm {
    std::string_view name;       // "dni_b", of its model in models/ and its page in docs/rules/
    std::string_view in_print;   // "DNI(b)"
    std::string_view summary;    // one line
    std::string_view influence;  // what stands for the influence M_kij or the credit, as in Table 1
    // The differences from the equations that a circuit may have when its model declares them, as
    // in "held|random_feedback".
    std::string_view approximations;
};

// All of them, from the exact ones to those that a circuit can carry out.
std::span<const Algorithm> algorithms();

// Throws Error{bad_model} with all names and the nearest when there is none of this name.
const Algorithm& find_algorithm(const Text& name);

// The output of `apical list`: a line each.
std::string list_algorithms();
std::string list_algorithms_json();

}  // namespace apical
