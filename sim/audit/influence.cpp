#include "sim/audit/influence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "circuits/program/reward_names.hpp"
#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/simulation/scheduler.hpp"

namespace apical {

namespace {

// Windows are, and the reward of a trial is there.
bool is_on_within_trial(std::string_view clock) {
    return clock.starts_with(clock_name::window) || clock.starts_with(clock_name::of_task) ||
           clock == clock_name::counts;
}

constexpr std::int64_t least_warm_up = 12;  // steps
constexpr double bytes_to_keep = 2e9;       // of all copies of the state
constexpr double bytes_to_copy = 2e9;       // in all nudges together
constexpr std::size_t most_entries = 64;    // nudged of one slot
constexpr int most_iterations_kept = 3;     // of a phase; the next are like the last of these

using Numbers = std::vector<double>;

// How cells may know of each other.
bool hands_from_cell_to_cell(const Program& program, const Operation& op) {
    switch (traits(op.kind).gathers) {
        case Gathers::synapses:
        case Gathers::population:
            return true;
        case Gathers::interneuron:  // one for all cells; else each cell's own
            return program[op.operands[0].slot].shape == Shape::scalar;
        case Gathers::own_synapses:  // within one cell, if the vector is of the cells they end on
            return program[op.operands[0].slot].cells == program[op.operands[1].slot].cells;
        case Gathers::sum:
            return op.function == Function::inner && is_vector(program[op.operands[1].slot].shape);
        case Gathers::matrix:  // is found by itself
        case Gathers::nothing:
            return false;
    }
    return false;
}

class Nudges {
public:
    explicit Nudges(const Model& model)
        : model_(model),
          program_(model.program),
          state_(model.program),
          task_(model.task->begin()) {}

    MeasuredInfluence measure() {
        const Plan plan = Plan::compile(program_, state_);
        gather(plan);
        const double copies = static_cast<double>(state_.bytes() * steps_.size());
        found_.gigabytes = copies * 1e-9;
        if (copies > bytes_to_keep) return found_;
        initialize(state_, model_.circuit, model_.seed, model_.directory);
        begin_step(plan);
        run_undisturbed();
        found_.every_entry = true;
        nudge_all();
        report_ways_back();
        return found_;
    }

private:
    void begin_step(const Plan& plan) {
        Scheduler scheduler(model_, plan, state_, nullptr);
        step_ = std::max<std::int64_t>(1, std::min(warm_up(), model_.steps - 1));
        scheduler.run_to(step_ - 1);
        for (std::size_t i = 0; i < program_.slots.size(); ++i) {
            const Slot& slot = program_.slots[i];
            if (slot.what == What::event) *state_.data(SlotId(i)) = 0.0;
            // All windows are open, and the step is one within a trial.
            if (slot.what == What::clock)
                *state_.data(SlotId(i)) = is_on_within_trial(slot.quantity) ? 1.0 : 0.0;
        }
        present(step_);
    }

    // The number of steps until nothing is zero any more, no past value either.
    std::int64_t warm_up() const {
        std::int64_t longest = least_warm_up;
        for (const Slot& slot : program_.slots) {
            if (slot.what == What::axon) longest = std::max<std::int64_t>(longest, slot.line + 3);
            if (slot.shape == Shape::history)
                longest = std::max<std::int64_t>(longest, slot.columns + 3);
        }
        return longest;
    }

    void present(std::int64_t step) {
        task_->present(step, rates(Role::input), rates(Role::label));
        model_.noise->draw(step, state_);
    }

    std::span<double> rates(Role role) {
        const SlotId slot = program_.rate_of(model_.circuit.find_role(role));
        if (!slot) return {};
        return {state_.data(slot), static_cast<std::size_t>(program_[slot].rows)};
    }

    // Whether a group carries both phases out in turn.
    bool in_turn(std::size_t p, std::size_t q) const {
        return program_.loop_of(PhaseId(p)) == program_.loop_of(PhaseId(q));
    }

    // Two steps of the run, since a number may be left in one for the other; the second begins
    // where its input is presented.
    void gather(const Plan& plan) {
        const auto append = [&](std::span<const Step> list) {
            steps_.insert(steps_.end(), list.begin(), list.end());
        };
        const auto append_all = [&] {
            for (std::size_t p = 0, next = 0; p < program_.phase_names.size(); p = next) {
                for (next = p + 1; next < program_.phase_names.size() && in_turn(p, next);) ++next;
                const int in_group = program_.turns.empty() ? 1 : program_.turns[p].count;
                const int times =
                    std::min(std::max(plan.iterated(p).times, in_group), most_iterations_kept);
                for (int k = 0; k < times; ++k) {
                    for (std::size_t q = p; q < next; ++q) {
                        if (k == 0) append(plan.gates(q));
                        if (k > 0 && next > p + 1) append(plan.gates_again(q));
                        append(plan.steps(q).first(plan.iterated(q).steps));
                    }
                }
                for (std::size_t q = p; q < next; ++q)
                    append(plan.steps(q).subspan(plan.iterated(q).steps));
            }
            append(plan.step_end());
        };
        append_all();
        second_ = steps_.size();
        if (model_.steps < 2) return;
        steps_.emplace_back();
        append_all();
    }

    bool is_presentation(std::size_t i) const { return i == second_; }
    const Operation& operation(std::size_t i) const {
        return program_.operations[steps_[i].operation];
    }
    SlotId written(std::size_t i) const { return operation(i).operands[0].slot; }

    // Keeps the state before each step of the plan, and how all ends.
    void run_undisturbed() {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            before_.emplace_back(state_.memory().begin(), state_.memory().end());
            is_presentation(i) ? present(step_ + 1) : steps_[i].run(steps_[i]);
        }
        end_.assign(state_.memory().begin(), state_.memory().end());
    }

    // The numbers that the last kernel call of an operation leaves in its slot.
    const double* undisturbed_after(std::size_t i, SlotId slot) const {
        const Numbers& after = i + 1 < steps_.size() ? before_[i + 1] : end_;
        return after.data() + (state_.data(slot) - state_.memory().data());
    }

    void nudge_all() {
        for (std::size_t s = 0; s < program_.slots.size(); ++s) nudge(SlotId(s), 0);
        for (std::size_t i = 0; i < second_; ++i) nudge(written(i), i + 1);
    }

    // Every entry of the slot, or a sample of them, before step `from` of the plan.
    void nudge(SlotId slot, std::size_t from) {
        const Slot& what = program_[slot];
        const std::size_t entries = entries_of(what);
        if (entries == 0) return;
        const double affordable =
            bytes_to_copy / static_cast<double>(state_.bytes() * 2 * steps_.size());
        const std::size_t most =
            std::clamp(static_cast<std::size_t>(affordable), std::size_t{2}, most_entries);
        const std::size_t count = std::min(entries, most);
        found_.every_entry &= count == entries;
        for (std::size_t k = 0; k < count; ++k)
            nudge_entry(slot, k * (entries - 1) / std::max<std::size_t>(count - 1, 1), from);
    }

    void nudge_entry(SlotId slot, std::size_t entry, std::size_t from) {
        const Numbers& start = from < steps_.size() ? before_[from] : end_;
        std::copy(start.begin(), start.end(), state_.memory().begin());
        const auto [row, column, at] = entry_of(program_[slot], entry);
        double& number = state_.data(slot)[at];
        number += 0.1 * (1.0 + std::abs(number));
        for (std::size_t i = from; i < steps_.size(); ++i) {
            finish(i);
            // What is made anew in each step has forgotten the nudge at the end.
            if (!is_presentation(i) && is_at_synapses(written(i)))
                compare(slot, row, column, written(i), i);
        }
        ++found_.nudges;
        for (std::size_t s = 0; s < program_.slots.size(); ++s) {
            if (is_at_synapses(SlotId(s))) compare(slot, row, column, SlotId(s), steps_.size() - 1);
        }
    }

    bool is_at_synapses(SlotId slot) const { return program_[slot].shape == Shape::per_synapse; }

    void finish(std::size_t i) {
        if (is_presentation(i)) {
            for (const Operation& op : program_.operations) {
                if (is_from_outside(op)) restore(i, op.operands[0].slot);
            }
        } else if (hands_from_cell_to_cell(program_, operation(i))) {
            restore(i, written(i));
        } else {
            steps_[i].run(steps_[i]);
        }
    }

    void restore(std::size_t i, SlotId slot) {
        const std::span<double> line = state_.line(slot);
        const double* end = undisturbed_after(i, slot);
        std::copy_n(end - (state_.data(slot) - line.data()), line.size(), line.data());
    }

    void compare(SlotId nudged, std::size_t row, std::size_t column, SlotId matrix,
                 std::size_t after) {
        const double* undisturbed = undisturbed_after(after, matrix);
        const std::span<const double> now = state_.numbers(matrix);
        if (std::memcmp(undisturbed, now.data(), now.size_bytes()) == 0) return;
        const Slot& slot = program_[matrix];
        for (std::size_t k = 0; k < entries_of(slot); ++k) {
            const auto [i, j, at] = entry_of(slot, k);
            // An entry that was no number and is none has not changed.
            const bool same =
                undisturbed[at] == now[at] || (std::isnan(undisturbed[at]) && std::isnan(now[at]));
            if (!same && !may_depend(matrix, i, j, nudged, row, column))
                report(nudged, row, column, matrix, i, j);
        }
    }

    bool may_depend(SlotId matrix, std::size_t i, std::size_t j, SlotId on, std::size_t row,
                    std::size_t column) const {
        const Slot &synapses = program_[matrix], &slot = program_[on];
        switch (slot.shape) {
            case Shape::scalar:
                return true;
            case Shape::per_cell:
            case Shape::history:
                return (model_.circuit.same_cells(slot.cells, synapses.cells) && row == i) ||
                       (model_.circuit.same_cells(slot.cells, synapses.pre) && row == j);
            case Shape::per_synapse:
                return slot.synapses == synapses.synapses && row == i && column == j;
            case Shape::per_pair:
            case Shape::tensor:
                return false;
        }
        return false;
    }

    // What a run backwards makes no nudge can show: it is declared to be of all that it reads.
    void report_ways_back() {
        for (const Operation& op : program_.operations) {
            if (op.kind != Kind::backpropagate) continue;
            for (std::size_t k = 1; k < op.operands.size(); ++k)
                found_.foreign.push_back({program_[op.operands[k].slot].name,
                                          program_[op.operands[0].slot].name,
                                          "goes back through it", 1});
        }
    }

    void report(SlotId nudged, std::size_t row, std::size_t column, SlotId matrix, std::size_t i,
                std::size_t j) {
        const std::string &of = program_[nudged].name, &on = program_[matrix].name;
        const auto known =
            std::find_if(found_.foreign.begin(), found_.foreign.end(),
                         [&](const ForeignInfluence& one) { return one.of == of && one.on == on; });
        if (known != found_.foreign.end()) {
            ++known->found;
            return;
        }
        found_.foreign.push_back(
            {of, on, fmt::format("entry ({}, {}) on entry ({}, {})", row, column, i, j), 1});
    }

    const Model& model_;
    const Program& program_;
    State state_;
    std::unique_ptr<Presentation> task_;
    std::vector<Step> steps_;
    std::size_t second_ = 0;       // of steps_: where the second step begins
    std::int64_t step_ = 1;        // of the run, the first of the two
    std::vector<Numbers> before_;  // the whole state before each step of the plan
    Numbers end_;
    MeasuredInfluence found_;
};

}  // namespace

MeasuredInfluence measure_influence(const Model& model) {
    check_runnable(model);
    return Nudges(model).measure();
}

}  // namespace apical
