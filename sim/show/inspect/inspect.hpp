#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/model/stored_model.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

// What a run came to, in some lines, and all that the file holds.
std::string overview_text(const StoredRun& run, const StoredModel& model);
std::string overview_json(const StoredRun& run, const StoredModel& model);
// One line of a run that goes on: how far it is, and its mean loss lately; how it ended when it
// did.
std::string progress_line(const StoredRun& run, const StoredModel& model);

// The state in a step that was sampled, phase by phase: gates, what drives firing, voltages and
// rates of some cells, and how strengths, eligibilities and gradients changed since the row before.
// When none are asked for, the cells are the first ones that were recorded. Throws Error{usage}
// when nothing has a cell that is asked for, and when nothing of the state was sampled in the step,
// naming the nearest ones; single numbers that are sampled once a step, such as the loss, count
// only where there is no state.
std::string step_text(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const std::optional<CellList>& cells);
std::string step_json(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const std::optional<CellList>& cells);

// One trial, counted from 1, of a run in trials: its steps, type and mean loss. Throws Error{usage}
// for one that the run did not come to the end of.
std::string trial_text(const StoredRun& run, std::int64_t number);
std::string trial_json(const StoredRun& run, std::int64_t number);

}  // namespace apical
