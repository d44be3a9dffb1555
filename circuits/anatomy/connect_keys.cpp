#include <array>

#include "circuits/anatomy/circuit_keys.hpp"

namespace apical {

namespace {

constexpr std::array connect_table = {
    Key{.section = "synapses.*.connect",
        .name = "probability",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .description = "each synapse exists with this probability, by itself"},
    Key{.section = "synapses.*.connect",
        .name = "in_degree",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_cells,
        .unit = "synapses",
        .description = "exactly so many synapses to each postsynaptic cell, from different cells"},
    Key{.section = "synapses.*.connect",
        .name = "out_degree",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_cells,
        .unit = "synapses",
        .description = "exactly so many synapses from each presynaptic cell, to different cells"},
    Key{.section = "synapses.*.connect",
        .name = "one_to_one",
        .type = Type::boolean,
        .default_value = "-",
        .description = "one synapse from each cell to the one of its number"},
    Key{.section = "synapses.*.connect",
        .name = "self",
        .type = Type::boolean,
        .default_value = "-",
        .description = "false: no synapse from a cell to itself; of cells and themselves alone"},
    Key{.section = "synapses.*.connect",
        .name = "stream",
        .type = Type::text,
        .default_value = "-",
        .description = "random stream of what is drawn; \"connect/NAME\" of the set's name when "
                       "left out. Sets that name one stream draw alike"},
    Key{.section = "synapses.*.connect",
        .name = "file",
        .type = Type::text,
        .default_value = "-",
        .description = "HDF5 file, from the model file's folder, with a `dataset` of 0 and 1, rows "
                       "postsynaptic, or of two columns, which are the numbers of a postsynaptic "
                       "and a presynaptic cell from 0"},
    Key{.section = "synapses.*.connect",
        .name = "dataset",
        .type = Type::text,
        .default_value = "-",
        .description = "dataset in `file`"},
    Key{.section = "synapses.*.connect",
        .name = "storage",
        .type = Type::text,
        .default_value = "-",
        .choices = "auto|dense|rows",
        .description = "how strengths are kept: as a matrix, or row by row those that exist; auto, "
                       "when left out, takes rows where few exist and nothing needs a matrix"},
};

}  // namespace

std::span<const Key> connect_keys() { return connect_table; }

}  // namespace apical
