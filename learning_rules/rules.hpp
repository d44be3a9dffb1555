#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

extern const LearningRule delta, eligibility, dendritic, bootstrap, predict_rate, copy;

}  // namespace apical
