#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/id.hpp"
#include "circuits/equations/syntax.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

// A part of an equation in a circuit: a name is a slot or a number, and -x is -1 x. An operation on
// two numbers is folded into one number as it is made, so that 2 * 3 * x is 6 x.
struct Part {
    Symbol symbol = Symbol::number;  // `name` for a slot; `negative` does not occur
    double number = 0.0;
    SlotId slot = {};
    Place place = Place::number;
    std::string function = {};  // of a call
    std::vector<Part> of = {};
    const Expression* text = nullptr;  // what it is made of, for messages; null: of no text
};

Part number_part(double number, const Expression* text = nullptr);
Part slot_part(SlotId slot, Place place, const Expression* text = nullptr);
// Arithmetic with two operands; a number when both of them are.
Part made_part(Symbol symbol, std::vector<Part> of, const Expression* text = nullptr);
// A call; a number when all arguments are and the function has a value for constants.
Part call_part(const std::string& function, std::vector<Part> of, const Expression* text);

// Whether both are the same function of the same slots and numbers.
bool is_same(const Part& a, const Part& b);

// Whether it is one number for all that is summed up over cells: sum(x), mean(x).
bool is_gathered(const Part& part);
// Whether it is a matrix between cells times a number in each: dot(P, x).
bool is_dot(const Part& part);
// Whether it is a product of each two of some cells: outer(a, b).
bool is_outer(const Part& part);

// Whether it is a sum over each postsynaptic cell's synapses: gather(x). Its slot is the strengths
// of the set, so that no two sets have the same sum.
bool is_over_synapses(const Part& part);

// Whether a slot is read in the part.
bool has_slot(const Part& part, SlotId slot);

}  // namespace apical
