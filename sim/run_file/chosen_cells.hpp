#pragma once

#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"
#include "sim/run_file/recording.hpp"

namespace apical {

// The cells that a key of a [record.*] table names, by population: { hidden = [0, 5, "10:20"] },
// where a range ends before its second number. None when the key is left out. Throws
// Error{bad_model} for an unknown population, no cell, one that its population does not have, and
// one that is named twice.
std::vector<ChosenCells> load_chosen_cells(const Circuit& circuit, const Section& table,
                                           std::string_view key);

}  // namespace apical
