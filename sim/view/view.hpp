#pragma once

#include <limits>
#include <string>

#include "sim/inspect/inspect.hpp"

namespace apical {

inline constexpr CellRange all_cells{0, std::numeric_limits<std::size_t>::max()};

// A run as one HTML page of at most 20 MB that needs nothing else. Throws Error{unavailable} naming
// the Debian package when Graphviz or dygraphs is missing.
std::string page_of(const StoredRun& run, const StoredModel& model,
                    const CellRange& cells = all_cells);

}  // namespace apical
