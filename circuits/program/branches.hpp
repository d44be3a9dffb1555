#pragma once

#include <functional>
#include <optional>
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
class Branches {
public:
    // Where a compartment has a number; it is asked for those alone that there are.
    using Find = std::function<SlotId(BranchNumber, CompartmentId)>;

    // The circuit must outlive this.
    Branches(const Circuit& circuit, PopulationId cells, Find find);

    // The operations of a phase of `ms`, in their order. None has a phase or an asker.
    std::vector<Operation> coupling(double ms) const;
    // What makes the conductance and the drive of a branch or a soma, from the tips on.
    std::vector<Operation> numbers_of(CompartmentId led) const;
    // K, where no gate changes it.
    std::optional<double> constant(CompartmentId led) const;

private:
    // A voltage that leads, and g, or g times what stands in a slot.
    struct Lead {
        SlotId voltage;
        double weight;
        SlotId gate = {};
        bool of_each = false;  // the gate is a number of each cell
    };

    std::optional<double> constant_onward(CompartmentId branch) const;
    Lead path(CompartmentId dendrite, SlotId voltage) const;
    Lead from(CompartmentId dendrite) const;
    std::vector<Lead> leads(CompartmentId led) const;
    Operation relaxed(Function function, double ms, double leak, Operand result,
                      const std::vector<Lead>& by) const;
    Operation conductance_of(CompartmentId led) const;
    Operation onward_of(CompartmentId branch) const;
    double leak(CompartmentId led) const;
    void add_numbers(CompartmentId led, bool is_cut, std::vector<Operation>& to) const;
    void add_steady(std::vector<Operation>& to) const;
    void add_euler(double ms, std::vector<Operation>& to) const;
    void add_exact(double ms, std::vector<Operation>& to) const;
    std::vector<CompartmentId> led() const;

    const Circuit& circuit_;
    PopulationId cells_;
    Find find_;
};

}  // namespace apical
