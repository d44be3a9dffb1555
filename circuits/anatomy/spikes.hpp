#pragma once

#include <cstdint>
#include <optional>

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
