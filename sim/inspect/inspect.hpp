#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/inspect/stored_model.hpp"
#include "sim/inspect/stored_run.hpp"

namespace apical {

// Cells [begin, end) of every population; `end` beyond a population's size is its size.
struct CellRange {
    std::size_t begin = 0, end = 8;
};

// "0:8", "3". Throws Error{usage}.
CellRange cells_of(const std::string& text);

// A whole number from 1 on. Throws Error{usage}.
std::int64_t step_of(const std::string& text);

// What a run came to, in some lines, and all that the file holds.
std::string overview_text(const StoredRun& run, const StoredModel& model);
std::string overview_json(const StoredRun& run, const StoredModel& model);
// One line of a run that goes on: how far it is, and its loss lately.
std::string progress_line(const StoredRun& run, const StoredModel& model);

// The state in a step that was sampled, phase by phase: gates, what drives firing, voltages and
// rates of some cells, and how the strengths changed since the row before. Throws Error{usage} when
// the step was not sampled, naming the nearest ones.
std::string step_text(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const CellRange& cells);
std::string step_json(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const CellRange& cells);

}  // namespace apical
