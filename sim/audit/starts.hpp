#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/hdf5/data_folder.hpp"

namespace apical {

// Sets whose numbers differ by less than this share of their size are alike.
inline constexpr double alike_share = 0.05;

// A matrix of numbers, row-major.
struct MatrixNumbers {
    int rows = 0, columns = 0;
    std::vector<double> entries = {};

    double operator()(int i, int j) const {
        return entries[static_cast<std::size_t>(i) * static_cast<std::size_t>(columns) +
                       static_cast<std::size_t>(j)];
    }
};

double norm(const MatrixNumbers& numbers);
// The matrix less what a constant and a multiple of the identity explain: what is left of a matrix
// that connects all cells alike, or one to one, is zero. Its size is `norm` of it.
MatrixNumbers pattern_of(const MatrixNumbers& numbers);
// Whether |a - b| is a small share of the larger of them, and likewise of their patterns, where
// they have any.
bool are_alike(const MatrixNumbers& a, const MatrixNumbers& b);
bool has_pattern(const MatrixNumbers& numbers);

// What the synapse sets of a circuit are before the first step, by their numbers: however the
// model file spells them, and whichever file they are read from.
class Starts {
public:
    // MatrixNumbers are read and drawn where the answer depends on them. A dataset that cannot be
    // read is alike to itself alone. The circuit must outlive this.
    Starts(const Circuit& circuit, std::uint32_t seed, const DataFolder& directory);

    // Sets with the same number start alike. They have the same rows and columns.
    std::size_t kind(SynapseSetId set) const { return of(set).kind; }
    bool is_zero(SynapseSetId set) const { return of(set).norm == 0.0; }
    // Connects neither all cells alike nor one to one: nothing that two sets have in common by
    // being simple.
    bool has_pattern(SynapseSetId set) const { return of(set).pattern; }
    // Each row has one entry at most that counts.
    bool is_one_to_one(SynapseSetId set) const { return of(set).one_to_one; }
    // What a vector of entries up to one comes to on the other side: the larger of the root of a
    // row's sum of squares (cells that are independent; of the row where it is largest) and the
    // mean of the rows' sums (cells that fire alike). `reverse`: of columns.
    double gain(SynapseSetId set, bool reverse) const;
    double largest_entry(SynapseSetId set) const { return of(set).largest; }
    // The smallest and the largest number; of what cannot be read the first is above the second.
    std::pair<double, double> range(SynapseSetId set) const;
    // Read from a file, directly or by a chain of copies.
    bool is_read(SynapseSetId set) const { return of(set).read; }
    // Empty when they cannot be read.
    MatrixNumbers numbers(SynapseSetId set) const;

private:
    struct Start {
        std::size_t kind = 0;
        SynapseSetId origin;
        bool drawn = false, read = false, known = true, pattern = false, one_to_one = false;
        double norm = 0.0, largest = 0.0, forward = 0.0, backward = 0.0;
    };
    const Start& of(SynapseSetId set) const { return starts_[set.value]; }
    void describe(SynapseSetId set);
    void describe_large_draw(Start& start, const SynapseSet& set, int rows, int columns);
    void describe_numbers(Start& start, const MatrixNumbers& numbers);
    bool alike(SynapseSetId a, SynapseSetId b) const;
    bool may_be_drawn(SynapseSetId read, SynapseSetId orthogonal) const;
    void number_kinds();

    const Circuit& circuit_;
    std::uint32_t seed_;
    DataFolder directory_;
    std::vector<Start> starts_;
    std::map<SynapseSetId, MatrixNumbers> read_;  // by origin: what files hold
};

}  // namespace apical
