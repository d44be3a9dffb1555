#pragma once

#include <string>

#include "circuits/program/program.hpp"

namespace apical {

// The random stream of a slot that a `noise` operation draws: of a rule "noise/recurrent.nu", of a
// [noise.*] table "noise/NAME".
inline std::string stream_of_noise(const Slot& drawn) {
    if (drawn.what != What::noise) return "noise/" + drawn.name;
    return "noise/" + drawn.quantity.substr(0, drawn.quantity.find('.'));
}

// The stream of what a trial begins with: "reset/hidden.r".
inline std::string stream_of_beginning(const Program& program, const Slot& beginning) {
    return "reset/" + program[beginning.of].name;
}

// The stream of what an event chooses.
inline std::string stream_of_event(const Intervention& event) { return "event/" + event.name; }

}  // namespace apical
