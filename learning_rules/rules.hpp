#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

extern const LearningRule delta, eligibility, dendritic, bootstrap, predict_rate, exact_jacobian,
    copy;

}  // namespace apical
