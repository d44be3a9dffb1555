#include "circuits/anatomy/imperfection_keys.hpp"

#include <array>

namespace apical {

namespace {

constexpr std::array hold_table = {
    Key{.section = "hold.*",
        .name = "loses",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1,
        .description = "fraction of it that is lost: of a value of last step, before it is read; "
                       "of a voltage, between the phase that makes it and the next; of what a rule "
                       "or equations keep, in each step"},
};

}  // namespace

std::span<const Key> hold_keys() { return hold_table; }

}  // namespace apical
