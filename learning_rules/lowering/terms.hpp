#pragma once

#include <optional>
#include <vector>

#include "learning_rules/lowering/part.hpp"

namespace apical {

// A number times a product of slots and of parts that stay whole.
struct Term {
    double number = 1.0;
    std::vector<Part> factors = {};
};

inline constexpr std::size_t most_terms = 8;
inline constexpr std::size_t most_factors = 64;  // of a term

// The part as a sum of terms. A sum is multiplied out only when it has `own` in it or mixes places;
// what is at one place stays whole, but for its factors. Nothing when there are more than
// `most_terms` or `most_factors`.
std::optional<std::vector<Term>> terms_of(const Part& part, SlotId own);

// How a statement changes x: x <- (number + terms in cells) x + rest.
struct Change {
    double keep = 0.0;
    std::vector<Term> keeps = {};  // that x is multiplied by, beside `keep`
    std::vector<Term> rest = {};
};

// Of `own` by a statement whose right side is `part`, which happens every `step_ms`. Nothing when
// it is no such change: own is within a function, or multiplied by itself.
std::optional<Change> change_of(Assignment assignment, const Part& part, SlotId own,
                                double step_ms);

// What the statement changes `own`, a number at `at`, to, as one part with `own` in it. Nothing of
// a d/dt that is too long to be multiplied out (`change` has not been found).
std::optional<Part> changed(Assignment assignment, const std::optional<Change>& change,
                            const Part& right, SlotId own, Place at);

// A sum of terms as a part: at least one.
Part sum_of(const std::vector<Term>& terms);

}  // namespace apical
