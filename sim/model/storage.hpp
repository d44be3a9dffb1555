#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "sim/diagnosis/diagnosed.hpp"
#include "sim/hdf5/data_folder.hpp"

namespace apical {

// How sets that leave synapses out are stored: as matrices, or row by row the synapses that exist.

// Decides for each set with `connect`, by what its table asks for and, where that is left to it, by
// how many of its synapses are expected: at most a fifth of all pairs, or a tenth where the set is
// used against its direction, too, are stored by rows, unless the model `root` records where its
// synapses are, which a matrix alone keeps. Places that are read are counted, and returned by set
// where these are stored by rows. Throws Error{bad_model} for what this machine has no memory for,
// before any is taken.
using ReadPlaces = std::vector<std::optional<SynapseRows>>;
ReadPlaces choose_storage(Circuit& circuit, const Table& root, const DataFolder& directory);

// As a run file tells it: by rows are the sets whose table says so.
void recorded_storage(Circuit& circuit);

// Has sets stored as matrices that the program, or what is measured, treats as only these can be,
// and says why in their Connectivity. Whether there was one: the program is then to be made anew.
// Throws Error{bad_model} for a set whose table asks for rows.
bool leave_rows(Circuit& circuit, const Program& program, const Diagnosed& diagnosed);

// Draws, or reads, which synapses the sets stored by rows have, and tells the program's slots and
// quantities. They must outlive the program. Takes what is `read` already.
using PlacesOfSets = std::vector<std::unique_ptr<const SynapseRows>>;
PlacesOfSets draw_places(Program& program, const Circuit& circuit, std::uint32_t seed,
                         const DataFolder& directory, ReadPlaces& read);

// Has sets stored as matrices that turned out to have no synapse at all; whether there was one.
// Throws Error{bad_model} for a set whose table asks for rows.
bool leave_empty_rows(Circuit& circuit, const Program& program);

// Has the tables [synapses.*.connect] of a resolved model say where rows were taken.
void resolve_storage(Table& root, const Circuit& circuit);

}  // namespace apical
