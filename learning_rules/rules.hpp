#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

// What no circuit can do and so no equations of one say; the local rules are text (NAME.toml).
extern const LearningRule exact_jacobian, copy, rtrl, bptt, bptt_window, uoro, kf_rtrl, r_kf, kernl;

}  // namespace apical
