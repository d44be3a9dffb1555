#pragma once

#include <string>

namespace apical {

// A Graphviz drawing as SVG, to stand in a page: without what an XML file begins with. Throws
// Error{unavailable} naming the Debian package when there is no program `dot`, Error{internal} with
// its first complaint when it fails.
std::string svg_of(const std::string& dot);

}  // namespace apical
