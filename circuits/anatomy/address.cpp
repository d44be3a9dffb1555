#include "circuits/anatomy/address.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

constexpr std::string_view lag = "previous(";

// Signals that are no step old.
Signal resolve_present_signal(const Circuit& circuit, const Text& address) {
    const std::string& name = address.text;
    std::vector<std::string> known;
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        if (is_set_from_outside(circuit[circuit.compartments[i].population].role)) continue;
        const std::string compartment = circuit.full_name(CompartmentId(i));
        if (name == compartment || name == voltage_address(compartment))
            return {.voltage = CompartmentId(i)};
        known.push_back(compartment);
    }
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        const std::string rate = rate_address(circuit.populations[i].name);
        if (name == rate) return {.rate = PopulationId(i)};
        known.push_back(rate);
    }
    reject(address.where,
           fmt::format("there is no signal \"{}\"; known are {}, and previous(...) of these.{}",
                       shortened(name), list_of(known), did_you_mean(name, known)));
}

}  // namespace

std::string rate_address(std::string_view cells) { return fmt::format("{}.r", cells); }

std::string voltage_address(std::string_view compartment) {
    return fmt::format("{}.v", compartment);
}

std::string gate_address(std::string_view gate) { return fmt::format("gate.{}", gate); }

std::string previous_address(std::string_view of) { return fmt::format("previous({})", of); }

std::string_view address_now(std::string_view address) {
    if (!address.starts_with(lag) || !address.ends_with(")")) return address;
    address.remove_prefix(lag.size());
    address.remove_suffix(1);
    return address;
}

Signal resolve_signal(const Circuit& circuit, const Text& address) {
    const std::string& name = address.text;
    if (!name.starts_with(lag) || !name.ends_with(")"))
        return resolve_present_signal(circuit, address);
    const Text inner{name.substr(lag.size(), name.size() - lag.size() - 1), address.where};
    if (inner.text.starts_with(lag)) {
        reject(address.where,
               fmt::format("\"{}\" is older than a step ago; nothing is kept for two steps",
                           shortened(name)));
    }
    Signal signal = resolve_present_signal(circuit, inner);
    signal.is_previous = true;
    return signal;
}

PopulationId population_of_address(const Circuit& circuit, std::string_view address) {
    while (address.starts_with(lag)) address.remove_prefix(lag.size());
    return circuit.find_population(address.substr(0, address.find('.')));
}

}  // namespace apical
