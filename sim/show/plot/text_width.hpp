#pragma once

#include <string>
#include <vector>

namespace apical {

inline constexpr double small_font = 7.0;  // points

// How wide the text is in the small font: the widths of Helvetica's characters, as Adobe's metrics
// have them; what is not ASCII is as wide as a digit.
double width_cm(const std::string& text);

// The text in lines of at most `cm`, broken behind spaces, commas, slashes, underscores, dots and
// hyphens, or, where there is none, behind any character. The joined lines are the text, but for
// spaces at their ends.
std::vector<std::string> wrapped(const std::string& text, double cm);

// The text, or its beginning and its end around "…", as much of both as `cm` has room for.
std::string without_middle(const std::string& text, double cm);

}  // namespace apical
