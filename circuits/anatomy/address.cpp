#include "circuits/anatomy/address.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

// What stands before an address, and the bracket that it opens.
constexpr std::string_view lag = "previous(", iteration = "before(";

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

std::string before_address(std::string_view of) { return fmt::format("before({})", of); }

TimedAddress timed_address(std::string_view address) {
    const bool is_previous = address.starts_with(lag), is_before = address.starts_with(iteration);
    if ((!is_previous && !is_before) || !address.ends_with(")")) return {address};
    address.remove_prefix(is_previous ? lag.size() : iteration.size());
    address.remove_suffix(1);
    return {address, is_previous ? SignalTime::previous : SignalTime::before};
}

Signal resolve_signal(const Circuit& circuit, const Text& address) {
    const TimedAddress timed = timed_address(address.text);
    const SignalTime inner = timed_address(timed.now).time;
    if (timed.time == SignalTime::previous && inner == SignalTime::previous) {
        reject(address.where,
               fmt::format("\"{}\" is older than a step ago; nothing is kept for two steps",
                           shortened(address.text)));
    }
    if (timed.time != SignalTime::now && inner != SignalTime::now) {
        reject(address.where, fmt::format("\"{}\" is of two times; expected one of them",
                                          shortened(address.text)));
    }
    Signal signal = resolve_present_signal(circuit, {std::string(timed.now), address.where});
    signal.is_previous = timed.time == SignalTime::previous;
    signal.is_before = timed.time == SignalTime::before;
    return signal;
}

PopulationId population_of_address(const Circuit& circuit, std::string_view address) {
    for (std::size_t size = 0; size != address.size();) {
        size = address.size();
        for (const std::string_view time : {lag, iteration}) {
            if (address.starts_with(time)) address.remove_prefix(time.size());
        }
    }
    return circuit.find_population(address.substr(0, address.find('.')));
}

}  // namespace apical
