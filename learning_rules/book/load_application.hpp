#pragma once

#include "circuits/program/program_builder.hpp"
#include "circuits/text/keys.hpp"
#include "learning_rules/learning_rule.hpp"

namespace apical {

// How the table of a rule says that its changes reach the strengths. Throws Error{bad_model} for
// keys that do not fit each other, the rule or the circuit's trials.
Application load_application(const Circuit& circuit, const Section& section,
                             const LearningRule& rule, std::string_view label);

}  // namespace apical
