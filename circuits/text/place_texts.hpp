#pragma once

#include <string_view>

#include "circuits/text/table.hpp"

namespace apical {

// Says of each text in the table where its first character stands in `file`, the TOML text that the
// table was parsed from: behind the quote, behind three of a long text, or on the next line when a
// line break follows them at once.
void place_texts(Table& table, std::string_view file);

}  // namespace apical
