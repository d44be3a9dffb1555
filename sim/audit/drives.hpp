#pragma once

#include <cstddef>
#include <vector>

#include "sim/audit/audit_context.hpp"

namespace apical {

// A use of a synapse set that helps to make cells fire.
struct Afferent {
    SynapseSetId set;
    PopulationId source;  // behind relays that hand its rates on one to one
    bool own = false;     // from the cells themselves
    bool constant = false;
    bool reverse = false;
};

// The drive by which cells fire a rate: one operation, and all that its voltages receive.
struct Drive {
    std::size_t operation = 0;
    SlotId rate;
    PopulationId cells;
    std::vector<Afferent> afferents = {};  // each set once
};

std::vector<Drive> drives_of(const AuditContext& context);

// Finds cells that fire what others do once more, as a second network kept like the first does.
void examine_twins(AuditContext& context, const std::vector<Drive>& drives);
// Finds one population of which a part of the cells is another part once more.
void examine_blocks(AuditContext& context, const std::vector<Drive>& drives);

}  // namespace apical
