// Bounds of what a rule keeps and makes anew of itself, as select(c, held, x), min(2 t, 1) or
// 1 - 1.99 u^2: intervals that hold the start and that a step that begins within them does not
// leave, by induction over the steps; and of what is remembered from step to step.
#include <algorithm>
#include <limits>
#include <optional>

#include "sim/audit/bounds.hpp"

namespace apical {

namespace {

constexpr double past_all = std::numeric_limits<double>::infinity();

std::optional<Interval> start_of_state(const Slot& slot) {
    switch (slot.init.kind) {
        case Initializer::Kind::constant:
            return started(slot.init.scale);
        case Initializer::Kind::uniform:
            return joined(started(slot.init.low), started(slot.init.high));
        case Initializer::Kind::normal:
        case Initializer::Kind::half_normal:
        case Initializer::Kind::lognormal:
        case Initializer::Kind::orthogonal:
        case Initializer::Kind::identity:
        case Initializer::Kind::copy:
        case Initializer::Kind::file:
        case Initializer::Kind::activated_normal:
        case Initializer::Kind::connected:
            break;
    }
    return std::nullopt;
}

// Whether the intervals of its operands say within which it leaves its result.
bool is_followed(const Operation& op) {
    if (op.kind == Kind::reset || op.function == Function::formula) return true;
    const bool in_cells = op.kind == Kind::cellwise || op.kind == Kind::modulate;
    return in_cells && (op.function == Function::product || op.function == Function::sum ||
                        op.function == Function::difference || op.function == Function::complement);
}

bool is_followed(const Program& program, SlotId slot) {
    return std::all_of(
        program.operations.begin(), program.operations.end(),
        [&](const Operation& op) { return op.operands[0].slot != slot || is_followed(op); });
}

// Takes the bound away past which a step has led; false where that leaves none, or changes nothing.
bool opened_by(const Interval& led, Interval& tried) {
    const Interval opened = {led.low < tried.low ? -past_all : tried.low,
                             led.high > tried.high ? past_all : tried.high};
    if (opened.low == tried.low && opened.high == tried.high) return false;
    tried = opened;
    return opened.low > -past_all || opened.high < past_all;
}

bool are_equal(const Interval& a, const Interval& b) { return a.low == b.low && a.high == b.high; }

}  // namespace

Interval started(const Scale& start) {
    if (start.relative == Scale::Relative::none) return {start.factor, start.factor};
    return {std::min(0.0, start.factor), std::max(0.0, start.factor)};
}

Interval started(const Initializer& constant) {
    const Interval all = started(constant.scale);
    return constant.end_cell < 0 ? all : joined(all, {0.0, 0.0});
}

// What is remembered at a step's end is read before that in the next one.
void Bounds::begin_with_last_step(const Program& program, const Circuit& circuit) {
    constexpr int longest_chain = 3;
    bool narrows = true;
    for (int k = 0; narrows && k < longest_chain; ++k) {
        narrows = false;
        for (std::size_t i = 0; i < program.slots.size(); ++i) {
            const bool is_known = are_equal(begin_[i], intervals_[i]);
            const What what = program.slots[i].what;
            if ((what != What::previous && what != What::axon) || is_known) continue;
            begin_[i] = intervals_[i];
            narrows = true;
        }
        if (narrows) go_through(program, circuit);
    }
}

// Tries, for each such number, what it starts as and what a few steps make of that. Numbers
// that still widen then are tried with no bound on the side to which they do, as counts; those that
// widen even so are given up, and the others tried without them.
void Bounds::find_what_stays_within(const Program& program, const Circuit& circuit) {
    constexpr int tried_steps = 6;
    std::vector<std::size_t> loops;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        const bool keeps = slot.kept && (slot.what == What::of_rule || slot.what == What::tag);
        if (keeps && !intervals_[i].is_bounded() && start_of_state(slot) &&
            is_followed(program, SlotId(i)))
            loops.push_back(i);
    }
    std::vector<Interval> tried(program.slots.size());
    for (const std::size_t i : loops) tried[i] = *start_of_state(program.slots[i]);
    while (!loops.empty()) {
        for (const std::size_t i : loops) {
            begin_[i] = tried[i];
            assumed_[i] = true;
        }
        std::vector<std::size_t> widen = loops;
        for (int step = 0; step < tried_steps && !widen.empty(); ++step) {
            go_through(program, circuit);
            std::erase_if(widen = loops,
                          [&](std::size_t i) { return are_equal(begin_[i], intervals_[i]); });
            for (const std::size_t i : widen) begin_[i] = intervals_[i];
        }
        if (widen.empty()) return;
        for (const std::size_t i : widen) {
            if (opened_by(intervals_[i], tried[i])) continue;
            begin_[i] = {-past_all, past_all};
            assumed_[i] = false;
            std::erase(loops, i);
        }
    }
    go_through(program, circuit);
}

}  // namespace apical
