#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/audit/audit.hpp"
#include "sim/audit/influence.hpp"
#include "sim/model/model.hpp"

namespace apical {

// The audit of one model, with its evidence quoted.
struct AuditReport {
    std::string model, title;  // its path, its title
    Audit audit;
    std::vector<std::string> findings, beyond;    // the listing line of each
    std::vector<std::string> interventions = {};  // the listing lines
    std::optional<MeasuredInfluence> influence;
};

// Audits the model's program; `measured`: its plan is executed too (sim/audit/influence.hpp), of a
// model as `check_runnable` (Error{usage}).
AuditReport report_on(const Model& model, bool measured);

// A table, models by criteria, and under it the evidence.
std::string audit_text(const std::vector<AuditReport>& reports);

// {"models": [...]}, a table for each.
std::string audit_json(const std::vector<AuditReport>& reports);

// What a run file keeps of it: that of one model, without its path.
std::string audit_json(const AuditReport& report);

}  // namespace apical
