#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/emitted_rate.hpp"
#include "circuits/anatomy/id.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// What cells that gate make of the inhibition x that they send (circuits/program/gate_formula.hpp).
enum class GateForm : std::uint8_t { threshold, graded, divide, linear };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view gate_form_names = "threshold|graded|divide|linear";

// How the moves of a gate keep to its timetable.
struct GateTiming {
    double latency_ms = 0.0,
           jitter_ms = 0.0;  // from a phase's beginning to the move, N(0, 1) jitter
    double failure = 0.0;    // the probability that it does not move

    bool is_exact() const { return latency_ms == 0.0 && jitter_ms == 0.0 && failure == 0.0; }
};

// An interneuron, or the cells, that open or close a compartment's path to the soma.
struct Gate {
    std::string name;
    CompartmentId compartment;
    std::vector<bool> open_in;  // by phase: it is meant to be open
    Where where;
    double closed = 0.0;   // what is left of the path while it is shut
    double tau_ms = 0.0;   // with which it opens and closes; 0: at once
    WindowId window = {};  // set: it opens in this window of a trial alone
    GateTiming timing = {};
    std::optional<GateForm> form = {};   // set: cells make it, one number for each gated cell
    double scale = 1.0;                  // of the form; of `threshold` where it shuts
    std::vector<bool> driven_in = {};    // by phase: a use of synapses ends here; empty: none does
    std::vector<bool> may_open_in = {};  // by phase: it is not surely 0
    std::optional<EmittedRate> emits = {};

    bool is_by_cells() const { return form.has_value(); }
    // Whether its number at a phase's end is another one than over the phase.
    bool moves_in_phases() const { return tau_ms > 0.0 || !timing.is_exact(); }
};

}  // namespace apical
