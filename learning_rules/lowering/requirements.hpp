#pragma once

#include "learning_rules/text_rule.hpp"

namespace apical {

// What a rule needs of the sets that it is bound to. Throws Rejected.
void check_requirements(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

}  // namespace apical
