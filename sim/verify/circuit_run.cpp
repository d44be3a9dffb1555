#include "sim/verify/circuit_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/engine/initialize.hpp"
#include "sim/runs/run.hpp"

namespace apical {

namespace {

constexpr std::string_view who = "verify";

RecurrentNetwork network_with_biases(const Circuit& circuit) {
    const RecurrentNetwork found = recurrent_network_of(circuit, who);
    const auto require = [&](SynapseSetId set, PopulationId to, std::string_view from) {
        if (set) return;
        reject(circuit[to].where,
               fmt::format("{} needs W = [W_rec, W_in, b] and W_out = [W_out, b_out]; no set from "
                           "{} drives \"{}.soma\"",
                           who, from, circuit[to].name));
    };
    require(found.from_input, found.cells, "the input");
    require(found.bias, found.cells, "a constant population");
    require(found.readout_bias, found.output, "a constant population");
    return found;
}

Plan started(const Model& model, State& state, Performed performed, Workers& workers) {
    initialize(state, model.circuit, model.seed, model.directory);
    if (performed == Performed::plainly) return Plan::compile(state.program(), state);
    return optimised_plan(model, state, workers, *model.kernels);
}

// The program, with operations that run only for observers in every step.
Program program_of(const Model& model, Performed performed) {
    Program program = performed == Performed::plainly ? model.program : optimised_program(model);
    for (Operation& op : program.operations) op.every = std::max(op.every, 1);
    return program;
}

double rate_of(const Model& model, SynapseSetId set) {
    const BoundRule* rule = rule_that_changes(model, set);
    return rule && rule->parts.rate ? rule->parts.rate->value : 0.0;
}

void write(State& state, SlotId slot, const algebra::Matrix& numbers) {
    state.write(slot, numbers.data());
}

}  // namespace

CircuitRun::CircuitRun(const Model& model, Performed performed)
    : model_(model),
      performed_(performed),
      network_(network_with_biases(model.circuit)),
      program_(program_of(model, performed)),
      state_(program_),
      workers_(1),
      plan_(started(model, state_, performed, workers_)),
      scheduler_(model, plan_, state_, nullptr),
      numbers_(model_.circuit, network_, state_),
      rate_(rate_of(model, network_.recurrent)),
      rate_out_(rate_of(model, network_.readout)),
      of_W_(model, network_.W(), rate_),
      of_W_out_(model, network_.W_out(), rate_out_) {}

void CircuitRun::step() {
    scheduler_.run_phases();
    plan_.flush(circuit().phases.size() - 1);
    const std::int64_t present = scheduler_.step() + 1;
    G_ = of_W_.read(state_, present);
    G_out_ = of_W_out_.read(state_, present);
    scheduler_.run_to(present);
    plan_.flush();
}

void CircuitRun::set_weights(const algebra::Matrix& W, const algebra::Matrix& W_out) {
    const auto put = [&](const std::vector<SynapseSetId>& sets, const algebra::Matrix& all) {
        int first = 0;
        for (const SynapseSetId set : sets) {
            const SlotId strength = model_.program.strength_of(set);
            const int columns = model_.program[strength].columns;
            write(state_, strength, all.middleCols(first, columns));
            first += columns;
        }
    };
    put(network_.W(), W);
    put(network_.W_out(), W_out);
}

void CircuitRun::set_rates(const algebra::Vector& r) {
    const SlotId rate = model_.program.rate_of(network_.cells);
    write(state_, rate, r);
    write(state_, model_.program.previous_of(rate), r);
}

std::vector<SlotId> CircuitRun::strengths(const std::vector<SynapseSetId>& sets) const {
    std::vector<SlotId> slots;
    for (const SynapseSetId set : sets) slots.push_back(model_.program.strength_of(set));
    return slots;
}

std::vector<SlotId> CircuitRun::at_synapses(std::string_view quantity) const {
    std::vector<SlotId> slots;
    for (const SynapseSetId set : network_.W())
        slots.push_back(model_.program.tag_of(set, quantity));
    return slots;
}

}  // namespace apical
