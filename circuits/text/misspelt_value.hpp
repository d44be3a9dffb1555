#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apical {

// What is wrong with a word that stands for a number and is none in TOML: too large, or without a
// digit before or behind its point. Empty when it stands for no number.
std::string misspelt_number(std::string_view word);

// What is wrong with a word that stands for a value: what `misspelt_number` says, or that a text
// needs quotes. Empty when the word is neither.
std::string misspelt_value(std::string_view word);

// A word of a TOML text, from its offset on.
struct Word {
    std::size_t begin = 0;
    std::string_view text;
};

// The value that stands around `offset`, behind '=', ',' or '['; empty when there is none.
Word value_around(std::string_view text, std::size_t offset);

// Whether the text begins with a quotation mark of typography, which TOML does not know.
bool is_typographic_quote(std::string_view text);

}  // namespace apical
