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
        .name = "all_but_partner",
        .type = Type::boolean,
        .default_value = "-",
        .description = "a synapse from each cell to all but the one of its number"},
    Key{.section = "synapses.*.connect",
        .name = "blocks",
        .type = Type::table,
        .default_value = "-",
        .inner = "synapses.*.connect.blocks",
        .description = "cells in groups, with one probability within and one between them"},
    Key{.section = "synapses.*.connect",
        .name = "radius",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_cells,
        .unit = "presynaptic cells",
        .description = "receptive fields: cells stand on `grid`, and a synapse exists where the "
                       "presynaptic cell is at most so far from where the postsynaptic one stands; "
                       "with probability: of these each with it"},
    Key{.section = "synapses.*.connect",
        .name = "grid",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_cells,
        .description = "[rows, columns] of the sheet on which the postsynaptic cells stand, row by "
                       "row; and the presynaptic ones, unless from_grid is given"},
    Key{.section = "synapses.*.connect",
        .name = "from_grid",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_cells,
        .description = "[rows, columns] of the presynaptic cells, which are spread over the same "
                       "sheet"},
    Key{.section = "synapses.*.connect",
        .name = "like",
        .type = Type::text,
        .default_value = "-",
        .names = "synapses",
        .description = "set of as many cells at both ends whose synapses exist here, too"},
    Key{.section = "synapses.*.connect",
        .name = "reverse_of",
        .type = Type::text,
        .default_value = "-",
        .names = "synapses",
        .description = "set that joins as many cells the other way round: j to i here where i to "
                       "j there"},
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

constexpr std::array blocks_table = {
    Key{.section = "synapses.*.connect.blocks",
        .name = "count",
        .type = Type::integer,
        .minimum = 1,
        .maximum = most_cells,
        .unit = "groups",
        .description = "as many groups of neighbouring cells, of one size, at both ends"},
    Key{.section = "synapses.*.connect.blocks",
        .name = "within",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1,
        .description = "probability of a synapse between cells of one group"},
    Key{.section = "synapses.*.connect.blocks",
        .name = "between",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1,
        .description = "probability of a synapse between cells of different groups"},
};

}  // namespace

std::span<const Key> connect_keys() { return connect_table; }
std::span<const Key> blocks_keys() { return blocks_table; }

}  // namespace apical
