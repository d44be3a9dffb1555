#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/audit/audit.hpp"
#include "sim/audit/starts.hpp"

namespace apical {

// A program under audit: what its slots are, and what has been found so far.
class AuditContext {
public:
    // All references must outlive this.
    AuditContext(const Program& program, const Circuit& circuit, const Starts& starts);

    const Program& program() const { return program_; }
    const Circuit& circuit() const { return circuit_; }
    const Starts& starts() const { return starts_; }
    // The operations that write a slot, in order.
    const std::vector<std::uint32_t>& writers(SlotId slot) const { return writers_[slot.value]; }
    // The operations that read a slot beyond their first operand, in order, each once.
    const std::vector<std::uint32_t>& readers(SlotId slot) const { return readers_[slot.value]; }
    // Whether it is a voltage that each step transmits anew: what is added to it is gone with the
    // step.
    bool is_made_anew(SlotId voltage) const;
    const std::vector<Operation>& operations() const { return program_.operations; }
    const Slot& slot(const Operation& op, std::size_t operand) const {
        return program_[op.operands[operand].slot];
    }
    // The nature of the slot, from the operations that write it (sim/audit/carriers.cpp).
    Carrier carrier(SlotId slot) const { return carriers_[slot.value]; }

    // Whether two populations are the same cells, as an error population is its output's.
    bool same_cells(PopulationId a, PopulationId b) const { return circuit_.same_cells(a, b); }
    // "hidden"; of no population "none".
    std::string name(PopulationId cells) const { return cells ? circuit_[cells].name : "none"; }
    // Whether its numbers are the strengths of a synapse set, not a second number there.
    bool is_strength(const Slot& slot) const { return slot.what == What::strength; }
    // The compartment whose voltage it is; unset when it is none.
    CompartmentId compartment(SlotId slot) const {
        const Slot& is = program_[slot];
        return is.what == What::voltage ? is.compartment : CompartmentId{};
    }
    // "hidden.r" of "previous(hidden.r)" and of "axon(hidden.r, 3)": the slot that a remembered one
    // was, or that an axon's end receives; else itself.
    SlotId remembered(SlotId slot) const { return remembered_[slot.value]; }

    // One finding for each criterion and subject; operations after the first are counted.
    void find(Criterion criterion, std::size_t operation, const std::string& subject,
              std::string because, std::string mend);
    Audit result() &&;

private:
    const Program& program_;
    const Circuit& circuit_;
    const Starts& starts_;
    std::vector<std::vector<std::uint32_t>> writers_, readers_;  // by slot
    std::map<std::pair<Criterion, std::string>, std::size_t> found_;
    std::vector<Carrier> carriers_;
    std::vector<SlotId> remembered_;
    std::vector<Finding> findings_;
};

// Has one examiner see each operation, in order.
template <class Examiner>
void examine_each(AuditContext& context) {
    Examiner examiner(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) examiner.examine(i);
}

// ---- the criteria, one file each

void examine_time(AuditContext& context);           // online
void examine_vectors(AuditContext& context);        // i
void examine_matrices(AuditContext& context);       // ii
void examine_continuity(AuditContext& context);     // ii
void examine_transmission(AuditContext& context);   // iii
void examine_gathering(AuditContext& context);      // iii
void examine_firing(AuditContext& context);         // iii
void examine_spikes(AuditContext& context);         // iii
void examine_coupling(AuditContext& context);       // iii
void examine_products(AuditContext& context);       // iv
void examine_noise(AuditContext& context);          // v
void examine_copies(AuditContext& context);         // vi
void examine_beyond(AuditContext& context);         // beyond the paper
void examine_dale(AuditContext& context);           // beyond the paper
void examine_axons(AuditContext& context);          // online, i, ii and beyond the paper
void examine_interventions(AuditContext& context);  // i and ii
void examine_ways_back(AuditContext& context);      // online, i, iii and vi, of `backpropagate`

}  // namespace apical
