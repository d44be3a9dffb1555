#pragma once

#include <string>
#include <vector>

#include "learning_rules/lowering/names.hpp"
#include "learning_rules/lowering/part.hpp"

namespace apical {

// What the names of a rule mean in a circuit: the slots and numbers that a binding gives them.
class NamesInCircuit {
public:
    // All must outlive this. Throws when the sets end on several populations.
    NamesInCircuit(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

    // Stands for the slot of the statement's own target in parts, so that it is made last: slots
    // are made in the order of reading, the statement's own last, as run files have them.
    static const SlotId own;

    // Which statement is read, and for which of the sets: whose "w", and whose "pre.".
    void begin(const Statement& statement, SynapseSetId set);
    // No statement is read.
    void turn_to(SynapseSetId set);
    // The expression with slots for its names. Throws Rejected at the part that this circuit lacks.
    Part part_of(const Expression& expression);
    // The slot of the state or strength that the statement changes.
    SlotId slot_of_own();
    SlotId actual(SlotId slot) { return slot == own ? slot_of_own() : slot; }

    // Names a slot, or a constant, from now on; what is at `pre` or at synapses, and constants, for
    // this set.
    void bind(const std::string& name, Part part);

    // Of a name that is bound, for this set.
    SlotId slot_of(std::string_view name) const;

    SynapseSetId set() const { return set_; }
    // The cells of a number at `place`.
    PopulationId cells(Place place) const;
    // "learning.error"; at `pre` "learning.mean(W_in)".
    RuleQuantity quantity(std::string_view name, Place place, std::string_view symbol = {}) const;
    double parameter(const Parameter& declared) const;

private:
    struct Bound {
        std::string name;
        SynapseSetId set;  // unset: of all
        Part part;
    };

    Part named(const Expression& name);
    Part call(const Expression& call);
    const Part& bound(std::string_view name) const;
    SlotId state(const StateDeclaration& declared);
    SlotId loss(const Expression& name);
    SlotId rate(const Expression& name, const Meaning& meaning);
    CompartmentId compartment(const Expression& name, const Meaning& meaning);
    [[noreturn]] void reject_here(const Expression& at, const std::string& why) const;

    ProgramBuilder& program_;
    const Circuit& circuit_;
    const Binding& binding_;
    const TextRule& rule_;
    PopulationId post_;
    SynapseSetId set_;
    const Statement* statement_ = nullptr;
    Names names_;
    std::vector<Bound> bound_;
};

}  // namespace apical
