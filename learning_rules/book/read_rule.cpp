#include "learning_rules/book/read_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/equations/parse.hpp"
#include "circuits/text/choices.hpp"
#include "learning_rules/book/rule_keys.hpp"
#include "learning_rules/book/state_beginning.hpp"
#include "learning_rules/lowering/lower.hpp"
#include "learning_rules/lowering/names.hpp"

namespace apical {

namespace {

// Keys of a binding, and those that bindings may come to have.
constexpr std::array of_bindings = {"rule", "synapses", "during",  "every", "each",
                                    "in",   "apply",    "average", "fast",  "optimiser"};
// Words of equations that are no functions: a function is known by its bracket.
constexpr std::array of_equations = {"w", "pre", "post", "loss", "step_ms"};
// Words of equations inside cells, beside those of all equations.
constexpr std::array of_own_cells = {"r", "alpha"};

// Spelling of numbers of each pair of cells in a state's "at".
constexpr std::string_view pairs_of_cells = "pairs";

template <class Names>
bool has_name(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class RuleReader {
public:
    RuleReader(Entry& entry, std::string_view section, bool of_cells)
        : entry_(entry), path_(fmt::format("{}.{}", section, entry.key)) {
        rule_.of_cells = of_cells;
        rule_.name = entry.key;
        rule_.where = entry.where;
    }

    TextRule read() {
        mistakes_.attempt([&] { check_letters({entry_.key, entry_.where}); });
        table_ = &inner_table(entry_, "rule");
        mistakes_.add(mistakes_in(*table_, entry_.where, path_, rule_keys()));
        if (const auto* summary = in<std::string>("summary")) rule_.summary = *summary;
        each_of("parameters", "parameter", [&](Entry& one) { read_parameter(one); });
        each_of("signals", "signal", [&](Entry& one) { read_signal(one); });
        each_of("state", "state", [&](Entry& one) { read_state(one); });
        read_requirements();
        read_facing();
        mistakes_.attempt([&] { read_equations(); });
        mistakes_.reject_any();
        with_name([&] { check_equations(rule_); });
        mistakes_.reject_any();
        return std::move(rule_);
    }

private:
    template <class T>
    T* in(std::string_view key) {
        Value* value = table_->find(key);
        return value ? std::get_if<T>(&value->content) : nullptr;
    }

    std::string named(const std::string& sentence) const {
        const std::string who = fmt::format("rule \"{}\"", shortened(rule_.name));
        return sentence.starts_with(who) ? sentence : who + ": " + sentence;
    }
    void tell(const Where& where, const std::string& sentence) {
        mistakes_.add({{where, named(sentence)}});
    }
    // Each sentence of what `work` throws begins with the rule's name.
    template <class Work>
    void with_name(Work work) {
        Mistakes found;
        found.attempt(work);
        for (Mistake one : found.all()) {
            one.sentence = named(one.sentence);
            mistakes_.add({one});
        }
    }

    template <class Read>
    void each_of(std::string_view key, std::string_view kind, Read read) {
        Table* declared = in<Table>(key);
        if (!declared) return;
        if (declared->entries.size() > most_declared) {
            tell(table_->find(key)->where, fmt::format("{} are {}; expected at most {}", key,
                                                       declared->entries.size(), most_declared));
            return;
        }
        for (Entry& one : declared->entries) with_name([&] { declare(one, kind), read(one); });
    }

    // Throws unless the name is a new one that no equation, binding or file needs for itself.
    void declare(const Entry& one, std::string_view kind) {
        check_letters({one.key, one.where});
        const bool of_binding =
            !rule_.of_cells && kind != "state" && has_name(of_bindings, one.key);
        const bool of_synapse = kind == "state" && is_name_of_synapses(one.key);
        if (of_binding || of_synapse || has_name(of_equations, one.key) ||
            (rule_.of_cells && has_name(of_own_cells, one.key))) {
            reject(one.where, fmt::format("\"{}\" cannot be the name of a {}; {} it", one.key, kind,
                                          of_binding   ? "[plasticity.*] has"
                                          : of_synapse ? "a synapse set has"
                                                       : "equations have"));
        }
        const auto [known, is_new] = kind_of_.emplace(one.key, kind);
        if (is_new) return;
        reject(one.where, fmt::format("\"{}\" is a {} already; expected another name for a {}",
                                      one.key, known->second, kind));
    }

    // The table of a declaration, held against its keys; null when there is another value.
    Table* declaration(Entry& one, std::string_view key, std::span<const Key> keys) const {
        Table* table = std::get_if<Table>(&one.value.content);
        if (!table) return nullptr;
        const std::string name = fmt::format("{}.{}.{}", path_, key, one.key);
        Mistakes found;
        found.add(mistakes_in(*table, one.where, name, keys));
        found.reject_any();
        return table;
    }

    void read_parameter(Entry& one) {
        Parameter parameter{.name = one.key, .where = one.where};
        if (unit_of_name(one.key) == 1.0) {
            parameter.minimum = 0.0;
            parameter.above_minimum = true;
        }
        if (Table* table = declaration(one, "parameters", rule_parameter_keys())) {
            parameter.default_value = number_in(*table, "default");
            if (const std::optional<double> minimum = number_in(*table, "minimum")) {
                parameter.minimum = *minimum;
                parameter.above_minimum = false;
            }
            parameter.maximum = number_in(*table, "maximum").value_or(parameter.maximum);
            parameter.description = text_in(*table, "description");
        } else {
            parameter.default_value = number_of(one.value);
            if (!parameter.default_value)
                reject_value(one, "parameters",
                             std::holds_alternative<double>(one.value.content)
                                 ? "a finite number, or a table"
                                 : "a number, or a table");
        }
        check_range(parameter);
        rule_.parameters.push_back(std::move(parameter));
    }

    static void check_range(const Parameter& one) {
        if (one.minimum > one.maximum)
            reject(one.where, fmt::format("the minimum of \"{}\", {}, is above its maximum, {}",
                                          one.name, one.minimum, one.maximum));
        if (!one.default_value) return;
        const double given = *one.default_value;
        const bool is_above = one.above_minimum ? given > one.minimum : given >= one.minimum;
        if (!is_above || given > one.maximum)
            reject(one.where, fmt::format("the default of \"{}\", {}, is not within its range, "
                                          "{} {} to {}",
                                          one.name, given, one.above_minimum ? "above" : "from",
                                          one.minimum, one.maximum));
    }

    void read_signal(Entry& one) {
        SignalDeclaration signal{.name = one.key, .where = one.where};
        std::string of = "post";
        if (Table* table = declaration(one, "signals", rule_signal_keys())) {
            if (table->find("of")) of = text_in(*table, "of");
            signal.default_address = text_in(*table, "default");
            signal.description = text_in(*table, "description");
            const Value* list = table->find("list");
            signal.is_list = list && std::get<bool>(list->content);
            if (const Value* address = table->find("default"))
                check_default(signal.default_address, address->where);
        } else if (const auto* text = std::get_if<std::string>(&one.value.content)) {
            signal.is_key = !text->starts_with('@');
            if (signal.is_key) of = *text;
            if (!signal.is_key) check_default(signal.default_address = *text, one.value.where);
        } else {
            reject_value(one, "signals", "a text, or a table");
        }
        signal.of = place_of({of, one.value.where}, "signals", one.key, false);
        if (signal.is_list && signal.of != Place::post)
            reject(one.where, fmt::format("signal \"{}\" is a list of the {} cells; only signals "
                                          "of the postsynaptic ones are summed",
                                          one.key, of));
        rule_.signals.push_back(std::move(signal));
    }

    // "@ROLE.QUANTITY": a rule knows no population by name.
    static void check_default(const std::string& address, const Where& where) {
        const std::size_t dot = address.find('.');
        if (!address.starts_with('@') || dot == std::string::npos)
            reject(where, fmt::format("the address \"{}\" is of no role; expected one as in "
                                      "\"@ROLE.QUANTITY\"",
                                      shortened(address)));
        const std::string role = address.substr(1, dot - 1);
        const std::vector<std::string> roles = split_choices(role_names);
        if (!has_name(roles, role)) reject_unknown({role, where}, "role", roles);
    }

    void read_state(Entry& one) {
        StateDeclaration state{.name = one.key, .where = one.where};
        if (Table* table = declaration(one, "state", rule_state_keys())) {
            state.at = place_of_state(*table, one.key);
            state.symbol = text_in(*table, "symbol");
            read_draw(*table, state);
            if (Value* init = table->find("init")) {
                state.init =
                    load_initializer(*init, fmt::format("{}.state.{}.init", path_, one.key), true);
                check_beginning(state);
            }
        } else if (const auto* text = std::get_if<std::string>(&one.value.content)) {
            if (*text == pairs_of_cells)
                reject_value(one, "state", "a table, as in { at = \"pairs\", of = \"pre\" }");
            state.at = place_of({*text, one.value.where}, "state", one.key, true);
        } else {
            reject_value(one, "state", "a text, or a table");
        }
        rule_.state.push_back(std::move(state));
    }

    // The place of a state: "at", and of pairs "of", the end of the synapses whose cells they are.
    Place place_of_state(const Table& table, const std::string& declared) const {
        const Value *at = table.find("at"), *of = table.find("of");
        const bool of_pairs = text_in(table, "at") == pairs_of_cells;
        if (of && !of_pairs)
            reject(of->where,
                   fmt::format("{}.state.{}.of goes with at = \"pairs\" alone", path_, declared));
        if (!of_pairs) return place_of({text_in(table, "at"), at->where}, "state", declared, true);
        if (!of)
            reject(at->where, fmt::format("{}.state.{} is at \"pairs\", and lacks its key \"of\"; "
                                          "expected of = \"pre\" or of = \"post\"",
                                          path_, declared));
        return pairs_of(text_in(table, "of") == spelling_of(Place::pre) ? Place::pre : Place::post);
    }

    Place place_of(const Text& name, std::string_view key, const std::string& declared,
                   bool at_synapses) const {
        std::vector<std::string> known;
        for (const Place one : {Place::post, Place::pre, Place::synapse, Place::all}) {
            if (one == Place::synapse && !at_synapses) continue;
            if (spelling_of(one) == name.text) return one;
            known.emplace_back(spelling_of(one));
        }
        if (at_synapses) known.emplace_back(pairs_of_cells);
        // [dynamics.*] says "cell"; a rule's synapses have cells at both ends.
        const std::string near = name.text == "cell" ? " Did you mean \"post\" or \"pre\"?"
                                                     : did_you_mean(name.text, known);
        reject(name.where, fmt::format("{}.{}.{} is \"{}\"; expected one of {}.{}", path_, key,
                                       declared, shortened(name.text), list_of(known), near));
    }

    [[noreturn]] void reject_value(const Entry& one, std::string_view key,
                                   std::string_view expected) const {
        reject(one.value.where, fmt::format("{}.{}.{} is {}; expected {}", path_, key, one.key,
                                            describe(one.value), expected));
    }

    static std::optional<double> number_of(const Value& value) {
        if (const auto* integer = std::get_if<std::int64_t>(&value.content))
            return static_cast<double>(*integer);
        const auto* number = std::get_if<double>(&value.content);
        return number && std::isfinite(*number) ? std::optional(*number) : std::nullopt;
    }
    static std::optional<double> number_in(const Table& table, std::string_view key) {
        const Value* value = table.find(key);
        return value ? number_of(*value) : std::nullopt;
    }
    static std::string text_in(const Table& table, std::string_view key) {
        const Value* value = table.find(key);
        return value ? std::get<std::string>(value->content) : "";
    }

    // A text that is no requirement has been told with the keys.
    void read_requirements() {
        const auto* list = in<Array>("requires");
        if (!list) return;
        const std::vector<std::string> known = split_choices(requirement_names);
        for (const Value& value : *list) {
            const auto* text = std::get_if<std::string>(&value.content);
            if (text && has_name(known, *text))
                rule_.needs.push_back(Requirement(index_of_choice(requirement_names, *text)));
        }
    }

    void read_facing() {
        const auto* facing = in<std::string>("facing");
        if (!facing) return;
        if (*facing == "past") rule_.facing = Facing::past;
        if (*facing == "future") rule_.facing = Facing::future;
    }

    void read_equations() {
        const Value* equations = table_->find("equations");
        if (!equations || !(in<std::string>("equations") || in<Array>("equations"))) return;
        if (const auto* list = in<Array>("equations")) {
            for (const Value& one : *list)
                if (!std::holds_alternative<std::string>(one.content)) return;
        }
        const Targets targets = rule_.of_cells ? Targets::with_points : Targets::names;
        with_name([&] { rule_.equations = parse_equations(*equations, {}, targets); });
        if (rule_.equations.empty() && !mistakes_.any())
            tell(equations->where, "its equations say nothing; expected a statement a line");
    }

    Entry& entry_;
    std::string path_;
    Table* table_ = nullptr;
    TextRule rule_;
    std::map<std::string, std::string_view> kind_of_;  // "parameter", by name
    Mistakes mistakes_;
};

}  // namespace

TextRule read_rule(Entry& entry) { return RuleReader(entry, "rule", false).read(); }

TextRule read_text_of_cells(Entry& entry) { return RuleReader(entry, "dynamics", true).read(); }

std::vector<Mistake> mistakes_in_rule_file(const Table& root, const std::string& source) {
    std::vector<Key> keys(rule_file_keys().begin(), rule_file_keys().end());
    for (Key& key : keys) {
        const bool has_other = root.find("dynamics") || root.find("activation");
        if (key.name == "rule" && has_other) key.default_value = "-";
    }
    return mistakes_in(root, {source, 1, 1}, "", keys);
}

std::vector<TextRule> read_rule_text(std::string_view text, const std::string& source) {
    Table root = parse_toml(text, source);
    Mistakes mistakes;
    std::vector<TextRule> rules;
    for (Entry& entry : std::get<Table>(root.find("rule")->content).entries)
        mistakes.attempt([&] { rules.push_back(read_rule(entry)); });
    mistakes.reject_any();
    return rules;
}

}  // namespace apical
