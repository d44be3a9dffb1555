#pragma once

#include <string>
#include <vector>

#include "circuits/text/value.hpp"

namespace apical {

// The keys that a table of a sweep file sets, each by its path behind `prefix`. A key in quotes
// with dots in it has its value whole; other tables with entries are descended into. Throws
// Error{bad_model} when a key has two values.
std::vector<Override> overrides_of(const Table& from, const std::string& prefix = "");

}  // namespace apical
