#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/run_file/ranges.hpp"

namespace apical {

struct CsvRequest {
    std::vector<std::string> what;  // addresses
    StepRange steps;
    std::optional<CellList> cells;  // all when unset
};

// A text as a field of a table, in quotes where it needs them.
std::string csv_field(const std::string& text);

}  // namespace apical
