#include <array>

#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr std::array registry = {
    &delta, &eligibility, &dendritic,   &bootstrap, &predict_rate, &exact_jacobian, &copy,
    &rtrl,  &bptt,        &bptt_window, &uoro,      &kf_rtrl,      &r_kf,           &kernl};

}  // namespace

std::span<const LearningRule* const> learning_rules() { return registry; }

}  // namespace apical
