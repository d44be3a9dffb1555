#include "sim/audit/sizes.hpp"

#include <cmath>

#include "sim/audit/saturation.hpp"

namespace apical {

namespace {

bool is_left_out(const Operation& op, std::size_t k, Counted counted) {
    if (op.kind == Kind::reset) return true;  // it is as large as its value was itself
    const SizeRule rule = traits(op.kind).size;
    if (rule == SizeRule::fired)
        return counted == Counted::constants || saturates(op) ||
               op.operands[k].slot.value == op.operands[0].slot.value;
    return rule == SizeRule::transmitted && op.operands.size() == 3 &&
           counted == Counted::constants;
}

}  // namespace

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
            const bool draws = read.op.function != Function::sign && read.op.replay < 0;
            if (!draws || counted_ != Counted::everything) return {1.0};
            const double most = read.op.function == Function::normal ? drawn_deviations : 1.0;
            return {most * std::abs(read.op.gain)};
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

}  // namespace apical
