#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/id.hpp"
#include "circuits/equations/syntax.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

// A part of an equation in a circuit: names are slots and numbers, constants are folded from left
// to right, -x is -1 x. A product of two numbers, times x, has one number as its first operand.
struct Part {
    Symbol symbol = Symbol::number;  // name: a slot; never negative
    double number = 0.0;
    SlotId slot = {};
    Place place = Place::number;
    std::string function = {};  // of a call
    std::vector<Part> of = {};
    const Expression* text = nullptr;  // that it is made of, for messages
};

Part number_part(double number, const Expression* text = nullptr);
Part slot_part(SlotId slot, Place place, const Expression* text = nullptr);
// A number when all of its operands are.
Part made_part(Symbol symbol, std::vector<Part> of, const Expression* text = nullptr);
Part call_part(const std::string& function, std::vector<Part> of, const Expression* text);

// Whether both are the same function of the same slots and numbers.
bool is_same(const Part& a, const Part& b);

// Whether it is one number for all that is summed up over cells: sum(x), mean(x).
bool is_gathered(const Part& part);

// Whether a slot is read in the part.
bool has_slot(const Part& part, SlotId slot);

}  // namespace apical
