// Criterion ii: a synapse changes continuously. Of S <- retain S + gain (...), retain is from 0 to
// 1 and gain from -1 to 1 whatever happens; only a number that no operation transmits through may
// be made anew in a step.
#include <fmt/format.h>

#include "sim/audit/bounds.hpp"
#include "sim/audit/examination.hpp"

namespace apical {

namespace {

std::string range(const Interval& interval) {
    if (interval.low == interval.high) return fmt::format("{:.6g}", interval.low);
    return fmt::format("anything from {:.6g} to {:.6g}", interval.low, interval.high);
}

class Continuity {
public:
    Continuity(Examination& examination, const Bounds& bounds)
        : e_(examination), bounds_(bounds), used_(examination.program().slots.size()) {
        for (const Operation& op : e_.operations()) {
            if (op.kind != Kind::transmit && op.kind != Kind::multiply) continue;
            for (std::size_t k = 1; k < op.operands.size(); ++k)
                used_[op.operands[k].slot.value] = true;
        }
    }

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = e_.operations()[index];
        const Slot& written = e_.slot(op, 0);
        if (is_vector(written.shape) || written.shape == Shape::history) return;
        if (op.kind == Kind::assign) return reject_jump(written);
        if (op.kind != Kind::hebb && op.kind != Kind::consolidate) return;
        examine_retain(op, written);
        examine_gain(op, written);
    }

private:
    void reject_jump(const Slot& written) {
        find(written, fmt::format("\"{}\" is set at once, whatever it was before", written.name),
             "let a local rule lead it there in small steps");
    }

    void examine_retain(const Operation& op, const Slot& written) {
        const bool transmits = e_.is_strength(written) || used_[op.operands[0].slot.value];
        if (op.operands[0].access == Access::set && transmits) return reject_jump(written);
        Interval retain = {op.retain, op.retain};
        if (op.kind == Kind::hebb && op.operands.size() > 3) {
            const Interval by = bounds_.of(op.operands[3].slot);
            retain = {op.retain * by.low, op.retain * by.high};
        }
        if (retain.is_within(0.0, 1.0)) return;
        find(written,
             fmt::format("of \"{}\" a step keeps {} times what it was{}; expected from 0 to 1",
                         written.name, range(retain), by_name(op, 3)),
             "keep at most the whole of it, as a trace that decays");
    }

    void examine_gain(const Operation& op, const Slot& written) {
        Interval gain = {op.gain, op.gain};
        if (op.kind == Kind::hebb && op.operands.size() > 4) {
            const Interval by = bounds_.of(op.operands[4].slot);
            gain = op.gain < 0.0 ? Interval{op.gain * by.high, op.gain * by.low}
                                 : Interval{op.gain * by.low, op.gain * by.high};
        }
        if (gain.is_within(-1.0, 1.0)) return;
        find(written,
             fmt::format("to \"{}\" a step adds {} times a product{}; expected from -1 to 1",
                         written.name, range(gain), by_name(op, 4)),
             "change it in smaller steps");
    }

    std::string by_name(const Operation& op, std::size_t operand) const {
        if (op.kind != Kind::hebb || op.operands.size() <= operand) return "";
        return fmt::format(", by \"{}\"", e_.slot(op, operand).name);
    }

    void find(const Slot& written, std::string because, std::string mend) {
        e_.find(Criterion::continuous_plasticity, index_, written.name, std::move(because),
                std::move(mend));
    }

    Examination& e_;
    const Bounds& bounds_;
    std::vector<bool> used_;  // by slot: something is multiplied through it
    std::size_t index_ = 0;
};

}  // namespace

void examine_continuity(Examination& examination) {
    const Bounds bounds(examination.program());
    Continuity continuity(examination, bounds);
    for (std::size_t i = 0; i < examination.operations().size(); ++i) continuity.examine(i);
}

}  // namespace apical
