#pragma once

#include <string>
#include <vector>

#include "learning_rules/lowering/names.hpp"
#include "learning_rules/lowering/part.hpp"

namespace apical {

// What the names of a rule mean in a circuit: the slots and numbers that a binding gives them.
class NamesInCircuit {
public:
    // The arguments must outlive this; a rule of cells has a binding with cells and without sets.
    // Throws Rejected when the sets end on several populations.
    NamesInCircuit(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

    // Stands in parts for the slot of the statement's own target. Slots are made in the order in
    // which they are read, and run files have them in that order; the target's own is made last.
    static const SlotId own;

    // Turns to a statement and to one of the sets, whose "w" and "pre." are meant from then on.
    void begin(const Statement& statement, SynapseSetId set);
    // Turns to a set alone: no statement is read.
    void turn_to(SynapseSetId set);
    // The expression with slots for its names. Throws Rejected at the part that this circuit lacks.
    Part part_of(const Expression& expression);
    // The slot of the state or strength that the statement changes.
    SlotId slot_of_own();
    SlotId actual(SlotId slot) { return slot == own ? slot_of_own() : slot; }

    // Lets a name mean the part from now on: for all sets when it is in postsynaptic cells or one
    // for all, and for this set alone otherwise.
    void bind(const std::string& name, Part part);

    // The slot of a bound name, for this set.
    SlotId slot_of(std::string_view name) const;

    SynapseSetId set() const { return set_; }
    // The cells of a number at `place`, or of its pairs.
    PopulationId cells(Place place) const;
    // The full name of a quantity of the rule: "learning.error"; at `pre` or of its pairs,
    // "learning.mean(W_in)".
    RuleQuantity quantity(std::string_view name, Place place, std::string_view symbol = {}) const;
    // What the binding gives the parameter, or its default.
    double parameter(const Parameter& declared) const;
    // Parameters that events set begin as what the binding gives.
    void make_set_parameters();

private:
    struct Bound {
        std::string name;
        SynapseSetId set;  // unset: all sets
        Part part;
    };

    Part named(const Expression& name);
    Part call(const Expression& call);
    void check_bounds(const Expression& call, const std::vector<Part>& arguments) const;
    Part over_synapses(const Expression& call);
    const Part& bound(std::string_view name) const;
    bool is_set(const Intervention& event) const;
    SlotId set_parameter(std::string_view name) const;
    SlotId state(const StateDeclaration& declared);
    SlotId drawn(const StateDeclaration& declared);
    SlotId loss(const Expression& name);
    SlotId carried(const Expression& name);
    SlotId last_step_of(const Expression& e, SlotId of);
    SlotId carried_last_step(const Expression& call);
    SlotId rate(const Expression& name, const Meaning& meaning);
    SlotId rate_of_cells();
    SlotId voltage(const Expression& name, const Meaning& meaning);
    double alpha(const Expression& name, const Meaning& meaning) const;
    double share(const Expression& name, const Meaning& meaning);
    Part of_cells(const Expression& name, const Meaning& meaning);
    void check_arrived(const Expression& name, CompartmentId branch);
    CompartmentId led(const Expression& name, const Meaning& meaning);
    Part conductance(const Expression& name, const Meaning& meaning);
    SlotId slope(const Expression& name);
    Part adaptation(const Expression& name);
    CompartmentId compartment(const Expression& name, const Meaning& meaning);
    [[noreturn]] void reject_here(const Expression& at, const std::string& why) const;

    ProgramBuilder& program_;
    const Circuit& circuit_;
    const Binding& binding_;
    const TextRule& rule_;
    PopulationId post_;
    SynapseSetId set_;
    const Statement* statement_ = nullptr;
    bool over_synapses_ = false;  // within gather(...), whose names are slots of before
    Names names_;
    std::vector<Bound> bound_;
};

}  // namespace apical
