#include "sim/run_file/record_keys.hpp"

#include <array>

namespace apical {

namespace {

constexpr std::array record_table = {
    Key{.section = "record.*",
        .name = "what",
        .type = Type::texts,
        .description = "addresses, as in \"hidden.apical.v\"; \"*\" is everything, or a part of "
                       "an address or name, as in \"hidden.*\", \"W_*\", \"eligibility(*)\""},
    Key{.section = "record.*",
        .name = "every",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "steps",
        .description = "distance between two samples: of steps from, from + every, ... up to `to`, "
                       "and of both ends of the run"},
    Key{.section = "record.*",
        .name = "from",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "step",
        .description = "first step sampled"},
    Key{.section = "record.*",
        .name = "to",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_steps,
        .unit = "step",
        .description = "last step that may be sampled; left out: the run's last"},
    Key{.section = "record.*",
        .name = "endpoints",
        .type = Type::boolean,
        .default_value = "-",
        .description = "samples also the run's last step, and as step 0 what there was before the "
                       "first, where strengths or rates are recorded; true when left out"},
    Key{.section = "record.*",
        .name = "each_iteration",
        .type = Type::boolean,
        .default_value = "-",
        .description = "also what numbers of cells are at the end of each iteration of phases that "
                       "are carried out in iterations, as iterations(ADDRESS)"},
    Key{.section = "record.*",
        .name = "cells",
        .type = Type::table,
        .default_value = "-",
        .inner = "cells",
        .description =
            "of these populations only some cells, as in { hidden = [0, 5, \"10:20\"] }: "
            "rates, voltages, and rows of matrices"},
    Key{.section = "record.*",
        .name = "pre",
        .type = Type::table,
        .default_value = "-",
        .inner = "cells",
        .description = "likewise the columns of matrices, the presynaptic cells"},
};

}  // namespace

std::span<const Key> record_keys() { return record_table; }

}  // namespace apical
