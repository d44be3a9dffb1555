#include "learning_rules/lowering/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "learning_rules/lowering/beyond_words.hpp"

namespace apical {

namespace {

bool is_sum(const Part& part) {
    return part.symbol == Symbol::add || part.symbol == Symbol::subtract;
}

// Whether the second half of the factors is the first one: x x x x is the square of x x.
bool is_twice_the_same(const std::vector<Part>& factors) {
    const auto half = static_cast<std::ptrdiff_t>(factors.size() / 2);
    return factors.size() % 2 == 0 &&
           std::equal(factors.begin(), factors.begin() + half, factors.begin() + half,
                      [](const Part& a, const Part& b) { return is_same(a, b); });
}

}  // namespace

void CellWords::begin(const Statement& statement) {
    if (statement_ != &statement) {
        made_.clear();
        used_.clear();
        in_post_ = 0;
    }
    if (statement_ != &statement || set_ != names_.set()) {
        std::erase_if(made_, [](const Made& one) { return one.part.place == Place::pre; });
        in_pre_ = 0;
    }
    statement_ = &statement;
    set_ = names_.set();
}

// ---- names

bool CellWords::is_taken(const std::string& name) const {
    const bool is_target = std::any_of(rule_.equations.begin(), rule_.equations.end(),
                                       [&](const Statement& one) { return one.target == name; });
    return is_target || rule_.find_state(name) || rule_.find_signal(name) ||
           std::find(used_.begin(), used_.end(), name) != used_.end();
}

std::string CellWords::free_name(std::string_view quantity, Place place) {
    // A number that is made to be added to a voltage has the name of the equations:
    // "hidden.adaptation1".
    const bool of_voltage = statement_->target.find('.') != std::string::npos;
    const std::string& target = of_voltage ? rule_.name : statement_->target;
    int& count = place == Place::pre ? in_pre_ : in_post_;
    std::string name = quantity.empty() ? fmt::format("{}{}", target, ++count)
                       : target == "w"  ? std::string(quantity)
                                        : fmt::format("{}_{}", target, quantity);
    while (is_taken(name)) name += '_';
    if (place != Place::pre) used_.push_back(name);
    return name;
}

// ---- slots

PopulationId CellWords::cells_at(Place at) const {
    return is_in_cells(at) ? names_.cells(at) : PopulationId{};
}

SlotId CellWords::slot_of(const Part& part, std::string_view quantity) {
    if (part.symbol == Symbol::name) return names_.actual(part.slot);
    for (const Made& one : made_) {
        if (is_same(one.part, part)) return one.slot;
    }
    const SlotId result =
        made_as(part, [&] { return names_.quantity(free_name(quantity, part.place), part.place); });
    made_.push_back({part, result});
    return result;
}

SlotId CellWords::make(const Part& part) {
    return made_as(part, [&] { return names_.quantity(statement_->target, part.place); });
}

SlotId CellWords::number(double value, std::string_view quantity) {
    const Part constant = number_part(value);
    for (const Made& one : made_) {
        if (is_same(one.part, constant)) return one.slot;
    }
    const SlotId result =
        program_.constant(value, names_.quantity(free_name(quantity, Place::all), Place::all));
    made_.push_back({constant, result});
    return result;
}

// Slots are named and made after those that they are made of.
template <class Name>
SlotId CellWords::made_as(const Part& part, Name name) {
    if (is_said(part)) {
        const Recipe recipe = recipe_of(part);
        const SlotId result = program_.signal(cells_at(part.place), name());
        emit(recipe, result);
        return result;
    }
    if (is_gathered(part)) {
        const Factors of = factors_of(part);
        return program_.inner(of.a, of.b, name());
    }
    if (const std::optional<Part> dot = lone_dot(part)) {
        const SlotId vector = slot_of(dot->of[1]);
        return program_.multiplied(dot->of[0].slot, vector, name());
    }
    if (is_over_synapses(part)) {
        const SlotId matrix = matrix_of(part.of[0]);
        return program_.gathered(matrix, name());
    }
    const FormulaOfPart formula = formula_of(part, part.place);
    return program_.formula(cells_at(part.place), name(), formula.formula(), operands_of(formula));
}

void CellWords::change(const Part& right, Place at) {
    const std::optional<LinearChange> change =
        change_of(statement_->assignment, right, NamesInCircuit::own, program_.ms_between());
    if (const std::optional<Recipe> recipe = recipe_of_change(change, right, at))
        return emit(*recipe, names_.slot_of_own());
    const std::optional<Part> whole =
        changed(statement_->assignment, change, right, NamesInCircuit::own, at);
    if (!whole) reject_beyond_words(rule_, *statement_, why_no_terms(right, statement_->target));
    const FormulaOfPart formula = formula_of(*whole, at);
    const SlotId result = names_.slot_of_own();
    program_.set_formula(result, formula.formula(), operands_of(formula));
}

// ---- formulas

ActivationOfPart CellWords::activation_at(const Part& part) {
    const Population& cells = program_.circuit()[names_.cells(part.place)];
    if (cells.activation != Activation::softmax)
        return {cells.activation, program_.circuit().written(cells),
                program_.numbers_of_activation(names_.cells(part.place))};
    reject(part.text ? part.text->where : statement_->where,
           fmt::format("rule \"{}\": \"{}\" is of each cell by itself; the softmax of \"{}\" is of "
                       "all of them",
                       rule_.name, to_text(part), cells.name));
}

std::optional<ReadOperand> CellWords::read(const Part& part, Place at) {
    const Index index = part.place == Place::all ? Index::all : Index::post;
    if (part.symbol == Symbol::name) return ReadOperand{part.slot, index};
    const bool is_made_before =
        is_dot(part) || is_over_synapses(part) ||
        (part.place == Place::all && (at != Place::all || is_gathered(part)));
    return is_made_before ? std::optional(ReadOperand{slot_of(part), index}) : std::nullopt;
}

FormulaOfPart CellWords::formula_of(const Part& part, Place at) {
    FormulaOfPart formula(rule_.name,
                          {this, at,
                           [](void* words, const Part& one, Place place) {
                               return static_cast<CellWords*>(words)->read(one, place);
                           },
                           [](void* words, const Part& one) {
                               return static_cast<CellWords*>(words)->activation_at(one);
                           }});
    formula.write(part);
    const std::optional<std::string> limit =
        why_no_formula(formula.formula(), formula.operands().size(), false);
    if (limit) reject_beyond_words(rule_, *statement_, *limit);
    return formula;
}

std::vector<SlotId> CellWords::operands_of(const FormulaOfPart& formula) {
    std::vector<SlotId> all;
    for (const SlotId slot : formula.operands()) all.push_back(names_.actual(slot));
    return all;
}

CellWords::Factors CellWords::factors_of(const Part& gathered) {
    const Part& of = gathered.of[0];
    std::optional<std::vector<Term>> terms = terms_of(of, {});
    Term* term = terms && terms->size() == 1 ? &terms->front() : nullptr;
    if (term)
        std::stable_partition(term->factors.begin(), term->factors.end(),
                              [](const Part& one) { return !is_in_cells(one.place); });
    const std::size_t count = term ? term->factors.size() : 0;
    if (count < 2 || !is_in_cells(term->factors[count - 2].place))
        reject_beyond_words(rule_, *statement_,
                            fmt::format("\"{0}\" is no sum of products of two numbers in each "
                                        "cell; expected one, as in {1}({2}), or a cell that all of "
                                        "them drive, which fires their {1}",
                                        to_text(gathered), gathered.function,
                                        rule_.of_cells ? "r * r" : "post.r * post.r"));
    const Part last = term->factors.back();
    term->factors.pop_back();
    if (gathered.function == "mean")
        term->number /= program_.circuit()[names_.cells(of.place)].size;
    return {slot_of(sum_of(*terms)), slot_of(last)};
}

// ---- what the words say

bool CellWords::is_said(const Part& part) const {
    if (!is_in_cells(part.place)) return false;
    if (is_sum(part)) return is_sum_said(part);
    const std::optional<std::vector<Term>> terms = terms_of(part, {});
    if (!terms || terms->size() != 1 || terms->front().factors.empty()) return false;
    const Term& term = terms->front();
    const Part& first = term.factors[0];
    const bool is_whole = term.factors.size() == 1 && term.number == 1.0;
    if (is_whole && is_sum(first)) return is_sum_said(first);
    if (is_whole && first.symbol != Symbol::name) return false;
    return std::all_of(term.factors.begin(), term.factors.end(),
                       [&](const Part& one) { return is_operand_said(one); });
}

bool CellWords::is_operand_said(const Part& part) const {
    const bool is_made = part.symbol == Symbol::name || is_dot(part) || is_over_synapses(part);
    return is_in_cells(part.place) && (is_made || is_said(part));
}

// The part as "dot(P, x)" alone, also when it is multiplied by 1.
std::optional<Part> CellWords::lone_dot(const Part& part) {
    if (!is_in_cells(part.place)) return std::nullopt;
    const std::optional<std::vector<Term>> terms = terms_of(part, {});
    if (!terms || terms->size() != 1) return std::nullopt;
    const Term& term = terms->front();
    const bool is_lone = term.number == 1.0 && term.factors.size() == 1 && is_dot(term.factors[0]);
    return is_lone ? std::optional(term.factors[0]) : std::nullopt;
}

CellWords::Said CellWords::weighted_said(const Part& part) const {
    const std::optional<std::vector<Term>> terms = terms_of(part, {});
    if (!terms || terms->size() != 1) return Said::no;
    const std::vector<Part>& factors = terms->front().factors;
    if (factors.empty()) return Said::as_constant;
    const bool said =
        factors.size() == 1 ? is_operand_said(factors[0]) : is_said(sum_of({{1.0, factors}}));
    return said ? Said::as_slot : Said::no;
}

bool CellWords::is_sum_said(const Part& part) const {
    const Said a = weighted_said(part.of[0]);
    if (a == Said::as_constant) {
        const bool is_complement =
            part.symbol == Symbol::subtract && terms_of(part.of[0], {})->front().number == 1.0;
        return is_complement && is_operand_said(part.of[1]);
    }
    return a == Said::as_slot && weighted_said(part.of[1]) == Said::as_slot;
}

// ---- operations

std::optional<CellWords::Recipe> CellWords::recipe_of_change(
    const std::optional<LinearChange>& change, const Part& right, Place at) {
    if (!is_in_cells(at)) return std::nullopt;
    if (change && change->keeps.empty() && change->keep != 0.0) {
        if (change->rest.empty()) return Recipe{.a = NamesInCircuit::own, .gain = change->keep};
        const Part added = sum_of(change->rest);
        if (weighted_said(added) != Said::as_slot) return std::nullopt;
        const Weighted rest = weighted(added);
        return Recipe{Function::sum, NamesInCircuit::own, rest.slot, change->keep, rest.number};
    }
    const std::optional<Part> whole =
        changed(statement_->assignment, change, right, NamesInCircuit::own, at);
    const std::optional<Part> dot = whole ? lone_dot(*whole) : std::nullopt;
    if (dot) return Recipe{.a = slot_of(*dot)};
    if (!whole || !is_said(*whole)) return std::nullopt;
    return recipe_of(*whole);
}

// The rest is of parts that are said.

CellWords::Weighted CellWords::weighted(const Part& part) {
    const std::vector<Term> terms = terms_of(part, {}).value();
    const Term& term = terms.front();
    if (term.factors.empty()) return {.number = term.number};
    if (term.factors.size() == 1) return {term.number, slot_of(term.factors[0])};
    return {term.number, slot_of(sum_of({{1.0, term.factors}}))};
}

CellWords::Recipe CellWords::sum(const Part& part) {
    const bool adds = part.symbol == Symbol::add;
    const Weighted a = weighted(part.of[0]);
    if (!a.slot) return {.function = Function::complement, .a = slot_of(part.of[1])};
    const Weighted b = weighted(part.of[1]);
    if (!adds && a.number == 1.0 && b.number == 1.0)
        return {.function = Function::difference, .a = a.slot, .b = b.slot};
    return {Function::sum, a.slot, b.slot, a.number, adds ? b.number : -b.number};
}

CellWords::Recipe CellWords::product(const Term& term) {
    const std::vector<Part>& all = term.factors;
    if (all.size() == 1) return {.a = slot_of(all[0]), .gain = term.number};
    const bool is_square = is_twice_the_same(all);
    const auto first = static_cast<std::ptrdiff_t>(is_square ? all.size() / 2 : all.size() - 1);
    const std::vector<Part> before(all.begin(), all.begin() + first);
    const SlotId a = slot_of(sum_of({{1.0, before}}));
    return {.a = a, .b = is_square ? a : slot_of(all.back()), .gain = term.number};
}

CellWords::Recipe CellWords::recipe_of(const Part& part) {
    if (is_sum(part)) return sum(part);
    const std::vector<Term> terms = terms_of(part, {}).value();
    const Term& term = terms.front();
    const bool is_whole = term.factors.size() == 1 && term.number == 1.0;
    return is_whole && is_sum(term.factors[0]) ? sum(term.factors[0]) : product(term);
}

void CellWords::emit(const Recipe& recipe, SlotId result) {
    if (!std::isfinite(recipe.retain) || !std::isfinite(recipe.gain))
        reject_overflow(rule_, *statement_);
    const SlotId a = names_.actual(recipe.a), b = names_.actual(recipe.b);
    const bool in_place = a == result || (b && b == result);
    Operation op{.kind = Kind::cellwise,
                 .function = recipe.function,
                 .retain = recipe.retain,
                 .gain = recipe.gain};
    op.operands = {{result, in_place ? Access::update : Access::set}, {a}};
    if (b) op.operands.push_back({b});
    program_.append(std::move(op));
}

}  // namespace apical
