#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learning_rules/lowering/formula_of_part.hpp"
#include "learning_rules/lowering/names_in_circuit.hpp"
#include "learning_rules/lowering/terms.hpp"

namespace apical {

// Says parts of equations that are in cells, or one number for all: in the cellwise words slope,
// product, sum, difference and complement what they can say, sums over cells, sums over a cell's
// synapses and products of matrices between cells each by itself, all else as one formula.
class CellWords {
public:
    // The arguments must outlive this.
    CellWords(ProgramBuilder& program, NamesInCircuit& names, const TextRule& rule)
        : program_(program), names_(names), rule_(rule) {}

    // Turns to a statement, for the set that the names have turned to; its parts are said next.
    void begin(const Statement& statement);

    // The slot of a part in cells or of one for all: its own, or one that is made for it, once for
    // a statement, and called "learning.w1", or by `quantity` "learning.keep", of any other
    // statement than that of w "learning.trace_keep".
    SlotId slot_of(const Part& part, std::string_view quantity = {});
    // A constant as one number for all.
    SlotId number(double value, std::string_view quantity);
    // x = E of a new name.
    SlotId make(const Part& part);
    // Changes a state in cells, or one for all.
    void change(const Part& right, Place at);
    // The activation by which a part's cells fire. Throws Rejected when it is softmax.
    ActivationOfPart activation_at(const Part& part);

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

    // What the words come to of a part: "2 x" is the number 2 and a slot.
    enum class Said { no, as_constant, as_slot };
    // The part as a product of a matrix between cells and a number in each; nothing when it is
    // anything else.
    static std::optional<Part> lone_dot(const Part& part);

    // Two factors in cells that are summed over.
    struct Factors {
        SlotId a, b;
    };

    // Whether the words say it, in one operation or several.
    bool is_said(const Part& part) const;
    bool is_operand_said(const Part& part) const;
    bool is_sum_said(const Part& part) const;
    Said weighted_said(const Part& part) const;

    // Recipes of what is said.
    Recipe recipe_of(const Part& part);
    Recipe sum(const Part& part);
    Recipe product(const Term& term);
    Weighted weighted(const Part& part);
    void emit(const Recipe& recipe, SlotId result);
    // Nothing when the words do not say the change.
    std::optional<Recipe> recipe_of_change(const std::optional<LinearChange>& change,
                                           const Part& right, Place at);

    // Formulas of all else.
    template <class Name>
    SlotId made_as(const Part& part, Name name);
    SlotId matrix_of(const Part& part);
    FormulaOfPart formula_of(const Part& part, Place at);
    std::optional<ReadOperand> read(const Part& part, Place at);
    std::vector<SlotId> operands_of(const FormulaOfPart& formula);
    Factors factors_of(const Part& gathered);
    PopulationId cells_at(Place at) const;
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
