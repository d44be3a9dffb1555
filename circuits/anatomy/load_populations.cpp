#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/equations/parse.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

template <class Test>
std::vector<Key> keys_such_that(Test test) {
    std::vector<Key> keys;
    std::copy_if(population_keys().begin(), population_keys().end(), std::back_inserter(keys),
                 test);
    return keys;
}

// Reads and checks the role first: it decides which keys the table may have.
Role role_of(const Table& table, const Where& where, const std::string& name) {
    Table alone;
    for (const Entry& entry : table.entries) {
        if (entry.key == "role") alone.entries.push_back(entry);
    }
    const Section section(alone, where, name,
                          keys_such_that([](const Key& key) { return key.name == "role"; }));
    return Role(index_of_choice(role_names, section.text("role").text));
}

std::vector<Key> keys_of_role(Role role) {
    return keys_such_that([&](const Key& key) {
        if (key.name == "role" || key.name == "size") return true;
        if (key.name == "during") return role == Role::error || role == Role::cells;
        if (key.name == "sign" && is_set_from_outside(role)) return true;
        if (key.name == "fires") return role == Role::input;
        return role == Role::cells;
    });
}

// A dendrite stands in addresses and in a run file beside these.
void check_dendrite_name(const Text& name) {
    constexpr std::string_view reserved[] = {"r",   "v", "drive", "slope", "rate", "previous_rate",
                                             "gate"};
    check_letters(name);
    if (std::find(std::begin(reserved), std::end(reserved), name.text) == std::end(reserved))
        return;
    reject(name.where, fmt::format("\"{}\" cannot be a name; addresses use it", name.text));
}

// What the task sets is there only with a task.
void check_shown(Role role, const Section& section, int size) {
    if (size > 0 || (role != Role::input && role != Role::label)) return;
    reject(section.where(),
           fmt::format("[{}] has the role \"{}\", but nothing shows it anything; expected a [task]",
                       section.name(), name_of(role)));
}

// A default stands in the table only later.
void check_no_activation(const Table& table, const std::string& name) {
    const Value* activation = table.find("spikes") ? table.find("activation") : nullptr;
    if (!activation) return;
    reject(activation->where, fmt::format("\"{}\" spikes and has activation; expected none", name));
}

// Whether it fires at a rate of its own, whatever a task shows.
bool fires_alone(const Section& section) {
    return section.has("fires") &&
           std::get<Table>(section.value("fires").content).find("rate_hz") != nullptr;
}

// An output that no label is compared with has as many cells as it is asked to have, or as the task
// has labels.
int size_of(Role role, const Section& section, const TaskShape& task, bool labelled) {
    const int asked = section.has("size") ? static_cast<int>(section.integer("size")) : 0;
    int size = asked;
    if (role == Role::cells) section.require("size", "a population of cells");
    if (role == Role::constant && !asked) size = 1;
    if (role == Role::input && (task.inputs > 0 || !fires_alone(section))) size = task.inputs;
    if (role == Role::input && section.has("fires") && !fires_alone(section))
        check_shown(role, section, size);
    const bool free = role == Role::output && !labelled;
    if (free && task.outputs == 0) section.require("size", "an output without labels");
    const bool follows = role == Role::label || role == Role::output || role == Role::error;
    if (follows && !(free && asked)) size = task.outputs;
    if (asked && asked != size) {
        reject(section.where("size"),
               fmt::format("[{}] has size {}, but the task has {}", section.name(), asked, size));
    }
    if (role == Role::input && fires_alone(section) && task.inputs == 0)
        section.require("size", "an input that fires by itself");
    check_shown(role, section, size);
    section.set("size", std::int64_t{size});
    return size;
}

class PopulationLoader {
public:
    PopulationLoader(Circuit& circuit, Table& populations, const TaskShape& task)
        : circuit_(circuit),
          populations_(populations),
          task_(task),
          labelled_(has_label(populations)) {}

    void load(Entry& entry) {
        check_name({entry.key, entry.where});
        Table& table = inner_table(entry, "population");
        const std::string name = "population." + entry.key;
        const Role role = role_of(table, entry.where, name);
        if (role == Role::cells) {
            check_no_activation(table, entry.key);
            take_from_alike(table);
        }
        const Section section(table, entry.where, name, keys_of_role(role));
        if (role != Role::cells && role != Role::constant && circuit_.find_role(role)) {
            reject(section.where("role"),
                   fmt::format("[{}] is a second population with role \"{}\"; expected one",
                               section.name(), section.text("role").text));
        }
        const PopulationId id(circuit_.populations.size());
        Population population;
        population.name = entry.key;
        population.where = entry.where;
        population.role = role;
        if (role == Role::input && section.has("fires"))
            population.firing = load_firing(entry.key, section);
        population.size = size_of(role, section, task_, labelled_);
        if (role == Role::output) population.activation = task_.readout;
        if (section.has("sign"))
            population.sign = Sign(index_of_choice(sign_names, section.text("sign").text));
        circuit_.populations.push_back(std::move(population));
        add_compartment(id, {"soma", entry.where});
        if (role == Role::cells) load_cells(id, section);
        if (role == Role::error) load_error(id, section);
    }

private:
    // Keys that the table does not have are taken from the population that `like` names.
    void take_from_alike(Table& table) {
        const Value* like = table.find("like");
        const auto* name = like ? std::get_if<std::string>(&like->content) : nullptr;
        if (!name) return;
        const PopulationId id = circuit_.find_population(*name);
        if (!id || circuit_[id].role != Role::cells) {
            std::vector<std::string> known;
            for (const Population& cells : circuit_.populations) {
                if (cells.role == Role::cells) known.push_back(cells.name);
            }
            reject_unknown({*name, like->where}, "population of cells above this one", known);
        }
        const Where where = like->where;
        const auto& other = std::get<Table>(populations_.find(*name)->content);
        for (const char* key : {"size", "activation", "alpha"}) {
            if (!table.find(key)) table.entries.push_back({key, where, *other.find(key)});
        }
        if (table.find("init")) return;
        // Rates that are a copy themselves are copied from where they come from.
        const Initializer& rates = circuit_[id].initial_rate;
        const bool copied = rates.kind == Initializer::Kind::copy;
        Table copy{{{"copy", where, {where, copied ? rates.copy_of : circuit_[id].name}}}};
        table.entries.push_back({"init", where, {where, std::move(copy)}});
    }

    void load_cells(PopulationId id, const Section& section) {
        Population& cells = circuit_.populations[id.value];
        if (!std::holds_alternative<Table>(section.value("alpha").content))
            cells.alpha = section.number("alpha");
        const NamedActivation phi = resolve_activation(circuit_, section.text("activation"),
                                                       section.name() + ".activation");
        cells.activation = phi.activation;
        cells.written = phi.written;
        cells.initial_rate =
            load_initializer(section.value("init"), section.name() + ".init", false);
        for (const Text& dendrite : section.texts("dendrites")) {
            if (circuit_.find_compartment(cells.name + "." + dendrite.text)) {
                reject(dendrite.where, fmt::format("[{}] has two compartments \"{}\"",
                                                   section.name(), dendrite.text));
            }
            check_dendrite_name(dendrite);
            add_compartment(id, dendrite);
        }
        load_time_constants(id, section);
        load_compartment_keys(circuit_, id, section);
        if (section.has("spikes")) load_spikes(circuit_, id, section);
        if (section.has("bursts")) load_bursts(cells, section);
        if (section.has("winners")) load_winners(cells, section);
        if (!section.has("during")) return;
        cells.also_fires_in.resize(circuit_.phases.size());
        for (const Text& phase : section.texts("during"))
            cells.also_fires_in[resolve_phase(circuit_, phase).value] = true;
    }

    static void load_winners(Population& cells, const Section& section) {
        cells.winners = static_cast<int>(section.integer("winners"));
        cells.where_winners = section.where("winners");
        if (cells.winners <= cells.size) return;
        reject(cells.where_winners,
               fmt::format("[{}] has {} winners of {} cells; expected at most as many as there are",
                           section.name(), cells.winners, cells.size));
    }

    static void load_bursts(Population& cells, const Section& section) {
        const Value& text = section.value("bursts");
        cells.bursts = {.probability = parse_expression(
                            text, fmt::format("population.{}.bursts: ", cells.name)),
                        .where = text.where};
    }

    // Error cells are the output's cells in a later phase: they fire output - label.
    void load_error(PopulationId id, const Section& section) {
        if (!section.has("during")) {
            section.set("during",
                        circuit_.phases[std::min<std::size_t>(1, circuit_.phases.size() - 1)].name);
        }
        const std::vector<Text> during = section.texts("during");
        if (during.size() != 1) {
            reject(section.where("during"),
                   fmt::format("error cells fire in one phase; found {}", during.size()));
        }
        circuit_.populations[id.value].fires_in = resolve_phase(circuit_, during.front());
    }

    void add_compartment(PopulationId id, const Text& name) {
        check_room(circuit_.compartments.size(), "compartments", name.where);
        circuit_.populations[id.value].compartments.push_back(
            CompartmentId(circuit_.compartments.size()));
        circuit_.compartments.push_back({name.text, id, 0.0, {}, name.where});
    }

    void load_time_constants(PopulationId id, const Section& section) {
        std::vector<std::string> known;
        for (const CompartmentId c : circuit_[id].compartments) known.push_back(circuit_[c].name);
        for (Entry& entry : std::get<Table>(section.value("tau_ms").content).entries) {
            const auto found = std::find(known.begin(), known.end(), entry.key);
            if (found == known.end())
                reject_unknown({entry.key, entry.where}, "compartment", known);
            const auto index = static_cast<std::size_t>(found - known.begin());
            load_time_constant(circuit_.compartments[circuit_[id].compartments[index].value],
                               section, entry);
        }
    }

    Circuit& circuit_;
    Table& populations_;
    const TaskShape& task_;
    bool labelled_;
};

// Rejects initial rates that copy another population's, unless these are given themselves and are
// as many.
void check_copied_rates(const Circuit& circuit) {
    for (const Population& cells : circuit.populations) {
        const Initializer& init = cells.initial_rate;
        if (init.kind != Initializer::Kind::copy) continue;
        const PopulationId id = resolve_population(circuit, {init.copy_of, init.where});
        const Population& other = circuit[id];
        const bool given =
            other.role == Role::cells && other.initial_rate.kind != Initializer::Kind::copy;
        if (given && other.size == cells.size) continue;
        reject(init.where,
               fmt::format("the rates of \"{}\" cannot start as a copy of \"{}\"; expected a "
                           "population of {} cells whose own rates are no copy, or another init in "
                           "[population.{}]",
                           cells.name, other.name, cells.size, cells.name));
    }
}

// A task shows its input; error cells compare the output with the label.
void check_roles(const Circuit& circuit, const Where& where, const TaskShape& task) {
    const PopulationId error = circuit.find_role(Role::error);
    for (const Role role : {Role::input, Role::label, Role::output}) {
        const bool compared = role != Role::input;
        const bool needed = compared ? bool(error) : task.inputs > 0;
        if (circuit.find_role(role) || !needed) continue;
        const std::string why =
            compared ? fmt::format(", since \"{}\" fires output - label", circuit[error].name) : "";
        reject(where, fmt::format("no population has the role \"{}\"; expected one{}",
                                  name_of(role), why));
    }
}

}  // namespace

std::vector<Key> keys_of_population(const Table& table, const Where& where,
                                    const std::string& name) {
    return keys_of_role(role_of(table, where, name));
}

bool has_label(const Table& populations) {
    return std::any_of(
        populations.entries.begin(), populations.entries.end(), [](const Entry& entry) {
            const auto* table = std::get_if<Table>(&entry.value.content);
            const Value* role = table ? table->find("role") : nullptr;
            const auto* text = role ? std::get_if<std::string>(&role->content) : nullptr;
            return text && *text == "label";
        });
}

void load_populations(Circuit& circuit, Value& populations, const TaskShape& task) {
    Table& table = std::get<Table>(populations.content);
    PopulationLoader loader(circuit, table, task);
    for (Entry& entry : table.entries) loader.load(entry);
    check_roles(circuit, populations.where, task);
    check_copied_rates(circuit);
    if (const PopulationId error = circuit.find_role(Role::error)) {
        circuit.populations[error.value].same_cells_as = circuit.find_role(Role::output);
    }
}

}  // namespace apical
