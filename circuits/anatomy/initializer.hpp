#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "circuits/anatomy/connectivity.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// A scale as a number, or a number over the square root of the pre- or postsynaptic size, or of the
// expected number of synapses to a postsynaptic or from a presynaptic cell.
struct Scale {
    enum class Relative : std::uint8_t { none, pre, post, fan_in, fan_out };
    double factor = 0.0;
    Relative relative = Relative::none;

    double value(int post, int pre) const { return value(post, pre, {double(pre), double(post)}); }
    double value(int post, int pre, const Fans& fans) const;
};

// What a scale is over the square root of, as model files spell it: "pre" of "0.5/sqrt(pre)". Empty
// of a number alone.
std::string_view divisor_of(Scale::Relative relative);

// How the numbers of a synapse set, or the rates of a population, start.
struct Initializer {
    enum class Kind : std::uint8_t {
        constant,          // every entry `scale`
        normal,            // N(0, scale^2)
        uniform,           // between low and high
        orthogonal,        // `scale` times the Q of a Gaussian matrix's QR
        identity,          // `scale` on the diagonal
        copy,              // the entries of another synapse set or population
        file,              // an HDF5 dataset
        activated_normal,  // phi(x), x ~ N(0, scale^2); rates only
        half_normal,       // |x| with the sign of `scale`, x ~ N(0, scale^2)
        lognormal,         // `scale` exp(`sigma` x), x ~ N(0, 1): `scale` is the median
        connected,         // 1 where a synapse of the set exists, else 0; no key asks for it
    };
    Kind kind = Kind::constant;
    Scale scale;
    Scale low, high;
    double sigma = 0.0;  // standard deviation of the logarithm
    std::string copy_of;
    std::string path;     // of an HDF5 file, relative to the model file
    std::string dataset;  // inside it
    int first_column = 0;
    int end_column = -1;   // -1: all columns
    int all_columns = -1;  // that the dataset must have; -1: as many as are taken
    bool transpose = false;
    bool balanced = false;   // less the mean of what a postsynaptic cell receives: its sum is 0
    bool is_of_run = false;  // the file is a run file, and the dataset has a row for each step
    std::int64_t step = -1;  // of which the row is taken; -1: the last
    int first_cell = 0;
    int end_cell = -1;  // a constant of these cells, the others have 0; -1: of all
    Where where;

    bool is_drawn() const;  // the seed decides what the numbers are
};

}  // namespace apical
