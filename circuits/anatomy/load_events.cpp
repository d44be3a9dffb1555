// [event.*] tables.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

using Action = Intervention::Action;

constexpr std::string_view actions[] = {"silence", "lesion", "inject", "gate", "stop"};

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

    Intervention load() && {
        find_action();
        find_time();
        find_some();
        return std::move(event_);
    }

private:
    std::string who() const { return fmt::format("event \"{}\"", event_.name); }

    // ---- what it does

    void find_action() {
        std::vector<std::string_view> given;
        for (const std::string_view one : actions)
            if (section_.has(one)) given.push_back(one);
        if (given.empty()) {
            reject(event_.where,
                   fmt::format("[{}] does nothing; expected one of silence, lesion, inject, gate "
                               "and stop",
                               section_.name()));
        }
        if (given.size() > 1) {
            reject(section_.where(given[1]),
                   fmt::format("[{}] has {} and {}; expected one, and another event beside it",
                               section_.name(), given[0], given[1]));
        }
        const Text what = section_.text(given[0]);
        if (given[0] == "silence") silence(what);
        if (given[0] == "lesion") lesion(what);
        if (given[0] == "inject") inject(what);
        if (given[0] == "gate") hold_gate(what);
        if (given[0] == "stop") stop(what);
        take_amount("current", Action::inject);
        take_amount("to", Action::gate);
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
        const bool is_led = circuit_[cells].coupling && circuit_.is_soma(event_.compartment);
        if (!is_led && !is_set_from_outside(circuit_[cells].role)) return;
        reject(what.where,
               fmt::format("[{}] injects into \"{}\", which {}; expected {}", section_.name(),
                           what.text, is_led ? "follows its dendrites" : "has no voltage",
                           is_led ? "one of these" : "a compartment of cells"));
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
        constexpr std::string_view before = "plasticity.";
        const bool is_address = what.text.starts_with(before);
        event_.rule = is_address ? what.text.substr(before.size()) : what.text;
        std::vector<std::string> known = names_in(root_, "plasticity");
        for (const std::string& one : known)
            if (one == event_.rule) return;
        for (std::string& one : known) one.insert(0, before);
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

    // ---- when it does it

    // Nanoseconds of a number of steps, or of a time; `from` is the step that counts as 0.
    std::int64_t time_of(std::string_view steps, std::string_view ms, std::int64_t from) const {
        const std::int64_t step = circuit_.step_nanoseconds();
        if (section_.has(ms)) return std::llround(section_.number(ms) * nanoseconds_per_ms);
        const std::int64_t count = section_.integer(steps) - from;
        constexpr std::int64_t most = Intervention::for_ever / 4;
        return count > most / step ? most : count * step;
    }

    bool has_one_of(std::string_view steps, std::string_view ms) const {
        const bool both = section_.has(steps) && section_.has(ms);
        if (both)
            reject(section_.where(ms),
                   fmt::format("[{}] has {} and {}; expected one", section_.name(), steps, ms));
        return section_.has(steps) || section_.has(ms);
    }

    Where where_of(std::string_view steps, std::string_view ms) const {
        return section_.where(section_.has(steps) ? steps : ms);
    }

    void find_time() {
        if (!has_one_of("at", "at_ms")) section_.require("at", who());
        event_.begin = time_of("at", "at_ms", 1);
        const std::int64_t end = steps_ * circuit_.step_nanoseconds();
        if (event_.begin >= end) {
            const std::string at = section_.has("at")
                                       ? fmt::format("{}", section_.integer("at"))
                                       : fmt::format("{:.6g} ms", section_.number("at_ms"));
            reject(where_of("at", "at_ms"),
                   fmt::format("[{}] begins at {}, after the run's last step, {}", section_.name(),
                               at, steps_));
        }
        find_end();
        if (!has_one_of("every", "every_ms")) return;
        event_.period = time_of("every", "every_ms", 0);
        if (event_.period > event_.lasts) return;
        reject(where_of("every", "every_ms"),
               fmt::format("[{}] comes again before it is over; expected {}", section_.name(),
                           event_.lasts == Intervention::for_ever
                               ? "a key \"for\""
                               : "a longer time from one beginning to the next"));
    }

    void find_end() {
        const bool until = has_one_of("until", "until_ms"), lasts = has_one_of("for", "for_ms");
        if (until && lasts) {
            reject(where_of("for", "for_ms"),
                   fmt::format("[{}] says until when it is on and for how long; expected one",
                               section_.name()));
        }
        if (lasts) event_.lasts = time_of("for", "for_ms", 0);
        if (until) event_.lasts = time_of("until", "until_ms", 1) - event_.begin;
        if (event_.lasts > 0) return;
        const Where where = until ? where_of("until", "until_ms") : where_of("for", "for_ms");
        reject(where,
               fmt::format("[{}] is over before it begins; expected a later end", section_.name()));
    }

    // ---- of which cells

    // Cells of which it can be of some alone; none of what is one for all.
    PopulationId cells() const {
        switch (event_.action) {
            case Action::silence:
                return event_.cells;
            case Action::lesion:
                return event_.cells ? event_.cells : circuit_[event_.synapses].post;
            case Action::inject:
                return circuit_[event_.compartment].population;
            case Action::gate: {
                const Gate& gate = circuit_[event_.gate];
                return gate.is_by_cells() ? circuit_[gate.compartment].population : PopulationId{};
            }
            case Action::stop:
                return {};
        }
        return {};
    }

    void find_some() {
        const char* key = section_.has("cells") ? "cells" : "fraction";
        if (!section_.has(key)) return;
        if (!cells()) {
            reject(section_.where(key),
                   fmt::format("[{}] has {}, but what it does is the same for all cells; expected "
                               "none",
                               section_.name(), key));
        }
        if (section_.has("cells") && section_.has("fraction")) {
            reject(section_.where("fraction"),
                   fmt::format("[{}] has cells and fraction; expected one", section_.name()));
        }
        if (section_.has("fraction")) {
            event_.fraction = section_.number("fraction");
        } else {
            take_cells(section_.value("cells"), circuit_[cells()]);
        }
    }

    [[noreturn]] void reject_cells(const Value& value, const Population& of) const {
        reject(
            value.where,
            fmt::format("event.{}.cells is {}; expected cells of \"{}\", 0 to {}, as in \"0:{}\" "
                        "or [0, {}]",
                        event_.name, describe(value), of.name, of.size - 1, of.size, of.size - 1));
    }

    void take_cells(const Value& value, const Population& of) {
        if (const auto* text = std::get_if<std::string>(&value.content)) {
            int first = 0, end = 0;
            const char *begin = text->data(), *last = begin + text->size();
            const auto [colon, bad_first] = std::from_chars(begin, last, first);
            const bool goes_on = bad_first == std::errc{} && colon != last && *colon == ':';
            if (!goes_on) reject_cells(value, of);
            const auto [rest, bad_end] = std::from_chars(colon + 1, last, end);
            const bool is_range = bad_end == std::errc{} && rest == last && first >= 0 &&
                                  first < end && end <= of.size;
            if (!is_range) reject_cells(value, of);
            for (int cell = first; cell < end; ++cell) event_.chosen.push_back(cell);
            return;
        }
        for (const Value& one : std::get<Array>(value.content)) {
            const std::int64_t cell = std::get<std::int64_t>(one.content);
            if (cell < 0 || cell >= of.size) reject_cells(one, of);
            event_.chosen.push_back(static_cast<int>(cell));
        }
        if (event_.chosen.empty()) reject_cells(value, of);
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
            circuit.interventions.push_back(EventLoader(circuit, root, entry, steps).load());
            const Intervention& event = circuit.interventions.back();
            // A path that is held open drives firing whenever that is.
            if (event.gate && event.amount > 0.0)
                circuit.gates[event.gate.value].may_open_in.assign(circuit.phases.size(), true);
        });
    }
    mistakes.reject_any();
}

}  // namespace apical
