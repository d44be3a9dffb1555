#pragma once

#include <cstdint>

#include "circuits/text/value.hpp"
#include "sim/show/inspect/inspect.hpp"
#include "sim/show/view/packed.hpp"

namespace apical {

// What a page shows of a run, as page.js reads it: a table of what there is and where in `numbers`
// it stands, and the numbers, at most about `room` words of them.
struct PageData {
    Table table;
    Packed numbers;
};

// A step takes `step_ms`. Throws Error{usage} when no quantity has the first of `cells`,
// Error{input_output_error} when the file is damaged.
PageData page_data_of(const StoredRun& run, double step_ms, const CellRange& cells,
                      std::uint64_t room);

}  // namespace apical
