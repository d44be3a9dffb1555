#include "sim/audit/sizes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "circuits/program/activation_formula.hpp"
#include "sim/audit/firing_sizes.hpp"
#include "sim/audit/formula_sizes.hpp"
#include "sim/audit/reach.hpp"

namespace apical {

namespace {

constexpr double growth_rounding = 1e-9;

bool is_left_out(const Operation& op, std::size_t k, Counted counted) {
    if (op.kind == Kind::reset) return true;  // it is as large as its value was itself
    const SizeRule rule = traits(op.kind).size;
    if (rule == SizeRule::fired)
        return counted == Counted::constants || saturates(op) ||
               op.operands[k].slot.value == op.operands[0].slot.value;
    return rule == SizeRule::transmitted && op.operands.size() == 3 &&
           counted == Counted::constants;
}

// Operand 3 of a change is no factor: what is kept is multiplied by it.
bool is_retained_by(const Operation& op, std::size_t k) {
    return traits(op.kind).change == MatrixChange::rank_one && k == 3;
}

}  // namespace

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
      changes_(context.program().slots.size()),
      grows_(context.program().slots.size()) {
    const Program& program = context_.program();
    for (const Operation& op : program.operations) changes_[op.operands[0].slot.value] = true;
    for (std::size_t i = 0; i < program.slots.size(); ++i) now_.push_back(started(SlotId(i)));
    const std::vector<Size> start = now_;
    const Flow flow(program, [&](const Operation& op, std::size_t k) {
        const Slot& read = program[op.operands[k].slot];
        return !context_.is_strength(read) && !is_left_out(op, k, counted_);
    });
    if (counted_ == Counted::constants) find_growth(flow, start);
    go_round(flow, start, start);
}

// Goes round loops as often as a loop takes to settle, and then some more: what still grows does so
// for ever, by the constants alone, since sums count no more than their largest part.
void Sizes::find_growth(const Flow& flow, const std::vector<Size>& start) {
    constexpr int rounds = 16, settled = 12;
    constexpr double growth = 1.0 + 1e-6;
    std::vector<Size> last = start;
    std::vector<bool> grows(start.size());
    for (int round = 0; round < rounds; ++round) {
        go_round(flow, start, last);
        for (std::size_t i = 0; i < last.size(); ++i) {
            const bool more = largest_[i].most > growth * last[i].most;
            // What multiplies itself by itself is past all numbers before that.
            const bool is_past_all = std::isinf(largest_[i].most) && std::isfinite(last[i].most);
            if ((round >= settled && more) || (round > 0 && is_past_all)) grows[i] = true;
        }
        last = largest_;
    }
    grows_ = std::move(grows);
}

// Goes through all operations once, in the order in which they are made of each other. An operand
// that closes a loop is as large as `before` says.
void Sizes::go_round(const Flow& flow, const std::vector<Size>& start,
                     const std::vector<Size>& before) {
    const Program& program = context_.program();
    largest_ = now_ = start;
    for (const std::uint32_t index : flow.order()) {
        const Operation& op = program.operations[index];
        Reading read{op, op.operands[0].slot, {}};
        for (std::size_t k = 0; k < op.operands.size(); ++k) {
            const SlotId slot = op.operands[k].slot;
            const bool loops = k > 0 && slot != read.written && flow.closes_loop(index, slot) &&
                               !is_left_out(op, k, counted_) &&
                               !context_.is_strength(program[slot]);
            const Size known = k == 0 ? now_[slot.value] : largest_[slot.value];
            read.operands.push_back(loops ? Size{before[slot.value].most, slot} : known);
        }
        if (context_.is_strength(program[read.written])) continue;
        Size& now = now_[read.written.value];
        now = grows_[read.written.value] ? Size{limitless_size, read.written}
                                         : within_bounds(made(read), read.written);
        Size& largest = largest_[read.written.value];
        largest = larger(largest, now);
    }
}

Size Sizes::made(const Reading& read) const {
    switch (traits(read.op.kind).size) {
        case SizeRule::input:
            return {1.0, {}, is_share(read.written) ? 1 : 0};
        case SizeRule::share:
            return {1.0, {}, 1};
        case SizeRule::drawn: {
            const bool draws = read.op.function == Function::normal && read.op.replay < 0;
            return {draws && counted_ == Counted::everything
                        ? drawn_deviations * std::abs(read.op.gain)
                        : 1.0};
        }
        case SizeRule::same:
            return read[1];
        case SizeRule::led:
            return led(read);
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
        case SizeRule::over_synapses: {
            const double synapses = context_.program()[read.op.operands[1].slot].columns;
            return counted_ == Counted::constants ? read[1] : synapses * read[1];
        }
        case SizeRule::unbounded:  // a tensor, or its sum
            return {1.0, read.written};
    }
    return {};
}

// Between what it is and the voltages that it is led to; what is added in an instant decays.
Size Sizes::led(const Reading& read) const {
    const Operation& op = read.op;
    if (!is_coupling(op.function)) {
        if (op.function != Function::sum) return read[1];
        return accumulated(std::abs(op.retain), std::abs(op.gain) * read[1], read.written);
    }
    Size most;
    std::size_t k = 1;
    for (const bool gated : op.gated) {
        most = larger(most, read[k]);
        k += gated ? 2 : 1;
    }
    return most;
}

// A label that a softmax is held against: parts of one.
bool Sizes::is_share(SlotId rate) const {
    const PopulationId cells = context_.program()[rate].cells,
                       output = context_.circuit().find_role(Role::output);
    return cells && output && context_.circuit()[cells].role == Role::label &&
           context_.circuit()[output].activation == Activation::softmax;
}

Size Sizes::transmitted(const Reading& read) const {
    const Operation& op = read.op;
    const Size carried = op.operands.size() == 2
                             ? op.gain * read[1]
                             : through(op.operands[2].slot, op.reverse, read[1]);
    if (!read.in_place()) return carried;
    return counted_ == Counted::constants ? larger(read[0], carried) : read[0] + carried;
}

// What a written activation is of: the drive, and numbers of each cell.
std::vector<Size> Sizes::fired_of(const Reading& read, const Size& drive) {
    std::vector<Size> all = {drive};
    for (std::size_t k = 1; k < places_of(read.op.formula); ++k)
        all.push_back(read[first_number_of(read.op) + k - 1]);
    return all;
}

Size Sizes::fired(const Reading& read) const {
    const bool is_written = read.op.activation == Activation::written;
    if (counted_ == Counted::constants)
        return is_written
                   ? size_of_fired(read.op.formula, fired_of(read, {1.0}), read.written, counted_)
                   : Size{1.0};
    const Slot& rate = context_.program()[read.written];
    Size drive = {1.0, {}, read.op.activation == Activation::logistic ? 1 : 0};
    if (!saturates(read.op)) {
        drive = {};
        std::size_t k = 1;
        for (const bool gated : read.op.gated) {
            drive = drive + read[k];
            k += gated ? 2 : 1;
        }
    }
    if (is_written)
        drive = size_of_fired(read.op.formula, fired_of(read, drive), read.written, counted_);
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
        case Function::credit:
        case Function::history:
        case Function::exact:
        case Function::euler:
        case Function::steady:
        case Function::delay:
        case Function::late:
        case Function::moved:
        case Function::threshold:
        case Function::graded:
        case Function::divide:
        case Function::linear:
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
