#pragma once

#include <optional>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/value.hpp"
#include "sim/model/evaluation_policy.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// [evaluate] of a model; unset when it has none. Throws Error{bad_model}.
std::optional<EvaluationPolicy> evaluation_policy(Table& root);
// For this circuit: throws Error{bad_model} also when it has no loss that could be measured.
std::optional<EvaluationPolicy> evaluation_policy(Table& root, const Circuit& circuit);

// Throws Error{bad_model} for a split that the task's data do not have, and for trials of a circuit
// without.
void check_evaluated(Table& root, const EvaluationPolicy& policy, const Task& task);

}  // namespace apical
