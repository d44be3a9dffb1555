#include <fmt/format.h>

#include "learning_rules/lowering/beyond_words.hpp"
#include "learning_rules/lowering/cells.hpp"

namespace apical {

// The numbers that gather(...) sums up: strengths or a tag as they are, all else a tag of its own,
// "learning_total1(W)", which a formula makes anew. Its parts at one place are made before.
SlotId CellWords::matrix_of(const Part& part) {
    if (part.place == Place::synapse && part.symbol == Symbol::name) return part.slot;
    FormulaOfPart formula(rule_.name,
                          {this, Place::synapse,
                           [](void* words, const Part& one, Place) -> std::optional<ReadOperand> {
                               if (one.place == Place::synapse && one.symbol != Symbol::name)
                                   return std::nullopt;
                               auto* cells = static_cast<CellWords*>(words);
                               return ReadOperand{cells->slot_of(one), index_at(one.place)};
                           },
                           [](void* words, const Part& one) {
                               return static_cast<CellWords*>(words)->activation_at(one);
                           }});
    formula.write(ordered_by_place(part));
    const std::optional<std::string> limit =
        why_no_formula(formula.formula(), formula.operands().size(), true);
    if (limit) reject_beyond_words(rule_, *statement_, *limit);
    // Tags of all rules are beside each other, so that the name has that of the table.
    const RuleQuantity name = names_.quantity(free_name({}, Place::synapse), Place::synapse);
    const SlotId tag = program_.tag(set_, fmt::format("{}_{}", name.rule, name.quantity));
    program_.synaptic(tag, formula.formula(), formula.operands());
    return tag;
}

}  // namespace apical
