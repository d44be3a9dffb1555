#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/text/value.hpp"
#include "sim/diagnosis/diagnosed.hpp"

namespace apical {

// Agreement of a synapse set, or of all sets of a rule, with the exact gradient (agreement.hpp has
// the equations): cosine and norm ratio are means over the headline window, bias and variance are
// over all that was compared. All four are dimensionless.
struct AlignmentLine {
    std::string name;
    double cosine, norm_ratio, bias, variance;
    std::int64_t compared;  // how often
    std::string truth;      // "RTRL's gradient"
};

// A learned Jacobian beside the exact one: error and cosine (jacobian_error.hpp), means over the
// headline window, and the last spectral radii of both. All are dimensionless.
struct JacobianLine {
    std::string name;
    double error, cosine, spectral_radius, true_spectral_radius;
};

// A voltage beside the derivative of the losses of so many steps by the rate of its cells: cosine
// and norm ratio, means over the headline window.
struct CreditLine {
    std::string name;
    double cosine, norm_ratio;
    int window;
};

// The largest change of a matrix in one step (change.hpp), dimensionless.
struct ChangeLine {
    std::string name;
    double largest;  // change of a step, over the largest norm of the run
    bool carries;    // something is multiplied by it as by a matrix; else it is a tag
};

// How far a gate was from what it is meant to be (gate_distance.hpp), on average over all steps.
struct GateLine {
    std::string name;
    double distance;
};

// A matrix that changes by more than this in one step jumps. In the shipped models strengths that
// rules add to change by at most 0.08; matrices that are made anew or rescaled by at least 0.4.
inline constexpr double largest_continuous_change = 0.2;
inline bool jumps(const ChangeLine& line) { return line.largest > largest_continuous_change; }

// The results of a run's diagnosis.
struct DiagnosisSummary {
    std::int64_t tail = 0;  // steps of the headline window
    std::vector<AlignmentLine> alignment;
    std::vector<JacobianLine> jacobians;
    std::vector<CreditLine> credits;
    std::vector<ChangeLine> changes;
    std::vector<GateLine> gates;
};

// A table with a line for each result; empty when nothing was diagnosed.
std::string text_of(const DiagnosisSummary& summary);
// "alignment", "jacobian", "credit", "change", "gates" for the summary in JSON; none when nothing
// was diagnosed.
std::vector<Entry> entries_of(const DiagnosisSummary& summary);

}  // namespace apical
