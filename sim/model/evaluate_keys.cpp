#include <array>

#include "sim/model/model_keys.hpp"

namespace apical {

namespace {

constexpr std::array evaluate_table = {
    Key{.section = "evaluate",
        .name = "every",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .description = "steps of the run between two evaluations; there is one before the first "
                       "step and one after the last in any case, and when left out these alone"},
    Key{.section = "evaluate",
        .name = "steps",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .description = "steps of an evaluation that count; left out: 10000, or what is left of a "
                       "task that ends sooner"},
    Key{.section = "evaluate",
        .name = "trials",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "trials",
        .description = "trials of an evaluation, in place of steps; left out, and with neither "
                       "steps nor settle: of a circuit with trials 200, of data that end all"},
    Key{.section = "evaluate",
        .name = "data",
        .type = Type::text,
        .default_value = "-",
        .description = "split of the task's data that is shown; left out: \"test\" where there is "
                       "one, else the task with other draws"},
    Key{.section = "evaluate",
        .name = "settle",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_steps,
        .unit = "steps",
        .description = "steps before these, in which what is remembered of the initial state "
                       "fades; left out: 100, of a task that ends at most a tenth of it"},
    Key{.section = "evaluate",
        .name = "seed",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 0,
        .maximum = 4294967295.0,
        .description = "of the evaluation's own draws, which are the same each time"},
};

}  // namespace

std::span<const Key> evaluate_keys() { return evaluate_table; }

}  // namespace apical
