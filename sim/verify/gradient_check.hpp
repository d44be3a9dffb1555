#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/adjoint/adjoint_program.hpp"
#include "sim/model/model.hpp"

namespace apical {

struct GradientCheckOptions {
    int entries = 40;          // of each set, drawn from the stream "verify/entries"; all of fewer
    double tolerance = 1e-8;   // of the largest entry that any set of the circuit has
    std::int64_t settle = 20;  // steps of learning before the state is frozen
    std::int64_t window = 25;  // steps of the loss
};
inline constexpr double default_gradient_tolerance = 1e-8;
inline constexpr int default_gradient_entries = 40;

// One set's gradient held against differences.
struct CheckedSet {
    std::string name;
    int entries = 0;       // that were compared
    int left_out = 0;      // at a corner of the loss, where no two differences agree
    double largest = 0.0;  // entry of the gradient, of all that the set has
    double apart = 0.0;    // at most, in any entry
    double error = 0.0;    // over the largest entry of the set, or over a thousandth of that of all
};

struct GradientCheck {
    GradientCheckOptions options;
    std::vector<CheckedSet> sets;
    std::vector<std::string> without;  // sets that the loss does not depend on
    std::string operations;            // that it depends on: "1, 3-9, 23"
    bool is_of_surrogate = false;      // the differences are of what fires in place of spikes
    bool remembers = false;            // whether a step's loss depends on earlier steps

    // No set is further off than the tolerance, and some entry of each was compared.
    bool hold() const;
};

// The exact gradient of a circuit against central differences of fourth order,
//     (8 (L(h) - L(-h)) - (L(2 h) - L(-2 h))) / 12 h
// with h = 2e-3, 5e-4, 1.25e-4 and 3.125e-5, of which the two neighbours that agree best count. L
// is the sum of the losses of `window` steps, in which nothing learns, after `settle` steps in
// which something does. Spikes have no derivative: the differences are of the same circuit in which
// the integral of the surrogate fires in their place, and show tape and transposes alone.
// Throws Error{bad_model} as make_adjoint, Error{usage} for options that there cannot be,
// Error{numerical_failure}.
GradientCheck check_gradient(const Model& model, const GradientCheckOptions& options = {});

// What `apical verify --gradient` prints.
std::string gradient_check_text(const Model& model, const GradientCheck& found);
std::string gradient_check_json(const Model& model, const GradientCheck& found);

}  // namespace apical
