#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "circuits/equations/syntax.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// Cells of a population, from the first to before the end.
struct AdaptingCells {
    int first = 0, end = 0;

    bool contains(int cell) const { return cell >= first && cell < end; }
};

// A threshold that rises with what a cell has fired of late: threshold + strength a, where
// a <- exp(-h / tau) a + z(t-1), h ms from one firing to the next.
struct Adaptation {
    double tau_ms = 0.0;
    double strength = 0.0;
    std::optional<AdaptingCells> cells = {};  // that adapt; unset: all of them
};

// Cells fire z = 1 in a step in which their somatic voltage reaches the threshold A, else 0. The
// voltage is then made smaller by `threshold` before the next firing, or is put to a value at once.
// While a cell waits it does not fire, and its slope is 0; else the slope is
// height / threshold max(0, 1 - |v - A| / threshold).
struct Spikes {
    double threshold = 1.0;
    std::optional<double> reset_to = {};  // unset: the threshold is subtracted
    int refractory = 0;                   // firings that a cell lets pass, itself included
    double height = 0.3;
    std::optional<Adaptation> adaptation = {};
    Where where = {};
};

// How cells of the role "input" are made to fire 0 or 1 in each step: by a draw, or once in so many
// steps, the earlier the larger their input x.
enum class FiresBy : std::uint8_t { bernoulli, poisson, latency };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view fires_by_names = "bernoulli|poisson|latency";

// With a rate of f Hz and steps of h ms the expected number of spikes in a step is l = f h / 1000;
// of the task's input x it is x, or x unit_hz h / 1000. A cell then fires with the probability l
// (bernoulli), which must be none above 1, or 1 - exp(-l) (poisson), that of any spike at all. By
// latency x from 0 to 1 is taken from the first of `window` steps, and the cell fires once,
// round((1
// - x) (window - 1)) steps behind that; where x is 0 it does not.
struct FiringInput {
    FiresBy by = FiresBy::bernoulli;
    std::optional<double> rate_hz = {};  // of all cells, whatever the task shows
    std::optional<double> unit_hz = {};  // of an input of 1; unset: that is a spike a step
    int window = 0;                      // steps, of latency
    Where where = {};
};

// A share p of what the cells fire comes in bursts, a second number that their axons carry: p r,
// where p is an expression of the cells' own numbers.
struct Bursts {
    Expression probability;
    Where where = {};
};

// Synapses that facilitate and depress (Tsodyks & Markram): at the terminals of each presynaptic
// cell, which fires r per ms, u' = (U - u) / tau_f + U (1 - u) r and x' = (1 - x) / tau_d - u x r,
// and u x r is what arrives. Of spikes z the same, each in an instant.
struct ShortTerm {
    double release = 0.5;            // U
    double tau_facilitate_ms = 0.0;  // 0: u is U
    double tau_depress_ms = 0.0;     // 0: x is 1
    Where where = {};
};

}  // namespace apical
