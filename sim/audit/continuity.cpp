// Criterion ii: a synapse changes continuously. By S <- keep S + gain (...) a step keeps from 0 to
// 1 and adds from -1 to 1 times a product, whatever happens; a matrix that transmits keeps at least
// half in a step, all its changes together, so that only other numbers at synapses can be made
// anew. The share of the strength that such a number holds and gives back to it counts as kept. The
// sum that a step adds to a strength, rate, credit and presynaptic factor and all that they are
// made of together, is at most 1, as far as it is known; where it is not, that is said.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"
#include "sim/audit/projections.hpp"
#include "sim/audit/reach.hpp"
#include "sim/audit/shares.hpp"
#include "sim/audit/sizes.hpp"

namespace apical {

namespace {

constexpr double least_kept = 0.5;
constexpr double most_added = 1.0;
constexpr double factor_rounding = 1e-9;
constexpr Interval no_start = {limitless_size, -limitless_size};

std::string range(const Interval& interval) {
    if (interval.low == interval.high) return fmt::format("{:.6g}", interval.low);
    return fmt::format("anything from {:.6g} to {:.6g}", interval.low, interval.high);
}

Interval exactly(double value) { return {value, value}; }

// A change that takes place in each iteration of a phase adds so many times what it adds in one;
// what keeps nothing of what was has the last one's alone.
Interval of_a_step(const Operation& op, const Interval& keep) {
    const bool is_anew = keep.low == 0.0 && keep.high == 0.0;
    return exactly(is_anew ? 1 : op.iterations);
}

class Continuity {
public:
    explicit Continuity(AuditContext& context)
        : context_(context),
          bounds_(context.program(), context.circuit()),
          shares_(context_, bounds_),
          constants_(context_, context.starts(), bounds_, Counted::constants),
          sizes_(context_, context.starts(), bounds_, Counted::everything),
          added_(context.program().slots.size()),
          used_(context.program().slots.size()),
          kept_(context.program().slots.size(), exactly(1.0)) {
        for (const Operation& op : context_.operations()) {
            if (traits(op.kind).product.matrix == 0) continue;
            for (std::size_t k = 1; k < op.operands.size(); ++k)
                used_[op.operands[k].slot.value] = true;
        }
    }

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        const Slot& written = context_.slot(op, 0);
        if (is_vector(written.shape) || written.shape == Shape::history) return;
        if (clears(op)) return;
        switch (traits(op.kind).change) {
            case MatrixChange::rank_one:
            case MatrixChange::by_tag:
                return examine_local(op);
            case MatrixChange::formula:
                if (takes_back_alone(context_.program(), op)) return;
                return examine_formula(op);
            case MatrixChange::overwritten:
            case MatrixChange::none:
                return reject_jump(written);
            case MatrixChange::product:  // no local rule, as is found by itself
                return;
        }
    }

private:
    // Whether what is kept beside the strengths begins anew, with 0 or a number of its own: where a
    // trial begins, and where a change that was added up has been made.
    bool clears(const Operation& op) const {
        const Slot& written = context_.slot(op, 0);
        const bool begins = op.kind == Kind::reset && !op.windows.empty();
        const bool is_made =
            op.kind == Kind::assign && op.function == Function::zero && written.is_on_its_way;
        return (begins || is_made) && !transmits(op.operands[0].slot);
    }

    void examine_local(const Operation& op) {
        const Slot& written = context_.slot(op, 0);
        examine_keep(op, with_returned(op, keep_of(op)));
        if (takes_from_itself(op)) return;
        examine_gain(op);
        if (context_.is_strength(written)) examine_change(op);
    }

    // What it keeps and adds is the reach of its formula.
    void examine_formula(const Operation& op) {
        std::vector<Size> sizes;
        for (std::size_t k = 0; k < op.operands.size(); ++k) sizes.push_back(amplification(op, k));
        const Slot& written = context_.slot(op, 0);
        const Interval start = start_of(context_.starts(), written);
        const auto reach_from = [&](const Interval& from) {
            return reach_of(context_.program(), op, bounds_, from, sizes, Counted::constants);
        };
        const Reach reach = reach_from(no_start), started = reach_from(start);
        if (reach.keep.low != started.keep.low || reach.keep.high != started.keep.high)
            find(written,
                 fmt::format("\"{}\" starts with numbers from {:.6g} to {:.6g}, which the first "
                             "step takes to its bounds at once",
                             written.name, start.low, start.high),
                 "let it start within its bounds");
        examine_keep(op, with_returned(op, reach.keep));
        reject_large(op, exactly(reach.gain.most) * of_a_step(op, reach.keep));
        if (context_.is_strength(context_.slot(op, 0))) examine_change(op);
    }

    // The interval of what a change keeps, of a strength with what tags give back of it.
    Interval with_returned(const Operation& op, const Interval& keep) const {
        if (!context_.is_strength(context_.slot(op, 0))) return keep;
        return keep + shares_.returned(op);
    }

    // A number whose bounds are known is part of the gain, and so is what cells multiply by.
    Size amplification(const Operation& op, std::size_t k) const {
        const SlotId slot = op.operands[k].slot;
        const Interval& by = bounds_.of(slot);
        if (context_.slot(op, k).shape == Shape::scalar && by.is_bounded()) return {by.size()};
        const double most = constants_.of(slot).most;
        return {hands_on_gathered(op, k) ? std::min(most, 1.0) : most};
    }

    // What a tag has gathered over steps is judged where it gathers it, and again where a strength
    // takes it up, but not in the tags that hand it on between.
    bool hands_on_gathered(const Operation& op, std::size_t k) const {
        const Slot& read = context_.slot(op, k);
        return read.what == What::tag && std::isfinite(constants_.of(op.operands[k].slot).most) &&
               !transmits(op.operands[0].slot);
    }

    bool transmits(SlotId slot) const {
        return context_.is_strength(context_.program()[slot]) || used_[slot.value];
    }

    static bool is(const Operation& op, MatrixChange change) {
        return traits(op.kind).change == change;
    }

    static bool takes_from_itself(const Operation& op) {
        return is(op, MatrixChange::by_tag) && op.operands.back().slot == op.operands[0].slot;
    }

    void reject_jump(const Slot& written) {
        find(written, fmt::format("\"{}\" is set at once, whatever it was before", written.name),
             "let a local rule lead it there in small steps");
    }

    // How much of what it was the operation leaves of the matrix.
    Interval keep_of(const Operation& op) const {
        if (op.operands[0].access == Access::set) return exactly(0.0);
        if (takes_from_itself(op)) {
            const Interval by =
                op.operands.size() == 3 ? bounds_.of(op.operands[1].slot) : exactly(1.0);
            return 1.0 + exactly(op.gain) * by;
        }
        const bool by_slot = is(op, MatrixChange::rank_one) && op.operands.size() > 3;
        if (is(op, MatrixChange::by_tag)) return exactly(1.0);
        return by_slot ? exactly(op.retain) * bounds_.of(op.operands[3].slot) : exactly(op.retain);
    }

    void examine_keep(const Operation& op, const Interval& keep) {
        const Slot& written = context_.slot(op, 0);
        const SlotId slot = op.operands[0].slot;
        if (!keep.is_within(-factor_rounding, 1.0 + factor_rounding)) {
            return find(written,
                        fmt::format("of \"{}\" a step keeps {} times what it was{}; expected from "
                                    "0 to 1",
                                    written.name, range(keep), kept_by(op)),
                        "keep at most the whole of it, as a trace that decays");
        }
        Interval& together = kept_[slot.value];
        together = together *
                   Interval{std::pow(keep.low, op.iterations), std::pow(keep.high, op.iterations)};
        if (!transmits(slot) || together.low >= least_kept) return;
        find(written,
             fmt::format("of \"{}\", through which something is transmitted, a step keeps {} times "
                         "what it was{}; expected at least {}",
                         written.name, range(together), given_back(op), least_kept),
             "let it change in small steps");
    }

    // A number whose bounds are known is part of the gain, and so is what cells multiply by.
    void examine_gain(const Operation& op) {
        Interval gain = exactly(op.gain) * of_a_step(op, keep_of(op));
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            if (k == 3) continue;  // what `hebb` keeps
            const Interval& by = bounds_.of(op.operands[k].slot);
            const bool counts = context_.slot(op, k).shape == Shape::scalar && by.is_bounded();
            const double most = amplification(op, k).most;
            gain = gain * (counts ? by : exactly(op.gain == 0.0 ? 0.0 : most));
        }
        reject_large(op, gain);
    }

    void reject_large(const Operation& op, const Interval& gain) {
        if (gain.is_within(-1.0 - factor_rounding, 1.0 + factor_rounding)) return;
        const Slot& written = context_.slot(op, 0);
        if (const SlotId without = limitless(op); without && !gain.is_bounded())
            return find(
                written,
                fmt::format("to \"{}\" a step adds a product of \"{}\", which may be as "
                            "large as one likes{}; expected from -1 to 1 times a product",
                            written.name, context_.program()[without].name, made_by(without)),
                "bound what it is divided by, or what grows");
        find(written,
             fmt::format("to \"{}\" a step adds {} times a product{}; expected from -1 to 1",
                         written.name, range(gain), by_name(op, 4)),
             "change it in smaller steps");
    }

    // The first operand that constants make as large as one likes; unset where there is none.
    SlotId limitless(const Operation& op) const {
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            if (std::isinf(constants_.of(op.operands[k].slot).most)) return op.operands[k].slot;
        }
        return {};
    }
    std::string made_by(SlotId limitless) const {
        const SlotId by = constants_.of(limitless).unbounded;
        if (!by || by == limitless) return "";
        return fmt::format(", by \"{}\"", context_.program()[by].name);
    }

    // All changes of a strength in a step, through the whole chain that makes them.
    void examine_change(const Operation& op) {
        const Slot& written = context_.slot(op, 0);
        const Size change = sizes_.added(op);
        double& together = added_[op.operands[0].slot.value];
        together += change.most * op.iterations;
        if (together > most_added) {
            find(written,
                 fmt::format("a step can change \"{}\" by {:.3g}, by the sizes of all that the "
                             "change is made of; expected at most {}",
                             written.name, together, most_added),
                 "change it in smaller steps");
        }
        if (!change.unbounded || held_within(op.operands[0].slot).is_bounded()) return;
        const Slot& grows = context_.program()[change.unbounded];
        context_.find(Criterion::unbounded_change, index_, written.name,
                      fmt::format("a step changes \"{}\" by more the larger \"{}\" is, which {}{}",
                                  written.name, grows.name, growth_of(change.unbounded),
                                  context_.is_strength(grows) ? " while it learns" : ""),
                      "bound it by cells that saturate, or measure it: diagnose.change = true");
    }

    // Bounds of strengths that start within them and that all their changes keep there, which are
    // bounds of a change as well; without bounds where nothing does.
    Interval held_within(SlotId slot) const {
        const Interval start = start_of(context_.starts(), context_.program()[slot]),
                       left = left_within(context_.program(), bounds_, slot);
        const bool known = start.low <= start.high && left.low <= left.high;
        return known ? joined(start, left) : Interval{-limitless_size, limitless_size};
    }

    std::string growth_of(SlotId slot) const {
        const Interval held = held_within(slot);
        return held.is_bounded() ? fmt::format("may come to {:.6g}", held.size()) : "has no bound";
    }

    std::string kept_by(const Operation& op) const { return by_name(op, 3) + given_back(op); }

    std::string given_back(const Operation& op) const {
        const SlotId tag =
            context_.is_strength(context_.slot(op, 0)) ? shares_.giver(op) : SlotId{};
        if (!tag) return "";
        return fmt::format(", with what \"{}\" holds of it", context_.program()[tag].name);
    }

    std::string by_name(const Operation& op, std::size_t operand) const {
        if (!is(op, MatrixChange::rank_one) || op.operands.size() <= operand) return "";
        return fmt::format(", by \"{}\"", context_.slot(op, operand).name);
    }

    void find(const Slot& written, std::string because, std::string mend) {
        context_.find(Criterion::continuous_plasticity, index_, written.name, std::move(because),
                      std::move(mend));
    }

    AuditContext& context_;
    Bounds bounds_;
    StrengthShares shares_;
    Sizes constants_, sizes_;
    std::vector<double> added_;   // by slot: to a strength, in a step
    std::vector<bool> used_;      // by slot: something is multiplied through it
    std::vector<Interval> kept_;  // by slot: of what it was at the step's beginning
    std::size_t index_ = 0;
};

}  // namespace

void examine_continuity(AuditContext& context) {
    Continuity continuity(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) continuity.examine(i);
}

}  // namespace apical
