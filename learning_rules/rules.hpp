#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

// The rules that no circuit can perform and no equations say; local rules are text (NAME.toml).
extern const LearningRule exact_jacobian, copy, rtrl, bptt, bptt_window, uoro, kf_rtrl, r_kf, kernl,
    gradient;

}  // namespace apical
