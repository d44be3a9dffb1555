#include <fmt/format.h>

#include "learning_rules/lowering/beyond_words.hpp"
#include "learning_rules/lowering/cells.hpp"

namespace apical {

namespace {

// select(connected(W), x, 0), connected(W) the last operand. Places count from 1, behind the
// result.
Formula where_connected(Formula x, std::size_t operands) {
    const auto append = [&](const FormulaNode& node) {
        x.push_back(node);
        return static_cast<std::uint16_t>(x.size() - 1);
    };
    const auto value = static_cast<std::uint16_t>(x.size() - 1);
    const std::uint16_t exists = append({.node = Node::operand,
                                         .index = Index::synapse,
                                         .a = static_cast<std::uint16_t>(operands)}),
                        nothing = append({.node = Node::number});
    append({.node = Node::select, .a = exists, .b = value, .c = nothing});
    return x;
}

}  // namespace

// The numbers that gather(...) sums up: strengths or a tag as they are, all else a tag of its own,
// "learning_total1(W)", which a formula makes anew. Its parts at one place are made before. In a
// set that lacks synapses the tag is 0 where there is none, as the strengths are by themselves.
SlotId CellWords::matrix_of(const Part& part) {
    const bool some_missing = program_.circuit()[set_].has_gaps();
    const bool is_name = part.place == Place::synapse && part.symbol == Symbol::name;
    if (is_name && (!some_missing || part.slot == program_.strength(set_))) return part.slot;
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
    std::vector<SlotId> operands = formula.operands();
    if (some_missing) operands.push_back(program_.connected(set_));
    const Formula whole =
        some_missing ? where_connected(formula.formula(), operands.size()) : formula.formula();
    const std::optional<std::string> limit = why_no_formula(whole, operands.size(), true);
    if (limit) reject_beyond_words(rule_, *statement_, *limit);
    // Tags of all rules are beside each other, so that the name has that of the table.
    const RuleQuantity name = names_.quantity(free_name({}, Place::synapse), Place::synapse);
    const SlotId tag = program_.tag(set_, fmt::format("{}_{}", name.rule, name.quantity));
    program_.synaptic(tag, whole, operands);
    return tag;
}

}  // namespace apical
