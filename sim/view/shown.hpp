#pragma once

#include <cstdint>

#include "circuits/value.hpp"
#include "sim/inspect/inspect.hpp"
#include "sim/view/packed.hpp"

namespace apical {

// What a page shows of a run, as page.js reads it: a table of what there is and where in `numbers`
// it stands, and the numbers, at most about `room` words of them.
struct Shown {
    Table table;
    Packed numbers;
};

Shown shown_of(const StoredRun& run, const CellRange& cells, std::uint64_t room);

}  // namespace apical
