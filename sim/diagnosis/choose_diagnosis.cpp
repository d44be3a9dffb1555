#include "sim/diagnosis/choose_diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/quantity_path.hpp"
#include "sim/diagnosis/aligned_rules.hpp"
#include "sim/diagnosis/watched_credits.hpp"

namespace apical {

namespace {

Exact exact_of(const std::string& name) {
    if (name == "adjoint") return Exact::by_adjoint;
    return name == "rtrl" ? Exact::by_rtrl : Exact::by_bptt;
}

DiagnoseOptions options_of(const Section& section, bool by_trial) {
    return {.alignment = section.boolean("alignment"),
            .change = section.boolean("change"),
            .gates = section.has("gates") && section.boolean("gates"),
            .exact = exact_of(section.text("exact").text),
            .window = by_trial ? 0 : static_cast<int>(section.integer("window")),
            .strengths_of_now = section.has("strengths") && section.text("strengths").text == "now",
            .by_trial = by_trial,
            .every = section.integer("every")};
}

// Trials are compared where they end, with the program run backwards.
void choose_trials(Diagnosed& chosen, ProgramBuilder& program, const Section& section,
                   std::int64_t longest_trial) {
    if (!program.circuit().trials)
        reject(section.where("window"),
               "diagnose.window is \"trial\", and there are no trials; expected steps, [trial], or "
               "a task that has trials");
    if (section.is_stated("exact") && chosen.options.exact != Exact::by_adjoint)
        reject(section.where("exact"),
               "diagnose.window = \"trial\" goes back through the program of each trial; expected "
               "exact = \"adjoint\", or no such key");
    if (chosen.options.every != 1)
        reject(section.where("every"),
               "with diagnose.window = \"trial\" each trial is compared at its end; expected no "
               "key \"every\"");
    chosen.options.window = static_cast<int>(longest_trial);
    chosen.options.exact = Exact::by_adjoint;
    section.set("exact", "adjoint");
    program.clock(clock_name::begins);
    program.clock(clock_name::ends);
}

bool is_written(const Program& program, SlotId slot) {
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& op) { return op.operands[0].slot == slot; });
}

bool carries(const Program& program, SlotId slot) {
    const auto multiplies_by_it = [&](const Operation& op) {
        const bool multiplies =
            op.kind == Kind::transmit || op.kind == Kind::multiply || op.kind == Kind::contract;
        return multiplies &&
               std::any_of(op.operands.begin() + 1, op.operands.end(),
                           [&](const Operand& operand) { return operand.slot == slot; });
    };
    return std::any_of(program.operations.begin(), program.operations.end(), multiplies_by_it);
}

void choose_matrices(Diagnosed& chosen, ProgramBuilder& program) {
    const std::size_t count = program.so_far().slots.size();
    for (std::size_t i = 0; i < count; ++i) {
        const SlotId id(i);
        const Slot& slot = program.so_far()[id];
        const bool matrix = slot.shape == Shape::per_synapse || slot.shape == Shape::per_pair;
        if (!matrix || !is_written(program.so_far(), id)) continue;
        const std::string name = slot.name;
        const bool carrier = carries(program.so_far(), id);
        const SlotId change =
            program.measured(fmt::format("change({})", name),
                             {.path = quantity_path::of_change(name),
                              .long_name = fmt::format(
                                  "change of {} in this step, of its largest norm so far", name),
                              .symbol = "d"});
        chosen.matrices.push_back({id, change, carrier});
    }
}

void choose_gates(Diagnosed& chosen, ProgramBuilder& program) {
    const Circuit& circuit = program.circuit();
    for (std::size_t i = 0; i < circuit.gates.size(); ++i) {
        const std::string& name = circuit.gates[i].name;
        const SlotId distance = program.measured(
            fmt::format("distance({})", gate_address(name)),
            {.path = quantity_path::of_gate_distance(name),
             .long_name = fmt::format("distance of gate {} from what it is meant to be", name),
             .symbol = "d"});
        chosen.gates.push_back({GateId(i), program.gate(GateId(i)), distance});
    }
}

}  // namespace

bool compares_trials(const Section& section) {
    return std::holds_alternative<std::string>(section.value("window").content);
}

Diagnosed choose_diagnosis(ProgramBuilder& program, const Section& section,
                           const std::vector<BoundRule>& rules, std::int64_t steps,
                           std::int64_t longest_trial, std::vector<std::string>& notes) {
    Diagnosed chosen;
    chosen.options = options_of(section, compares_trials(section));
    program.begin({}, "diagnose", section.where());
    if (chosen.options.by_trial) choose_trials(chosen, program, section, longest_trial);
    if (chosen.options.alignment) choose_alignment(chosen, {program, section, rules, steps}, notes);
    if (section.has("credit")) choose_credits(chosen, {program, section, rules, steps});
    if (chosen.options.change) choose_matrices(chosen, program);
    if (chosen.options.gates) choose_gates(chosen, program);
    return chosen;
}

}  // namespace apical
