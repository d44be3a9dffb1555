#include "sim/recurrent_network.hpp"

#include <fmt/format.h>

#include <cassert>

namespace apical {

namespace {

[[noreturn]] void reject_use(const Circuit& circuit, const Transmission& use, std::string_view who,
                             std::string_view expected) {
    reject(use.where,
           fmt::format("{} needs a recurrent network: {}; \"{}\" drives \"{}\" from \"{}\" too",
                       who, expected, circuit[use.set].name, circuit.full_name(use.target),
                       circuit[use.source].name));
}

[[noreturn]] void reject_lack(const Circuit& circuit, PopulationId of, std::string_view who,
                              std::string_view lacks) {
    const Where where = of ? circuit[of].where : Where{};
    reject(where, fmt::format("{} needs a recurrent network with {}; there is none", who, lacks));
}

std::vector<SynapseSetId> present(std::vector<SynapseSetId> sets) {
    std::erase(sets, SynapseSetId{});
    return sets;
}

void find_readout(RecurrentNetwork& found, const Circuit& circuit, std::string_view who) {
    for (const Transmission& use : circuit.transmissions) {
        if (use.target != circuit.soma(found.output)) continue;
        const Role source = circuit[use.source].role;
        const bool plain = use.own && !use.reverse && use.delay == 0;
        if (plain && source == Role::cells && !found.readout) {
            found.readout = use.set;
            found.cells = use.source;
        } else if (plain && source == Role::constant && !found.readout_bias) {
            found.readout_bias = use.set;
        } else {
            reject_use(circuit, use, who, "one set from its cells and one bias drive the output");
        }
    }
    if (!found.cells) reject_lack(circuit, found.output, who, "a set from its cells to the output");
}

void find_drive(RecurrentNetwork& found, const Circuit& circuit, std::string_view who) {
    for (const Transmission& use : circuit.transmissions) {
        if (use.target != circuit.soma(found.cells)) continue;
        const bool plain = use.own && !use.reverse && !use.source_voltage;
        const bool now = plain && use.delay == 0;
        if (plain && use.delay == 1 && use.source == found.cells && !found.recurrent) {
            found.recurrent = use.set;
        } else if (now && use.source == found.input && !found.from_input) {
            found.from_input = use.set;
        } else if (now && circuit[use.source].role == Role::constant && !found.bias) {
            found.bias = use.set;
        } else {
            reject_use(circuit, use, who,
                       "one set of delay 1 from its own cells, one from the input and one bias "
                       "drive its somata");
        }
    }
    if (!found.recurrent)
        reject_lack(circuit, found.cells, who, "a set of delay 1 from its cells to their somata");
}

}  // namespace

std::vector<SynapseSetId> RecurrentNetwork::W() const {
    return present({recurrent, from_input, bias});
}

std::vector<SynapseSetId> RecurrentNetwork::W_out() const {
    return present({readout, readout_bias});
}

RecurrentNetwork recurrent_network_of(const Circuit& circuit, std::string_view who) {
    RecurrentNetwork found;
    found.input = circuit.find_role(Role::input);
    found.label = circuit.find_role(Role::label);
    found.output = circuit.find_role(Role::output);
    found.error = circuit.find_role(Role::error);
    find_readout(found, circuit, who);
    find_drive(found, circuit, who);
    const CompartmentId soma = circuit.soma(found.cells);
    if (circuit[soma].tau_ms > 0.0) {
        reject(circuit[soma].where,
               fmt::format("{} needs somata that follow their drive at once; \"{}\" has tau_ms = "
                           "{}",
                           who, circuit.full_name(soma), circuit[soma].tau_ms));
    }
    return found;
}

algebra::Settings settings_of(const Model& model, const RecurrentNetwork& network) {
    const Population& cells = model.circuit[network.cells];
    algebra::Settings settings;
    settings.alpha = cells.alpha;
    switch (cells.activation) {
        case Activation::tanh:
            settings.activation = algebra::Activation::tanh;
            break;
        case Activation::rectified:
            settings.activation = algebra::Activation::rectified;
            break;
        case Activation::logistic:
            settings.activation = algebra::Activation::logistic;
            break;
        default:
            settings.activation = algebra::Activation::linear;
    }
    settings.loss = model.task->shape().readout == Activation::softmax
                        ? algebra::Loss::cross_entropy
                        : algebra::Loss::mean_square;
    return settings;
}

algebra::Matrix numbers_of(const State& state, SlotId slot) {
    const Slot& what = state.program()[slot];
    algebra::Matrix numbers(what.rows, what.columns);
    state.read(slot, numbers.data());
    return numbers;
}

algebra::Matrix numbers_of(const State& state, std::string_view name) {
    const SlotId slot = state.program().find(name);
    assert(slot);
    return numbers_of(state, slot);
}

algebra::Matrix beside(const State& state, const std::vector<SlotId>& slots) {
    const Program& program = state.program();
    int columns = 0;
    for (const SlotId slot : slots) columns += program[slot].columns;
    algebra::Matrix all(program[slots.front()].rows, columns);
    int first = 0;
    for (const SlotId slot : slots) {
        all.middleCols(first, program[slot].columns) = numbers_of(state, slot);
        first += program[slot].columns;
    }
    return all;
}

NetworkNumbers::NetworkNumbers(const Model& model, const RecurrentNetwork& network,
                               const State& state)
    : model_(model), network_(network), state_(state) {}

void NetworkNumbers::put(algebra::Matrix& to, SynapseSetId set, int first) const {
    if (!set) return;
    const algebra::Matrix strengths = numbers_of(state_, model_.circuit[set].name);
    to.middleCols(first, strengths.cols()) = strengths;
}

algebra::Matrix NetworkNumbers::W() const {
    const int n = model_.circuit[network_.cells].size, in = model_.circuit[network_.input].size;
    algebra::Matrix all = algebra::Matrix::Zero(n, n + in + 1);
    put(all, network_.recurrent, 0);
    put(all, network_.from_input, n);
    put(all, network_.bias, n + in);
    return all;
}

algebra::Matrix NetworkNumbers::W_out() const {
    const int n = model_.circuit[network_.cells].size;
    algebra::Matrix all = algebra::Matrix::Zero(model_.circuit[network_.output].size, n + 1);
    put(all, network_.readout, 0);
    put(all, network_.readout_bias, n);
    return all;
}

algebra::Vector NetworkNumbers::rate(PopulationId population) const {
    return numbers_of(state_, model_.circuit[population].name + ".r").col(0);
}

algebra::Vector NetworkNumbers::r() const { return rate(network_.cells); }
algebra::Vector NetworkNumbers::x() const { return rate(network_.input); }
algebra::Vector NetworkNumbers::label() const { return rate(network_.label); }

}  // namespace apical
