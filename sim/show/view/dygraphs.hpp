#pragma once

#include <string>

namespace apical {

// The library that draws the charts, as it stands in Debian's package libjs-dygraphs.
struct Dygraphs {
    std::string script, style;
};

// Looks for javascript/dygraphs in the folders of XDG_DATA_DIRS, or in /usr/local/share and
// /usr/share when it is not set. Throws Error{unavailable} naming the Debian package.
Dygraphs load_dygraphs();

}  // namespace apical
