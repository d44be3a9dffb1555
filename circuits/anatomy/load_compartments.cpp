// How compartments follow what arrives: time constants, impulses, and what they add to it.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

double number_in(const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value.content);
    return integer ? static_cast<double>(*integer) : std::get<double>(value.content);
}

class CompartmentKeys {
public:
    CompartmentKeys(Circuit& circuit, PopulationId cells, const Section& section)
        : circuit_(circuit), cells_(cells), section_(section) {}

    void load() {
        if (section_.has("transient")) {
            for (const Text& name : section_.texts("transient")) find(name, false).transient = true;
        }
        if (section_.has("impulse")) {
            for (const Text& name : section_.texts("impulse")) load_impulse(name);
        }
        if (section_.has("backpropagates")) load_backpropagation();
        if (section_.has("bias")) load_bias();
        if (section_.has("coupling")) load_coupling(circuit_, cells_, section_);
        check_soma();
    }

private:
    Population& cells() { return circuit_.populations[cells_.value]; }

    Compartment& find(const Text& name, bool dendrites_alone) {
        std::vector<std::string> known;
        for (const CompartmentId c : cells().compartments) {
            if (dendrites_alone && circuit_.is_soma(c)) continue;
            if (circuit_[c].name == name.text) return circuit_.compartments[c.value];
            known.push_back(circuit_[c].name);
        }
        if (known.empty()) {
            reject(name.where, fmt::format("[{}] has no dendrites; expected dendrites = [\"{}\"]",
                                           section_.name(), shortened(name.text)));
        }
        reject_unknown(name, dendrites_alone ? "dendrite" : "compartment", known);
    }

    void load_impulse(const Text& name) {
        Compartment& compartment = find(name, false);
        compartment.impulse = true;
        if (compartment.tau_ms > 0.0) return;
        reject(name.where,
               fmt::format("what arrives at \"{}.{}\" is added to a voltage that decays, but it "
                           "has no time constant; expected tau_ms = {{ {} = 20.0 }}",
                           cells().name, compartment.name, compartment.name));
    }

    void load_backpropagation() {
        for (const Entry& entry : std::get<Table>(section_.value("backpropagates").content).entries)
            find({entry.key, entry.where}, true).backpropagated = number_in(entry.value);
    }

    void load_bias() {
        Value& value = section_.value("bias");
        Initializer bias;
        if (std::holds_alternative<Table>(value.content)) {
            bias = load_initializer(value, section_.name() + ".bias", false);
        } else {
            bias.scale.factor = number_in(value);
            bias.where = value.where;
        }
        using enum Initializer::Kind;
        if (bias.kind == copy || bias.kind == activated_normal) {
            reject(bias.where, fmt::format("[{}.bias] expects constant, normal, half_normal, "
                                           "lognormal, uniform or file",
                                           section_.name()));
        }
        cells().bias = bias;
    }

    // Dendrites alone move a coupled soma, at the pace of their conductances.
    void check_soma() {
        if (!cells().coupling) return;
        const Compartment& soma = circuit_[circuit_.soma(cells_)];
        const char* key = soma.tau_ms > 0.0 ? "tau_ms" : soma.transient ? "transient" : nullptr;
        if (cells().bias) key = "bias";
        if (!key) return;
        reject(section_.where(key),
               fmt::format("[{0}] has coupling, by which its dendrites alone move the soma, and "
                           "{1} of the soma; expected {2}",
                           section_.name(), key,
                           key == std::string_view("bias")
                               ? "synapses from a constant population to a dendrite"
                               : "the one or the other"));
    }

    Circuit& circuit_;
    PopulationId cells_;
    const Section& section_;
};

}  // namespace

void load_time_constant(Compartment& compartment, const Section& section, Entry& entry) {
    if (!std::holds_alternative<Table>(entry.value.content)) {
        compartment.tau_ms = number_in(entry.value);
        return;
    }
    const std::string name = fmt::format("{}.tau_ms.{}", section.name(), entry.key);
    const Initializer tau = load_initializer(entry.value, name, false);
    using enum Initializer::Kind;
    const bool is_positive =
        (tau.kind == uniform && tau.low.factor > 0.0 && tau.high.factor > 0.0) ||
        ((tau.kind == lognormal || tau.kind == constant) && tau.scale.factor > 0.0) ||
        tau.kind == file;  // whose numbers are looked at when the run begins
    if (!is_positive) {
        reject(tau.where,
               fmt::format("[{}] may be 0 ms or less; expected uniform = [10.0, 30.0], "
                           "lognormal = [20.0, 0.3] or constant = 20.0, all above 0, or a file",
                           name));
    }
    compartment.tau = tau;
    compartment.tau_ms = tau.kind == uniform ? (tau.low.factor + tau.high.factor) / 2.0
                         : tau.kind == file  ? 1.0
                                             : tau.scale.factor;
}

CompartmentId add_dendrite(Circuit& circuit, PopulationId cells, std::string_view name,
                           const Where& where) {
    const CompartmentId added(circuit.compartments.size());
    check_room(added.value, "compartments", where);
    circuit.populations[cells.value].compartments.push_back(added);
    circuit.compartments.push_back({std::string(name), cells, 0.0, {}, where});
    return added;
}

void load_compartment_keys(Circuit& circuit, PopulationId cells, const Section& section) {
    CompartmentKeys(circuit, cells, section).load();
}

}  // namespace apical
