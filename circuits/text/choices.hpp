#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// The parts of "tanh|linear".
std::vector<std::string> split_choices(std::string_view choices);

// Part k of the choices, counted from 0. There must be one.
std::string_view choice(std::string_view choices, std::size_t k);

// The index of the part that the text is. It must be one.
std::size_t index_of_choice(std::string_view choices, std::string_view text);

}  // namespace apical
