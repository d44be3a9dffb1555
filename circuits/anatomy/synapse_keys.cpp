#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/imperfection_keys.hpp"

namespace apical {

namespace {

// What axons carry of their cells, of a section for each use of synapses.
constexpr Key reads_key(std::string_view section) {
    return {.section = section,
            .name = "reads",
            .type = Type::text,
            .default_value = "-",
            .choices = "rate|bursts",
            .description =
                "bursts: the second number of the source's axons is carried, in place of its rate"};
}

constexpr std::array synapse_table = {
    Key{.section = "synapses.*",
        .name = "from",
        .type = Type::text,
        .names = "population",
        .description = "presynaptic population"},
    Key{.section = "synapses.*",
        .name = "to",
        .type = Type::text,
        .names = "compartment",
        .description = "postsynaptic compartment, as in \"hidden.soma\", or the gate of its path, "
                       "as in \"hidden.apical.gate\", which cells make"},
    Key{.section = "synapses.*",
        .name = "during",
        .type = Type::texts,
        .default_value = "-",
        .names = "phase",
        .description = "phase or phases in which the set transmits; left out: only in its other "
                       "uses"},
    reads_key("synapses.*"),
    delay_key("synapses.*",
              "1: the set carries last step's rate; n: that of n steps ago, along axons "
              "whose ends synapses alone read; iteration: what was before the iteration "
              "of its phase, as all sets do in the order together; by phase, as in { "
              "settle = \"iteration\" }, 0 where left out",
              Type::integer_by_name),
    delay_ms_key("synapses.*"),
    Key{.section = "synapses.*",
        .name = "init",
        .type = Type::table,
        .inner = "init",
        .description = "strengths before the first step"},
    Key{.section = "synapses.*",
        .name = "connect",
        .type = Type::table,
        .default_value = "-",
        .inner = "synapses.*.connect",
        .description = "which synapses exist; left out: all"},
    Key{.section = "synapses.*",
        .name = "bounds",
        .type = Type::number_pair,
        .default_value = "-",
        .description = "the least and the largest strength, within which the set begins and is "
                       "kept, whatever rule changes it"},
    Key{.section = "synapses.*",
        .name = "short_term",
        .type = Type::table,
        .default_value = "-",
        .inner = "synapses.*.short_term",
        .description = "the set's own use facilitates and depresses with what it carries"},
    Key{.section = "synapses.*",
        .name = "back",
        .type = Type::table,
        .default_value = "-",
        .inner = "synapses.*.back",
        .description = "a second use against the direction of the synapses (weight transport)"},
    Key{.section = "synapses.*",
        .name = "again",
        .type = Type::tables,
        .default_value = "[]",
        .inner = "synapses.*.again",
        .description = "further uses in the direction of the synapses, in other phases or into "
                       "other compartments"},
    use_gain_key("synapses.*"),
    Key{.section = "synapses.*",
        .name = "noise",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .description = "each strength times 1 + this N(0, 1), drawn anew each time it transmits; "
                       "left out: 0"},
    Key{.section = "synapses.*",
        .name = "heterogeneity",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 10,
        .description = "each change of a synapse times exp(this N(0, 1)), drawn once; left out: 0"},
    Key{.section = "synapses.*",
        .name = "bits",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 40,
        .description = "strengths stand on a grid of 2^bits levels in [-reach, reach), behind each "
                       "step's change; left out: they are numbers"},
    Key{.section = "synapses.*",
        .name = "reach",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .above_minimum = true,
        .description = "of the grid of `bits`, 2 when left out"},
    Key{.section = "synapses.*",
        .name = "rounding",
        .type = Type::text,
        .default_value = "-",
        .choices = "nearest|stochastic",
        .description = "how strengths come to the grid of `bits`: to the nearest level (left out), "
                       "or to one of the two beside it, the nearer the likelier"},
};

constexpr std::array short_term_table = {
    Key{.section = "synapses.*.short_term",
        .name = "U",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .description = "share of what a terminal has that a spike releases at rest"},
    Key{.section = "synapses.*.short_term",
        .name = "tau_facilitate_ms",
        .type = Type::number,
        .default_value = "0.0",
        .minimum = 0,
        .maximum = 1e15,
        .unit = "ms",
        .description = "time constant with which the share comes back to U; 0: it is always U"},
    Key{.section = "synapses.*.short_term",
        .name = "tau_depress_ms",
        .type = Type::number,
        .default_value = "0.0",
        .minimum = 0,
        .maximum = 1e15,
        .unit = "ms",
        .description = "time constant with which a terminal recovers; 0: it never lacks anything"},
};

constexpr std::array use_back_table = {
    Key{.section = "synapses.*.back",
        .name = "from",
        .type = Type::text,
        .default_value = "-",
        .description =
            "population whose rate is carried back; left out: the set's postsynaptic one. An error "
            "population may stand for its output population, whose cells it is. A compartment of "
            "the postsynaptic population, as in \"hidden.apical\": its voltage, which no axon "
            "carries"},
    Key{.section = "synapses.*.back",
        .name = "to",
        .type = Type::text,
        .names = "compartment",
        .description = "compartment of the set's presynaptic population"},
    Key{.section = "synapses.*.back",
        .name = "during",
        .type = Type::texts,
        .names = "phase",
        .description = "phase or phases of this use"},
    reads_key("synapses.*.back"),
    delay_key("synapses.*.back",
              "n: carries the rate of n steps ago; iteration: what was before the "
              "iteration of its phase"),
    delay_ms_key("synapses.*.back"),
    use_gain_key("synapses.*.back"),
};

constexpr std::array use_again_table = {
    Key{.section = "synapses.*.again",
        .name = "to",
        .type = Type::text,
        .names = "compartment",
        .description = "compartment of the set's postsynaptic population, or of that many others"},
    Key{.section = "synapses.*.again",
        .name = "from",
        .type = Type::text,
        .default_value = "-",
        .names = "population",
        .description = "population of as many cells whose rate is carried in place of the set's "
                       "own; says also that the set is used between cells it does not connect"},
    Key{.section = "synapses.*.again",
        .name = "during",
        .type = Type::texts,
        .names = "phase",
        .description = "phase or phases of this use"},
    reads_key("synapses.*.again"),
    delay_key("synapses.*.again",
              "n: carries the rate of n steps ago; iteration: what was before the "
              "iteration of its phase"),
    delay_ms_key("synapses.*.again"),
    use_gain_key("synapses.*.again"),
};

}  // namespace

std::span<const Key> synapse_keys() { return synapse_table; }
std::span<const Key> short_term_keys() { return short_term_table; }
std::span<const Key> use_back_keys() { return use_back_table; }
std::span<const Key> use_again_keys() { return use_again_table; }

}  // namespace apical
