#pragma once

#include <string_view>

namespace apical::clock_name {

// Numbers of the trial's clock where a task teaches by reward: what the trial was worth, from its
// last step on until the next begins, and 0 before; and what trials of its type were worth so far.
inline constexpr std::string_view of_task = "task.", reward = "task.reward",
                                  expected = "task.expected";

}  // namespace apical::clock_name
