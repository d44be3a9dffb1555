#include "sim/audit/sizes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/audit/formula_sizes.hpp"
#include "sim/audit/reach.hpp"

namespace apical {

namespace {

constexpr double deviations = 4.0;  // of a normal draw

// r is at most 1, whatever drives it.
bool saturates(Activation activation) {
    switch (activation) {
        case Activation::tanh:
        case Activation::logistic:
        case Activation::softmax:
            return true;
        case Activation::linear:
        case Activation::rectified:
            return false;
    }
    return false;
}

bool is_left_out(const Operation& op, std::size_t k, Counted counted) {
    if (op.kind == Kind::reset) return true;  // it is as large as its value was itself
    const SizeRule rule = traits(op.kind).size;
    if (rule == SizeRule::fired)
        return counted == Counted::constants || saturates(op.activation) ||
               op.operands[k].slot.value == op.operands[0].slot.value;
    return rule == SizeRule::transmitted && op.operands.size() == 3 &&
           counted == Counted::constants;
}

// Operand 3 of a change is no factor: what is kept is multiplied by it.
bool is_retained_by(const Operation& op, std::size_t k) {
    return traits(op.kind).change == MatrixChange::rank_one && k == 3;
}

}  // namespace

Size operator*(double factor, const Size& size) {
    return {std::abs(factor) * size.most, size.unbounded, factor < 0.0 ? -size.sign : size.sign};
}
Size operator*(const Size& a, const Size& b) {
    return {a.most * b.most, a.unbounded ? a.unbounded : b.unbounded, a.sign * b.sign};
}
Size operator+(const Size& a, const Size& b) {
    const bool opposite = a.sign * b.sign < 0;
    return {opposite ? std::max(a.most, b.most) : a.most + b.most,
            a.unbounded ? a.unbounded : b.unbounded, a.sign == b.sign ? a.sign : 0};
}
Size larger(const Size& a, const Size& b) {
    const int sign = a.most == 0.0 ? b.sign : b.most == 0.0 || a.sign == b.sign ? a.sign : 0;
    return {std::max(a.most, b.most), a.unbounded ? a.unbounded : b.unbounded, sign};
}

Size accumulated(double keep, const Size& added, SlotId of) {
    if (keep < 1.0) return {added.most / (1.0 - keep), added.unbounded};
    return {added.most, added.unbounded ? added.unbounded : of};
}

// An operation and what its operands are when it takes place.
struct Sizes::Reading {
    const Operation& op;
    SlotId written;
    std::vector<Size> operands;  // that of the written slot first

    const Size& operator[](std::size_t k) const { return operands[k]; }
    std::size_t count() const { return operands.size(); }
    bool in_place() const { return op.operands[0].access != Access::set; }
};

Sizes::Sizes(const AuditContext& context, const Starts& starts, const Bounds& bounds,
             Counted counted)
    : context_(context),
      starts_(starts),
      bounds_(bounds),
      counted_(counted),
      changes_(context.program().slots.size()) {
    const Program& program = context_.program();
    for (const Operation& op : program.operations) changes_[op.operands[0].slot.value] = true;
    for (std::size_t i = 0; i < program.slots.size(); ++i) now_.push_back(started(SlotId(i)));
    largest_ = now_;
    const Flow flow(program, [&](const Operation& op, std::size_t k) {
        const Slot& read = program[op.operands[k].slot];
        return !context_.is_strength(read) && !is_left_out(op, k, counted_);
    });
    for (const std::uint32_t index : flow.order()) {
        const Operation& op = program.operations[index];
        Reading read{op, op.operands[0].slot, {}};
        for (std::size_t k = 0; k < op.operands.size(); ++k) {
            const SlotId slot = op.operands[k].slot;
            const bool loops = k > 0 && slot != read.written && flow.closes_loop(index, slot) &&
                               !is_left_out(op, k, counted_) &&
                               !context_.is_strength(program[slot]);
            const Size known = k == 0 ? now_[slot.value] : largest_[slot.value];
            read.operands.push_back(loops ? Size{started(slot).most, slot} : known);
        }
        if (context_.is_strength(program[read.written])) continue;
        now_[read.written.value] = made(read);
        Size& largest = largest_[read.written.value];
        largest = larger(largest, now_[read.written.value]);
    }
}

// The size of a slot before anything writes it.
Size Sizes::started(SlotId id) const {
    const Slot& slot = context_.program()[id];
    if (context_.is_strength(slot))
        return {counted_ == Counted::constants ? 1.0 : starts_.largest_entry(slot.synapses),
                changes_[id.value] ? id : SlotId{}};
    const bool constant = slot.cells && context_.circuit()[slot.cells].role == Role::constant;
    if (constant || slot.init.kind == Initializer::Kind::identity) return {1.0};
    if (!slot.kept) return {changes_[id.value] ? 0.0 : 1.0};
    const bool number = slot.init.kind == Initializer::Kind::constant;
    return {number ? std::abs(slot.init.scale.factor) : 0.0};
}

Size Sizes::made(const Reading& read) const {
    switch (traits(read.op.kind).size) {
        case SizeRule::input:
            return {1.0, {}, is_share(read.written) ? 1 : 0};
        case SizeRule::share:
            return {1.0, {}, 1};
        case SizeRule::drawn: {
            const bool draws = read.op.function == Function::normal && read.op.replay < 0;
            return {draws && counted_ == Counted::everything ? deviations * std::abs(read.op.gain)
                                                             : 1.0};
        }
        case SizeRule::same:
            return read[1];
        case SizeRule::transmitted:
            return transmitted(read);
        case SizeRule::fired:
            return fired(read);
        case SizeRule::by_function:
            return by_function(read);
        case SizeRule::change:
            return traced(read);
        case SizeRule::product:
            return multiplied(read);
        case SizeRule::past:
            return read.in_place() ? larger(read[0], read[1]) : read[1];
        case SizeRule::unbounded:  // a tensor, or its sum
            return {1.0, read.written};
    }
    return {};
}

// A label that a softmax is held against: parts of one.
bool Sizes::is_share(SlotId rate) const {
    const PopulationId cells = context_.program()[rate].cells,
                       output = context_.circuit().find_role(Role::output);
    return cells && output && context_.circuit()[cells].role == Role::label &&
           context_.circuit()[output].activation == Activation::softmax;
}

// The size of a vector on the other side of a matrix.
Size Sizes::through(SlotId matrix, bool reverse, Size vector) const {
    if (counted_ == Counted::constants) return {1.0};
    const Slot& slot = context_.program()[matrix];
    const SlotId unbounded = changes_[matrix.value] ? matrix : SlotId{};
    if (context_.is_strength(slot))
        return Size{starts_.gain(slot.synapses, reverse), unbounded} * vector;
    const double places = reverse ? slot.rows : slot.columns;
    return std::sqrt(places) * (largest_[matrix.value] * vector);
}

Size Sizes::transmitted(const Reading& read) const {
    const Operation& op = read.op;
    const Size carried = op.operands.size() == 2
                             ? op.gain * read[1]
                             : through(op.operands[2].slot, op.reverse, read[1]);
    if (!read.in_place()) return carried;
    return counted_ == Counted::constants ? larger(read[0], carried) : read[0] + carried;
}

Size Sizes::fired(const Reading& read) const {
    if (counted_ == Counted::constants) return {1.0};
    const Slot& rate = context_.program()[read.written];
    Size drive = {1.0, {}, read.op.activation == Activation::logistic ? 1 : 0};
    if (!saturates(read.op.activation)) {
        drive = {};
        std::size_t k = 1;
        for (const bool gated : read.op.gated) {
            drive = drive + read[k];
            k += gated ? 2 : 1;
        }
    }
    const bool integrates = read.in_place() && rate.cells;
    if (!integrates) return drive;
    const Initializer& start = context_.circuit()[rate.cells].initial_rate;
    const bool number = start.kind == Initializer::Kind::constant;
    return {std::max(drive.most, number ? std::abs(start.scale.factor) : 0.0), drive.unbounded};
}

Size Sizes::product_of(const Reading& read, std::initializer_list<std::size_t> operands) const {
    Size product = {std::abs(read.op.gain)};
    for (const std::size_t k : operands) {
        if (k < read.count()) product = product * read[k];
    }
    return product;
}

// Inside cells, of numbers for all, and of what is overwritten.
Size Sizes::by_function(const Reading& read) const {
    const bool constants = counted_ == Counted::constants;
    switch (read.op.function) {
        case Function::none:
            return std::abs(read.op.gain) * read[1];
        case Function::slope:
            return {1.0};
        case Function::product:
            return product_of(read, {1, 2});
        case Function::sum:
            return summed(read);
        case Function::difference:
            return constants ? larger(read[1], read[2]) : read[1] + -1.0 * read[2];
        case Function::complement:
            return constants ? Size{1.0} : Size{1.0} + read[1];
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
        case Function::credit:
        case Function::history:
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
        operands.is_own.push_back(read.op.operands[k].slot == read.written);
        operands.bounds.push_back(operands.is_own.back() ? Interval{-INFINITY, INFINITY}
                                                         : bounds_.of(read.op.operands[k].slot));
    }
    const Size made = size_of_formula(read.op.formula, operands);
    return read.in_place() ? larger(started(read.written), made) : made;
}

// One over a tenth is ten; of a number without a least value nothing is known.
Size Sizes::quotient(const Reading& read) const {
    const Interval& known = bounds_.of(read.written);
    if (known.is_bounded()) return {std::max(std::abs(known.low), std::abs(known.high))};
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

Size Sizes::added(const Operation& op) const {
    if (traits(op.kind).change == MatrixChange::formula) {
        std::vector<Size> sizes;
        for (const Operand& one : op.operands) sizes.push_back(of(one.slot));
        return reach_of(context_.program(), op, bounds_, sizes, counted_).gain;
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
        keep *= kept.is_bounded() ? std::max(std::abs(kept.low), std::abs(kept.high)) : 1.0;
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
