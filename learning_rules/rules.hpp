#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

extern const LearningRule delta, eligibility, dendritic, bootstrap, predict_rate, exact_jacobian,
    copy, rtrl, bptt, bptt_window, uoro, kf_rtrl, r_kf, kernl;

}  // namespace apical
