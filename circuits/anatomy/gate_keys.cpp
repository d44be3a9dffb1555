#include <array>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/anatomy/circuit_keys.hpp"

namespace apical {

namespace {

constexpr std::array gate_table = {
    Key{.section = "gate.*",
        .name = "opens",
        .type = Type::text,
        .names = "compartment",
        .description =
            "compartment that may drive firing while the gate is open, as in \"hidden.apical\""},
    Key{.section = "gate.*",
        .name = "during",
        .type = Type::texts,
        .names = "phase",
        .description = "phase or phases in which it is open; of one that leaks, is late or is made "
                       "by cells, in which it is meant to be"},
    window_key("gate.*",
               "window of a trial to which that is narrowed: in other steps the gate is shut"),
    Key{.section = "gate.*",
        .name = "closed",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "what is left of the path while the gate is shut, as in 0.1; left out: "
                       "nothing"},
    Key{.section = "gate.*",
        .name = "tau_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .above_minimum = true,
        .unit = "ms",
        .description = "time constant with which it opens and closes; left out: at once"},
    Key{.section = "gate.*",
        .name = "latency_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "ms",
        .description = "how long after a phase's beginning it moves; in a phase that ends before, "
                       "it does not"},
    Key{.section = "gate.*",
        .name = "jitter_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "ms",
        .description = "standard deviation of that latency, drawn for each phase of each step; no "
                       "move comes before the phase"},
    Key{.section = "gate.*",
        .name = "failure",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "probability that it does not move in a phase in which it should"},
    Key{.section = "gate.*",
        .name = "by",
        .type = Type::text,
        .default_value = "-",
        .choices = "timetable|activity",
        .description = "what moves it; timetable (left out): the phases; activity: cells, whose "
                       "synapse sets go to \"hidden.apical.gate\", a number for each gated cell"},
    Key{.section = "gate.*",
        .name = "form",
        .type = Type::text,
        .default_value = "-",
        .choices = gate_form_names,
        .description = "of a gate by activity, for the inhibition x that arrives: threshold: 1 "
                       "below it, else c = closed; graded: c + (1 - c) clip(1 - x / scale, 0, 1); "
                       "divide: c + (1 - c) / (1 + max(x, 0) / scale); linear: max(0, -x), a "
                       "conductance, of coupled cells only"},
    Key{.section = "gate.*",
        .name = "threshold",
        .type = Type::number,
        .default_value = "-",
        .description = "inhibition from which a gate of the form threshold is shut"},
    Key{.section = "gate.*",
        .name = "scale",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .above_minimum = true,
        .description = "inhibition that shuts a gate of the form graded, or halves one of the form "
                       "divide"},
    Key{.section = "gate.*",
        .name = "emits",
        .type = Type::text,
        .default_value = "-",
        .description =
            "what the cells fire while the dendrite alone drives them, of the cells' own "
            "numbers, as in \"slope(soma.v) * apical.v\"; left out: phi of its voltage"},
};

}  // namespace

std::span<const Key> gate_keys() { return gate_table; }

}  // namespace apical
