#include "circuits/anatomy/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

// What stands before an address, and the bracket that it opens.
constexpr std::string_view lag = "previous(", iteration = "before(", end = "at_end(";

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
    for (const NoiseSource& noise : circuit.noises) {
        if (name == "noise." + noise.name)
            reject(address.where,
                   fmt::format("\"{}\" is what cells are disturbed by, which nothing else can "
                               "know; expected what it makes of them, as post.soma.v without its "
                               "mean",
                               name));
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

std::string gate_of_cells_address(std::string_view compartment) {
    return fmt::format("{}.gate", compartment);
}

std::string previous_address(std::string_view of) { return fmt::format("previous({})", of); }

std::string before_address(std::string_view of) { return fmt::format("before({})", of); }

std::string axon_address(std::string_view of, int steps) {
    return fmt::format("axon({}, {})", of, steps);
}

std::string at_end_address(std::string_view phase, std::string_view of) {
    return fmt::format("at_end({}, {})", phase, of);
}

TimedAddress timed_address(std::string_view address) {
    constexpr std::pair<std::string_view, SignalTime> times[] = {
        {lag, SignalTime::previous}, {iteration, SignalTime::before}, {end, SignalTime::at_end}};
    for (const auto& [word, time] : times) {
        if (!address.starts_with(word) || !address.ends_with(")")) continue;
        address.remove_prefix(word.size());
        address.remove_suffix(1);
        const std::size_t comma = time == SignalTime::at_end ? address.find(',') : address.npos;
        if (comma == address.npos) return {address, time};
        const std::size_t first =
            std::min(address.find_first_not_of(' ', comma + 1), address.size());
        return {address.substr(first), time, address.substr(0, comma)};
    }
    return {address};
}

PhaseId resolve_end(const Circuit& circuit, const TimedAddress& address, const Where& where) {
    if (address.phase.empty()) {
        reject(where, fmt::format("\"at_end({})\" names no phase; expected at_end(PHASE, ADDRESS)",
                                  shortened(address.now)));
    }
    return resolve_phase(circuit, {std::string(address.phase), where});
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
    if (timed.time == SignalTime::at_end)
        signal.at_end = resolve_end(circuit, timed, address.where);
    return signal;
}

PopulationId population_of_address(const Circuit& circuit, std::string_view address) {
    for (std::size_t size = 0; size != address.size();) {
        size = address.size();
        for (const std::string_view time : {lag, iteration}) {
            if (address.starts_with(time)) address.remove_prefix(time.size());
        }
    }
    address = timed_address(address).now;  // behind the phase of "at_end(up, hidden.r)"
    return circuit.find_population(address.substr(0, address.find('.')));
}

}  // namespace apical
