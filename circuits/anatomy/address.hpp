#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"

namespace apical {

// Addresses, by which model files, messages and run files spell what a circuit has. An address is
// made where a slot is made, and read where a user or a file wrote it; what a slot is stands in
// its facts (circuits/program/program.hpp), so nothing else takes an address apart.
std::string rate_address(std::string_view cells);                 // "hidden.r"
std::string voltage_address(std::string_view compartment);        // "hidden.apical.v"
std::string gate_address(std::string_view gate);                  // "gate.disinhibition"
std::string gate_of_cells_address(std::string_view compartment);  // "hidden.apical.gate"
std::string previous_address(std::string_view of);                // "previous(hidden.r)"
std::string before_address(std::string_view of);                  // "before(hidden.r)"
std::string axon_address(std::string_view of, int steps);         // "axon(hidden.r, 3)"

std::string at_end_address(std::string_view phase, std::string_view of);  // "at_end(up, hidden.r)"

// When a signal had the value that an address means: now, at the end of last step, before this
// iteration of the phase, or at the end of a phase.
enum class SignalTime : std::uint8_t { now, previous, before, at_end };

// An address without its time: "hidden.r" of "previous(hidden.r)", or of "at_end(up, hidden.r)"
// with the phase "up".
struct TimedAddress {
    std::string_view now;
    SignalTime time = SignalTime::now;
    std::string_view phase = {};
};
TimedAddress timed_address(std::string_view address);

// What a rule's key names: a rate or a voltage, of now or of another time. One of the ids is set.
struct Signal {
    PopulationId rate = {};
    CompartmentId voltage = {};
    bool is_previous = false;  // of a step ago
    bool is_before = false;    // of before this iteration of the phase
    PhaseId at_end = {};       // of the end of this phase
};

// The phase of an address "at_end(...)". Throws Error{bad_model} when there is none.
PhaseId resolve_end(const Circuit& circuit, const TimedAddress& address, const Where& where);

// The signal of "hidden.apical" or "hidden.apical.v", of "hidden.r", or of "previous(...)",
// "before(...)" or "at_end(PHASE, ...)" of these. Throws Error{bad_model} with the nearest known
// address.
Signal resolve_signal(const Circuit& circuit, const Text& address);

// "hidden" of "previous(hidden.apical)": the population that an address begins with, whether or not
// it names anything there. Unset when there is none of that name.
PopulationId population_of_address(const Circuit& circuit, std::string_view address);

}  // namespace apical
