#pragma once

#include <span>
#include <string>
#include <string_view>

#include "circuits/text/value.hpp"

namespace apical {

// A circuit of the neighbouring literature, of its model in models/literature/ and its page in
// docs/literature/.
struct CircuitOfLiterature {
    std::string_view name;     // "dendritic_microcircuit"
    std::string_view source;   // what the model says in its key `source`
    std::string_view task;     // what the model's task shows it
    std::string_view verdict;  // of the audit: "passes", or the criteria that fail, "fails ii, iii"
};

// All of them, a circuit's forms behind each other.
std::span<const CircuitOfLiterature> circuits_of_literature();

// The second table of `apical list`: a line each.
std::string list_literature();
// { literature = [...] }, a row each.
Table literature_as_table();

}  // namespace apical
