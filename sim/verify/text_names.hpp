#pragma once

#include <string>
#include <vector>

#include "learning_rules/text_rule.hpp"
#include "sim/algebra/literal_equations.hpp"
#include "sim/model/model.hpp"

namespace apical {

// What a name of a rule's text means where the rule is bound, found by what circuit and slots are
// and not by how the rule was lowered.
struct TextName {
    enum class Means : std::uint8_t {
        number,   // `constants`
        outside,  // slots that others make: read when a statement takes place
        own,      // the strength, and what the rule keeps: read before the rule takes place
        carried,  // what each set carried in its own use
        loss,     // of the step
    };
    std::string name;
    Means means = Means::number;
    algebra::Home home = algebra::Home::number;
    std::vector<double> constants = {};  // one for each set, or a single one
    // The slots whose sum it is, for each set, or once for all sets; none where it is the constant
    // of that place, the same for all cells.
    std::vector<std::vector<SlotId>> summands = {};
};

// The names of one bound rule. Model and rule must outlive this.
class TextNames {
public:
    TextNames(const Model& model, const BoundRule& bound);

    // The names that the statements read and that none of them makes anew, each once.
    const std::vector<TextName>& read() const { return read_; }
    // The names within previous(...).
    const std::vector<TextName>& read_previous() const { return previous_; }
    // The slots of what a statement makes or changes, one for each set or one for all. A number of
    // the text has none: the slot is unset.
    std::vector<SlotId> results(const std::string& target, algebra::Home home) const;

private:
    double ms_of(const Operation& op) const;
    void find_names(const Expression& expression);
    TextName meaning(const std::string& name) const;
    TextName of_circuit(const std::string& name) const;
    TextName signal(const SignalDeclaration& declared) const;
    TextName of_spikes(const std::string& name, const std::string& quantity) const;
    TextName share(const std::string& name, const std::string& dendrite) const;
    TextName of_branch(const std::string& name, const std::string& branch,
                       const std::string& quantity) const;
    TextName voltage(const std::string& name, bool of_pre, const std::string& compartment) const;
    SlotId own_slot(const std::string& name, algebra::Home home, SynapseSetId set) const;
    SlotId fired_by(PopulationId cells, const std::string& dendrite) const;
    PopulationId post() const;
    bool is_made(const std::string& name) const;

    const Model& model_;
    const BoundRule& bound_;
    const TextRule& text_;
    double ms_ = 0.0;     // from one change to the next
    PhaseId phase_ = {};  // in which it takes place
    std::vector<TextName> read_, previous_;
};

// The index of the first operation in a phase that changes the rule's strengths, or writes what it
// makes or keeps for itself; the count of operations when there is none.
std::size_t first_of_rule(const Program& program, const BoundRule& bound);

// The index of the first operation in a phase that changes the rule's strengths, or adds up what
// will change them; the count of operations when there is none.
std::size_t first_change(const Program& program, const BoundRule& bound);

// The index of the operation by which a set transmits in its own use, that of the rule's phase when
// it has several; the count of operations when none does.
std::size_t own_transmission(const Model& model, const BoundRule& bound, SynapseSetId set);

}  // namespace apical
