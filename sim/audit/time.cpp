// Online: no operation needs a value that is older than one step.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/audit/examination.hpp"

namespace apical {

namespace {

constexpr const char* mend =
    "keep a trace that decays in place of the past values, as an eligibility trace does";

// What keeps at least so much of itself in a step is a trace; else it hands on what it is given.
constexpr double least_kept_by_trace = 0.1;

// How much of its own last value a sum keeps.
double own_share(const Operation& op) {
    if (op.function != Function::sum || op.operands.size() != 3) return 1.0;
    return std::abs(op.operands[1].slot == op.operands[0].slot ? op.retain : op.gain);
}

// Whether what the operation writes is as old as what it reads. What is transmitted, fired, learned
// or summed up in a trace is new.
bool hands_on(const Operation& op) {
    const bool in_place = op.operands[0].access == Access::update;
    switch (op.kind) {
        case Kind::cellwise:
            return !in_place || own_share(op) < least_kept_by_trace;
        case Kind::remember:
            return op.function != Function::history;
        case Kind::transmit:
            return op.operands.size() == 2;  // one to one
        case Kind::modulate:
            return true;
        default:
            return false;
    }
}

// How many steps ago a cell had what a slot says. A slot that is read before it is written has last
// step's value, whatever its name is.
class Ages {
public:
    explicit Ages(const Program& program)
        : program_(program),
          ages_(program.slots.size(), unknown),
          first_written_(program.slots.size(), program.operations.size()) {
        for (std::size_t i = program.operations.size(); i-- > 0;)
            first_written_[program.operations[i].operands[0].slot.value] = i;
    }

    // Of what operation `i` reads in this slot. What comes back to where it began is a trace.
    int read(SlotId slot, std::size_t i) {
        const std::size_t written = first_written_[slot.value];
        const bool never = written == program_.operations.size();
        if (never || ages_[slot.value] == being_found) return 0;
        const bool late = written >= i;
        return of(slot) + (late ? 1 : 0);
    }

private:
    static constexpr int unknown = -1, being_found = -2;

    int of(SlotId slot) {
        int& age = ages_[slot.value];
        if (age != unknown) return age;
        age = being_found;
        int oldest = 0;
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            const Operation& op = program_.operations[i];
            if (op.operands[0].slot != slot || !hands_on(op)) continue;
            for (std::size_t k = 1; k < op.operands.size(); ++k) {
                if (op.operands[k].slot != slot)
                    oldest = std::max(oldest, read(op.operands[k].slot, i));
            }
        }
        return ages_[slot.value] = oldest;
    }

    const Program& program_;
    std::vector<int> ages_;
    std::vector<std::size_t> first_written_;  // by slot, which operation
};

class Time {
public:
    explicit Time(Examination& examination) : e_(examination), ages_(examination.program()) {
        longest_.resize(e_.program().slots.size());
        written_every_.resize(e_.program().slots.size(), never);
        read_every_.resize(e_.program().slots.size(), never);
        for (const Operation& op : e_.operations()) {
            note(written_every_[op.operands[0].slot.value], op);
            for (std::size_t k = 1; k < op.operands.size(); ++k)
                note(read_every_[op.operands[k].slot.value], op);
            if (op.kind != Kind::recall) continue;
            int& lag = longest_[history_of(op).value];
            lag = std::max(lag, op.lag);
        }
    }

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = e_.operations()[index];
        if (op.kind == Kind::recall && op.lag > 1) examine_recall(op);
        if (op.every > 1) examine_snapshot(op);
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const Slot& slot = e_.slot(op, k);
            if (!is_vector(slot.shape)) continue;
            if (const int age = ages_.read(op.operands[k].slot, index); age > 1) {
                find(slot.name,
                     fmt::format("\"{}\" has been handed on from step to step and is {} steps old",
                                 slot.name, age));
            }
        }
    }

private:
    static SlotId history_of(const Operation& recall) {
        const bool reads = recall.operands[0].access == Access::set;
        return recall.operands[reads ? 1 : 0].slot;
    }

    void find(const std::string& subject, std::string because) {
        e_.find(Criterion::online, index_, subject, std::move(because), mend);
    }

    void examine_recall(const Operation& op) {
        const SlotId past = history_of(op);
        const std::string& name = e_.program()[past].name;
        find(name,
             fmt::format("\"{}\" is gone back to by up to {} steps", name, longest_[past.value]));
    }

    // A vector that is made every few steps alone, and read in the steps between.
    void examine_snapshot(const Operation& op) {
        const SlotId made = op.operands[0].slot;
        const bool makes_vector = is_vector(e_.slot(op, 0).shape) && op.kind != Kind::assign;
        if (!makes_vector || written_every_[made.value] != op.every) return;
        const int read = read_every_[made.value];
        if (read == never || read == op.every) return;
        const std::string& name = e_.slot(op, 0).name;
        find(name, fmt::format("\"{}\" is made every {} steps and used in the steps between", name,
                               op.every));
    }

    static constexpr int never = 0, differently = -1;
    static void note(int& every, const Operation& op) {
        every = every == never || every == op.every ? op.every : differently;
    }

    Examination& e_;
    Ages ages_;
    std::vector<int> longest_;                     // by slot, how far back operations go in it
    std::vector<int> written_every_, read_every_;  // by slot, in every how many steps
    std::size_t index_ = 0;
};

}  // namespace

void examine_time(Examination& examination) {
    Time time(examination);
    for (std::size_t i = 0; i < examination.operations().size(); ++i) time.examine(i);
}

}  // namespace apical
