#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "circuits/text/keys.hpp"

namespace apical {

std::span<const Key> root_keys();        // the file itself
std::span<const Key> run_keys();         // [run]
std::span<const Key> checkpoint_keys();  // [checkpoint]
std::span<const Key> evaluate_keys();    // [evaluate]

// All keys of a model file, section by section: the tables of those who read them, joined. A rule's
// own keys stand in its file.
std::vector<Key> model_keys();

// The keys of one section, "population.*", "task", "" for the root; none of an unknown section.
std::vector<Key> keys_of(std::string_view section);

}  // namespace apical
