#include "circuits/program/order_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace apical {

namespace {

// Places of operations within a phase, first to last. The circuit and the rules of iterations are
// what the phase iterates, and stand together.
enum class Order : std::uint8_t {
    gates,
    set_back,
    given,
    lesioned,
    before,  // each iteration remembers what was before it
    circuit,
    rules_of_iterations,
    strengths_of_iterations,
    scaled_in_iterations,
    rules,
    strengths,
    scaled,
    ended,  // what a phase leaves is remembered
    remembered,
    conducted  // behind all that is remembered of what has arrived
};

bool remembers(What what, const Operation& op, const Program& program) {
    return op.kind == Kind::remember && program[op.operands[0].slot].what == what;
}

Order order_of(const Operation& op, const Program& program) {
    if (is_gate_of_timetable(op) || holds_gate_of_timetable(program, op)) return Order::gates;
    if (op.kind == Kind::reset) return Order::set_back;
    if (op.kind == Kind::inject || op.kind == Kind::noise) return Order::given;
    if (op.kind == Kind::conduct) return Order::conducted;
    if (op.kind == Kind::remember && !op.phase) return Order::remembered;
    if (remembers(What::before, op, program)) return Order::before;
    if (remembers(What::at_end, op, program)) return Order::ended;
    if (lesions_before(program, op)) return Order::lesioned;
    if (op.asker == Asker::circuit) return Order::circuit;
    if (op.asker == Asker::scaling)
        return op.iterations > 1 ? Order::scaled_in_iterations : Order::scaled;
    const Slot& written = program[op.operands[0].slot];
    const bool strength = written.what == What::strength || written.is_on_its_way;
    if (op.iterations > 1)
        return strength ? Order::strengths_of_iterations : Order::rules_of_iterations;
    return strength ? Order::strengths : Order::rules;
}

// A dendrite matters by driving firing, by teaching synapses, or by leading others.
void check_dendrites(const Program& program, const Circuit& circuit) {
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        const CompartmentId c(i);
        const SlotId v = program.voltage_of(c);
        if (circuit.is_soma(c) || circuit[c].gate || circuit.is_branch(c) || !v) continue;
        const bool read = std::any_of(
            program.operations.begin(), program.operations.end(), [&](const Operation& op) {
                return std::any_of(op.operands.begin(), op.operands.end(),
                                   [&](const Operand& operand) {
                                       return operand.slot == v && operand.access == Access::read;
                                   });
            });
        if (read) continue;
        reject(circuit[c].where,
               fmt::format("nothing gates \"{0}\" and no plasticity rule reads it, so it can have "
                           "no effect; expected a "
                           "[gate.*] with opens = \"{0}\", or a rule bound to it",
                           circuit.full_name(c)));
    }
}

// Whether a path that is meant to be shut drives firing with the voltage that there is, or a gate
// is made of the inhibition that reached it last.
bool reads_what_is_there(const Operation& op, const Slot& read, const Circuit& circuit) {
    if (is_gate_of_cells(op)) return true;
    return op.kind == Kind::fire && read.what == What::voltage &&
           !circuit.is_open(read.compartment, op.phase);
}

// What a trial begins with is of last step's end.
bool sets_trial(const Operation& op) { return op.kind == Kind::reset && !op.windows.empty(); }

// A value that is made later in the step would be last step's value under this step's name.
void check_lags(const Program& program, const Circuit& circuit) {
    std::vector<bool> made(program.slots.size()), ever(program.slots.size());
    for (const Operation& op : program.operations) ever[op.operands[0].slot.value] = true;
    for (const Operation& op : program.operations) {
        for (const Operand& operand : op.operands) {
            const Slot& slot = program[operand.slot];
            const bool kept =
                slot.kept || slot.shape == Shape::per_synapse || op.kind == Kind::relax ||
                sets_trial(op) || reads_what_is_there(op, slot, circuit) ||
                remembers(What::before, op, program) || remembers(What::at_end, op, program);
            if (operand.access != Access::read || kept || made[operand.slot.value]) continue;
            if (!ever[operand.slot.value] || slot.what == What::previous || slot.what == What::axon)
                continue;
            reject(
                op.where,
                fmt::format("[{}] reads \"{}\" in phase \"{}\", before this step has made it; "
                            "expected a later phase, "
                            "or last {} value by {}",
                            op.asked_by, slot.name, phase_name(program, op.phase),
                            program.is_in_group(op.phase) ? "iteration's" : "step's",
                            program.is_in_group(op.phase) ? "delay = \"iteration\" or before(...)"
                                                          : "delay = 1 or previous(...)"));
        }
        if (!sets_trial(op)) made[op.operands[0].slot.value] = true;
    }
}

// Where an operation stands among those of a group of phases: before the first iteration, in each,
// or when the last is over.
enum class Turn : std::uint8_t { before_all, in_each, behind_all };

Turn turn_of(const Operation& op, const Program& program) {
    if (!program.is_in_group(op.phase) || op.iterations > 1) return Turn::in_each;
    const Order order = order_of(op, program);
    const bool begins =
        order == Order::set_back || order == Order::given || order == Order::lesioned;
    return begins ? Turn::before_all : Turn::behind_all;
}

}  // namespace

void order_program(Program& program, const Circuit& circuit) {
    check_dendrites(program, circuit);
    const auto place = [&](const Operation& op) {  // an unset phase is last
        return std::tuple(program.loop_of(op.phase).value, turn_of(op, program), op.phase.value,
                          order_of(op, program));
    };
    std::stable_sort(program.operations.begin(), program.operations.end(),
                     [&](const Operation& a, const Operation& b) { return place(a) < place(b); });
    check_lags(program, circuit);
}

}  // namespace apical
