#include "learning_rules/book/cell_dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/program/forward_pass.hpp"
#include "learning_rules/book/cell_bursts.hpp"
#include "learning_rules/book/emitted_rates.hpp"
#include "learning_rules/book/read_rule.hpp"
#include "learning_rules/book/rule_keys.hpp"
#include "learning_rules/book/set_numbers.hpp"
#include "learning_rules/learning_rule.hpp"
#include "learning_rules/lowering/lower.hpp"

namespace apical {

namespace {

void replace_first(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at != std::string::npos) text.replace(at, from.size(), to);
}

// Does the work, whose mistakes are told as those of [dynamics.*], or of a gate, and not of a rule.
template <class Work>
auto told_of(std::string_view whom, Work work) {
    try {
        return work();
    } catch (const Rejected& rejected) {
        Mistakes mistakes;
        for (Mistake one : rejected.mistakes()) {
            if (one.sentence.starts_with("rule \"")) replace_first(one.sentence, "rule", whom);
            replace_first(one.sentence, "each postsynaptic cell", "each cell");
            mistakes.add({one});
        }
        mistakes.reject_any();
        throw;
    }
}

// "cell", as a state inside cells says where it is, is "post" of a rule.
void name_as_of_rule(Value& place, const std::string& who) {
    auto* text = std::get_if<std::string>(&place.content);
    if (!text || *text == "all") return;
    const std::vector<std::string> known = {"cell", "all"};
    if (*text != "cell")
        reject(place.where,
               fmt::format("{} is \"{}\"; expected one of {}.{}", who, shortened(*text),
                           list_of(known), did_you_mean(*text, known)));
    *text = spelling_of(Place::post);
}

void name_states_as_of_rule(Table& text, const std::string& section) {
    Value* value = text.find("state");
    Table* states = value ? std::get_if<Table>(&value->content) : nullptr;
    if (!states) return;
    Mistakes mistakes;
    for (Entry& one : states->entries) {
        const std::string who = fmt::format("{}.state.{}", section, one.key);
        auto* table = std::get_if<Table>(&one.value.content);
        Value* place = table ? table->find("at") : &one.value;
        if (place) mistakes.attempt([&] { name_as_of_rule(*place, who); });
    }
    mistakes.reject_any();
}

CellDynamics read_table(Entry& entry) {
    check_letters({entry.key, entry.where});
    const std::string section = "dynamics." + entry.key;
    Table& table = inner_table(entry, "dynamics");
    Mistakes mistakes;
    mistakes.add(mistakes_in(table, entry.where, section, dynamics_keys()));
    mistakes.reject_any();
    Entry of_rule = entry;
    Table& text = std::get<Table>(of_rule.value.content);
    std::erase_if(text.entries, [](const Entry& one) {
        return one.key == "cells" || one.key == "during" || one.key == "when";
    });
    name_states_as_of_rule(text, section);
    CellDynamics read{.text = told_of("dynamics", [&] { return read_text_of_cells(of_rule); })};
    for (const Parameter& one : read.text.parameters) {
        if (one.default_value) continue;
        reject(one.where,
               fmt::format("dynamics \"{}\": the parameter \"{}\" has no value; expected "
                           "default = ...",
                           entry.key, one.name));
    }
    const Value* when = table.find("when");
    read.after_firing = when && std::get<std::string>(when->content) == "after firing";
    return read;
}

Table* tables_of(Table& root, std::string_view name) {
    Value* value = root.find(name);
    return value ? std::get_if<Table>(&value->content) : nullptr;
}

Entry& entry_of(Table& root, const CellDynamics& one) {
    std::vector<Entry>& all = tables_of(root, one.gate ? "gate" : "dynamics")->entries;
    return *std::find_if(all.begin(), all.end(),
                         [&](const Entry& entry) { return entry.key == one.text.name; });
}

// The first phase in which the cells fire; the last of all when they never do.
std::string phase_of_cells(const Circuit& circuit, PopulationId cells) {
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        if (circuit.fires(cells, PhaseId(p))) return circuit.phases[p].name;
    }
    return circuit.phases.back().name;
}

class CircuitWithDynamics {
public:
    CircuitWithDynamics(ProgramBuilder& program, std::vector<CellDynamics>& all, Table& root)
        : program_(program),
          circuit_(program.circuit()),
          all_(all),
          root_(root),
          bursts_(program.circuit()) {}

    void emit() {
        for (CellDynamics& one : all_) mistakes_.attempt([&] { place(one); });
        mistakes_.reject_any();
        std::ranges::move(emitted_rates(circuit_), std::back_inserter(all_));
        using enum ForwardPart::What;
        for (const ForwardPart& part : forward_parts(circuit_)) {
            apical::emit(program_, part);
            for (const PopulationId cells : bursts_.behind(part))
                mistakes_.attempt([&] {
                    for (std::string& one : emit_bursts(program_, part.phase, cells, all_))
                        made_for_bursts_.push_back(std::move(one));
                });
            if (part.what == before_firing) take_place(part.phase, part.population, false);
            if (part.what == end) take_place(part.phase, {}, true);
        }
        mistakes_.attempt([&] { check_set_numbers(); });
        mistakes_.reject_any();
    }

private:
    Section section_of(const CellDynamics& one) {
        Entry& entry = entry_of(root_, one);
        if (one.gate)
            return {inner_table(entry, "gate"), entry.where, gate_address(entry.key), gate_keys()};
        return {inner_table(entry, "dynamics"), entry.where, one.asks_as(), dynamics_keys()};
    }

    void place(CellDynamics& one) {
        const Section section = section_of(one);
        one.cells = resolve_population(circuit_, section.text("cells"));
        if (!section.has("during")) section.set("during", phase_of_cells(circuit_, one.cells));
        one.phase = resolve_phase(circuit_, section.text("during"));
    }

    // `cells` is unset of those that take place after firing.
    void take_place(PhaseId phase, PopulationId cells, bool after_firing) {
        for (const CellDynamics& one : all_) {
            const bool now = one.phase == phase && one.after_firing == after_firing;
            if (!now || (cells && one.cells != cells)) continue;
            mistakes_.attempt(
                [&] { told_of(one.gate ? "gate" : "dynamics", [&] { append(one); }); });
        }
    }

    void append(const CellDynamics& one) {
        for (const StateDeclaration& state : one.text.state)
            check_free(one, state.name, state.where);
        check_parameters(one);
        for (const Statement& statement : one.text.equations) {
            const bool is_voltage = statement.target.find('.') != std::string::npos;
            if (!is_voltage && !one.text.find_state(statement.target))
                check_free(one, statement.target, statement.where);
        }
        const Section section = section_of(one);
        program_.begin(one.phase, one.asks_as(), one.text.where);
        const Binding binding{section, circuit_[one.cells].name, {}, one.cells};
        const std::size_t first = program_.so_far().operations.size();
        lower_in_cells(program_, binding, one.text);
        for (const Intervention& event : circuit_.interventions) {
            if (event.sets_number_in(binding.label, one.text.name) &&
                program_.set_number(event, first))
                set_by_events_.push_back(&event);
        }
    }

    // A parameter that an event sets is a number of the cells.
    void check_parameters(const CellDynamics& one) {
        for (const Parameter& parameter : one.text.parameters) {
            bool is_set = false;
            for (const Intervention& event : circuit_.interventions) {
                if (event.number != parameter.name ||
                    !event.sets_number_in(circuit_[one.cells].name, one.text.name))
                    continue;
                check_range(event, parameter);
                is_set = true;
            }
            if (is_set) check_free(one, parameter.name, parameter.where);
        }
    }

    // Throws if an event sets a number that no equations make.
    void check_set_numbers() const {
        for (const Intervention& event : circuit_.interventions) {
            if (!event.is_of_dynamics || std::find(set_by_events_.begin(), set_by_events_.end(),
                                                   &event) != set_by_events_.end())
                continue;
            std::vector<std::string> known;
            for (const CellDynamics& one : all_) {
                if (!event.sets_number_in(circuit_[one.cells].name, one.text.name)) continue;
                for (const Parameter& parameter : one.text.parameters)
                    known.push_back(parameter.name);
                for (const StateDeclaration& state : one.text.state) known.push_back(state.name);
            }
            reject(
                event.where,
                fmt::format(
                    "[event.{}] sets \"{}\", which the equations inside \"{}\" do not have; "
                    "they have {}.{}",
                    event.name, shortened(event.number_address()), event.rule,
                    known.empty() ? "nothing" : list_of(known), did_you_mean(event.number, known)));
        }
    }

    // Throws if what equations keep or make has the address of a compartment, or of a number of
    // another table of the cells.
    void check_free(const CellDynamics& one, const std::string& name, const Where& where) {
        const std::string address = one.signal_name(circuit_, name).address();
        if (is_of_another_phase(one)) return;
        const bool is_taken = circuit_.find_compartment(address) || program_.so_far().find(address);
        if (!is_taken || std::erase(made_for_bursts_, address) > 0) return;
        reject(where, fmt::format("{} \"{}\": there is \"{}\" already; expected another name "
                                  "than \"{}\"",
                                  one.gate ? "gate" : "dynamics", one.text.name, address, name));
    }

    // Whether what a gate emits has been made in an earlier phase.
    bool is_of_another_phase(const CellDynamics& one) const {
        return one.gate && std::any_of(all_.begin(), all_.end(), [&](const CellDynamics& other) {
                   return other.gate == one.gate && other.phase < one.phase;
               });
    }

    ProgramBuilder& program_;
    const Circuit& circuit_;
    std::vector<CellDynamics>& all_;
    Table& root_;
    AwaitedBursts bursts_;
    std::vector<std::string>
        made_for_bursts_;  // addresses of states, before their table takes place
    std::vector<const Intervention*> set_by_events_;
    Mistakes mistakes_;
};

}  // namespace

RuleQuantity CellDynamics::signal_name(const Circuit& circuit, std::string_view quantity) const {
    return {circuit[cells].name, std::string(quantity)};
}

std::vector<CellDynamics> read_dynamics(Table& root, Mistakes& mistakes) {
    std::vector<CellDynamics> all;
    Table* tables = tables_of(root, "dynamics");
    if (!tables) return all;
    for (Entry& entry : tables->entries)
        mistakes.attempt([&] { all.push_back(read_table(entry)); });
    return all;
}

void emit_circuit(ProgramBuilder& program, std::vector<CellDynamics>& dynamics, Table& root) {
    std::erase_if(dynamics, [](const CellDynamics& one) { return bool(one.gate); });
    CircuitWithDynamics(program, dynamics, root).emit();
}

}  // namespace apical
