#pragma once

#include <string>

#include "sim/audit/audit_context.hpp"

namespace apical {

// What is said of a value that is set where a trial begins: of the cells in one finding, of what
// rules keep in another.
struct TrialReset {
    std::string subject, because, mend;
};

TrialReset trial_reset(const AuditContext& context, const Operation& op);

}  // namespace apical
