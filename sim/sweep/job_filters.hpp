#pragma once

#include <string>
#include <utility>
#include <vector>

#include "circuits/text/value.hpp"

namespace apical {

// The columns by which jobs differ, "model", "task", "seed" and the swept keys, with all values.
using Columns = std::vector<std::pair<std::string, std::vector<Value>>>;

// Which jobs: every column that is named must have one of the values.
struct JobFilter {
    Columns columns;
};

// The filters in a list of tables, as [[leave_out]]. Throws Error{bad_model} for what is no
// column, or none of its values, or an empty list of values.
std::vector<JobFilter> filters_of(const Array& tables, const Columns& columns);

// Whether a job whose columns have these values is meant by one of the filters.
bool meets(const std::vector<JobFilter>& filters,
           const std::vector<std::pair<std::string, Value>>& columns);

}  // namespace apical
