#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/audit/audit_context.hpp"

namespace apical {

// The behaviour of a rate's cells in a phase, as the program's operations say.
enum class Emission : std::uint8_t {
    fires,          // they fire this rate, or it is set from outside
    holds,          // nothing makes them fire anew, and they go on with it
    fires_another,  // they fire another rate
    shut            // they fire nothing: what made them fire this rate is shut off
};

// Whether the operation says what cells fire, or sets it from outside.
bool makes_rates(const Operation& op);
// Whether it makes cells fire.
bool fires(const Operation& op);

class Emissions {
public:
    explicit Emissions(const AuditContext& context);

    Emission of(SlotId rate, PhaseId phase) const;
    // The rate that the cells fire in the phase; there must be one.
    const std::string& other(PopulationId cells, PhaseId phase) const;
    // Whether the gate may be open in the phase, by the last operation before its end that moved
    // it: 0 alone is surely shut. A gate that nothing moves is shut.
    bool is_open(SlotId gate, PhaseId phase) const;

private:
    const Operation* fired(PopulationId cells, PhaseId phase) const;
    const Operation* move_of(SlotId gate, PhaseId phase) const;
    bool is_as_open(SlotId gate, PhaseId made, PhaseId phase) const;
    bool is_open_for(const Operation& fire, PhaseId phase) const;
    const AuditContext& context_;
    std::vector<std::vector<const Operation*>> firing_;  // by phase, in the program's order
};

}  // namespace apical
