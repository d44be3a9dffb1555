#pragma once

#include <string>
#include <vector>

#include "circuits/text/keys.hpp"

namespace apical {

enum class MutantKind { removed, misspelt_key, misspelt_reference, wrong_type, out_of_range };

// The text of a model with one mistake in it.
struct Mutant {
    MutantKind mistake;
    std::string path;  // "synapses.W_rec.delay"
    Key key;
    std::string change;  // "delya", "true"; of a removed key nothing
    std::string text;
    std::string place;  // ":14:8", where the mistake is; of a removed key nothing
    // What a misspelling meant, and the part of it that is misspelt, as "hidden" is in
    // "hiden.soma".
    std::string meant, meant_part;
};

// All mutants of a model's text: of each of its keys, and of each name that it refers to. Names
// that a user chooses where they stand first, titles and files are left alone.
std::vector<Mutant> mutants_of(const std::string& text);

}  // namespace apical
