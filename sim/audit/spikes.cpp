// Criterion iii of cells that spike or burst. A spike is a rate of 0 or 1 that the soma makes: what
// it has to reach, and how long a cell waits, follow from the cell's own spikes. Bursts are a
// second number of the same axon, the share p of what the cells fire: two signals in a phase are
// allowed,
//   1. if the second is p times the first, p from 0 to 1 by the bounds of the operations,
//   2. if p is of the same cells,
//   3. as each set transmits one of them (an operation `transmit` has one source),
//   4. and no third one.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/bounds.hpp"
#include "sim/audit/emission.hpp"

namespace apical {

namespace {

class SpikesAndBursts {
public:
    explicit SpikesAndBursts(AuditContext& context)
        : context_(context), bounds_(context.program(), context.circuit()) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        if (op.kind != Kind::fire) return;
        if (op.function == Function::spike) examine_spike(op);
        if (op.function == Function::burst) examine_burst(op);
    }

private:
    void find(Criterion criterion, const Slot& subject, std::string because, std::string mend) {
        context_.find(criterion, index_, subject.name, std::move(because), std::move(mend));
    }

    // ---- spikes

    bool is_number_of(const Slot& slot, PopulationId cells, std::string_view quantity) const {
        return slot.what == What::of_rule && slot.cells == cells &&
               slot.rule == context_.circuit()[cells].name && slot.quantity == quantity;
    }

    // What the cells fire, now or a firing ago.
    bool is_fired_by(SlotId slot, PopulationId cells) const {
        const Slot& is = context_.program()[slot];
        if (is.what == What::previous || is.what == What::before) return is_fired_by(is.of, cells);
        return is.what == What::rate && is.cells == cells && is.dendrites.empty();
    }

    bool is_of_spikes(SlotId slot, PopulationId cells) const {
        const Slot& is = context_.program()[slot];
        return is_fired_by(slot, cells) || is_number_of(is, cells, "adapted") ||
               is_number_of(is, cells, "adaptation") || is_number_of(is, cells, "threshold") ||
               is_number_of(is, cells, "wait") || is.what == What::at_rest ||
               is.what == What::at_end;
    }

    // Whether all that makes it, by way of whatever, is what the cells have fired; says what is
    // not.
    const Slot* foreign_to(SlotId slot, PopulationId cells, std::vector<SlotId>& seen) const {
        if (std::find(seen.begin(), seen.end(), slot) != seen.end()) return nullptr;
        seen.push_back(slot);
        for (const std::uint32_t i : context_.writers(slot)) {
            const Operation& op = context_.operations()[i];
            for (std::size_t k = 1; k < op.operands.size(); ++k) {
                const SlotId read = op.operands[k].slot;
                if (!is_of_spikes(read, cells)) return &context_.program()[read];
                if (is_fired_by(read, cells)) continue;
                if (const Slot* foreign = foreign_to(read, cells, seen)) return foreign;
            }
        }
        return nullptr;
    }

    void examine_spike(const Operation& op) {
        const Slot& rate = context_.slot(op, 0);
        const bool spikes = rate.cells && context_.circuit()[rate.cells].spikes;
        if (!spikes) {
            return find(Criterion::rates_transmitted, rate,
                        fmt::format("\"{}\" is fired as spikes, which its cells \"{}\" do not fire",
                                    rate.name, context_.name(rate.cells)),
                        "fire it through the cells' own activation");
        }
        examine_own(op, 2, "threshold");
        if (op.operands.size() > 3) examine_own(op, 3, "wait");
    }

    void examine_own(const Operation& op, std::size_t k, std::string_view quantity) {
        const Slot &rate = context_.slot(op, 0), &slot = context_.slot(op, k);
        const Slot* foreign = &slot;
        if (is_number_of(slot, rate.cells, quantity)) {
            std::vector<SlotId> seen;
            foreign = foreign_to(op.operands[k].slot, rate.cells, seen);
        }
        if (!foreign) return;
        find(Criterion::rates_transmitted, rate,
             fmt::format("\"{}\" depends on \"{}\" by way of its {}, past the voltage of its soma",
                         rate.name, foreign->name,
                         quantity == "wait" ? "refractoriness" : "threshold"),
             "let what the cells have fired alone make threshold and refractoriness");
    }

    // ---- bursts

    bool is_fired_here(const Operation& burst) const {
        const SlotId rate = burst.operands[2].slot;
        const Slot& fired = context_.program()[rate];
        if (fired.what != What::rate) return false;
        const std::vector<std::uint32_t>& writers = context_.writers(rate);
        return std::any_of(writers.begin(), writers.end(), [&](std::uint32_t i) {
            const Operation& op = context_.operations()[i];
            return i < index_ && fires(op) && op.function != Function::burst &&
                   op.phase == burst.phase;
        });
    }

    void examine_burst(const Operation& op) {
        const Slot &burst = context_.slot(op, 0), &p = context_.slot(op, 1),
                   &rate = context_.slot(op, 2);
        const auto second = [&](const std::string& why, const char* mend) {
            find(Criterion::one_rate_a_phase, burst,
                 fmt::format("\"{}\" is a second rate of \"{}\" in phase \"{}\", and {}",
                             burst.name, context_.name(burst.cells),
                             context_.program().phase_names[op.phase.value], why),
                 mend);
        };
        if (!context_.same_cells(rate.cells, burst.cells) || !is_fired_here(op))
            second(fmt::format("\"{}\" is not what the cells fire then", rate.name),
                   "let it be a share of what they fire");
        if (!context_.same_cells(p.cells, burst.cells))
            second(fmt::format("\"{}\" is of other cells", p.name),
                   "let it depend on the cells' own numbers");
        const Interval share = bounds_.of(op.operands[1].slot);
        if (!(share.low >= 0.0 && share.high <= 1.0))
            second(fmt::format("\"{}\" may be no share from 0 to 1 ({})", p.name, in_words(share)),
                   "bound it, as logistic(...) and clip(..., 0, 1) do");
        for (std::size_t i = 0; i < index_; ++i) {
            const Operation& other = context_.operations()[i];
            const bool is_third = other.kind == Kind::fire && other.function == Function::burst &&
                                  other.phase == op.phase &&
                                  context_.same_cells(context_.slot(other, 0).cells, burst.cells);
            if (is_third)
                second(fmt::format("\"{}\" is the second already", context_.slot(other, 0).name),
                       "fire the third in a phase of its own");
        }
        find(Criterion::second_channel, burst,
             fmt::format("\"{}\" shares its axons with \"{}\"", burst.name, rate.name),
             "say what tells them apart: synapses that depress, and ones that facilitate");
    }

    static std::string in_words(const Interval& share) {
        return share.is_bounded() ? fmt::format("from {:.6g} to {:.6g}", share.low, share.high)
                                  : "nothing bounds it";
    }

    AuditContext& context_;
    Bounds bounds_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_spikes(AuditContext& context) {
    const std::vector<Operation>& all = context.operations();
    const bool any = std::any_of(all.begin(), all.end(), [](const Operation& op) {
        return op.function == Function::spike || op.function == Function::burst;
    });
    if (!any) return;
    SpikesAndBursts spikes(context);
    for (std::size_t i = 0; i < all.size(); ++i) spikes.examine(i);
}

}  // namespace apical
