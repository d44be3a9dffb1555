#pragma once

#include <limits>
#include <string>

#include "sim/show/inspect/inspect.hpp"
#include "sim/show/view/room.hpp"

namespace apical {

inline constexpr CellRange all_cells{0, std::numeric_limits<std::size_t>::max()};

// A run as one HTML page of at most `most_bytes` that needs nothing else. Throws Error{unavailable}
// naming the Debian package when Graphviz or dygraphs is missing, Error{usage} when no quantity has
// the first of `cells`, Error{cannot_create_output} when what cannot be thinned is larger,
// Error{input_output_error} when the file is damaged.
std::string page_of(const StoredRun& run, const StoredModel& model,
                    const CellRange& cells = all_cells, std::uint64_t most_bytes = largest_page);

}  // namespace apical
