// [event.*] tables.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

using Action = Intervention::Action;

constexpr std::string_view of_rules = "plasticity.", of_tables = "dynamics.";
constexpr std::string_view actions[] = {"silence", "lesion", "inject", "gate", "stop", "set"};

std::vector<std::string> names_in(const Table& root, std::string_view section) {
    std::vector<std::string> names;
    const Value* value = root.find(section);
    const auto* table = value ? std::get_if<Table>(&value->content) : nullptr;
    if (!table) return names;
    for (const Entry& entry : table->entries) names.push_back(entry.key);
    return names;
}

class EventLoader {
public:
    EventLoader(const Circuit& circuit, const Table& root, Entry& entry, std::int64_t steps)
        : circuit_(circuit),
          root_(root),
          section_(inner_table(entry, "event"), entry.where, "event." + entry.key, event_keys()),
          steps_(steps) {
        event_.name = entry.key;
        event_.where = entry.where;
    }

    // One for each thing that it sets.
    std::vector<Intervention> load() && {
        if (section_.has("set")) {
            check_alone("set");
            std::vector<Intervention> all;
            for (const Entry& one : std::get<Table>(section_.value("set").content).entries) {
                all.push_back(event_);
                set(one, all.back());
            }
            return timed(std::move(all));
        }
        find_action();
        return timed({event_});
    }

private:
    std::string who() const { return fmt::format("event \"{}\"", event_.name); }

    std::vector<Intervention> timed(std::vector<Intervention> all) {
        if (all.empty())
            reject(section_.where("set"),
                   fmt::format("[{}] sets nothing; expected an address and a number, as in {{ "
                               "\"hidden.r\" = 0.5 }}",
                               section_.name()));
        for (Intervention& one : all) load_event_time(circuit_, section_, steps_, all.size(), one);
        return all;
    }

    // ---- what it does

    void find_action() {
        std::vector<std::string_view> given;
        for (const std::string_view one : actions)
            if (section_.has(one)) given.push_back(one);
        if (given.empty()) {
            reject(event_.where,
                   fmt::format("[{}] does nothing; expected one of silence, lesion, inject, gate, "
                               "stop and set",
                               section_.name()));
        }
        check_alone(given[0]);
        const Text what = section_.text(given[0]);
        if (given[0] == "silence") silence(what);
        if (given[0] == "lesion") lesion(what);
        if (given[0] == "inject") inject(what);
        if (given[0] == "gate") hold_gate(what);
        if (given[0] == "stop") stop(what);
        take_amount("current", Action::inject);
        take_amount("to", Action::gate);
    }

    void check_alone(std::string_view given) const {
        for (const std::string_view other : actions) {
            if (other == given || !section_.has(other)) continue;
            reject(section_.where(other),
                   fmt::format("[{}] has {} and {}; expected one, and another event beside it",
                               section_.name(), given, other));
        }
        if (given != "set") return;
        for (const std::string_view key : {"current", "to"}) {
            if (!section_.has(key)) continue;
            reject(section_.where(key),
                   fmt::format("[{}] has {}, which says nothing of what it does; expected none",
                               section_.name(), key));
        }
    }

    // A rate, a voltage, strengths or a number of a rule.
    void set(const Entry& one, Intervention& event) const {
        event.action = Action::set;
        const auto* whole = std::get_if<std::int64_t>(&one.value.content);
        event.amount = whole ? static_cast<double>(*whole) : std::get<double>(one.value.content);
        event.synapses = circuit_.find_synapses(one.key);
        if (event.synapses) return check_strength(one, event);
        if (one.key.starts_with(of_rules)) return set_number(one, event);
        if (one.key.starts_with(of_tables) && !circuit_.find_population("dynamics"))
            return set_number_of_table(one, event);
        if (is_of_dynamics(one.key)) {
            event.where = one.where;
            event.is_of_dynamics = true;
            split(one.key, event);
            return;
        }
        check_no_label(one);
        if (one.key.starts_with("gate."))
            reject(one.where, fmt::format("[{}] sets \"{}\"; expected gate = \"NAME\" and to = "
                                          "{:.6g}, of an event of its own",
                                          section_.name(), shortened(one.key), event.amount));
        const Text what{one.key, one.where};
        const Signal signal = resolve_signal(circuit_, what);
        const bool is_now = !signal.is_previous && !signal.is_before && !signal.at_end;
        const PopulationId of = signal.voltage ? circuit_[signal.voltage].population : signal.rate;
        if (!is_now || !of) {
            reject(one.where,
                   fmt::format("[{}] sets \"{}\"; expected a synapse set, a rate or a voltage of "
                               "now, as hidden.r or hidden.apical, or a number of a rule, as "
                               "plasticity.readout.rate",
                               section_.name(), shortened(one.key)));
        }
        event.compartment = signal.voltage;
        if (!signal.voltage) check_rate(one, event.cells = of, event.amount);
    }

    // "readout.rate": the rule's label and the name in its equations.
    static void split(std::string_view address, Intervention& event) {
        const std::size_t dot = std::min(address.find('.'), address.size());
        event.rule = address.substr(0, dot);
        event.number = address.substr(std::min(dot + 1, address.size()));
    }

    void set_number(const Entry& one, Intervention& event) const {
        event.where = one.where;
        split(std::string_view(one.key).substr(of_rules.size()), event);
        std::vector<std::string> known = names_in(root_, "plasticity");
        if (std::find(known.begin(), known.end(), event.rule) == known.end()) {
            for (std::string& label : known) label.insert(0, of_rules);
            reject_unknown({std::string(of_rules) + event.rule, one.where}, "rule", known);
        }
        if (!event.number.empty()) return;
        reject(one.where, fmt::format("[{}] sets \"{}\", which is a rule; expected a number of it, "
                                      "as {}{}.rate",
                                      section_.name(), one.key, of_rules, event.rule));
    }

    // "dynamics.adapt.gain": of the cells that the table names.
    void set_number_of_table(const Entry& one, Intervention& event) const {
        event.where = one.where;
        split(std::string_view(one.key).substr(of_tables.size()), event);
        std::swap(event.table, event.rule);
        std::vector<std::string> known = names_in(root_, "dynamics");
        if (std::find(known.begin(), known.end(), event.table) == known.end()) {
            for (std::string& label : known) label.insert(0, of_tables);
            reject_unknown({std::string(of_tables) + event.table, one.where},
                           "table of equations inside cells", known);
        }
        if (event.number.empty())
            reject(one.where,
                   fmt::format("[{}] sets \"{}\", which is a table of equations; expected a number "
                               "of it, as {}{}.NAME",
                               section_.name(), shortened(one.key), of_tables, event.table));
        event.is_of_dynamics = true;
        const Table& tables = std::get<Table>(root_.find("dynamics")->content);
        const auto* table = std::get_if<Table>(&tables.find(event.table)->content);
        const Value* cells = table ? table->find("cells") : nullptr;
        const auto* name = cells ? std::get_if<std::string>(&cells->content) : nullptr;
        if (name) event.rule = *name;
    }

    // "readout.rate", as such a number is recorded.
    void check_no_label(const Entry& one) const {
        const std::string label = one.key.substr(0, one.key.find('.'));
        const std::vector<std::string> labels = names_in(root_, "plasticity");
        const bool is_label = std::find(labels.begin(), labels.end(), label) != labels.end();
        if (!is_label || circuit_.find_population(label)) return;
        reject(one.where,
               fmt::format("[{}] sets \"{}\"; expected a number of a rule from its table "
                           "on, as \"{}{}\"",
                           section_.name(), shortened(one.key), of_rules, shortened(one.key)));
    }

    // Whether it is neither a rate nor a voltage of cells that have equations inside: "hidden.a".
    bool is_of_dynamics(const std::string& key) const {
        const std::size_t dot = key.find('.');
        if (dot == std::string::npos || key.find('.', dot + 1) != std::string::npos) return false;
        const std::string cells = key.substr(0, dot), name = key.substr(dot + 1);
        if (name == "r" || circuit_.find_compartment(key)) return false;
        const Value* section = root_.find("dynamics");
        const auto* tables = section ? std::get_if<Table>(&section->content) : nullptr;
        return tables && std::any_of(tables->entries.begin(), tables->entries.end(),
                                     [&](const Entry& one) { return is_in(one, cells); });
    }

    static bool is_in(const Entry& dynamics, const std::string& cells) {
        const auto* table = std::get_if<Table>(&dynamics.value.content);
        const Value* named = table ? table->find("cells") : nullptr;
        const auto* name = named ? std::get_if<std::string>(&named->content) : nullptr;
        return name && *name == cells;
    }

    void check_rate(const Entry& one, PopulationId of, double amount) const {
        const Population& cells = circuit_[of];
        const bool is_constant = cells.role == Role::constant,
                   is_half = cells.spikes && amount != 0.0 && amount != 1.0;
        if (!is_constant && !is_half) return;
        reject(one.where,
               fmt::format("[{}] sets the rate of \"{}\", which {}; expected {}", section_.name(),
                           cells.name, is_constant ? "is constant" : "spikes, to no 0 or 1",
                           is_constant ? "cells" : "0 or 1"));
    }

    void check_strength(const Entry& one, const Intervention& event) const {
        const StrengthRange range = circuit_.strength_range(event.synapses);
        const bool is_outside = event.amount < range.low || event.amount > range.high,
                   is_missing = circuit_[event.synapses].has_gaps() && event.amount != 0.0;
        if (!is_outside && !is_missing) return;
        reject(
            one.where,
            fmt::format("[{}] sets the strengths of \"{}\" to {:.6g}, {}", section_.name(), one.key,
                        event.amount,
                        is_outside ? fmt::format("which stay between {:.6g} and {:.6g}; expected a "
                                                 "number between",
                                                 range.low, range.high)
                                   : "also where connect leaves synapses out; expected 0"));
    }

    void silence(const Text& what) {
        event_.action = Action::silence;
        event_.cells = resolve_population(circuit_, what);
        if (circuit_[event_.cells].role != Role::constant) return;
        reject(what.where, fmt::format("[{}] silences \"{}\", which is constant; expected cells, "
                                       "or a lesion of its synapses",
                                       section_.name(), what.text));
    }

    void lesion(const Text& what) {
        event_.action = Action::lesion;
        event_.cells = circuit_.find_population(what.text);
        if (event_.cells) return;
        event_.synapses = circuit_.find_synapses(what.text);
        if (event_.synapses) return;
        std::vector<std::string> known;
        for (const SynapseSet& set : circuit_.synapses) known.push_back(set.name);
        for (const Population& cells : circuit_.populations) known.push_back(cells.name);
        reject_unknown(what, "synapse set or population", known);
    }

    void inject(const Text& what) {
        event_.action = Action::inject;
        event_.compartment = resolve_compartment(circuit_, what, who() + " injects into");
        const PopulationId cells = circuit_[event_.compartment].population;
        const bool is_led = circuit_.is_led(event_.compartment),
                   is_reversal = circuit_[event_.compartment].reversal.has_value();
        if (!is_led && !is_reversal && !is_set_from_outside(circuit_[cells].role)) return;
        reject(what.where, fmt::format("[{}] injects into \"{}\", which {}; expected {}",
                                       section_.name(), what.text,
                                       is_led        ? "follows its dendrites"
                                       : is_reversal ? "stays at its reversal potential"
                                                     : "has no voltage",
                                       is_led        ? "one of these"
                                       : is_reversal ? "another dendrite"
                                                     : "a compartment of cells"));
    }

    void hold_gate(const Text& what) {
        event_.action = Action::gate;
        std::vector<std::string> known;
        for (std::size_t i = 0; i < circuit_.gates.size(); ++i) {
            if (circuit_.gates[i].name == what.text) event_.gate = GateId(i);
            known.push_back(circuit_.gates[i].name);
        }
        if (!event_.gate) reject_unknown(what, "gate", known);
    }

    void stop(const Text& what) {
        event_.action = Action::stop;
        const bool is_address = what.text.starts_with(of_rules);
        event_.rule = is_address ? what.text.substr(of_rules.size()) : what.text;
        std::vector<std::string> known = names_in(root_, "plasticity");
        for (const std::string& one : known)
            if (one == event_.rule) return;
        for (std::string& one : known) one.insert(0, of_rules);
        reject_unknown(what, "rule", known);
    }

    void take_amount(std::string_view key, Action of) {
        if (event_.action == of) {
            section_.require(key, who());
            event_.amount = section_.number(key);
        } else if (section_.has(key)) {
            reject(section_.where(key),
                   fmt::format("[{}] has {}, which says nothing of what it does; expected none",
                               section_.name(), key));
        }
    }

    const Circuit& circuit_;
    const Table& root_;
    Section section_;
    std::int64_t steps_;
    Intervention event_;
};

}  // namespace

void load_events(Circuit& circuit, Table& root, std::int64_t steps) {
    Value* tables = root.find("event");
    if (!tables) return;
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(tables->content).entries) {
        mistakes.attempt([&] {
            check_letters({entry.key, entry.where});
            for (Intervention& event : EventLoader(circuit, root, entry, steps).load()) {
                // A path that is held open drives firing whenever that is.
                if (event.gate && event.amount > 0.0)
                    circuit.gates[event.gate.value].may_open_in.assign(circuit.phases.size(), true);
                circuit.interventions.push_back(std::move(event));
            }
        });
    }
    mistakes.reject_any();
}

}  // namespace apical
