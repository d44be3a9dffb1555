#include <array>

#include "sim/diagnosis/diagnosed.hpp"

namespace apical {

namespace {

constexpr std::array diagnose_table = {
    Key{.section = "diagnose",
        .name = "alignment",
        .type = Type::boolean,
        .default_value = "false",
        .description = "compares the changes of the strengths that drive the recurrent cells with "
                       "the exact gradient"},
    Key{.section = "diagnose",
        .name = "change",
        .type = Type::boolean,
        .default_value = "false",
        .description = "measures how much every matrix changes in a step"},
    Key{.section = "diagnose",
        .name = "gates",
        .type = Type::boolean,
        .default_value = "-",
        .description = "measures how far each gate is, on average over a step, from what its "
                       "`during` says"},
    Key{.section = "diagnose",
        .name = "exact",
        .type = Type::text,
        .default_value = "\"rtrl\"",
        .choices = "rtrl|bptt|adjoint",
        .description = "what estimates are compared with: of those that face the past rtrl, or "
                       "Eq. (1) cut off after `window` steps, which needs less memory; adjoint, of "
                       "any circuit, is its program run backwards through `window` steps, and is "
                       "taken of a circuit that is not one recurrent layer"},
    Key{.section = "diagnose",
        .name = "window",
        .type = Type::integer,
        .default_value = "10",
        .minimum = 1,
        .maximum = 1e6,
        .unit = "steps",
        .choices = "trial",
        .description = "of the exact gradient that faces the future, and of exact = \"bptt\" and "
                       "\"adjoint\"; \"trial\": what a rule changes in a whole trial is held "
                       "against the gradient of all of its losses, at its end"},
    Key{.section = "diagnose",
        .name = "strengths",
        .type = Type::text,
        .default_value = "-",
        .choices = "then|now",
        .description = "with which exact = \"adjoint\" goes back through a step: those that the "
                       "step was computed with, which is then, or those of now, which need less "
                       "memory"},
    Key{.section = "diagnose",
        .name = "credit",
        .type = Type::texts,
        .default_value = "-",
        .description = "voltages that are held against the derivative of the losses of `window` "
                       "steps by the rate of their cells, as in [\"hidden.apical\"]"},
    Key{.section = "diagnose",
        .name = "every",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .description = "distance between two comparisons with the exact gradient"},
};

}  // namespace

std::span<const Key> diagnose_keys() { return diagnose_table; }

}  // namespace apical
