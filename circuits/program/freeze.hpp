#pragma once

#include <cstddef>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// A program in which nothing learns, made of one in which something does.
//   learns      Operations that write strengths, whoever asked for them (rules, bounds, the keeping
//               of sums), and those by which rules change what they keep for themselves: tags at
//               synapses, numbers of their own.
//   unneeded    Operations of rules whose results only these read, or nothing.
// Everything else goes on as it was, in its order: what comes from outside, transmission, firing,
// what happens inside cells, what is remembered of it, errors and feedback; also what a rule asked
// for, where one of these reads it (as the noise by which KeRNL moves the rates of a twin). Who
// asked is known by `Operation::asker`, what is written by `Slot::what`; no name counts.
struct FrozenProgram {
    // With all slots of the original, so that their ids stay. Quantities are those that still mean
    // something: strengths, and what is made or was never made by an operation that is gone.
    Program program;
    std::vector<std::size_t> learns, unneeded;  // indices into the original's operations, rising
    // Slots that only `learns` changed and that the rest reads: their numbers decide what the
    // frozen program does, and whoever runs it writes them. Rising.
    std::vector<SlotId> taken;
};

FrozenProgram freeze(const Program& program);

}  // namespace apical
