#include "sim/audit/trial_resets.hpp"

#include <fmt/format.h>

#include <cmath>

namespace apical {

namespace {

// The gap in which the cells would come back to within a thousandth by themselves.
std::string settling(const Circuit& circuit, const Slot& slot) {
    constexpr double left = 1e-3;
    const double alpha = slot.cells ? circuit[slot.cells].alpha : 1.0;
    const double steps = alpha < 1.0 ? std::log(left) / std::log1p(-alpha) : 1.0;
    return fmt::format("let cells settle over a gap: of {:.0f} steps, while nothing drives them",
                       std::ceil(steps));
}

}  // namespace

TrialReset trial_reset(const AuditContext& context, const Operation& op) {
    const Slot& slot = context.slot(op, 0);
    const bool is_of_cells = slot.cells && slot.rule == context.circuit()[slot.cells].name;
    const bool is_kept_by_rule = slot.what == What::tag || slot.what == What::history ||
                                 (slot.what == What::of_rule && !is_of_cells);
    const std::string to =
        op.operands.size() == 1 ? "0" : fmt::format("\"{}\"", context.slot(op, 1).name);
    std::string because = fmt::format("\"{}\" is set to {} where a trial begins", slot.name, to);
    if (is_kept_by_rule)
        return {"trial of traces", std::move(because),
                "say what signal clears synapses, or let traces decay over a gap"};
    return {"trial", std::move(because), settling(context.circuit(), slot)};
}

}  // namespace apical
