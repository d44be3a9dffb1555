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

// The part as a sum of terms. A sum is multiplied out only when it reads `own` or is at synapses,
// where it may mix places, or of pairs of cells; any other sum stays one factor. Nothing when there
// are more than `most_terms` terms, or `most_factors` factors of one.
std::optional<std::vector<Term>> terms_of(const Part& part, SlotId own);

// How a statement changes x: x <- (keep + sum of keeps) x + sum of rest.
struct LinearChange {
    double keep = 0.0;
    std::vector<Term> keeps = {};  // terms in cells that x is multiplied by, added to `keep`
    std::vector<Term> rest = {};
};

// The change of `own` by a statement whose right side is `part` and which takes place every
// `step_ms`. Nothing when there is no such form: `own` stands within a function, is multiplied by
// itself, or has more terms or factors than `terms_of` allows.
std::optional<LinearChange> change_of(Assignment assignment, const Part& part, SlotId own,
                                      double step_ms);

// What the statement changes `own`, a number at `at`, to, as one part with `own` in it. Nothing of
// a d/dt that is too long to be multiplied out (`change` has not been found).
std::optional<Part> changed(Assignment assignment, const std::optional<LinearChange>& change,
                            const Part& right, SlotId own, Place at);

// A sum of terms as a part: at least one.
Part sum_of(const std::vector<Term>& terms);

}  // namespace apical
