#include "learning_rules/lowering/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/equations/other_notations.hpp"
#include "learning_rules/lowering/functions.hpp"

namespace apical {

namespace {

std::string quoted_part(const Expression& expression) { return shortened(to_text(expression)); }

// The value of an exponent that is written as a number; nothing of one with names in it.
std::optional<double> written_number(const Expression& e) {
    if (e.symbol == Symbol::number) return e.number;
    if (e.symbol != Symbol::negative) return std::nullopt;
    const std::optional<double> inner = written_number(e.of[0]);
    return inner ? std::optional(-*inner) : std::nullopt;
}

// What names of other notations are called here.
std::string meant_by(std::string_view name, const std::vector<std::string>& known, bool of_cells) {
    if (name == "v" && of_cells) return " Did you mean \"soma.v\"?";
    if (name == "r") return " Did you mean \"post.r\" or \"pre.r\"?";
    if (name == "v") return " Did you mean \"post.soma.v\" or \"post.here.v\"?";
    if (name == "dt") return " Did you mean \"step_ms\"?";
    const std::string_view rest = name.substr(name.find('.') + 1);
    const bool is_of_end = name.starts_with("pre.") || name.starts_with("post.");
    if (is_of_end && std::find(known.begin(), known.end(), rest) != known.end())
        return fmt::format(" Did you mean \"{}\"?", rest);
    const std::string nearest = did_you_mean_name(name, known);
    const bool is_of_circuit = !of_cells && !is_of_end && name.find('.') != name.npos;
    if (is_of_circuit && nearest.empty())
        return fmt::format(
            " Expected a signal, as in signals = {{ credit = \"post\" }}, to which [plasticity.*] "
            "gives the address \"{}\".",
            shortened(name));
    const bool is_usual = !of_cells && (name == "rate" || name == "tau_ms");
    if (!is_usual || !nearest.empty()) return nearest;
    return fmt::format(" Expected parameters = {{ {} = {{}} }}, which [plasticity.*] then gives.",
                       name);
}

}  // namespace

std::string did_you_mean_name(std::string_view name, const std::vector<std::string>& known) {
    const auto small = [](std::string_view text) {
        std::string letters(text);
        for (char& c : letters) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return letters;
    };
    for (const std::string& one : known) {
        if (small(one) == small(name)) return fmt::format(" Did you mean \"{}\"?", one);
    }
    return did_you_mean(name, known);
}

void Facts::tell(const Where& where, const std::string& sentence) {
    const std::string told = statement_ ? with_character(sentence, where, *statement_) : sentence;
    add({where, fmt::format("rule \"{}\": {}", rule_.name, told)});
}

std::optional<Fact> Facts::failed(const Where& where, const std::string& sentence) {
    tell(where, sentence);
    return std::nullopt;
}

bool Facts::has_read(std::string_view name) const {
    return std::find(read_.begin(), read_.end(), name) != read_.end();
}

bool Facts::has_misspelt(const std::string& name) const {
    return std::any_of(unknown_.begin(), unknown_.end(),
                       [&](const std::string& one) { return !did_you_mean(one, {name}).empty(); });
}

std::optional<Fact> Facts::of(const Expression& e) {
    switch (e.symbol) {
        case Symbol::number:
            return Fact{};
        case Symbol::name:
            return of_name(e);
        case Symbol::call:
            return of_call(e);
        case Symbol::negative:
            return of(e.of[0]);
        case Symbol::add:
        case Symbol::subtract:
            return of_sum(e);
        case Symbol::multiply:
        case Symbol::divide:
            return of_product(e);
        case Symbol::power:
            return of_power(e);
    }
    return std::nullopt;
}

std::optional<Fact> Facts::of_name(const Expression& e) {
    read_.push_back(e.name);
    if (const std::optional<Meaning> known = names_.find(e.name))
        return known->is_mistaken ? std::nullopt : std::optional(Fact{known->place, known->unit});
    if (find_function_of_text(e.name))
        return failed(e.where, fmt::format("\"{0}\" is a function; expected {0}(...)", e.name));
    unknown_.push_back(e.name);
    const std::vector<std::string> known = names_.known();
    const std::string of_statement = made_by(e.name);
    return failed(
        e.where,
        fmt::format("there is no \"{}\"; known are {}.{}", shortened(e.name), list_of(known),
                    of_statement.empty() ? meant_by(e.name, known, rule_.of_cells) : of_statement));
}

// What is expected of a name that this statement or one behind it makes.
std::string Facts::made_by(const std::string& name) const {
    const auto maker =
        std::find_if(rule_.equations.begin(), rule_.equations.end(), [&](const Statement& one) {
            return one.target == name && one.assignment == Assignment::set;
        });
    if (!statement_ || maker == rule_.equations.end()) return "";
    if (maker->target == statement_->target)
        return fmt::format(
            " A number that is made of its last value is a state: expected state = {{ {} = ... }}.",
            name);
    return fmt::format(
        " It is made behind this statement, by \"{}\": expected that one first, or state = {{ {} = "
        "... }}.",
        shortened(maker->text), name);
}

bool Facts::have_one_unit(const Expression& of, const Expression& a, Fact of_a, const Expression& b,
                          Fact of_b) {
    if (of_a.unit == of_b.unit) return true;
    tell(of.where,
         fmt::format("\"{}\" is {}, \"{}\" {}; expected one unit for both", quoted_part(a),
                     unit_in_words(of_a.unit), quoted_part(b), unit_in_words(of_b.unit)));
    return false;
}

std::optional<Fact> Facts::of_sum(const Expression& e) {
    const std::optional<Fact> a = of(e.of[0]), b = of(e.of[1]);
    if (!a || !b || !have_one_unit(e, e.of[0], *a, e.of[1], *b)) return std::nullopt;
    if (a->place != b->place && !can_be_joined(e, *a, *b)) return std::nullopt;
    return Fact{join(a->place, b->place), a->unit};
}

std::optional<Fact> Facts::of_product(const Expression& e) {
    const std::optional<Fact> a = of(e.of[0]), b = of(e.of[1]);
    if (!a || !b || !can_be_joined(e, *a, *b)) return std::nullopt;
    const double sign = e.symbol == Symbol::divide ? -1.0 : 1.0;
    return Fact{join(a->place, b->place), a->unit + sign * b->unit};
}

std::optional<Fact> Facts::of_power(const Expression& e) {
    const std::optional<Fact> base = of(e.of[0]), exponent = of(e.of[1]);
    if (!base || !exponent || !take_no_pairs(e, {*base})) return std::nullopt;
    constexpr const char* expected = "expected a whole number from -8 to 8, or 0.5";
    if (exponent->place != Place::number || exponent->unit != 0.0)
        return failed(begin_of(e.of[1]), fmt::format("the power \"{}\" is no constant number; {}",
                                                     quoted_part(e.of[1]), expected));
    const std::optional<double> written = written_number(e.of[1]);
    const bool fits = !written || *written == 0.5 ||
                      (std::abs(*written) <= 8.0 && *written == std::floor(*written));
    if (!fits)
        return failed(
            begin_of(e.of[1]),
            fmt::format("found the power {0}; {1}; where x is above 0, x^{0} is exp({0} * log(x))",
                        *written, expected));
    if (base->unit != 0.0 && !written)
        return failed(begin_of(e.of[1]),
                      fmt::format("\"{}\" is {}; expected a power that is written as a number",
                                  quoted_part(e.of[0]), unit_in_words(base->unit)));
    return Fact{base->place, base->unit * written.value_or(1.0)};
}

std::optional<Fact> Facts::of_call(const Expression& e) {
    const FunctionOfText* function = find_function_of_text(e.name);
    if (!function) {
        std::vector<std::string> known;
        for (const FunctionOfText& one : functions_of_text()) known.emplace_back(one.name);
        return failed(e.where,
                      fmt::format("there is no function \"{}\"; known are {}.{}", shortened(e.name),
                                  list_of(known), did_you_mean_function(e.name, known)));
    }
    std::vector<Fact> arguments;
    for (const Expression& part : e.of) {
        if (const std::optional<Fact> fact = of(part)) arguments.push_back(*fact);
    }
    if (e.of.size() != function->arguments)
        return failed(e.where, fmt::format("\"{}\" takes {} argument{}; found {}", e.name,
                                           function->arguments, function->arguments == 1 ? "" : "s",
                                           e.of.size()));
    return arguments.size() == e.of.size() ? of_arguments(e, arguments) : std::nullopt;
}

std::optional<Fact> Facts::of_arguments(const Expression& e, const std::vector<Fact>& arguments) {
    const UnitRule rule = find_function_of_text(e.name)->units;
    if (rule == UnitRule::product) return of_dot(e, arguments[0], arguments[1]);
    if (!take_no_pairs(e, arguments)) return std::nullopt;
    if (rule == UnitRule::outer) return of_outer(e, arguments[0], arguments[1]);
    const std::size_t first = rule == UnitRule::choice ? 1 : 0;
    Fact all{.place = Place::number, .unit = arguments[first].unit};
    for (const Fact& one : arguments) all.place = join(all.place, one.place);
    switch (rule) {
        case UnitRule::activation:
            return of_activation(e, arguments[0]);
        case UnitRule::name:
            return of_previous(e, arguments[0]);
        case UnitRule::gathered:
            if (is_in_cells(all.place)) return Fact{Place::all, all.unit};
            return failed(begin_of(e.of[0]),
                          fmt::format("\"{}\" is {}; expected a number in cells{}",
                                      quoted_part(e.of[0]), in_words(all.place),
                                      all.place == Place::synapse
                                          ? ", or gather(...), the sum over a cell's own synapses"
                                          : ""));
        case UnitRule::over_synapses:
            if (!rule_.of_cells) return Fact{Place::post, all.unit};
            return failed(e.where,
                          "\"gather\" is over the synapses of a rule's set; equations inside cells "
                          "have none; expected the state of a rule, read by its address");
        case UnitRule::numbers:
            if (all.unit == 0.0) return all;
            return failed(begin_of(e.of[0]),
                          fmt::format("\"{}\" is {}; \"{}\" takes a number", quoted_part(e.of[0]),
                                      unit_in_words(all.unit), e.name));
        case UnitRule::any:
            return Fact{all.place, 0.0};
        case UnitRule::root:
            return Fact{all.place, all.unit / 2.0};
        case UnitRule::same:
        case UnitRule::choice:
            for (std::size_t k = first + 1; k < arguments.size(); ++k) {
                if (!have_one_unit(e, e.of[first], arguments[first], e.of[k], arguments[k]))
                    return std::nullopt;
            }
            return all;
        case UnitRule::product:
        case UnitRule::outer:
            break;
    }
    return std::nullopt;
}

// ---- matrices between the cells of a population

std::optional<Fact> Facts::of_dot(const Expression& e, const Fact& matrix, const Fact& vector) {
    if (e.of[0].symbol != Symbol::name || !is_of_pairs(matrix.place))
        return failed(begin_of(e.of[0]),
                      fmt::format("\"dot\" multiplies a matrix between cells, by name; \"{}\" is "
                                  "{}; expected a state that is at = \"pairs\"",
                                  quoted_part(e.of[0]), in_words(matrix.place)));
    const Place cells = cells_of_pairs(matrix.place);
    if (vector.place == cells) return Fact{cells, matrix.unit + vector.unit};
    return failed(begin_of(e.of[1]),
                  fmt::format("\"{}\" is {}, \"{}\" {}; expected {}", quoted_part(e.of[0]),
                              in_words(matrix.place), quoted_part(e.of[1]), in_words(vector.place),
                              in_words(cells)));
}

std::optional<Fact> Facts::of_outer(const Expression& e, const Fact& a, const Fact& b) {
    if (a.place == b.place && is_in_cells(a.place)) return Fact{pairs_of(a.place), a.unit + b.unit};
    const bool at_synapses = is_in_cells(a.place) && is_in_cells(b.place);
    return failed(e.where,
                  fmt::format("\"outer\" is of two numbers in the same cells; \"{}\" is {}, "
                              "\"{}\" {}; expected both in one population{}",
                              quoted_part(e.of[0]), in_words(a.place), quoted_part(e.of[1]),
                              in_words(b.place), at_synapses ? ", or a product, as in a * b" : ""));
}

bool Facts::take_no_pairs(const Expression& e, const std::vector<Fact>& arguments) {
    for (std::size_t k = 0; k < arguments.size(); ++k) {
        if (!is_of_pairs(arguments[k].place)) continue;
        tell(begin_of(e.of[k]), fmt::format("\"{}\" is {}, of which \"{}\" takes none; expected "
                                            "dot(P, x), which alone reads a matrix between cells",
                                            quoted_part(e.of[k]), in_words(arguments[k].place),
                                            e.symbol == Symbol::power ? "^" : e.name));
        return false;
    }
    return true;
}

// Whether a number of pairs is joined with a constant or a number for all, or there is none.
bool Facts::can_be_joined(const Expression& e, const Fact& a, const Fact& b) {
    const bool divides = e.symbol == Symbol::divide && is_of_pairs(b.place);
    const bool is_joined = std::min(a.place, b.place) <= Place::all && !divides;
    if (!is_of_pairs(std::max(a.place, b.place)) || is_joined) return true;
    tell(e.where,
         fmt::format("\"{}\" is {}, \"{}\" {}; a matrix between cells takes factors that are "
                     "numbers for all; expected outer(a, b), or dot(P, x)",
                     quoted_part(e.of[0]), in_words(a.place), quoted_part(e.of[1]),
                     in_words(b.place)));
    return false;
}

std::optional<Fact> Facts::of_activation(const Expression& e, const Fact& argument) {
    if (is_in_cells(argument.place) && argument.unit == 0.0) return Fact{argument.place, 0.0};
    return failed(begin_of(e.of[0]),
                  fmt::format("\"{}\" is of cells with an activation; \"{}\" is {}; expected a "
                              "voltage, as in {}(post.soma.v)",
                              e.name, quoted_part(e.of[0]), in_words(argument.place), e.name));
}

std::optional<Fact> Facts::of_previous(const Expression& e, const Fact& argument) {
    const bool is_kept = is_in_cells(argument.place) || argument.place == Place::all;
    if (e.of[0].symbol == Symbol::name && is_kept) return argument;
    return failed(begin_of(e.of[0]),
                  fmt::format("\"previous\" takes a name of cells or of one number for all; "
                              "found \"{}\"{}",
                              quoted_part(e.of[0]),
                              is_kept ? "" : fmt::format(", {}", in_words(argument.place))));
}

}  // namespace apical
