#pragma once

#include <string>
#include <string_view>

namespace apical::quantity_path {

// The tree in which a run file stores the quantities of a program; sim/run_file/format.hpp
// describes what else is in the file.
//   /state/POPULATION/rate
//   /state/POPULATION/COMPARTMENT/{voltage, drive, slope, gate_drive}
//   /gates/GATE, /gates/GATE.now
//   /interventions/EVENT
//   /signals/trial/{begins, ends}, /signals/batch/ends, /signals/window/WINDOW
//   /trials/{number, first_step, steps, type, loss}
//   /synapses/SET/{strength, or the name of a tag}
//   /plasticity/RULE/QUANTITY
//   /dynamics/POPULATION/QUANTITY
//   /signals/loss, /signals/alignment/RULE/MEASURE, /signals/change/MATRIX, /signals/gates/GATE
// A value of the step before is stored beside its quantity, as "previous_QUANTITY", one of before
// an iteration as "before_QUANTITY", one of the end of a phase as "end_of_PHASE_QUANTITY".

// Last parts of paths.
inline constexpr std::string_view rate = "rate", voltage = "voltage", drive = "drive",
                                  slope = "slope", strength = "strength", gate_drive = "gate_drive";

inline constexpr std::string_view loss = "/signals/loss";
inline constexpr std::string_view trials = "/trials/";

// `quantity` is the last part. `population` may lead on to compartments: "hidden/apical".
std::string of_population(std::string_view population, std::string_view quantity);
std::string of_compartment(std::string_view population, std::string_view compartment,
                           std::string_view quantity);
std::string of_gate(std::string_view gate);
std::string of_event(std::string_view event);
std::string of_clock(std::string_view address);
std::string of_synapses(std::string_view set, std::string_view quantity);
std::string of_rule(std::string_view rule, std::string_view quantity);
std::string of_dynamics(std::string_view population, std::string_view quantity);
std::string of_alignment(std::string_view name, std::string_view measure);
std::string of_change(std::string_view matrix);
std::string of_gate_distance(std::string_view gate);

// The path of the value of another time, "previous", "/state/hidden/previous_rate" of
// "/state/hidden/rate".
std::string of_time(std::string_view time, std::string_view path);

// The last part: "rate" of "/state/hidden/rate".
std::string_view name_of(std::string_view path);
// Whether the path is one of a population or compartment, of a gate, of a synapse set.
bool is_of_state(std::string_view path);
bool is_of_gate(std::string_view path);
bool is_of_synapses(std::string_view path);

}  // namespace apical::quantity_path
