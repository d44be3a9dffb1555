// Sizes of what is added to matrices, and of what is made of them.
#include <algorithm>
#include <cmath>

#include "sim/audit/reach.hpp"
#include "sim/audit/sizes.hpp"

namespace apical {

namespace {

// Operand 3 of a change is no factor: what is kept is multiplied by it.
bool is_retained_by(const Operation& op, std::size_t k) {
    return traits(op.kind).change == MatrixChange::rank_one && k == 3;
}

}  // namespace

Size Sizes::added(const Operation& op) const {
    if (traits(op.kind).change == MatrixChange::formula) {
        std::vector<Size> sizes;
        for (const Operand& one : op.operands) sizes.push_back(of(one.slot));
        const Interval start = start_of(starts_, context_.slot(op, 0));
        return reach_of(context_.program(), op, bounds_, start, sizes, counted_).gain;
    }
    Size product = {std::abs(op.gain)};
    for (std::size_t k = 1; k < op.operands.size(); ++k) {
        const bool kept = is_retained_by(op, k);
        if (!kept) product = product * of(op.operands[k].slot);
    }
    return product;
}

// A tag: keep tag + gain post pre, or tag + gain factor tag.
Size Sizes::traced(const Reading& read) const {
    const Operation& op = read.op;
    if (traits(op.kind).change == MatrixChange::formula) return by_formula(read);
    Size by = {std::abs(op.gain)};
    for (std::size_t k = 1; k < read.count(); ++k) {
        if (is_retained_by(op, k)) continue;
        if (op.operands[k].slot == read.written) return read[0];  // takes from itself
        by = by * read[k];
    }
    if (!read.in_place()) return by;
    if (traits(op.kind).change == MatrixChange::by_tag)
        return counted_ == Counted::constants ? larger(read[0], by)
                                              : accumulated(1.0, read[0] + by, read.written);
    double keep = std::abs(op.retain);
    if (op.operands.size() > 3) {
        const Interval& kept = bounds_.of(op.operands[3].slot);
        keep *= kept.is_bounded() ? kept.size() : 1.0;
    }
    return larger(read[0], accumulated(keep, by, read.written));
}

Size Sizes::multiplied(const Reading& read) const {
    const Operation& op = read.op;
    if (op.operands.size() == 2) return {std::max(read[0].most, 1.0), read.written};
    const Size made = through(op.operands[1].slot, op.reverse, read[2]);
    return read.in_place() ? read[0] + made : made;
}

}  // namespace apical
