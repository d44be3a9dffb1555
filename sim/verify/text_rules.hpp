#pragma once

#include <cstdint>

#include "sim/model/model.hpp"
#include "sim/verify/verification.hpp"

namespace apical {

// Whether one of the model's rules is written as text, equations take place inside its cells, or
// some fire by an activation that is written, or have equations of their own
// (sim/verify/cell_equations.hpp).
bool has_text_rules(const Model& model);
// Whether one of them is the model's own, of a [rule.*], [dynamics.*] or [activation.*] table,
// which no algorithm is made of.
bool has_text_rules_of_its_own(const Model& model);

// Holds every rule in text to its text. In each step the equations are computed as they are written
// (sim/algebra/literal_equations.hpp) from the numbers that the step found, and what the rule
// changed or made is compared: by the run's plan, and by one operation after the other. Each step
// begins with the run's own numbers, so that rounding does not grow.
//
// Times at which names are read:
//   w, state       before the rule takes place in the step
//   pre.r          when the set's own use carried it in this step, or before the rule when that
//                  comes later
//   previous(x)    at the end of last step's last phase; of pre.r, when it was carried last step;
//                  in the first step of a trial what the trial begins with
//   loss           this step's
//   of a rule that acts in each iteration of its phase, the last iteration is compared
//   other numbers  before the rule's first operation; those that the change of w reads, before the
//                  first change of a strength, since strengths change last in a phase
//
// What a text makes of w is kept within the bounds of its set before it is compared
// (Circuit::strength_range).
//
// Equations inside cells are held to their text likewise (sim/verify/cell_texts.hpp), and what
// cells fire to a written activation (sim/verify/activation_texts.hpp), and spikes, bursts, coupled
// potentials, what synapses release and noise to theirs (sim/verify/cell_equations.hpp).
//
// Rows are "<label>.<name>"; "<label>.change of w" is w without what it was before, so that a small
// change is seen beside large strengths. Throws Error{verification_failed} for a name that is not
// found in the circuit, Error{numerical_failure}.
Differences verify_text_rules(const Model& model, std::int64_t steps, double tolerance);

}  // namespace apical
