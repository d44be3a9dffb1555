#pragma once

#include <cstdint>
#include <string>

#include "sim/model/algorithms.hpp"
#include "sim/model/model.hpp"
#include "sim/verify/verification.hpp"

namespace apical {

inline constexpr double default_tolerance = 1e-12;
inline constexpr double largest_tolerance = 1e-3;
// Long enough for everything to have changed many times; rounding stays below the tolerance.
inline constexpr std::int64_t default_verified_steps = 1000;

// Twice as many as the longest window, or interval between two actions, of the program.
std::int64_t least_verified_steps(const Program& program);

// Runs a circuit beside the equations of the algorithm that its model says it implements, twice: by
// its operations one after the other, and by the plan that runs have. Rules in text are held to
// their texts (sim/verify/text_rules.hpp) when the model implements no algorithm, or has rules of
// its own. Throws Error{bad_model} when it names no algorithm and has no rule in text, or lacks a
// rule that the algorithm is made of or its rate is 0,
// Error{usage} for fewer than least_verified_steps or for a tolerance that `tolerance_of` does not
// take, Error{verification_failed} when it lacks what
// it declares, Error{numerical_failure}.
Verification verify(const Model& model, std::int64_t steps, double tolerance = default_tolerance);

// A positive number up to `largest_tolerance`, beyond which nothing is agreement. Throws
// Error{usage}.
double tolerance_of(const std::string& text);

// What `apical verify` prints.
std::string verification_text(const Model& model, const Verification& found, std::int64_t steps);
std::string verification_json(const Model& model, const Verification& found, std::int64_t steps);
// What `apical verify --json` prints of a circuit that lacks what it declares, and says in
// "because"; of numbers that are no longer finite, in "failure" as a run's summary does. Nothing of
// other errors.
std::string failure_json(const std::string& model, const Error& error);

}  // namespace apical
