#pragma once

#include <span>
#include <string_view>

namespace apical {

// A rule file that comes with Apical, as it was when the program was built.
struct ShippedText {
    std::string_view name;  // of its rule, and of the file: "delta"
    std::string_view text;
};

// The files learning_rules/*.toml, by name; the build makes their source (embed.cmake).
std::span<const ShippedText> shipped_texts();

}  // namespace apical
