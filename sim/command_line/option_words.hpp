#pragma once

#include <string>

namespace apical {

// What the library says, in the words of the program: `cells`, an argument, is the option --cells,
// and `run_model()`, a function, is `apical run`. The library names both in backticks, and knows
// neither options nor commands.
std::string in_words_of_options(std::string text);

}  // namespace apical
