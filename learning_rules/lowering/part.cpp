#include "learning_rules/lowering/part.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "learning_rules/lowering/functions.hpp"

namespace apical {

namespace {

double folded(Symbol symbol, double a, double b) {
    switch (symbol) {
        case Symbol::add:
            return a + b;
        case Symbol::subtract:
            return a - b;
        case Symbol::multiply:
            return a * b;
        case Symbol::divide:
            return a / b;
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::negative:
        case Symbol::power:
            break;
    }
    return std::pow(a, b);
}

Place joined_places(const std::vector<Part>& parts) {
    Place place = Place::number;
    for (const Part& part : parts) place = join(place, part.place);
    return place;
}

// The place of a function's result.
Place place_of_result(UnitRule units, const std::vector<Part>& of) {
    switch (units) {
        case UnitRule::gathered:
            return Place::all;
        case UnitRule::over_synapses:
            return Place::post;
        case UnitRule::product:
            return of[1].place;
        case UnitRule::outer:
            return pairs_of(of[0].place);
        case UnitRule::numbers:
        case UnitRule::any:
        case UnitRule::same:
        case UnitRule::root:
        case UnitRule::choice:
        case UnitRule::activation:
        case UnitRule::name:
            break;
    }
    return joined_places(of);
}

bool has_units(const Part& part, UnitRule units) {
    const FunctionOfText* known =
        part.symbol == Symbol::call ? find_function_of_text(part.function) : nullptr;
    return known && known->units == units;
}

bool are_numbers(const std::vector<Part>& parts) {
    return std::all_of(parts.begin(), parts.end(),
                       [](const Part& part) { return part.symbol == Symbol::number; });
}

}  // namespace

Part number_part(double number, const Expression* text) {
    return {.symbol = Symbol::number, .number = number, .text = text};
}

Part slot_part(SlotId slot, Place place, const Expression* text) {
    return {.symbol = Symbol::name, .slot = slot, .place = place, .text = text};
}

Part made_part(Symbol symbol, std::vector<Part> of, const Expression* text) {
    if (are_numbers(of)) return number_part(folded(symbol, of[0].number, of[1].number), text);
    const Place place = join(of[0].place, of[1].place);
    return {.symbol = symbol, .place = place, .of = std::move(of), .text = text};
}

Part call_part(const std::string& function, std::vector<Part> of, const Expression* text) {
    const FunctionOfText* known = find_function_of_text(function);
    if (known && known->of_constants && are_numbers(of)) {
        std::vector<double> numbers;
        for (const Part& part : of) numbers.push_back(part.number);
        return number_part(known->of_constants(numbers), text);
    }
    return {.symbol = Symbol::call,
            .place = known ? place_of_result(known->units, of) : joined_places(of),
            .function = function,
            .of = std::move(of),
            .text = text};
}

bool is_same(const Part& a, const Part& b) {
    const bool alike = a.symbol == b.symbol && a.number == b.number && a.slot == b.slot &&
                       a.function == b.function && a.of.size() == b.of.size();
    return alike && std::equal(a.of.begin(), a.of.end(), b.of.begin(),
                               [](const Part& x, const Part& y) { return is_same(x, y); });
}

bool is_gathered(const Part& part) { return has_units(part, UnitRule::gathered); }
bool is_over_synapses(const Part& part) { return has_units(part, UnitRule::over_synapses); }
bool is_dot(const Part& part) { return has_units(part, UnitRule::product); }
bool is_outer(const Part& part) { return has_units(part, UnitRule::outer); }

bool has_slot(const Part& part, SlotId slot) {
    if (part.symbol == Symbol::name) return part.slot == slot;
    return std::any_of(part.of.begin(), part.of.end(),
                       [&](const Part& one) { return has_slot(one, slot); });
}

}  // namespace apical
