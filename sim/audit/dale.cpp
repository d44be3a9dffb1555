// Beyond the paper: Dale's law. What cells do to others has one sign, which the operations must
// keep, whatever the circuit says of it.
#include <fmt/format.h>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/bounds.hpp"
#include "sim/audit/projections.hpp"

namespace apical {

namespace {

class Dale {
public:
    explicit Dale(AuditContext& context)
        : context_(context), bounds_(context.program(), context.circuit()) {}

    void examine(SynapseSetId set) {
        const Circuit& circuit = context_.circuit();
        const Population& cells = circuit[circuit[set].pre];
        const SlotId strength = context_.program().strength_of(set);
        if (!cells.sign || !strength || context_.writers(strength).empty()) return;
        const Interval kept = kept_within(context_.program(), strength);
        const bool excites = cells.sign == Sign::excitatory;
        if (excites ? kept.low >= 0.0 : kept.high <= 0.0) return;
        context_.find(
            Criterion::dale, context_.writers(strength).back(), circuit[set].name,
            fmt::format("nothing keeps \"{}\" {} 0, though \"{}\" is {}", circuit[set].name,
                        excites ? ">=" : "<=", cells.name, name_of(*cells.sign)),
            "project it behind its last change, as the sign of its cells does by itself");
    }

    void examine_rate(std::size_t index) {
        const Operation& op = context_.operations()[index];
        const Slot& rate = context_.slot(op, 0);
        if (traits(op.kind).writes != Carrier::rate || !rate.cells) return;
        const Population& cells = context_.circuit()[rate.cells];
        if (!cells.sign || bounds_.of(op.operands[0].slot).low >= 0.0) return;
        if (is_set_from_outside(cells.role)) return;  // what the task shows is not known
        context_.find(Criterion::dale, index, rate.name,
                      fmt::format("\"{}\" has a sign and fires negative rates, which turn it round",
                                  cells.name),
                      "fire through an activation without negative values (rectified, logistic), "
                      "and begin there");
    }

private:
    AuditContext& context_;
    Bounds bounds_;
};

}  // namespace

void examine_dale(AuditContext& context) {
    Dale dale(context);
    for (std::size_t i = 0; i < context.circuit().synapses.size(); ++i)
        dale.examine(SynapseSetId(i));
    for (std::size_t i = 0; i < context.operations().size(); ++i) dale.examine_rate(i);
}

}  // namespace apical
