#pragma once

#include <string>
#include <vector>

#include "circuits/text/value.hpp"

namespace apical {

// A key ("run.seed", "phase.0.ms") whose value as written is not the one that ran; empty where
// there is none. What was only not written is a default, a deduced size, or was set for the run.
struct ModelDifference {
    std::string key, written, ran;  // values as TOML
};

// The differences: first of keys that were written, then of those that only ran, each in the order
// of its table. 6 and 6.0 are one number.
std::vector<ModelDifference> differences(const Table& written, const Table& ran);

}  // namespace apical
