#include "learning_rules/lowering/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learning_rules/lowering/beyond_words.hpp"

namespace apical {

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
    const std::string& target = statement_->target;
    int& count = place == Place::pre ? in_pre_ : in_post_;
    std::string name = quantity.empty() ? fmt::format("{}{}", target, ++count)
                       : target == "w"  ? std::string(quantity)
                                        : fmt::format("{}_{}", target, quantity);
    while (is_taken(name)) name += '_';
    if (place == Place::post) used_.push_back(name);
    return name;
}

// ---- slots

SlotId CellWords::slot_of(const Part& part, std::string_view quantity) {
    if (part.symbol == Symbol::name && part.place != Place::all) return names_.actual(part.slot);
    for (const Made& one : made_) {
        if (is_same(one.part, part)) return one.slot;
    }
    const Recipe recipe = recipe_of(part);
    const std::string name = free_name(quantity, part.place);
    const SlotId result =
        program_.signal(names_.cells(part.place), names_.quantity(name, part.place));
    emit(recipe, result);
    made_.push_back({part, result});
    return result;
}

SlotId CellWords::make(const Part& part) {
    const Recipe recipe = recipe_of(part);
    const SlotId result =
        program_.signal(names_.cells(part.place), names_.quantity(statement_->target, part.place));
    emit(recipe, result);
    return result;
}

void CellWords::change(const Part& right) {
    const double step_ms = program_.circuit().step_ms();
    const std::optional<Change> change =
        change_of(statement_->assignment, right, NamesInCircuit::own, step_ms);
    Recipe recipe;
    if (change && change->keeps.empty() && change->keep != 0.0) {
        recipe = {.a = NamesInCircuit::own, .gain = change->keep};
        if (!change->rest.empty()) {
            const Weighted rest = weighted(sum_of(change->rest));
            if (!rest.slot) reject_beyond_words(rule_, *statement_, why_no_word_says(right));
            recipe = {Function::sum, NamesInCircuit::own, rest.slot, change->keep, rest.number};
        }
    } else if (statement_->assignment == Assignment::set) {
        recipe = recipe_of(right);
    } else {
        const Symbol symbol =
            statement_->assignment == Assignment::add ? Symbol::add : Symbol::subtract;
        const Place place = right.place == Place::number ? Place::post : right.place;
        recipe = recipe_of(made_part(symbol, {slot_part(NamesInCircuit::own, place), right}));
    }
    emit(recipe, names_.slot_of_own());
}

// ---- operations

CellWords::Weighted CellWords::weighted(const Part& part) {
    const std::optional<std::vector<Term>> terms = terms_of(part, {});
    if (!terms || terms->size() != 1)
        reject_beyond_words(rule_, *statement_, why_no_word_says(part));
    const Term& term = terms->front();
    if (term.factors.empty()) return {.number = term.number};
    if (term.factors.size() == 1) return {term.number, slot_of(term.factors[0])};
    return {term.number, slot_of(sum_of({{1.0, term.factors}}))};
}

CellWords::Recipe CellWords::sum(const Part& part) {
    const bool adds = part.symbol == Symbol::add;
    const Weighted a = weighted(part.of[0]);
    if (!a.slot) {
        if (adds || a.number != 1.0)
            reject_beyond_words(rule_, *statement_, why_no_word_says(part));
        return {.function = Function::complement, .a = slot_of(part.of[1])};
    }
    const Weighted b = weighted(part.of[1]);
    if (!b.slot) reject_beyond_words(rule_, *statement_, why_no_word_says(part));
    if (!adds && a.number == 1.0 && b.number == 1.0)
        return {.function = Function::difference, .a = a.slot, .b = b.slot};
    return {Function::sum, a.slot, b.slot, a.number, adds ? b.number : -b.number};
}

CellWords::Recipe CellWords::product(const Term& term) {
    SlotId so_far = slot_of(term.factors[0]);
    if (term.factors.size() == 1) return {.a = so_far, .gain = term.number};
    std::vector<Part> chain = {term.factors[0]};
    for (std::size_t k = 1; k + 1 < term.factors.size(); ++k) {
        chain.push_back(term.factors[k]);
        so_far = slot_of(sum_of({{1.0, chain}}));
    }
    return {.a = so_far, .b = slot_of(term.factors.back()), .gain = term.number};
}

CellWords::Recipe CellWords::recipe_of(const Part& part) {
    if (part.symbol == Symbol::add || part.symbol == Symbol::subtract) return sum(part);
    const std::optional<std::vector<Term>> terms = terms_of(part, {});
    const bool is_in_one_term = terms && terms->size() == 1 && !terms->front().factors.empty();
    const bool is_said = is_in_one_term && is_in_cells(part.place);
    if (!is_said) reject_beyond_words(rule_, *statement_, why_no_word_says(part));
    const Term& term = terms->front();
    const Part& first = term.factors[0];
    const bool is_whole = term.factors.size() == 1 && term.number == 1.0;
    if (is_whole && (first.symbol == Symbol::add || first.symbol == Symbol::subtract))
        return sum(first);
    if (is_whole && first.symbol != Symbol::name)
        reject_beyond_words(rule_, *statement_, why_no_word_says(first));
    return product(term);
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
