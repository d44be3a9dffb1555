#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/synapse_rows.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"

namespace apical {

// Where a set has synapses.
struct Places {
    SynapseRows rows;
    std::optional<DataSource> read;  // what they were read from
};

// The places of a set that says by `connect` which synapses exist; all of one that does not. What
// is drawn comes from the stream that `connect` names, in whole numbers, so that it is the same on
// every machine:
//
//     probability p       synapse ij exists where word i pre + j is below floor(p 2^32)
//     in_degree k         k of the presynaptic cells by Floyd's sample, of each postsynaptic cell
//     i:
//                         for m = 0 ... k-1, c = candidates - k + m and t = floor(u (c + 1) /
//                         2^32), u the upper half of draw (i, m), take t, or c where t is taken
//     out_degree k        k of the postsynaptic cells, in the same way, of each presynaptic cell
//
//     blocks              as with a probability, p that of the pair
//     radius              as with a probability, of the pairs whose distance is not larger
//
// A set that is the reverse of another one has its places mirrored. With self = false a cell itself
// is no candidate, and those behind it move up. Throws Error{bad_model} or Error{no_such_input} for
// a dataset that cannot be read, is of another shape, has other numbers than 0 and 1, or names a
// cell that there is not, or a pair twice.
Places places_of(const Circuit& circuit, const SynapseSet& set, std::uint32_t seed,
                 const DataFolder& directory);

// Synapses to a postsynaptic and from a presynaptic cell: expected of what is drawn, the mean of
// what is read.
Fans fans_of(const Circuit& circuit, const SynapseSet& set, const Places& places);

// One sentence for each drawn set that leaves postsynaptic cells without a synapse. Sets of which
// that is not to be expected (less than one cell in a billion such sets) are not drawn.
std::vector<std::string> cells_left_out(const Circuit& circuit, std::uint32_t seed);

// Numbers of post x pre pairs, row-major, those of synapses as they are and 0 elsewhere.
std::vector<double> left_out(const std::vector<double>& numbers, const SynapseRows& rows);

}  // namespace apical
