#include <array>

#include "learning_rules/book/rule_keys.hpp"

namespace apical {

namespace {

constexpr std::array dynamics_table = {
    Key{.section = "dynamics.*",
        .name = "summary",
        .type = Type::text,
        .default_value = "-",
        .description = "one line, with the equation"},
    Key{.section = "dynamics.*",
        .name = "cells",
        .type = Type::text,
        .names = "population",
        .description = "population inside whose cells the equations take place"},
    Key{.section = "dynamics.*",
        .name = "during",
        .type = Type::text,
        .default_value = "-",
        .names = "phase",
        .description =
            "phase in which they take place; left out: the first in which the cells fire"},
    Key{.section = "dynamics.*",
        .name = "when",
        .type = Type::text,
        .default_value = "-",
        .choices = "before firing|after firing",
        .description =
            "whether they take place before their cells fire, behind what is transmitted "
            "to them, or when all cells have fired; left out: before firing"},
    Key{.section = "dynamics.*",
        .name = "equations",
        .type = Type::texts,
        .description =
            "a statement a line: how the cells' own numbers change, and what is added to "
            "their voltages"},
    Key{.section = "dynamics.*",
        .name = "parameters",
        .type = Type::table,
        .default_value = "-",
        .inner = "rule.*.parameters.*",
        .description = "constants of the equations, by name"},
    Key{.section = "dynamics.*",
        .name = "state",
        .type = Type::table,
        .default_value = "-",
        .inner = "dynamics.*.state.*",
        .description = "numbers that are kept from step to step, by name: \"cell\", \"all\" or a "
                       "table"}};

constexpr std::array dynamics_state_table = {
    Key{.section = "dynamics.*.state.*",
        .name = "at",
        .type = Type::text,
        .choices = "cell|all",
        .description = "where the numbers are: in each cell, or one for all"},
    Key{.section = "dynamics.*.state.*",
        .name = "init",
        .type = Type::table,
        .default_value = "-",
        .inner = "init",
        .description = "what they begin with, 0 when left out"},
    draw_key("dynamics.*.state.*"),
    Key{.section = "dynamics.*.state.*",
        .name = "symbol",
        .type = Type::text,
        .default_value = "-",
        .description = "what figures call it; its name when left out"}};

}  // namespace

std::span<const Key> dynamics_keys() { return dynamics_table; }
std::span<const Key> dynamics_state_keys() { return dynamics_state_table; }

}  // namespace apical
