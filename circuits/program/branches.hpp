#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/operation.hpp"
#include "circuits/program/rule_quantity.hpp"

namespace apical {

// Numbers that compartments of a tree have. `before` is the potential of before the phase;
// `conductance` and `drive` are of a branch or a soma with all that hangs on it, cut off from what
// it leads; `onward` is the conductance by which a branch, so cut off, leads that.
enum class BranchNumber : std::uint8_t { voltage, before, gate, conductance, drive, onward };

// "hidden.apical_conductance", "hidden.apical_drive" and "hidden.apical_to_soma", as numbers that
// the cells have.
RuleQuantity name_of_branch(const Circuit& circuit, BranchNumber number, CompartmentId branch);

// How branches are led by conductances. Each potential u_i, of the soma and of branches, has
//   u_i' = -leak_i u_i + sum over dendrites of g gate (v - u_i) + sum over neighbours of
//          g gate (u_j - u_i),
// the first sum over compartments that synapses drive, whose voltage is what arrives. A branch that
// is cut off from what it leads has the conductance K = leak + sum of g gate, where a branch on it
// counts as s = g gate K' / (g gate + K') in series, and goes to the drive (sum of g gate v) / K.
//   steady  the linear system, solved from the tips to the soma and back
//   euler   u_i + h u_i', of what all potentials were before the phase
//   exact   exp(-A h) of all potentials, where no gate changes A
//
// The numbers that such an operation works on are named, not placed: `at_slots` finds their slots.
struct BranchOperand {
    BranchNumber number;
    CompartmentId of;
    Access access = Access::read;
};
struct BranchOperation {
    Operation operation;  // without operands
    std::vector<BranchOperand> operands;
};

template <class Find>
Operation at_slots(BranchOperation one, Find find) {
    for (const BranchOperand& operand : one.operands)
        one.operation.operands.push_back({find(operand.number, operand.of), operand.access});
    return std::move(one.operation);
}

class Branches {
public:
    // The circuit must outlive this.
    Branches(const Circuit& circuit, PopulationId cells) : circuit_(circuit), cells_(cells) {}

    // The operations of a phase of `ms`, in their order. None has a phase or an asker.
    std::vector<BranchOperation> coupling(double ms) const;
    // What makes the conductance and the drive of a branch or a soma, from the tips on.
    std::vector<BranchOperation> numbers_of(CompartmentId led) const;
    // K, where no gate changes it.
    std::optional<double> constant(CompartmentId led) const;

private:
    // A voltage that leads, and g, or g times another number.
    struct Lead {
        BranchOperand voltage;
        double weight;
        std::optional<BranchOperand> gate = {};
        bool of_each = false;  // the gate is a number of each cell
    };

    std::optional<double> constant_onward(CompartmentId branch) const;
    Lead path(CompartmentId dendrite, BranchOperand voltage) const;
    Lead from(CompartmentId dendrite) const;
    std::vector<Lead> leads(CompartmentId led) const;
    BranchOperation relaxed(Function function, double ms, double leak, BranchOperand result,
                            const std::vector<Lead>& by) const;
    BranchOperation conductance_of(CompartmentId led) const;
    BranchOperation onward_of(CompartmentId branch) const;
    double leak(CompartmentId led) const;
    void add_numbers(CompartmentId led, bool is_cut, std::vector<BranchOperation>& to) const;
    void add_steady(std::vector<BranchOperation>& to) const;
    void add_euler(double ms, std::vector<BranchOperation>& to) const;
    void add_exact(double ms, std::vector<BranchOperation>& to) const;
    std::vector<CompartmentId> led() const;

    const Circuit& circuit_;
    PopulationId cells_;
};

}  // namespace apical
