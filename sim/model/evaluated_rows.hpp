#pragma once

#include <optional>

#include "sim/model/model.hpp"
#include "sim/run_file/evaluation_rows.hpp"

namespace apical {

// What the run file of the model keeps of its evaluations; unset when there are none.
std::optional<EvaluatedRows> evaluated_rows(const Model& model);

}  // namespace apical
