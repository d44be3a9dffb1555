#pragma once

#include <string>

#include "circuits/text/value.hpp"

namespace apical {

// `apical list tasks`: a line for each kind of task, what it shows and which keys of [task] it has.
std::string list_tasks();
// { tasks = [...] }, a row each.
Table tasks_as_table();

}  // namespace apical
