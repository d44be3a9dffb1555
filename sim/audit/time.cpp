// Online: no operation needs a value that is older than one step.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/examination.hpp"

namespace apical {

namespace {

constexpr const char* mend =
    "keep a trace that decays in place of the past values, as an eligibility trace does";

// How many steps ago a cell had what the slot says now, along operations that hand values on
// unchanged in time. What is summed up in place (a trace), transmitted, fired or learned is new.
class Ages {
public:
    explicit Ages(const Program& program)
        : program_(program), ages_(program.slots.size(), unknown) {}

    int of(SlotId slot) {
        int& age = ages_[slot.value];
        if (age == being_found) return 0;  // a trace, made of its own last value
        if (age != unknown) return age;
        age = being_found;
        int oldest = 0;
        for (const Operation& op : program_.operations) {
            if (op.operands[0].slot == slot) oldest = std::max(oldest, written(op));
        }
        return ages_[slot.value] = oldest;
    }

private:
    static constexpr int unknown = -1, being_found = -2;

    int written(const Operation& op) {
        if (op.operands[0].access == Access::update) return 0;
        const bool one_to_one = op.kind == Kind::transmit && op.operands.size() == 2;
        const bool hands_on = op.kind == Kind::cellwise || op.kind == Kind::remember || one_to_one;
        if (!hands_on || op.function == Function::history) return 0;
        int oldest = 0;
        for (std::size_t k = 1; k < op.operands.size(); ++k)
            oldest = std::max(oldest, of(op.operands[k].slot));
        return oldest + (op.kind == Kind::remember ? 1 : 0);
    }

    const Program& program_;
    std::vector<int> ages_;
};

SlotId history_of(const Operation& recall) {
    const bool reads = recall.operands[0].access == Access::set;
    return recall.operands[reads ? 1 : 0].slot;
}

// By slot, how far back operations go in it.
std::vector<int> longest_lags(const Program& program) {
    std::vector<int> lags(program.slots.size());
    for (const Operation& op : program.operations) {
        if (op.kind != Kind::recall) continue;
        int& lag = lags[history_of(op).value];
        lag = std::max(lag, op.lag);
    }
    return lags;
}

}  // namespace

void examine_time(Examination& examination) {
    const std::vector<Operation>& operations = examination.operations();
    const std::vector<int> longest = longest_lags(examination.program());
    Ages ages(examination.program());
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation& op = operations[i];
        if (op.kind == Kind::recall && op.lag > 1) {
            const SlotId past = history_of(op);
            const std::string& name = examination.program()[past].name;
            examination.find(
                Criterion::online, i, name,
                fmt::format("\"{}\" is gone back to by up to {} steps", name, longest[past.value]),
                mend);
        }
        if (op.kind != Kind::remember || op.function == Function::history) continue;
        if (const int age = ages.of(op.operands[0].slot); age > 1) {
            const std::string& name = examination.slot(op, 0).name;
            examination.find(
                Criterion::online, i, name,
                fmt::format("\"{}\" is handed on from step to step until it is {} steps old", name,
                            age),
                mend);
        }
    }
}

}  // namespace apical
