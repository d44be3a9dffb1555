#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// Which synapses of a set exist.
struct Connectivity {
    enum class Kind : std::uint8_t {
        all,              // each pair, but for autapses where `self` is false
        probability,      // each pair with `probability`
        in_degree,        // `degree` to each postsynaptic cell, none twice
        out_degree,       // `degree` from each presynaptic cell, none twice
        one_to_one,       // from each cell to the one of its number
        file,             // a dataset: 0 or 1 of [post, pre], or pairs (post, pre)
        all_but_partner,  // each pair, but for cells of one number
        blocks,           // each pair of one group with `probability`, others with `between`
        fields,           // each pair within `radius` on a sheet, with `probability`
    };
    // Where cells stand: cell k in row k / columns.
    struct Grid {
        int rows = 0, columns = 0;
        bool operator==(const Grid&) const = default;
    };
    Kind kind = Kind::all;
    double probability = 1.0;  // in (0, 1]
    int degree = 0;
    int blocks = 1;         // groups of neighbouring cells, of one size
    double between = 0.0;   // probability between two of them
    Grid grid, from_grid;   // of the postsynaptic and of the presynaptic cells
    double radius = 0.0;    // in presynaptic cells
    bool mirrored = false;  // all of this says where the pairs (pre, post) exist
    std::string like = {};  // the set that it was taken over from
    bool reverses = false;  // the other way round than there
    bool self = true;       // false: no synapse from a cell to itself
    enum class Storage : std::uint8_t { automatic, dense, rows };
    Storage storage = Storage::automatic;  // that the set's table asks for
    Where storage_where = {};
    bool by_rows = false;  // what it comes to: strengths are kept row by row, else as a matrix
    double density = 1.0;  // expected, or read, synapses as a share of all pairs
    std::string needs_matrix = {};  // who, where rows would be taken else
    std::string stream = {};        // of what is drawn
    std::string path = {};          // of an HDF5 file, relative to the model file
    std::string dataset = {};       // inside it
    Where where = {};

    bool is_drawn() const;
    // The presynaptic cells of the receptive field of a postsynaptic cell, ascending. The sheets of
    // both are laid over each other; distances are counted in presynaptic cells.
    std::vector<int> field_of(int post) const;
    // Whether it makes the same synapses between as many cells.
    bool is_alike(const Connectivity& other) const;
};

// Synapses to a postsynaptic and from a presynaptic cell.
struct Fans {
    double in = 0.0, out = 0.0;
};

// Expected synapses of a set, as a share of all pairs.
double expected_density(const Connectivity& connect, int post, int pre);

// Expected of a set of post x pre pairs; of a file, which is not read for it, as if all were there.
Fans expected_fans(const std::optional<Connectivity>& connect, int post, int pre);

}  // namespace apical
