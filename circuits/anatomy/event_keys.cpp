#include <array>

#include "circuits/anatomy/circuit_keys.hpp"

namespace apical {

namespace {

constexpr double latest_ms = 1e12;

constexpr Key steps_key(std::string_view name, std::string_view description) {
    return {.section = "event.*",
            .name = name,
            .type = Type::integer,
            .default_value = "-",
            .minimum = 1,
            .maximum = most_steps,
            .unit = "steps",
            .description = description};
}

constexpr Key ms_key(std::string_view name, std::string_view description) {
    return {.section = "event.*",
            .name = name,
            .type = Type::number,
            .default_value = "-",
            .minimum = 0,
            .maximum = latest_ms,
            .unit = "ms",
            .description = description};
}

constexpr std::array event_table = {
    steps_key("at", "step, counted from 1, with which it begins"),
    ms_key("at_ms",
           "time at which it begins, in place of `at`; it acts from the end of the phase "
           "on in which that is"),
    steps_key("until", "step with which it is over; left out, as `for` too: it stays"),
    ms_key("until_ms", "the same as a time"),
    steps_key("for", "how long it lasts, in place of `until`"),
    ms_key("for_ms", "the same as a time"),
    steps_key("every", "from one beginning to the next, of one that comes again"),
    ms_key("every_ms", "the same as a time"),
    Key{.section = "event.*",
        .name = "cells",
        .type = Type::range,
        .default_value = "-",
        .description =
            "of these cells alone, as in \"0:16\", the last of which is 15; left out: all"},
    Key{.section = "event.*",
        .name = "fraction",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "of so many cells, or synapses of a set, which are drawn; left out: all"},
    Key{.section = "event.*",
        .name = "silence",
        .type = Type::text,
        .default_value = "-",
        .names = "population",
        .description = "population whose rates are 0 meanwhile"},
    Key{.section = "event.*",
        .name = "lesion",
        .type = Type::text,
        .default_value = "-",
        .description = "synapse set whose strengths are 0 meanwhile, behind every change, or a "
                       "population: all synapses of its cells"},
    Key{.section = "event.*",
        .name = "inject",
        .type = Type::text,
        .default_value = "-",
        .names = "compartment",
        .description = "compartment to whose drive `current` is added"},
    Key{.section = "event.*",
        .name = "current",
        .type = Type::number,
        .default_value = "-",
        .description = "what is injected, in units of the drive"},
    Key{.section = "event.*",
        .name = "gate",
        .type = Type::text,
        .default_value = "-",
        .description = "gate that is held at `to`"},
    Key{.section = "event.*",
        .name = "to",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .description = "number at which the gate is held: 0 shut, 1 open"},
    Key{.section = "event.*",
        .name = "set",
        .type = Type::numbers,
        .default_value = "-",
        .minimum = -1e9,
        .maximum = 1e9,
        .description =
            "rates, voltages, strengths and numbers of rules and of equations inside cells that "
            "are "
            "these numbers meanwhile, as in { \"hidden.r\" = 0.5, \"hidden.apical\" = 1.0, \"W\" = "
            "0.0, \"plasticity.readout.rate\" = 0.0, \"dynamics.adapt.gain\" = 0.5 }"},
    Key{.section = "event.*",
        .name = "stop",
        .type = Type::text,
        .default_value = "-",
        .description =
            "plasticity rule, as in \"plasticity.readout\", that does nothing meanwhile"},
};

}  // namespace

std::span<const Key> event_keys() { return event_table; }

}  // namespace apical
