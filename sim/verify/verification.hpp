#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apical {

class CircuitRun;

// How far a quantity of the circuit and the equations' are apart.
struct Difference {
    std::string symbol;     // "c*", as the equations have it
    std::string address;    // "synthetic_gradient.target", "A_r, A_y, A_1"
    std::string phase;      // in which the circuit makes it; "step's end"
    double absolute = 0.0;  // largest of any entry in any step
    double relative = 0.0;  // the same over the largest entry of the equations' in that step
    // min(absolute, relative), its largest: what is held against the tolerance.
    double error = 0.0;
    // Sums over all entries and steps: of squares of what is apart, and of the equations'.
    double apart = 0.0, size = 0.0;
    double largest = 0.0;         // entry of either in any step
    std::int64_t first_step = 0;  // whose error exceeds the tolerance; 0: none does
    std::size_t order = 0;        // of the operation that makes it, in the program

    // Root mean square of what is apart, over that of the equations'.
    double distance() const;
};

// Differences of a circuit from equations, over all steps that were compared.
struct Differences {
    double tolerance = 0.0;
    std::vector<Difference> all = {};

    // Nothing is off, and everything was large enough to be.
    bool hold() const { return first() == nullptr && not_seen().empty(); }
    // Quantities within the tolerance of zero in every step: nothing was compared.
    std::vector<const Difference*> not_seen() const;
    // What another run of the same circuit differs by: the larger of both. `largest` is the smaller
    // of both, since a quantity counts as seen only where each of the runs has shown it.
    void join(const Differences& other);
    // The quantity that exceeds the tolerance first, in the order of steps and of the program; null
    // when none does.
    const Difference* first() const;
    double largest() const;  // error of any quantity
};

// What a circuit beside its equations comes to.
struct Verification {
    // The differences from the equations with the approximations that the model declares; none when
    // it implements no algorithm.
    Differences declared;
    // The differences from the equations without any; nothing when the model declares none.
    std::optional<Differences> paper;
    // The differences of rules in text from their texts; nothing when they were not held to them.
    std::optional<Differences> texts = {};

    // The verdict of all.
    bool hold() const { return declared.hold() && (!texts || texts->hold()); }
};

// Runs a circuit that has not begun and an algorithm's equations on the same inputs, labels and
// draws. Throws Error{bad_model} when the circuit lacks what the algorithm is made of,
// Error{verification_failed} when it lacks what it declares, Error{numerical_failure}.
using Lockstep = void (*)(CircuitRun& run, std::int64_t steps, Verification& found);

// One for each algorithm.
void verify_fixed_w(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_rflo(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_rtrl(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_bptt(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_bptt_window(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_uoro(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_kf_rtrl(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_r_kf(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_kernl(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_dni(CircuitRun& run, std::int64_t steps, Verification& found);
void verify_dni_b(CircuitRun& run, std::int64_t steps, Verification& found);

}  // namespace apical
