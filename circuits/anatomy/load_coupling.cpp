// The key coupling of populations: conductances between the compartments of a cell.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

// Each is an operand of one operation, with a gate.
constexpr std::size_t most_coupled = 7;

constexpr std::array branch_table = {
    Key{.section = "branch",
        .name = "to",
        .type = Type::text,
        .default_value = "-",
        .description = "dendrite to which it is coupled, a branch then; left out: the soma"},
    Key{.section = "branch",
        .name = "conductance",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "1/ms",
        .description = "of the way between the two; with reversal by what it multiplies what "
                       "synapses bring, 1 when left out"},
    Key{.section = "branch",
        .name = "leak",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e9,
        .unit = "1/ms",
        .description = "of a branch, to which others are coupled; left out: 0"},
    Key{.section = "branch",
        .name = "reversal",
        .type = Type::number,
        .default_value = "-",
        .minimum = -1e9,
        .maximum = 1e9,
        .description = "potential at which the dendrite stays: synapses to it bring a conductance, "
                       "the sum of what arrives or 0, which leads there"},
};

double number_of_entry(const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value.content);
    return integer ? static_cast<double>(*integer) : std::get<double>(value.content);
}

class CouplingLoader {
public:
    CouplingLoader(Circuit& circuit, PopulationId cells, const Section& section)
        : circuit_(circuit), cells_(cells), section_(section) {}

    void load() {
        Value& value = section_.value("coupling");
        Table& table = std::get<Table>(value.content);
        coupling_.where = value.where;
        for (Entry& entry : table.entries) load_entry(entry);
        for (Entry& entry : table.entries) load_way(entry);
        circuit_.populations[cells_.value].coupling = coupling_;
        check_sum(value.where);
        check_ways(table);
        if (!table.find("leak")) table.entries.push_back({"leak", value.where, {value.where, 0.0}});
        if (!table.find("solver"))
            table.entries.push_back({"solver", value.where, {value.where, std::string("exact")}});
        for (const Entry& entry : table.entries) add_gate_of_reversal(entry);
    }

private:
    // ---- one entry

    void load_entry(Entry& entry) {
        if (entry.key == "solver") {
            coupling_.solver = solver_of(entry);
            return;
        }
        if (std::holds_alternative<Table>(entry.value.content) && entry.key != "leak")
            return load_branch(entry);
        const double conductance = conductance_of(entry);
        sum_ += conductance;
        if (entry.key == "leak") {
            coupling_.leak = conductance;
        } else {
            find({entry.key, entry.where}).conductance = conductance;
        }
    }

    Section section_of(Entry& entry) const {
        return {std::get<Table>(entry.value.content), entry.value.where,
                fmt::format("{}.coupling.{}", section_.name(), entry.key), branch_keys()};
    }

    void load_branch(Entry& entry) {
        const Section section = section_of(entry);
        Compartment& dendrite = find({entry.key, entry.where});
        if (section.has("reversal")) {
            dendrite.reversal = section.number("reversal");
        } else {
            section.require("conductance", fmt::format("a dendrite without reversal"));
        }
        dendrite.conductance = section.has("conductance") ? section.number("conductance") : 1.0;
        if (section.has("leak")) dendrite.leak = section.number("leak");
        sum_ += *dendrite.conductance + dendrite.leak;
    }

    // Where it leads, when all that is coupled is known.
    void load_way(Entry& entry) {
        auto* table = std::get_if<Table>(&entry.value.content);
        if (!table || !table->find("to")) return;
        const Section section = section_of(entry);
        const Text to = section.text("to");
        if (to.text == "soma") return;
        const Compartment& found = find(to);
        const CompartmentId branch =
            circuit_.find_compartment(fmt::format("{}.{}", circuit_[cells_].name, found.name));
        if (!found.conductance) {
            reject(to.where, fmt::format("[{}] is coupled to \"{}\", which nothing couples to the "
                                         "soma; expected a conductance of it, as in {} = 0.1",
                                         section.name(), to.text, to.text));
        }
        find({entry.key, entry.where}).coupled_to = branch;
    }

    Compartment& find(const Text& name) {
        std::vector<std::string> known;
        for (const CompartmentId c : circuit_[cells_].compartments) {
            if (circuit_.is_soma(c)) continue;
            if (circuit_[c].name == name.text) return circuit_.compartments[c.value];
            known.push_back(circuit_[c].name);
        }
        if (known.empty()) {
            reject(name.where, fmt::format("[{}] has no dendrites; expected dendrites = [\"{}\"]",
                                           section_.name(), shortened(name.text)));
        }
        reject_unknown(name, "dendrite", known);
    }

    double conductance_of(const Entry& entry) const {
        const bool is_word = std::holds_alternative<std::string>(entry.value.content);
        if (is_word || std::holds_alternative<Table>(entry.value.content)) {
            reject(entry.value.where,
                   fmt::format("{}.coupling has {} for \"{}\"; expected a "
                               "conductance in 1/ms",
                               section_.name(), describe(entry.value), entry.key));
        }
        return number_of_entry(entry.value);
    }

    Solver solver_of(const Entry& entry) const {
        const auto* text = std::get_if<std::string>(&entry.value.content);
        if (!text) {
            reject(entry.value.where,
                   fmt::format("{}.coupling.solver is {}; expected one of {}", section_.name(),
                               describe(entry.value), list_of(split_choices(solver_names))));
        }
        return Solver(index_of_choice(solver_names, *text));
    }

    // ---- all of them

    void check_sum(const Where& where) const {
        if (circuit_.coupled_dendrites(cells_).empty()) {
            reject(where, fmt::format("{}.coupling couples no dendrite to the soma; expected a "
                                      "conductance by its name, as in {{ basal = 0.1 }}",
                                      section_.name()));
        }
        if (sum_ > 0.0) {
            if (!circuit_.has_tree(cells_)) check_coupled_count(circuit_, cells_, where);
            return;
        }
        reject(where, fmt::format("{}.coupling has conductances of 0 alone, which move nothing; "
                                  "expected one above 0",
                                  section_.name()));
    }

    // Each way leads to the soma, and what stands in its table has a meaning.
    void check_ways(const Table& table) const {
        for (const Entry& entry : table.entries) {
            const CompartmentId c =
                circuit_.find_compartment(fmt::format("{}.{}", circuit_[cells_].name, entry.key));
            if (!c || !circuit_.is_coupled(c)) continue;
            CompartmentId at = c;
            for (std::size_t k = 0; at != circuit_.soma(cells_); ++k) {
                if (k > circuit_[cells_].compartments.size()) {
                    reject(entry.where, fmt::format("{}.coupling.{} leads back to itself and never "
                                                    "to the soma; expected to = \"soma\" in it",
                                                    section_.name(), entry.key));
                }
                at = circuit_.led_by(at);
            }
            check_way(entry, c);
        }
        if (circuit_.has_tree(cells_)) check_coupled_count(circuit_, cells_, coupling_.where);
    }

    void check_way(const Entry& entry, CompartmentId c) const {
        const Compartment& is = circuit_[c];
        const bool is_branch = circuit_.is_branch(c);
        const auto* table = std::get_if<Table>(&entry.value.content);
        const auto misses = [&](std::string_view key, std::string_view why) {
            if (!table || !table->find(key)) return;
            reject(table->find(key)->where,
                   fmt::format("{}.coupling.{} has {}, {}", section_.name(), entry.key, key, why));
        };
        if (is_branch)
            misses("reversal",
                   "but others are coupled to it, which lead it; expected "
                   "another dendrite for what synapses bring");
        if (!is_branch)
            misses("leak",
                   "but no dendrite is coupled to it, and its voltage is what "
                   "arrives; expected tau_ms, or none");
        const char* key = is.tau_ms > 0.0 ? "tau_ms" : is.transient ? "transient" : nullptr;
        if (is.backpropagated != 0.0) key = "backpropagates";
        if (!key || !(is_branch || is.reversal)) return;
        reject(section_.where(key),
               fmt::format("[{}] has {} of \"{}\", which {}; expected the one or the other",
                           section_.name(), key, is.name,
                           is_branch ? "follows what is coupled to it"
                                     : "stays at its reversal potential"));
    }

    // What synapses bring is a conductance of each cell, as by a gate of the form linear.
    void add_gate_of_reversal(const Entry& entry) {
        const CompartmentId c =
            circuit_.find_compartment(fmt::format("{}.{}", circuit_[cells_].name, entry.key));
        if (!c || !circuit_[c].reversal) return;
        const std::vector<bool> always(circuit_.phases.size(), true);
        circuit_.compartments[c.value].gate = GateId(circuit_.gates.size());
        circuit_.gates.push_back({circuit_.full_name(c), c, always, entry.where});
        circuit_.gates.back().form = GateForm::linear;
        circuit_.gates.back().may_open_in = always;
    }

    Circuit& circuit_;
    PopulationId cells_;
    const Section& section_;
    Coupling coupling_;
    double sum_ = 0.0;
};

}  // namespace

std::span<const Key> branch_keys() { return branch_table; }

void check_coupled_count(const Circuit& circuit, PopulationId cells, const Where& where) {
    const std::size_t dendrites = circuit.coupled_dendrites(cells).size();
    if (!circuit.has_tree(cells)) {
        if (dendrites <= most_coupled) return;
        reject(where, fmt::format("population.{}.coupling couples {} dendrites to the soma; "
                                  "expected at most {}",
                                  circuit[cells].name, dendrites, most_coupled));
    }
    for (const CompartmentId c : circuit[cells].compartments) {
        const std::size_t others = circuit.is_soma(c) ? 0 : 1,
                          count = circuit.dendrites_of(c).size();
        if (count + others <= most_coupled) continue;
        reject(where,
               fmt::format("population.{}.coupling couples {} dendrites to \"{}\"; expected "
                           "at most {}",
                           circuit[cells].name, count, circuit[c].name, most_coupled - others));
    }
    constexpr std::size_t most_of_tree = 2 * most_coupled;
    const bool is_exact = circuit[cells].coupling->solver == Solver::exact;
    if (!is_exact || dendrites <= most_of_tree) return;
    reject(where, fmt::format("population.{}.coupling has a tree of {} dendrites; expected at most "
                              "{} with solver = \"exact\", or \"steady\" or \"euler\"",
                              circuit[cells].name, dendrites, most_of_tree));
}

void load_coupling(Circuit& circuit, PopulationId cells, const Section& section) {
    CouplingLoader(circuit, cells, section).load();
}

}  // namespace apical
