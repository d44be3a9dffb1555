#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apical {

// Most columns of a line of help.
inline constexpr std::size_t help_columns = 100;

// The text with no line longer than so many columns, as far as spaces allow. What goes on from a
// line stands below its last column of text: that behind two spaces or more, or its indentation.
std::string wrapped(std::string_view text, std::size_t columns = help_columns);

}  // namespace apical
