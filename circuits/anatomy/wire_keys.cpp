#include <array>

#include "circuits/anatomy/circuit_keys.hpp"

namespace apical {

namespace {

constexpr std::array wire_table = {
    Key{.section = "wire.*",
        .name = "from",
        .type = Type::text,
        .description =
            "population whose rate each cell hands to its partner, \"label\", or an "
            "address: \"out.r\", \"out.soma.v\" (a potential, which no axon carries), "
            "previous(...), before(...) or at_end(PHASE, ...) of these; \"label[0:2]\" is "
            "a part of what the task gives"},
    Key{.section = "wire.*",
        .name = "to",
        .type = Type::text,
        .names = "compartment",
        .description = "compartment of as many cells, as in \"inter.dendrite\""},
    Key{.section = "wire.*",
        .name = "gain",
        .type = Type::number,
        .default_value = "1.0",
        .description = "by which what is handed on is multiplied; below 0: inhibition"},
    Key{.section = "wire.*",
        .name = "during",
        .type = Type::texts,
        .names = "phase",
        .description = "phase or phases in which the wire transmits"},
    window_key("wire.*", "window of a trial to which that is narrowed"),
    delay_key("wire.*",
              "n: carries the value of n steps ago; iteration: what was before the "
              "iteration of its phase, as all wires do in the order together"),
    delay_ms_key("wire.*"),
};

constexpr std::array teach_table = {
    Key{.section = "teach.*",
        .name = "cells",
        .type = Type::text,
        .names = "population",
        .description = "population that is taught, cells or the output"},
    Key{.section = "teach.*",
        .name = "from",
        .type = Type::text,
        .description = "target of as many cells: a population whose rate it is, \"label\", or an "
                       "address, as in a wire"},
    Key{.section = "teach.*",
        .name = "as",
        .type = Type::text,
        .choices = "nudge|clamp|conductance",
        .description = "nudge: strength (target - own rate) is added to what drives the soma; "
                       "clamp: the soma's voltage is the target while the phase lasts; "
                       "conductance: the target arrives at a dendrite \"teacher\" of coupled "
                       "cells, whose gate is open while the phase lasts"},
    Key{.section = "teach.*",
        .name = "strength",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .description = "beta of a nudge, the conductance of a dendrite [1/ms]; a clamp has none"},
    Key{.section = "teach.*",
        .name = "during",
        .type = Type::texts,
        .names = "phase",
        .description = "phase or phases in which the cells are taught"},
    window_key("teach.*", "window of a trial to which that is narrowed"),
};

constexpr std::array loss_table = {
    Key{.section = "loss",
        .name = "of",
        .type = Type::text,
        .description = "rates or potential that are judged, as in \"out.r\" or \"out.soma.v\""},
    Key{.section = "loss",
        .name = "against",
        .type = Type::text,
        .names = "population",
        .description =
            "population of as many cells whose rates they should be, \"label\", or a part "
            "of it, \"label[0:2]\""},
    Key{.section = "loss",
        .name = "kind",
        .type = Type::text,
        .default_value = "\"squared\"",
        .choices = "squared|cross_entropy",
        .description = "squared: half the mean square of the difference; cross_entropy: of the "
                       "softmax of the potential and what it should be, in nats"},
    Key{.section = "loss",
        .name = "during",
        .type = Type::text,
        .default_value = "-",
        .names = "phase",
        .description = "phase at whose end the loss is taken; left out: the first in which these "
                       "cells fire"},
};

}  // namespace

std::span<const Key> wire_keys() { return wire_table; }
std::span<const Key> teach_keys() { return teach_table; }
std::span<const Key> loss_keys() { return loss_table; }

}  // namespace apical
