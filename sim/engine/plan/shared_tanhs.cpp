#include "sim/engine/plan/shared_tanhs.hpp"

#include "circuits/program/activation_formula.hpp"

namespace apical {

namespace {

class TanhSearch {
public:
    explicit TanhSearch(const OperationOrder& order) : order_(order), is_shared_(order.count()) {}

    std::vector<SharedTanh> pairs() {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            if (is_slope(order_.op(i))) find_firing(i);
        }
        return std::move(pairs_);
    }

private:
    static bool is_slope(const Operation& op) {
        return op.kind == Kind::cellwise && op.function == Function::slope && op.phase &&
               op.windows.empty() && op.activation == Activation::tanh;
    }

    // The last firing before the slope, if nothing has written the voltage since.
    void find_firing(std::size_t slope) {
        const SlotId voltage = order_.operand(slope, 1);
        for (std::size_t fire = slope; fire-- > 0;) {
            if (!fires_by(fire, voltage)) continue;
            // The slope of a later iteration would find what fired before all of them.
            if (order_.loop(slope) && order_.loop(slope) != order_.loop(fire)) return;
            if (order_.written_between(fire, slope, voltage)) return;
            is_shared_[fire] = true;
            return pairs_.push_back({fire, slope});
        }
    }

    // Whether this operation fires tanh of the voltage alone, through no gate or through one that
    // is open (1) in that phase, so that the gated voltage is the voltage to the bit.
    bool fires_by(std::size_t i, SlotId voltage) const {
        const Operation& fire = order_.op(i);
        if (fire.kind != Kind::fire || fire.gated.size() != 1 || fire.every != 1 || is_shared_[i] ||
            !fire.windows.empty() || has_own_alpha(fire) || fire.activation != Activation::tanh ||
            order_.operand(i, 1) != voltage || order_.out(i) == voltage)
            return false;
        return !fire.gated[0] || is_open(order_.operand(i, 2), fire.phase);
    }
    bool is_open(SlotId gate, PhaseId phase) const {
        for (std::size_t i = 0; i < order_.count(); ++i) {
            const Operation& op = order_.op(i);
            if (op.kind == Kind::gate && op.function == Function::none && op.phase == phase &&
                op.windows.empty() && op.operands[0].slot == gate && op.gain == 1.0)
                return true;
        }
        return false;
    }

    const OperationOrder& order_;
    std::vector<bool> is_shared_;
    std::vector<SharedTanh> pairs_;
};

}  // namespace

std::vector<SharedTanh> shared_tanhs(const OperationOrder& order) {
    return TanhSearch(order).pairs();
}

}  // namespace apical
