#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "circuits/text/keys.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// What a circuit may do otherwise than its algorithm's equations, when its model declares it. The
// names, as model files have them, stand in the order of the values.
enum class Approximation : std::uint8_t {
    held,
    random_feedback,
    target_copy,
    jacobian_first,
    learned_jacobian,
    leave_out_alpha
};
inline constexpr std::string_view approximation_names =
    "held|random_feedback|target_copy|jacobian_first|learned_jacobian|leave_out_alpha";
std::string_view name_of(Approximation approximation);

// An algorithm that a model may say it implements.
struct Algorithm {
    std::string_view name;       // "dni_b", of its model in models/ and its page in docs/rules/
    std::string_view in_print;   // "DNI(b)"
    std::string_view summary;    // one line
    std::string_view influence;  // what stands for the influence M_kij or the credit, as in Table 1
    std::span<const Approximation> approximations;  // that `apical verify` knows of it
};

// All of them, from the exact ones to those that a circuit can carry out.
std::span<const Algorithm> algorithms();

// Throws Error{bad_model} with all names and the nearest when there is none of this name.
const Algorithm& find_algorithm(const Text& name);

// The first table of `apical list`: a line each.
std::string list_algorithms();
// { algorithms = [...] }, a row each.
Table algorithms_as_table();

}  // namespace apical
