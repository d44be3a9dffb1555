#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "circuits/text/value.hpp"
#include "sim/runs/evaluated_run.hpp"
#include "sim/show/inspect/headline.hpp"

namespace apical {

// What `apical evaluate` prints of a run. Lines begin with what they are of, as those of
// `apical run`.

// Before the evaluations: the model, what is off, what is shown. `while_learning` is the run's own
// headline.
std::string beginning_text(const StoredRun& run, const EvaluatedRun& evaluated,
                           const Headline& while_learning);
// What the strengths of after a step give.
std::string evaluation_text(const EvaluatedRun& evaluated, std::int64_t step,
                            const Evaluation& evaluation);
// After them: the known values of the loss; what the difference of the two losses means, if
// anything.
std::string ending_text(const EvaluatedRun& evaluated, const std::optional<std::string>& note);

// The note; unset when the frozen loss is about that while learning, or there is none.
std::optional<std::string> note_on(const Headline& while_learning, const Evaluation& last);

// "15-22, 25" of 14 to 21 and 24: operations as listings count them.
std::string numbers_text(const std::vector<std::size_t>& operations);

// All of it as JSON.
Table evaluation_table(std::int64_t step, const Evaluation& evaluation);
Table evaluated_table(const StoredRun& run, const EvaluatedRun& evaluated,
                      const Headline& while_learning);

}  // namespace apical
