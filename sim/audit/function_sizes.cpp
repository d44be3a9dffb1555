// Sizes of what functions make of numbers: sums, products, fractions, formulas.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/audit/formula_sizes.hpp"
#include "sim/audit/sizes.hpp"

namespace apical {

namespace {

constexpr double growth_rounding = 1e-9;

}  // namespace

Size Sizes::product_of(const Reading& read, std::initializer_list<std::size_t> operands) const {
    Size product = {std::abs(read.op.gain)};
    for (const std::size_t k : operands) {
        if (k < read.count()) product = product * read[k];
    }
    return product;
}

// gain a or gain a b. Where one is what a rule keeps and changes so, it grows by the other factor,
// and without limit where both are.
Size Sizes::product(const Reading& read) const {
    const bool is_kept = context_.program()[read.written].what == What::of_rule && read.in_place();
    const auto is_own = [&](std::size_t k) {
        return is_kept && k < read.count() && read.op.operands[k].slot == read.written;
    };
    if (!is_own(1) && !is_own(2)) return product_of(read, {1, 2});
    const std::size_t other = is_own(1) ? 2 : 1;
    const Size by = product_of(read, {other}), start = started(read.written);
    const bool counts = !by.unbounded || by.unbounded == read.written;
    const bool grows = counts && by.most > 1.0 + growth_rounding;
    if (is_own(other) || grows) return {limitless_size, read.written};
    return {start.most, by.unbounded, start.sign};
}

// Inside cells, of numbers for all, and of what is overwritten.
Size Sizes::by_function(const Reading& read) const {
    const bool constants = counted_ == Counted::constants;
    switch (read.op.function) {
        case Function::none:
        case Function::product:
            return product(read);
        case Function::slope:
            return {1.0};
        case Function::sum:
            return summed(read);
        case Function::difference:
            return constants ? larger(read[1], read[2]) : read[1] + -1.0 * read[2];
        case Function::complement:
            return constants ? larger({1.0}, read[1]) : Size{1.0} + read[1];
        case Function::jacobian:
            return Size{std::abs(read.op.retain)} + std::abs(read.op.gain) * (read[1] * read[2]);
        case Function::diagonal:  // s B + t diag(a)
            return accumulated(read[2].unbounded ? 1.0 : read[2].most, read[3] * read[1],
                               read.written);
        case Function::zero:
            return {0.0};
        case Function::constant:
            return {std::abs(read.op.gain)};
        case Function::inner:
            return gathered(read);
        case Function::quotient:
            return quotient(read);
        case Function::balance:
            return {1.0, read.written};
        case Function::formula:
            return by_formula(read);
        case Function::sign:
        case Function::normal:
        case Function::uniform:
        case Function::sparse:
        case Function::credit:
        case Function::history:
        case Function::exact:
        case Function::euler:
        case Function::steady:
        case Function::cable:
        case Function::delay:
        case Function::late:
        case Function::moved:
        case Function::threshold:
        case Function::graded:
        case Function::divide:
        case Function::linear:
        case Function::spike:
        case Function::burst:
        case Function::winners:
            break;
    }
    assert(!"no function of these kinds");
    return {1.0, read.written};
}

// retain a + gain b, or with numbers s retain a + t gain b; a or b may be the result itself.
Size Sizes::summed(const Reading& read) const {
    const bool scaled = read.count() > 4;
    Size total;
    double keep = 0.0;
    bool keeps = false;
    for (const std::size_t k : {1, 2}) {
        const double factor = k == 1 ? read.op.retain : read.op.gain;
        const Size by = factor * (scaled ? read[k + 2] : Size{1.0, {}, 1});
        if (read.op.operands[k].slot == read.written && !context_.is_made_anew(read.written)) {
            keeps = true;
            keep += by.unbounded ? 1.0 : by.most;
        } else {
            total =
                counted_ == Counted::constants ? larger(total, by * read[k]) : total + by * read[k];
        }
    }
    return keeps ? accumulated(keep, total, read.written) : total;
}

Size Sizes::by_formula(const Reading& read) const {
    FormulaOperands operands{{}, {}, {}, read.written, counted_};
    for (std::size_t k = 0; k < read.count(); ++k) {
        operands.sizes.push_back(read[k]);
        const bool own = read.op.operands[k].slot == read.written;
        operands.is_own.push_back(own && !context_.is_made_anew(read.written));
        operands.bounds.push_back(own ? Interval{-limitless_size, limitless_size}
                                      : bounds_.of(read.op.operands[k].slot));
    }
    const Size made = size_of_formula(read.op.formula, operands);
    return read.in_place() ? larger(started(read.written), made) : made;
}

// One over a tenth is ten; of a number without a least value nothing is known.
Size Sizes::quotient(const Reading& read) const {
    const Interval& known = bounds_.of(read.written);
    if (known.is_bounded()) return {known.size()};
    const Interval& under = bounds_.of(read.op.operands[2].slot);
    const double least = std::min(std::abs(under.low), std::abs(under.high));
    const bool away_from_zero = under.is_bounded() && under.low * under.high > 0.0;
    return {read[1].most / (away_from_zero ? least : 1.0), read.written};
}

// sum over all entries of a b
Size Sizes::gathered(const Reading& read) const {
    const Slot& slot = context_.program()[read.op.operands[1].slot];
    const double entries = static_cast<double>(slot.rows) * slot.columns;
    const Size sum = (counted_ == Counted::constants ? 1.0 : entries) * (read[1] * read[2]);
    return read.in_place() && counted_ == Counted::everything ? read[0] + sum : sum;
}

}  // namespace apical
