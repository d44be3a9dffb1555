#include <array>

#include "circuits/anatomy/circuit_keys.hpp"

namespace apical {

namespace {

constexpr std::array initializer_table = {
    Key{.section = "init",
        .name = "constant",
        .type = Type::scale,
        .default_value = "-",
        .description = "every entry the same"},
    Key{.section = "init",
        .name = "normal",
        .type = Type::scale,
        .default_value = "-",
        .description = "N(0, s^2) with this s; a number, or relative as in \"1/sqrt(pre)\""},
    Key{.section = "init",
        .name = "half_normal",
        .type = Type::scale,
        .default_value = "-",
        .description = "|N(0, s^2)| with the sign of this s: all on one side of 0"},
    Key{.section = "init",
        .name = "lognormal",
        .type = Type::scale_pair,
        .default_value = "-",
        .description = "m exp(sigma N(0, 1)) with [m, sigma], median and standard deviation of the "
                       "logarithm; below 0 with a median below 0. sigma is a number from 0 to 10"},
    Key{.section = "init",
        .name = "uniform",
        .type = Type::scale_range,
        .default_value = "-",
        .description = "between -s and s, or between the two numbers of a list"},
    Key{.section = "init",
        .name = "orthogonal",
        .type = Type::scale,
        .default_value = "-",
        .description = "this times the Q of a Gaussian matrix's QR; synapses only"},
    Key{.section = "init",
        .name = "identity",
        .type = Type::scale,
        .default_value = "-",
        .description = "this on the diagonal, 0 elsewhere; synapses only"},
    Key{.section = "init",
        .name = "copy",
        .type = Type::text,
        .default_value = "-",
        .description = "the initial strengths of another synapse set, or the initial rates of "
                       "another population"},
    Key{.section = "init",
        .name = "activated_normal",
        .type = Type::scale,
        .default_value = "-",
        .description = "phi(x) with x ~ N(0, s^2); populations only"},
    Key{.section = "init",
        .name = "file",
        .type = Type::text,
        .default_value = "-",
        .description =
            "HDF5 file, from the model file's folder; `dataset` says which of its datasets"},
    Key{.section = "init",
        .name = "dataset",
        .type = Type::text,
        .default_value = "-",
        .description = "dataset in `file`, rows postsynaptic"},
    Key{.section = "init",
        .name = "run",
        .type = Type::text,
        .default_value = "-",
        .description = "run file, from the model file's folder, whose strengths of the same set "
                       "are taken, or those of `dataset`; synapses only"},
    Key{.section = "init",
        .name = "at",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_steps,
        .unit = "steps",
        .choices = "last",
        .description = "step of `run` after which they are taken; last (left out): its last row"},
    Key{.section = "init",
        .name = "columns",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_cells,
        .description = "first column and the one after the last, of the dataset"},
    Key{.section = "init",
        .name = "transpose",
        .type = Type::boolean,
        .default_value = "-",
        .description = "whether the dataset's rows are presynaptic"},
    Key{.section = "init",
        .name = "balanced",
        .type = Type::boolean,
        .default_value = "-",
        .description = "whether the mean of what each cell receives is taken off, so that the sum "
                       "over its synapses is 0; with normal and orthogonal, synapses only"},
};

}  // namespace

std::span<const Key> initializer_keys() { return initializer_table; }

}  // namespace apical
