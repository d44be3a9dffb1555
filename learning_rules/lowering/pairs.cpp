#include "learning_rules/lowering/pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learning_rules/lowering/beyond_words.hpp"

namespace apical {

namespace {

// Whether all factors but one outer product are numbers for all.
bool is_scaled_outer(const Term& term) {
    std::ptrdiff_t for_all = 0, outer = 0;
    for (const Part& one : term.factors) {
        for_all += one.place == Place::all;
        outer += is_outer(one);
    }
    return outer == 1 && for_all + outer == std::ssize(term.factors);
}

bool is_for_all(const Term& term) {
    return std::all_of(term.factors.begin(), term.factors.end(),
                       [](const Part& one) { return one.place == Place::all; });
}

bool has_finite_constants(const LinearChange& change) {
    const auto is_finite = [](const Term& one) { return std::isfinite(one.number); };
    return std::isfinite(change.keep) &&
           std::all_of(change.keeps.begin(), change.keeps.end(), is_finite) &&
           std::all_of(change.rest.begin(), change.rest.end(), is_finite);
}

}  // namespace

bool PairWords::is_sum_of_products(const LinearChange& change) {
    return !change.rest.empty() &&
           std::all_of(change.rest.begin(), change.rest.end(), is_scaled_outer) &&
           std::all_of(change.keeps.begin(), change.keeps.end(), is_for_all);
}

PairWords::Product PairWords::product_of(const Term& term) {
    Product made{.gain = term.number};
    std::vector<Part> for_all;
    for (const Part& one : term.factors) {
        if (!is_outer(one)) {
            for_all.push_back(one);
            continue;
        }
        made.a = cells_.slot_of(one.of[0]);
        made.b = cells_.slot_of(one.of[1]);
    }
    if (!for_all.empty()) made.scale = cells_.slot_of(sum_of({{1.0, for_all}}), "scale");
    return made;
}

SlotId PairWords::kept(const LinearChange& change) {
    if (change.keeps.empty()) return cells_.number(change.keep, "keep");
    std::vector<Term> keeps = change.keeps;
    if (change.keep != 0.0) keeps.insert(keeps.begin(), Term{.number = change.keep});
    return cells_.slot_of(sum_of(keeps), "keep");
}

// All products are made of what was before the first of them is added.
void PairWords::change(const Statement& statement, const Part& right) {
    std::optional<LinearChange> change =
        change_of(statement.assignment, right, NamesInCircuit::own, program_.step_ms());
    if (!change || !is_sum_of_products(*change))
        reject_beyond_words(rule_, statement,
                            fmt::format("a matrix between cells changes by outer products alone; "
                                        "expected {0} = number * {0} + number * outer(a, b)",
                                        statement.target));
    if (!has_finite_constants(*change)) reject_overflow(rule_, statement);
    std::vector<Product> products;
    for (const Term& one : change->rest) products.push_back(product_of(one));
    const SlotId own = names_.slot_of_own();
    for (const Product& one : products) {
        if (one.scale || !change->keeps.empty()) {
            program_.hebb_kept(own, one.a, one.b, kept(*change), one.scale, one.gain);
        } else {
            program_.hebb(own, one.a, one.b, change->keep, one.gain);
        }
        change->keep = 1.0;  // the first has kept what is kept
        change->keeps.clear();
    }
}

}  // namespace apical
