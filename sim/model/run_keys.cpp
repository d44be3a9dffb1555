#include <array>

#include "sim/model/model_keys.hpp"

namespace apical {

namespace {

constexpr std::array run_table = {
    Key{.section = "run",
        .name = "steps",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .description = "length of the run; of a model with trials, with the end of the trial that "
                       "reaches it. One of steps and trials is needed"},
    Key{.section = "run",
        .name = "trials",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e9,
        .unit = "trials",
        .description = "length of the run in trials, in place of steps"},
    Key{.section = "run",
        .name = "seed",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 0,
        .maximum = 4294967295.0,
        .description = "the one number that all draws depend on"},
    Key{.section = "run",
        .name = "fuse",
        .type = Type::boolean,
        .default_value = "true",
        .description = "go through each matrix as few times a step as its operations allow; the "
                       "numbers are the same without"},
    Key{.section = "run",
        .name = "passes",
        .type = Type::text_list,
        .default_value = "-",
        .choices = "eliminate_jacobians|fuse|split",
        .description = "what makes the plan of a run from its operations, in this order; all when "
                       "left out, [] performs them as they are listed. fuse = false leaves out "
                       "eliminate_jacobians and fuse"},
    Key{.section = "run",
        .name = "strict",
        .type = Type::boolean,
        .default_value = "false",
        .description = "round every product and every sum, as all processors can: slower, with the "
                       "same bits on each"},
    Key{.section = "run",
        .name = "kernels",
        .type = Type::text,
        .default_value = "-",
        .choices = "baseline|x86_64_v3|x86_64_v4",
        .description = "instruction set of the kernels; left out: the fastest that the processor "
                       "has (apical version names it). Those with fused multiply-add, x86_64_v3 "
                       "and x86_64_v4, make the same bits; with strict = true all do"},
    Key{.section = "run",
        .name = "record_endpoints",
        .type = Type::boolean,
        .default_value = "-",
        .description = "strengths that no [record.*] table names are recorded before the first "
                       "step and after the last; true when left out"},
    Key{.section = "run",
        .name = "output",
        .type = Type::text,
        .default_value = "-",
        .description = "run file; left out: runs/<name of the model file>.h5"},
};

constexpr std::array checkpoint_table = {
    Key{.section = "checkpoint",
        .name = "every",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .description = "distance between two checkpoints; left out: none by steps"},
    Key{.section = "checkpoint",
        .name = "minutes",
        .type = Type::number,
        .default_value = "10.0",
        .minimum = 0,
        .maximum = 1e6,
        .unit = "min",
        .description = "longest time between two checkpoints; 0: none by time. Also without "
                       "[checkpoint]"},
    Key{.section = "checkpoint",
        .name = "keep",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 1,
        .maximum = most_steps,
        .description = "how many checkpoints stay, the newest ones"},
};

}  // namespace

std::span<const Key> run_keys() { return run_table; }
std::span<const Key> checkpoint_keys() { return checkpoint_table; }

}  // namespace apical
