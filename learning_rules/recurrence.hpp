#pragma once

#include "learning_rules/learning_rule.hpp"

namespace apical {

// The recurrent network that a rule differentiates: cells whose rates follow from their own rates a
// step ago, r(t) = (1 - alpha) r(t-1) + alpha phi(W_rec r(t-1) + what comes from outside).
struct Recurrence {
    PopulationId cells;
    SlotId strength;         // W_rec
    SlotId credit;           // the derivative of the loss with respect to r(t)
    SlotId slope;            // phi'(v(t))
    double alpha = 1.0;      // of the cells
    double immediate = 1.0;  // alpha, or 1 where the binding leaves it out
};

// The key that rules with a Recurrence have, beside learning_rate and credit_key.
inline constexpr Key leave_out_alpha_key{
    .section = "plasticity.*",
    .name = "leave_out_alpha",
    .type = Type::boolean,
    .default_value = "false",
    .description = "true: the immediate influence lacks alpha, as in the authors' code"};

// The recurrence of the cells that the binding's sets end on. Throws Error{bad_model} when anything
// but their own rates of last step and rates from outside drives their somata, since the Jacobian
// would leave it out.
Recurrence recurrence_of(ProgramBuilder& program, const Binding& binding, std::string_view rule);

// J(t) = dr(t) / dr(t-1) = (1 - alpha) I + alpha diag(phi') W_rec, set anew in each step. (The line
// after Table 1 of Marschall, Cho & Savin 2019 has r_j where W_ij belongs: a slip.)
SlotId jacobian_of(ProgramBuilder& program, const Binding& binding, const Recurrence& recurrence);

}  // namespace apical
