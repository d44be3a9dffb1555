// The keys of what is made of a rule's changes on their way to the strengths.
#include <array>

#include "circuits/program/application.hpp"
#include "learning_rules/book/rule_keys.hpp"

namespace apical {

namespace {

constexpr std::array optimiser_table = {
    Key{.section = "plasticity.*.optimiser",
        .name = "kind",
        .type = Type::text,
        .default_value = "\"none\"",
        .choices = optimiser_names,
        .description = "none: the rule's changes; momentum: their decaying sum; rmsprop: over the "
                       "root of their mean square; adam: their mean over that"},
    Key{.section = "plasticity.*.optimiser",
        .name = "keep",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "what is kept of the sum or the mean square: 0.9 of momentum and 0.99 of "
                       "rmsprop when left out"},
    Key{.section = "plasticity.*.optimiser",
        .name = "beta",
        .type = Type::number_pair,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "what adam keeps of the mean and of the mean square; [0.9, 0.999] when "
                       "left out"},
    Key{.section = "plasticity.*.optimiser",
        .name = "epsilon",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .description = "added to the root of the mean square; 1e-8 when left out"},
    Key{.section = "plasticity.*.optimiser",
        .name = "epsilon_corrected",
        .type = Type::boolean,
        .default_value = "-",
        .description = "of adam: true (left out): added to the root of the mean square behind its "
                       "correction; false: before"},
    Key{.section = "plasticity.*.optimiser",
        .name = "decay",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "share of the strength that is lost in each application; left out: none"},
    Key{.section = "plasticity.*.optimiser",
        .name = "largest_change",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .above_minimum = true,
        .description = "of a synapse in one application; left out: any"},
    Key{.section = "plasticity.*.optimiser",
        .name = "largest_norm",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e12,
        .above_minimum = true,
        .description = "of the change with rate 1, over all sets of the rule, which is scaled to "
                       "it before the optimiser; left out: any"},
};

constexpr std::array schedule_table = {
    Key{.section = "plasticity.*.schedule",
        .name = "half_every",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .unit = "applications",
        .description = "the rate is halved in so many"},
    Key{.section = "plasticity.*.schedule",
        .name = "to",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .description = "factor to which the rate goes, over `over`"},
    Key{.section = "plasticity.*.schedule",
        .name = "shape",
        .type = Type::text,
        .default_value = "-",
        .choices = "linear|cosine",
        .description = "of the way there: a straight line (left out), or half a cosine"},
    Key{.section = "plasticity.*.schedule",
        .name = "over",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .unit = "applications",
        .description = "applications until the rate is there; then it stays"},
    Key{.section = "plasticity.*.schedule",
        .name = "falls",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e15,
        .unit = "applications",
        .description = "at each of these, behind so many, the rate falls by `fall_by`"},
    Key{.section = "plasticity.*.schedule",
        .name = "fall_by",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .description = "factor of a fall; 0.1 when left out"},
    Key{.section = "plasticity.*.schedule",
        .name = "warmup",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .unit = "applications",
        .description = "the rate rises in a straight line over the first so many"},
};

}  // namespace

std::span<const Key> optimiser_keys() { return optimiser_table; }
std::span<const Key> schedule_keys() { return schedule_table; }

}  // namespace apical
