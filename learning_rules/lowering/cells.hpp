#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "learning_rules/lowering/names_in_circuit.hpp"
#include "learning_rules/lowering/terms.hpp"

namespace apical {

// Says parts of equations that are in cells in the cellwise words: slope, product, sum, difference
// and complement.
class CellWords {
public:
    // All must outlive this.
    CellWords(ProgramBuilder& program, NamesInCircuit& names, const TextRule& rule)
        : program_(program), names_(names), rule_(rule) {}

    // The statement whose parts are said from now on, for the set that the names have turned to.
    void begin(const Statement& statement);

    // The slot of a part: its own, or one that is made for it, once for a statement, and called
    // "learning.w1", or by `quantity` "learning.keep", of any other statement than that of w
    // "learning.trace_keep".
    SlotId slot_of(const Part& part, std::string_view quantity = {});
    // x = E of a new name.
    SlotId make(const Part& part);
    // Of a state in cells.
    void change(const Part& right);

private:
    struct Recipe {
        Function function = Function::product;
        SlotId a = {}, b = {};
        double retain = 1.0, gain = 1.0;
    };
    struct Weighted {
        double number = 1.0;
        SlotId slot = {};  // unset: a constant
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
    int in_post_ = 0, in_pre_ = 0;  // that have been named by numbers
    std::vector<Made> made_;
    std::vector<std::string> used_;
};

}  // namespace apical
