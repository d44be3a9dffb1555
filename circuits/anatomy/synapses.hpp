#pragma once

#include <limits>
#include <optional>
#include <string>

#include "circuits/anatomy/connectivity.hpp"
#include "circuits/anatomy/id.hpp"
#include "circuits/anatomy/initializer.hpp"
#include "circuits/anatomy/spikes.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// Between which values the strengths of a set stay, both included.
struct StrengthRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    bool has_low() const { return low > -std::numeric_limits<double>::infinity(); }
    bool has_high() const { return high < std::numeric_limits<double>::infinity(); }
    bool is_limited() const { return has_low() || has_high(); }
    bool holds(double strength) const { return strength >= low && strength <= high; }
};

// A matrix of strengths, rows postsynaptic. What PyNN calls a projection. Where no synapse is, the
// strength is 0 and stays it.
struct SynapseSet {
    std::string name;
    PopulationId pre;
    PopulationId post;
    Initializer init;
    Where where;
    StrengthRange bounds = {};  // that the set's own table states; see Circuit::strength_range
    std::optional<Connectivity> connect = {};  // unset: all synapses exist
    std::optional<ShortTerm> short_term = {};  // of its own use

    // Whether what is kept has a number for each synapse that exists.
    bool is_by_rows() const { return connect && connect->by_rows; }
    // Whether it has one for each pair of cells, also where no synapse is.
    bool has_gaps() const { return connect && !connect->by_rows; }
};

// One use of a synapse set: from a population's rate to a compartment in one phase.
struct SynapseUse {
    SynapseSetId set;
    PopulationId source;
    CompartmentId source_voltage;  // set: what is carried is this voltage, which no axon does
    CompartmentId target;
    PhaseId phase;
    bool own = false;      // a use of the set itself, not one of its others
    int delay = 0;         // steps: carries the rate of so many steps ago
    bool before = false;   // carries the rate that was before the iteration of its phase
    bool reverse = false;  // against the direction of the synapse
    Where where;
    GateId gate = {};  // set: the use ends on the gate of the target's path, not in the target
    bool reads_bursts = false;  // what is carried is the second number of the source's axons
};

}  // namespace apical
