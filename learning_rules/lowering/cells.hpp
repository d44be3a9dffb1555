#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "learning_rules/lowering/names_in_circuit.hpp"
#include "learning_rules/lowering/terms.hpp"

namespace apical {

// Says parts of equations that are in cells in the cellwise words of ProgramBuilder: product, sum,
// difference and complement. Throws Rejected for a part that none of them says.
class CellWords {
public:
    // The arguments must outlive this.
    CellWords(ProgramBuilder& program, NamesInCircuit& names, const TextRule& rule)
        : program_(program), names_(names), rule_(rule) {}

    // Turns to a statement, for the set that the names have turned to; its parts are said next.
    void begin(const Statement& statement);

    // The slot of a part: its own, or one that is made for it, once for a statement. A made slot is
    // called "learning.w1"; with a `quantity`, "learning.keep" in the statement of w and
    // "learning.trace_keep" in that of a state "trace".
    SlotId slot_of(const Part& part, std::string_view quantity = {});
    // Appends x = E for a new name x, whose slot it returns.
    SlotId make(const Part& part);
    // Appends the change of a state in cells; `right` is the right side of its statement.
    void change(const Part& right);

private:
    // An operation in cells that is yet to be appended.
    struct Recipe {
        Function function = Function::product;
        SlotId a = {}, b = {};
        double retain = 1.0, gain = 1.0;
    };
    // A constant times a slot.
    struct Weighted {
        double number = 1.0;
        SlotId slot = {};  // unset: the constant alone
    };
    struct Made {
        Part part;
        SlotId slot;
    };

    Recipe recipe_of(const Part& part);
    Recipe sum(const Part& part);
    Recipe product(const Term& term);
    Weighted weighted(const Part& part);
    void emit(const Recipe& recipe, SlotId result);
    std::string free_name(std::string_view quantity, Place place);
    bool is_taken(const std::string& name) const;

    ProgramBuilder& program_;
    NamesInCircuit& names_;
    const TextRule& rule_;
    const Statement* statement_ = nullptr;
    SynapseSetId set_;
    int in_post_ = 0, in_pre_ = 0;   // slots that are named by numbers: w1, w2
    std::vector<Made> made_;         // by this statement
    std::vector<std::string> used_;  // names of what it made in postsynaptic cells
};

}  // namespace apical
