#pragma once

#include <cstddef>

#include "learning_rules/learning_rule.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

// Throws if the event sets a parameter to a number that is out of its range.
void check_range(const Intervention& event, const Parameter& parameter);

// Lets events set numbers of the rule, whose operations begin with `first`. The rate of a rule that
// is no equations is set in the operations that change strengths, that of an optimiser by its
// application.
void set_numbers(ProgramBuilder& program, const Binding& binding, const LearningRule& rule,
                 const Application& how, std::size_t first);

}  // namespace apical
