#pragma once

#include <string_view>

namespace apical {

// Whether a pattern names this address: "*" stands for one part of it or of a name, so for any
// characters, at least one, but ".", "(" and ")". "hidden.*" names "hidden.r", "W_*" "W_rec",
// "eligibility(*)" "eligibility(W_rec)"; "*.r" does not name "previous(hidden.r)".
bool matches(std::string_view pattern, std::string_view address);

}  // namespace apical
