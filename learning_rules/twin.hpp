#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

// The population that the binding's key "twin" names. It must see what the cells see, through the
// same synapses, but its own rates for theirs. Throws Error{bad_model} when it does not.
PopulationId twin_of(const Circuit& circuit, const Binding& binding, PopulationId cells);

}  // namespace apical
