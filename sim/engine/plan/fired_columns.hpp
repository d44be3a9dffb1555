#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// Whether the numbers of a slot are spikes, 0 or 1: rates that operations `fire spike` alone write,
// or what such a rate was at another time.
bool are_spikes(const Program& program, SlotId slot);

// Whether an operation transmits spikes through a matrix: it is performed column by column, of the
// cells that fired. The program alone decides it, so that the order of a sum stays what it is
// however many fire.
bool transmits_spikes(const Program& program, const Operation& op);

// The synapses of a set that is stored by rows, column by column: those that come from presynaptic
// cell j are start[j] to before start[j + 1], in the order of their postsynaptic cells. Of each
// `entries` has two numbers: 4 i + k mod 4, where it is the k-th of postsynaptic cell i, and its
// place among the set's numbers.
struct SynapseColumns {
    std::vector<std::uint32_t> start, entries;
};
SynapseColumns columns_of(const SynapseRows& rows, std::size_t columns);

// Indices of the sets that a plan transmits by; addresses stay.
class FiredColumns {
public:
    const SynapseColumns& of(const SynapseRows& rows, std::size_t columns);

private:
    std::map<const SynapseRows*, SynapseColumns> all_;
};

}  // namespace apical
