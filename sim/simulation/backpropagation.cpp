#include "sim/simulation/backpropagation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/model/streams.hpp"
#include "sim/tasks/trial_lengths.hpp"

namespace apical {

namespace {

std::int64_t longest_trial(const Model& model) {
    return TrialLengths(model.circuit, *model.task, run_streams(model)).longest(model.steps);
}

// Whether strengths change where a trial ends and nowhere else, so that those of a trial are those
// at its end.
bool stay_in_trials(const Program& program, const Dynamics& dynamics) {
    return std::ranges::all_of(program.operations, [&](const Operation& op) {
        const SlotId written = op.operands[0].slot;
        if (std::ranges::count(dynamics.sets, written) == 0) return true;
        return keeps_strengths(op.asker) || std::ranges::any_of(op.windows, [&](SlotId window) {
                   const std::string& clock = program[window].quantity;
                   return clock == clock_name::ends || clock == clock_name::batch_ends;
               });
    });
}

// Leaves out gradients that nobody asks for.
void keep_gradients(AdjointProgram& made, const std::vector<SlotId>& asked) {
    const auto is_asked = [&](const Operation& op) {
        return std::ranges::any_of(made.sets, [&](const SetGradient& set) {
            return set.gradient == op.operands[0].slot &&
                   std::ranges::count(asked, set.strength) > 0;
        });
    };
    std::vector<Operation> kept;
    std::vector<bool> only;
    for (std::size_t i = 0; i < made.backward.operations.size(); ++i) {
        if (made.only_gradients[i] && !is_asked(made.backward.operations[i])) continue;
        kept.push_back(std::move(made.backward.operations[i]));
        only.push_back(made.only_gradients[i]);
    }
    made.backward.operations = std::move(kept);
    made.only_gradients = std::move(only);
}

AdjointProgram asked_of(const Model& model) {
    AdjointProgram made = make_adjoint(model.program, model.circuit);
    std::vector<SlotId> asked;
    for (const Operation& op : model.program.operations)
        if (op.kind == Kind::backpropagate)
            asked.push_back(model.program.strength_of(model.program[op.operands[0].slot].synapses));
    keep_gradients(made, asked);
    return made;
}

void check_tape(const AdjointRun& run, const Operation& op) {
    const double bytes =
        static_cast<double>(run.rows()) * static_cast<double>(run.row_numbers()) * sizeof(double);
    constexpr double gigabyte = 1e9;
    if (bytes <= memory_of_machine()) return;
    reject(op.where, fmt::format("[{}] keeps {} steps of {} numbers, {:.1f} GB; this machine has "
                                 "{:.1f} GB; expected a shorter window",
                                 op.asked_by, run.rows(), run.row_numbers(), bytes / gigabyte,
                                 memory_of_machine() / gigabyte));
}

}  // namespace

bool backpropagates(const Program& program) {
    return std::ranges::any_of(program.operations,
                               [](const Operation& op) { return op.kind == Kind::backpropagate; });
}

Backpropagation::Backpropagation(const Model& model, const Plan& plan, State& state)
    : plan_(plan),
      state_(state),
      program_(asked_of(model)),
      last_(model.program.loop_of(PhaseId(model.circuit.phases.size() - 1)).value) {
    for (const Operation& op : model.program.operations)
        if (op.kind == Kind::backpropagate) add(model, op);
}

std::size_t Backpropagation::rows_for(const Model& model, const Operation& op) const {
    const bool sums = op.function == Function::sum;
    if (op.lag < 0) return static_cast<std::size_t>(longest_trial(model));
    if (!program_.dynamics.remembers && !sums) return 1;
    int longest = op.lag;  // of all that the rule asks for
    for (const Operation& other : model.program.operations)
        if (other.kind == Kind::backpropagate && other.asked_by == op.asked_by)
            longest = std::max(longest, other.lag);
    return static_cast<std::size_t>(std::min<std::int64_t>(longest + 1, model.steps));
}

void Backpropagation::add(const Model& model, const Operation& op) {
    const bool is_new = tapes_.empty() || tapes_.back()->asked_by != op.asked_by;
    if (is_new) {
        const bool stay = op.lag < 0 && stay_in_trials(model.program, program_.dynamics);
        tapes_.push_back(std::make_unique<Tape>(program_, *model.kernels, rows_for(model, op),
                                                stay ? StrengthsOf::now : StrengthsOf::then, op));
        check_tape(tapes_.back()->run, op);
    }
    const SlotId to = op.operands[0].slot,
                 strength = model.program.strength_of(model.program[to].synapses);
    const auto found = std::ranges::find(program_.sets, strength, &SetGradient::strength);
    tapes_.back()->gradients.push_back(
        {static_cast<std::size_t>(found - program_.sets.begin()), to});
}

void Backpropagation::begin_phase(std::size_t phase, const Now& now) {
    if (phase == 0) begin_step(now);
    for (const std::unique_ptr<Tape>& tape : tapes_) {
        if (tape->is_of_trial && !now.is_in_trial) continue;
        tape->run.follow_phase(state_, phase);
        if (phase == last_) go_back(*tape, now);
    }
}

void Backpropagation::begin_step(const Now& now) {
    plan_.flush();
    for (const std::unique_ptr<Tape>& tape : tapes_) {
        if (tape->is_of_trial && !now.is_in_trial) continue;
        if (tape->is_of_trial && now.begins_trial) tape->run.forget();
        tape->run.take(state_);
        tape->run.begin_step(now.step, now.loss_phase);
    }
}

void Backpropagation::go_back(Tape& tape, const Now& now) {
    tape.run.end_step();
    if (tape.is_of_trial ? !now.ends_trial : tape.sums && now.step % tape.window != 0) return;
    tape.sums ? tape.run.whole() : tape.run.past();
    for (const Tape::Gradient& one : tape.gradients)
        std::ranges::copy(tape.run.gradient(one.set), state_.numbers(one.to).begin());
}

}  // namespace apical
