#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "circuits/anatomy/activation_units.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/anatomy/shipped_activations.hpp"
#include "circuits/equations/parse.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

constexpr std::string_view voltage_of_text = "x";

std::vector<std::string> built_in_activations() { return split_choices(activation_names); }

// One [activation.NAME] table whose keys are checked.
class ActivationTable {
public:
    explicit ActivationTable(Entry& entry)
        : name_(entry.key), table_(std::get<Table>(entry.value.content)) {
        if (Value* parameters = table_.find("parameters"))
            parameters_ = &std::get<Table>(parameters->content);
    }

    WrittenActivation activation() {
        mistakes_.attempt([&] { check_parameters(); });
        read_numbers_of_cells();
        const Value& text = *table_.find("equation");
        Expression equation;
        mistakes_.attempt([&] {
            equation = parse_expression(text, fmt::format("activation \"{}\": ", name_));
            check_units(equation, fmt::format("activation \"{}\": ", name_));
            resolve(equation);
            read_slope();
            check_all_is_read();
        });
        mistakes_.reject_any();
        return {name_, equation, {}, of_cells_, slope_};
    }

private:
    void read_numbers_of_cells() {
        if (!parameters_) return;
        for (Entry& one : parameters_->entries) {
            if (!std::holds_alternative<Table>(one.value.content)) continue;
            mistakes_.attempt([&] { of_cells_.push_back({one.key, numbers_of_cells(one)}); });
        }
    }

    void read_slope() {
        const Value* text = table_.find("slope");
        if (!text) return;
        slope_ = parse_expression(*text, fmt::format("activation \"{}\": ", name_));
        resolve(*slope_);
    }

    Initializer numbers_of_cells(Entry& one) {
        for (const std::string_view taken : {"r", "alpha", "bias"}) {
            if (one.key != taken) continue;
            reject(one.where,
                   fmt::format("activation \"{}\": \"{}\" is another number of each cell; "
                               "expected another name of the parameter",
                               name_, one.key));
        }
        const std::string section = fmt::format("activation.{}.parameters.{}", name_, one.key);
        const Initializer init = load_initializer(one.value, section, false);
        using enum Initializer::Kind;
        if (init.kind == copy || init.kind == activated_normal) {
            reject(init.where, fmt::format("[{}] expects constant, normal, half_normal, lognormal, "
                                           "uniform or file",
                                           section));
        }
        return init;
    }

    bool is_of_cells(std::string_view name) const {
        const Value* value = parameters_ ? parameters_->find(name) : nullptr;
        return value && std::holds_alternative<Table>(value->content);
    }

    void tell(const Where& where, const std::string& sentence) {
        mistakes_.add({{where, fmt::format("activation \"{}\": {}", name_, sentence)}});
    }

    std::vector<Entry> parameters() const {
        return parameters_ ? parameters_->entries : std::vector<Entry>{};
    }

    void check_parameters() {
        for (const Entry& one : parameters()) {
            mistakes_.attempt([&] { check_letters({one.key, one.where}); });
            if (one.key == voltage_of_text)
                tell(one.where, "\"x\" cannot be the name of a parameter; it is the voltage");
        }
    }

    std::optional<double> parameter(std::string_view name) const {
        const Value* value = parameters_ ? parameters_->find(name) : nullptr;
        if (!value) return std::nullopt;
        const auto* integer = std::get_if<std::int64_t>(&value->content);
        return integer ? static_cast<double>(*integer) : std::get<double>(value->content);
    }

    // Writes numbers in place of parameters.
    void resolve(Expression& e) {
        for (Expression& one : e.of) resolve(one);
        if (e.symbol != Symbol::name) return;
        read_.push_back(e.name);
        if (e.name == voltage_of_text || is_of_cells(e.name)) return;
        if (const std::optional<double> number = parameter(e.name)) {
            e.symbol = Symbol::number;
            e.number = *number;
            e.name.clear();
        } else {
            tell_unknown(e);
        }
    }

    void tell_unknown(const Expression& e) {
        std::vector<std::string> known = {std::string(voltage_of_text)};
        for (const Entry& one : parameters()) known.push_back(one.key);
        const bool is_voltage = e.name == "v" || e.name == "soma.v";
        const std::string near = is_voltage ? " Did you mean \"x\"?" : did_you_mean(e.name, known);
        misspelt_ |= !near.empty();
        tell(e.where, fmt::format("there is no \"{}\"; known are {}: an activation is of the "
                                  "cell's own voltage \"x\" alone.{}",
                                  shortened(e.name), list_of(known), near));
    }

    // A misspelt name may be the one that is missing.
    void check_all_is_read() {
        if (misspelt_) return;
        for (const Entry& one : parameters()) {
            if (std::find(read_.begin(), read_.end(), one.key) == read_.end())
                tell(one.where, fmt::format("it has the parameter \"{}\", which its equation does "
                                            "not read",
                                            one.key));
        }
    }

    const std::string& name_;
    Table& table_;
    Table* parameters_ = nullptr;
    std::vector<std::string> read_;
    std::vector<WrittenActivation::OfCells> of_cells_;
    std::optional<Expression> slope_;
    bool misspelt_ = false;
    Mistakes mistakes_;
};

void check_is_new(const Text& name) {
    check_letters(name);
    std::vector<std::string> known = built_in_activations();
    known.emplace_back("softmax");
    if (std::find(known.begin(), known.end(), name.text) == known.end()) return;
    reject(name.where, fmt::format("activation \"{0}\": \"{0}\" is one that Apical has; expected "
                                   "another name",
                                   name.text));
}

// What other programs call an activation that has another name here; empty when none does.
std::string_view name_here(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> elsewhere[] = {
        {"relu", "rectified"},   {"ReLU", "rectified"},  {"threshold_linear", "rectified"},
        {"sigmoid", "logistic"}, {"identity", "linear"}, {"exp", "exponential"}};
    for (const auto& [there, here] : elsewhere)
        if (there == name) return here;
    return {};
}

}  // namespace

WrittenActivation read_activation(Entry& entry) {
    check_is_new({entry.key, entry.where});
    Mistakes mistakes;
    mistakes.add(mistakes_in(inner_table(entry, "activation"), entry.where,
                             "activation." + entry.key, activation_keys()));
    mistakes.reject_any();
    WrittenActivation activation = ActivationTable(entry).activation();
    activation.where = entry.where;
    return activation;
}

void load_activations(Circuit& circuit, Table& root) {
    Value* value = root.find("activation");
    if (!value) return;
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(value->content).entries) {
        mistakes.attempt([&] {
            check_room(circuit.activations.size(), "activations", entry.where);
            circuit.activations.push_back(read_activation(entry));
        });
    }
    mistakes.reject_any();
}

NamedActivation resolve_activation(const Circuit& circuit, const Text& name, std::string_view key) {
    const std::vector<std::string> built_in = built_in_activations();
    if (std::find(built_in.begin(), built_in.end(), name.text) != built_in.end())
        return {activation_of(name.text), {}};
    if (name.text == name_of(Activation::softmax)) return {Activation::softmax, {}};
    if (const ActivationId id = circuit.find_activation(name.text))
        return {Activation::written, id};
    std::vector<std::string> known = built_in;
    for (const WrittenActivation& one : circuit.activations) known.push_back(one.name);
    for (const ShippedActivation& one : shipped_activations())
        if (!circuit.find_activation(one.name)) known.emplace_back(one.name);
    known.emplace_back(name_of(Activation::softmax));
    const std::string_view here = name_here(name.text);
    reject(name.where, fmt::format("{} is {}; expected a text, one of {}.{}", key,
                                   describe(Value{name.where, name.text}), list_of(known),
                                   did_you_mean(here.empty() ? name.text : here, known)));
}

}  // namespace apical
