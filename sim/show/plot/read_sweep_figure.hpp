#pragma once

#include <string>

#include "sim/show/plot/figure.hpp"
#include "sim/sweep/sweep_result.hpp"

namespace apical {

// Throws Error{bad_model} when jobs were completed and none has a loss.
void check_losses(const SweepResult& result, const std::string& path);

// The learning curves of a sweep's result, a panel for each task: for each model, and each value of
// what else was swept, the mean over seeds and one S.E.M. to each side, with the task's bounds.
// Curves are running means over a tenth of their blocks, as in Fig. 1 of Marschall, Cho & Savin
// (2019): blocks of 10,000 steps, then 10 of these. `path` names the file in messages. Throws
// Error{bad_model} when no job was completed, none has a loss, or there are more curves than
// styles.
Figure read_sweep_figure(const SweepResult& result, const std::string& path, double width_cm);

// The losses that the jobs of a sweep came to (means of the last tenth of their steps) against the
// values of a swept key, a panel for each task: for each model, and each value of what else was
// swept, the mean over seeds with one S.E.M. to each side. Keys that change together with this one
// ([[zip]]) make no curves of their own. The axis is logarithmic when the values span two powers of
// ten or more. `key` may be the end of the key's name, if no other ends so. Throws Error{usage}
// when no such key was swept, or its values are no numbers, and what read_sweep_figure throws.
Figure read_against(const SweepResult& result, const std::string& key, const std::string& path,
                    double width_cm);

}  // namespace apical
