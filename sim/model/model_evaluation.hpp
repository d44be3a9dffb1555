#pragma once

#include <optional>
#include <string>

#include "circuits/text/value.hpp"
#include "sim/model/evaluation_policy.hpp"
#include "sim/run_file/evaluation_rows.hpp"

namespace apical {

struct Model;

// [evaluate] of a model; unset when it has none. Throws Error{bad_model}.
std::optional<EvaluationPolicy> evaluation_policy(Table& root);
// Reads it into a model whose circuit is loaded. Throws Error{bad_model} also when there is no loss
// to measure.
void load_evaluation(Model& model, Table& root);

// What the run file of the model keeps of its evaluations; unset when there are none.
std::optional<EvaluatedRows> evaluated_rows(const Model& model);

}  // namespace apical
