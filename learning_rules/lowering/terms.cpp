#include "learning_rules/lowering/terms.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {

namespace {

using Terms = std::vector<Term>;

std::optional<Terms> sum_of_terms(std::optional<Terms> a, std::optional<Terms> b, double sign) {
    if (!a || !b || a->size() + b->size() > most_terms) return std::nullopt;
    for (Term& one : *b) {
        one.number *= sign;
        a->push_back(std::move(one));
    }
    return a;
}

std::optional<Terms> product_of_terms(const std::optional<Terms>& a,
                                      const std::optional<Terms>& b) {
    if (!a || !b || a->size() * b->size() > most_terms) return std::nullopt;
    Terms all;
    for (const Term& x : *a) {
        for (const Term& y : *b) {
            Term both{x.number * y.number, x.factors};
            both.factors.insert(both.factors.end(), y.factors.begin(), y.factors.end());
            if (both.factors.size() > most_factors) return std::nullopt;
            all.push_back(std::move(both));
        }
    }
    return all;
}

Terms whole_term(const Part& part) { return {{1.0, {part}}}; }

// The exponent of a power that is a product; nothing of any other part.
std::optional<int> whole_power(const Part& part) {
    if (part.symbol != Symbol::power || part.of[1].symbol != Symbol::number) return std::nullopt;
    const double power = part.of[1].number;
    if (power < 1.0 || power > 8.0 || power != std::floor(power)) return std::nullopt;
    return static_cast<int>(power);
}

// Whether each factor is at one place, and none at the synapses.
bool is_product_of_places(const Part& part) {
    if (part.symbol == Symbol::multiply)
        return is_product_of_places(part.of[0]) && is_product_of_places(part.of[1]);
    return part.place != Place::synapse;
}

std::optional<Terms> quotient_of_terms(const Part& part, SlotId own, bool stays_whole) {
    const Part &above = part.of[0], &below = part.of[1];
    if (below.symbol == Symbol::number) {
        std::optional<Terms> all = terms_of(above, own);
        if (all) {
            for (Term& one : *all) one.number /= below.number;
        }
        return all;
    }
    // Divides by a product of both cells' numbers by one factor after the other: each stays at its
    // place.
    const bool mixes_places = below.symbol == Symbol::multiply && below.place == Place::synapse;
    if (mixes_places && is_product_of_places(below)) {
        const Part once = made_part(Symbol::divide, {above, below.of[0]}, part.text);
        return terms_of(made_part(Symbol::divide, {once, below.of[1]}, part.text), own);
    }
    if (stays_whole || below.place == Place::synapse || has_slot(below, own))
        return whole_term(part);
    const Part inverse = made_part(Symbol::divide, {number_part(1.0), below}, part.text);
    return product_of_terms(terms_of(above, own), whole_term(inverse));
}

}  // namespace

std::optional<Terms> terms_of(const Part& part, SlotId own) {
    const bool mixes_places = part.place == Place::synapse || is_of_pairs(part.place);
    const bool stays_whole = !mixes_places && !(own && has_slot(part, own));
    switch (part.symbol) {
        case Symbol::number:
            return Terms{{part.number, {}}};
        case Symbol::add:
        case Symbol::subtract: {
            if (stays_whole) return whole_term(part);
            const double sign = part.symbol == Symbol::add ? 1.0 : -1.0;
            return sum_of_terms(terms_of(part.of[0], own), terms_of(part.of[1], own), sign);
        }
        case Symbol::multiply:
            return product_of_terms(terms_of(part.of[0], own), terms_of(part.of[1], own));
        case Symbol::divide:
            return quotient_of_terms(part, own, stays_whole);
        case Symbol::power: {
            const std::optional<int> power = whole_power(part);
            if (!power) return whole_term(part);
            const std::optional<Terms> base = terms_of(part.of[0], own);
            std::optional<Terms> all = base;
            for (int k = 1; k < *power; ++k) all = product_of_terms(all, base);
            return all;
        }
        case Symbol::name:
        case Symbol::call:
        case Symbol::negative:
            break;
    }
    return whole_term(part);
}

namespace {

bool is_own(const Part& factor, SlotId own) {
    return factor.symbol == Symbol::name && factor.slot == own;
}

// Divides the terms into those of x and the rest; false when there is another part with x in it.
bool part_by_own(const Terms& terms, SlotId own, LinearChange& change) {
    for (Term one : terms) {
        const auto mine = std::find_if(one.factors.begin(), one.factors.end(),
                                       [&](const Part& factor) { return is_own(factor, own); });
        const bool has_own = mine != one.factors.end();
        if (has_own) one.factors.erase(mine);
        for (const Part& factor : one.factors) {
            if (has_slot(factor, own)) return false;
        }
        if (!has_own) {
            change.rest.push_back(std::move(one));
        } else if (one.factors.empty()) {
            change.keep += one.number;
        } else {
            change.keeps.push_back(std::move(one));
        }
    }
    return true;
}

// x <- e^(a h) x + (e^(a h) - 1) / a b, the exact step of dx/dt = a x + b.
void step_exactly(LinearChange& change, double step_ms) {
    const double a = change.keep;
    change.keep = std::exp(a * step_ms);
    for (Term& one : change.rest) {
        if (a == 0.0) {
            one.number *= step_ms;
        } else if (one.number == -a) {
            one.number = 1.0 - change.keep;  // with `keep` exactly 1
        } else {
            one.number *= (change.keep - 1.0) / a;
        }
    }
}

}  // namespace

std::optional<LinearChange> change_of(Assignment assignment, const Part& part, SlotId own,
                                      double step_ms) {
    const std::optional<Terms> terms = terms_of(part, own);
    LinearChange change;
    if (!terms || !part_by_own(*terms, own, change)) return std::nullopt;
    if (assignment == Assignment::subtract) {
        change.keep = -change.keep;
        for (Terms* all : {&change.keeps, &change.rest}) {
            for (Term& one : *all) one.number = -one.number;
        }
    }
    if (assignment == Assignment::add || assignment == Assignment::subtract) change.keep += 1.0;
    if (assignment == Assignment::rate_of_change) step_exactly(change, step_ms);
    return change;
}

std::optional<Part> changed(Assignment assignment, const std::optional<LinearChange>& change,
                            const Part& right, SlotId own, Place at) {
    const Part self = slot_part(own, at);
    switch (assignment) {
        case Assignment::set:
            return right;
        case Assignment::add:
            return made_part(Symbol::add, {self, right});
        case Assignment::subtract:
            return made_part(Symbol::subtract, {self, right});
        case Assignment::rate_of_change:
            break;
    }
    if (!change) return std::nullopt;
    const Part kept =
        change->keep == 1.0 ? self : made_part(Symbol::multiply, {number_part(change->keep), self});
    if (change->rest.empty()) return kept;
    return made_part(Symbol::add, {kept, sum_of(change->rest)});
}

Part sum_of(const Terms& terms) {
    std::optional<Part> sum;
    for (const Term& one : terms) {
        std::optional<Part> product;
        if (one.number != 1.0 || one.factors.empty()) product = number_part(one.number);
        for (const Part& factor : one.factors)
            product = product ? made_part(Symbol::multiply, {*product, factor}) : factor;
        sum = sum ? made_part(Symbol::add, {*sum, *product}) : *product;
    }
    return *sum;
}

}  // namespace apical
