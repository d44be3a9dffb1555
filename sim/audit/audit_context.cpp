#include "sim/audit/audit_context.hpp"

#include <algorithm>
#include <utility>

#include "sim/audit/carriers.hpp"

namespace apical {

AuditContext::AuditContext(const Program& program, const Circuit& circuit, const Starts& starts)
    : program_(program),
      circuit_(circuit),
      starts_(starts),
      writers_(program.slots.size()),
      readers_(program.slots.size()),
      carriers_(infer_carriers(program, circuit)) {
    for (std::size_t i = 0; i < program.slots.size(); ++i) remembered_.emplace_back(i);
    for (std::uint32_t i = 0; i < program.operations.size(); ++i) {
        const std::vector<Operand>& operands = program.operations[i].operands;
        writers_[operands[0].slot.value].push_back(i);
        for (std::size_t k = 1; k < operands.size(); ++k) {
            std::vector<std::uint32_t>& readers = readers_[operands[k].slot.value];
            if (readers.empty() || readers.back() != i) readers.push_back(i);
        }
    }
    for (const Operation& op : program.operations) {
        const bool remembers = op.kind == Kind::remember && op.function != Function::history;
        if (remembers || op.kind == Kind::conduct)
            remembered_[op.operands[0].slot.value] = op.operands[1].slot;
    }
}

bool AuditContext::is_made_anew(SlotId voltage) const {
    if (program_[voltage].what != What::voltage) return false;
    return std::any_of(writers(voltage).begin(), writers(voltage).end(), [&](std::uint32_t i) {
        const Operation& op = operations()[i];
        return op.operands[0].access == Access::set && op.kind != Kind::reset;
    });
}

void AuditContext::find(Criterion criterion, std::size_t operation, const std::string& subject,
                        std::string because, std::string mend) {
    const auto [place, is_new] = found_.try_emplace({criterion, subject}, findings_.size());
    if (!is_new) {
        Finding& known = findings_[place->second];
        known.further += known.operation == operation ? 0 : 1;
        return;
    }
    findings_.push_back({criterion, subject, std::move(because), std::move(mend), operation, 0});
}

Audit AuditContext::result() && {
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.criterion < b.criterion; });
    Audit audit;
    for (Finding& finding : findings_) {
        const bool counts = !traits(finding.criterion).column.empty();
        (counts ? audit.findings : audit.beyond).push_back(std::move(finding));
    }
    return audit;
}

}  // namespace apical
