// Online: no operation needs a value that is older than one step.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/audit/ages.hpp"
#include "sim/audit/audit_context.hpp"
#include "sim/audit/latches.hpp"

namespace apical {

namespace {

constexpr const char* mend =
    "keep a trace that decays in place of the past values, as an eligibility trace does";

class Time {
public:
    explicit Time(AuditContext& context)
        : context_(context),
          ages_(context, HandedOn::within_cells),
          ages_by_cells_(context, HandedOn::from_cells),
          bounds_(context.program(), context.circuit()),
          latches_(context, bounds_) {
        longest_.resize(context_.program().slots.size());
        written_in_.resize(context_.program().slots.size());
        read_in_.resize(context_.program().slots.size());
        for (const Operation& op : context_.operations()) {
            note(written_in_[op.operands[0].slot.value], op);
            for (std::size_t k = 1; k < op.operands.size(); ++k)
                note(read_in_[op.operands[k].slot.value], op);
            if (!goes_back(op)) continue;
            int& lag = longest_[history_of(op).value];
            lag = std::max(lag, op.lag);
        }
    }

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        if (goes_back(op) && op.lag > 1) examine_recall(op);
        if (op.every > 1) examine_snapshot(op);
        if (latches_.is_written_by(op)) examine_latch(op);
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const bool ages =
                is_vector(context_.slot(op, k).shape) || traits(op.kind).hands_on == HandsOn::tag;
            if (ages) examine_age(op, k);
        }
    }

private:
    static bool goes_back(const Operation& op) { return traits(op.kind).hands_on == HandsOn::past; }

    static SlotId history_of(const Operation& recall) {
        const bool reads = recall.operands[0].access == Access::set;
        return recall.operands[reads ? 1 : 0].slot;
    }

    void find(const std::string& subject, std::string because) {
        context_.find(Criterion::online, index_, subject, std::move(because), mend);
    }

    void examine_age(const Operation& op, std::size_t k) {
        const SlotId read = op.operands[k].slot;
        const std::string& name = context_.program()[read].name;
        if (const int age = whole(ages_.read(read, index_)); age > 1) {
            return find(name,
                        fmt::format("\"{}\" has been handed on from step to step and is {} steps "
                                    "old",
                                    name, age));
        }
        // The age at the end of the chain.
        const int age = whole(ages_by_cells_.read(read, index_));
        if (age <= 1 || ages_by_cells_.hands_on(op, k)) return;
        context_.find(
            Criterion::old_rate, index_, name,
            fmt::format("\"{}\" tells what \"{}\" was up to {} steps ago, which cells have "
                        "handed on to each other",
                        name, context_.program()[ages_by_cells_.begun(read)].name, age),
            "say what needs the delay, or keep a trace that decays");
    }

    void examine_recall(const Operation& op) {
        const SlotId past = history_of(op);
        const std::string& name = context_.program()[past].name;
        find(name,
             fmt::format("\"{}\" is gone back to by up to {} steps", name, longest_[past.value]));
    }

    void examine_latch(const Operation& op) {
        const std::string& name = context_.slot(op, 0).name;
        find(name,
             fmt::format("\"{}\" is held until a switch puts another number in its place, and "
                         "tells what was any number of steps ago",
                         name));
    }

    // A vector that is made every few steps alone, and read in the steps between.
    void examine_snapshot(const Operation& op) {
        const SlotId made = op.operands[0].slot;
        const bool makes_vector = is_vector(context_.slot(op, 0).shape) && op.kind != Kind::assign;
        if (!makes_vector || written_in_[made.value].differ) return;
        const When& read = read_in_[made.value];
        if (!read.ever || (!read.differ && read.steps == steps_of(op))) return;
        const std::string& name = context_.slot(op, 0).name;
        find(name, fmt::format("\"{}\" is made every {} steps and used in the steps between", name,
                               op.every));
    }

    // Steps that have begun; sums of parts of one are exact to rounding.
    static int whole(double steps) { return static_cast<int>(std::ceil(steps - 1e-9)); }

    // In which steps operations do something, and whether in the same ones.
    struct When {
        bool ever = false, differ = false;
        PeriodicSteps steps = {};
    };
    static void note(When& when, const Operation& op) {
        when.differ |= when.ever && when.steps != steps_of(op);
        when.ever = true;
        when.steps = steps_of(op);
    }

    AuditContext& context_;
    Ages ages_, ages_by_cells_;
    Bounds bounds_;
    Latches latches_;
    std::vector<int> longest_;                // by slot, how far back operations go in it
    std::vector<When> written_in_, read_in_;  // by slot
    std::size_t index_ = 0;
};

}  // namespace

void examine_time(AuditContext& context) {
    Time time(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) time.examine(i);
}

}  // namespace apical
