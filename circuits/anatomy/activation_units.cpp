#include "circuits/anatomy/activation_units.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/equations/units.hpp"
#include "circuits/text/text.hpp"

namespace apical {

namespace {

class UnitsOfEquation {
public:
    explicit UnitsOfEquation(std::string_view who) : who_(who) {}

    double of(const Expression& e) const {
        switch (e.symbol) {
            case Symbol::number:
                return 0.0;
            case Symbol::name:
                return unit_of_name(e.name);
            case Symbol::call:
                return of_call(e);
            case Symbol::negative:
                return of(e.of[0]);
            case Symbol::add:
            case Symbol::subtract:
                return of_equals(e, 0);
            case Symbol::multiply:
                return of(e.of[0]) + of(e.of[1]);
            case Symbol::divide:
                return of(e.of[0]) - of(e.of[1]);
            case Symbol::power:
                return of_power(e);
        }
        return 0.0;
    }

    // The expression has to be a number, as `what` says.
    void take_number(const Expression& e, std::string_view what) const {
        const double unit = of(e);
        if (unit == 0.0) return;
        reject(begin_of(e), fmt::format("{}\"{}\" is {}; {} a number", who_, shortened(to_text(e)),
                                        unit_in_words(unit), what));
    }

private:
    // The unit of the operands from the first on, which have one.
    double of_equals(const Expression& e, std::size_t first) const {
        if (first >= e.of.size()) return 0.0;
        const double unit = of(e.of[first]);
        for (std::size_t k = first + 1; k < e.of.size(); ++k) {
            const double other = of(e.of[k]);
            if (other == unit) continue;
            reject(e.where, fmt::format("{}\"{}\" is {}, \"{}\" {}; expected one unit for both",
                                        who_, shortened(to_text(e.of[first])), unit_in_words(unit),
                                        shortened(to_text(e.of[k])), unit_in_words(other)));
        }
        return unit;
    }

    // A unit has powers that are written as numbers.
    double of_power(const Expression& e) const {
        const double unit = of(e.of[0]);
        take_number(e.of[1], "a power is");
        if (unit == 0.0) return 0.0;
        const bool is_negative = e.of[1].symbol == Symbol::negative;
        const Expression& exponent = is_negative ? e.of[1].of[0] : e.of[1];
        if (exponent.symbol == Symbol::number)
            return unit * (is_negative ? -exponent.number : exponent.number);
        reject(begin_of(e.of[1]),
               fmt::format("{}\"{}\" is {}; expected a power that is written as a number", who_,
                           shortened(to_text(e.of[0])), unit_in_words(unit)));
    }

    double of_call(const Expression& e) const {
        if (e.name == "sign" || e.name == "step") {
            for (const Expression& one : e.of) of(one);
            return 0.0;
        }
        if (e.name == "sqrt") return e.of.empty() ? 0.0 : of(e.of[0]) / 2.0;
        if (e.name == "select") {
            if (!e.of.empty()) of(e.of[0]);
            return of_equals(e, 1);
        }
        constexpr std::string_view of_numbers[] = {"exp", "log", "tanh", "logistic"};
        if (std::ranges::count(of_numbers, e.name) == 0) return of_equals(e, 0);
        for (const Expression& one : e.of) take_number(one, fmt::format("\"{}\" takes", e.name));
        return 0.0;
    }

    std::string_view who_;
};

}  // namespace

void check_units(const Expression& equation, std::string_view who) {
    UnitsOfEquation(who).take_number(equation, "a rate is");
}

}  // namespace apical
