#include <array>

#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr std::array registry = {&delta,        &eligibility,    &dendritic, &bootstrap,
                                 &predict_rate, &exact_jacobian, &copy};

}  // namespace

std::span<const LearningRule* const> learning_rules() { return registry; }

}  // namespace apical
