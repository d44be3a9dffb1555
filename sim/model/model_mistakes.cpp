#include "sim/model/model_mistakes.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/program/activation_formula.hpp"
#include "sim/model/model_keys.hpp"

namespace apical {

namespace {

Table* table_in(Table& table, std::string_view key) {
    Value* value = table.find(key);
    return value ? std::get_if<Table>(&value->content) : nullptr;
}

Array* list_in(Table& table, std::string_view key) {
    Value* value = table.find(key);
    return value ? std::get_if<Array>(&value->content) : nullptr;
}

// The texts of a text or a list; what else stands in the list does not fit its key.
std::vector<Text> texts_of(const Value& value) {
    const auto text_of = [](const Value& one) { return std::get_if<std::string>(&one.content); };
    if (const auto* text = text_of(value)) return {{*text, value.where}};
    std::vector<Text> texts;
    if (const auto* list = std::get_if<Array>(&value.content)) {
        for (const Value& one : *list)
            if (const auto* text = text_of(one)) texts.push_back({*text, one.where});
    }
    return texts;
}

// The declarations of a file, by name alone. Where a declaration is wrong itself, names are not
// held against it.
class Declared {
public:
    explicit Declared(Table& root) {
        if (Array* phases = list_in(root, "phase")) {
            for (Value& phase : *phases) add_phase(phase);
        }
        if (Table* populations = table_in(root, "population")) {
            for (Entry& entry : populations->entries) add_population(entry);
        }
        if (Table* written = table_in(root, "activation")) {
            for (const Entry& one : written->entries)
                circuit_.activations.push_back({one.key, {}, one.where});
        }
        if (Table* sets = table_in(root, "synapses")) {
            for (const Entry& set : sets->entries) {
                has_synapses_ &= is_good([&] { check_name({set.key, {}}); });
                circuit_.synapses.emplace_back();
                circuit_.synapses.back().name = set.key;
            }
        }
    }
    const Circuit& circuit() const { return circuit_; }
    bool has_phases() const { return has_phases_ && !circuit_.phases.empty(); }
    bool has_populations() const { return has_populations_ && !circuit_.populations.empty(); }
    bool has_synapses() const { return has_synapses_; }
    // Whether the compartments are known of the population that an address begins with.
    bool has_compartments_of(std::string_view address) const {
        const PopulationId owner = circuit_.find_population(address.substr(0, address.find('.')));
        return has_populations() && !(owner && unclear_[owner.value]);
    }

private:
    template <class Check>
    static bool is_good(Check check) {
        Mistakes mistakes;
        mistakes.attempt(check);
        return !mistakes.any();
    }
    void add_phase(Value& phase) {
        auto* table = std::get_if<Table>(&phase.content);
        const Value* name = table ? table->find("name") : nullptr;
        const auto* text = name ? std::get_if<std::string>(&name->content) : nullptr;
        has_phases_ &= text && is_good([&] {
                           check_letters({*text, {}});
                       }) &&
                       !circuit_.find_phase(*text);
        if (text) circuit_.phases.push_back({*text, 0});
    }
    void add_population(Entry& entry) {
        has_populations_ &= is_good([&] { check_name({entry.key, {}}); });
        const PopulationId id(circuit_.populations.size());
        circuit_.populations.emplace_back();
        circuit_.populations.back().name = entry.key;
        std::vector<Text> compartments{{"soma", entry.where}};
        auto* table = std::get_if<Table>(&entry.value.content);
        unclear_.push_back(!table ||
                           !mistakes_in(*table, entry.where, "", keys_of("population.*")).empty());
        if (table) {
            if (const Value* dendrites = table->find("dendrites"))
                for (const Text& one : texts_of(*dendrites)) compartments.push_back(one);
        }
        for (const Text& one : compartments) {
            circuit_.populations.back().compartments.push_back(
                CompartmentId(circuit_.compartments.size()));
            circuit_.compartments.push_back({one.text, id, 0.0, {}, one.where});
        }
    }

    Circuit circuit_;
    bool has_phases_ = true, has_populations_ = true, has_synapses_ = true;
    std::vector<bool> unclear_;  // by population, whether its table is wrong
};

class Search {
public:
    Search(Table& root, std::string path, const RuleBook& book)
        : root_(root), path_(std::move(path)), book_(book), declared_(root) {}

    std::vector<Mistake> found() {
        add(mistakes_in(root_, {path_, 1, 1}, "", root_keys()));
        names_are_clear_ = !mistakes_.any();
        for (const Key& key : root_keys()) {
            const bool is_section = key.type == Type::table && key.inner == key.name;
            Table* table = is_section ? table_in(root_, key.name) : nullptr;
            if (!table) continue;
            look_at(*table, root_.find(key.name)->where, std::string(key.name), keys_of(key.inner),
                    "");
        }
        if (Array* phases = list_in(root_, "phase")) {
            for (Value& phase : *phases)
                if (auto* table = std::get_if<Table>(&phase.content))
                    look_at(*table, phase.where, "phase", keys_of("phase"), "");
        }
        each_of("activation", [](Entry& entry, Table&) { formulas_of(read_activation(entry)); });
        each_of("population", [this](Entry& entry, Table& table) { population(entry, table); });
        each_of("gate", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "gate." + entry.key, keys_of("gate.*"),
                    fmt::format("gate \"{}\" opens", entry.key));
        });
        each_of("synapses", [this](Entry& entry, Table& table) { synapses(entry, table); });
        each_of("wire", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "wire." + entry.key, keys_of("wire.*"),
                    fmt::format("wire \"{}\" goes to", entry.key));
        });
        each_of("teach", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "teach." + entry.key, keys_of("teach.*"), "");
        });
        each_of("noise", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "noise." + entry.key, keys_of("noise.*"), "");
        });
        each_of("hold", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "hold." + entry.key, keys_of("hold.*"), "");
        });
        each_of("event", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "event." + entry.key, keys_of("event.*"),
                    fmt::format("event \"{}\" injects into", entry.key));
        });
        each_of("plasticity", [this](Entry& entry, Table& table) {
            const std::string name = "plasticity." + entry.key;
            if (book_.may_lack_rule_of(table)) return;
            look_at(table, entry.where, name, keys_of_rule(book_, table, name, entry.where), "");
        });
        each_of("dynamics", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "dynamics." + entry.key, keys_of("dynamics.*"), "");
        });
        each_of("record", [this](Entry& entry, Table& table) {
            look_at(table, entry.where, "record." + entry.key, keys_of("record.*"), "");
        });
        return mistakes_.all();
    }

private:
    void add(const std::vector<Mistake>& more) { mistakes_.add(more); }

    template <class Look>
    void each_of(std::string_view section, Look look) {
        Table* tables = table_in(root_, section);
        if (!tables) return;
        for (Entry& entry : tables->entries)
            mistakes_.attempt([&] { look(entry, inner_table(entry, section)); });
    }

    void population(Entry& entry, Table& table) {
        const std::string name = "population." + entry.key;
        look_at(table, entry.where, name, keys_of_population(table, entry.where, name), "");
        initial(table, name);
    }

    void synapses(Entry& entry, Table& table) {
        const std::string name = "synapses." + entry.key;
        const std::string who = fmt::format("synapses \"{}\" go", entry.key);
        look_at(table, entry.where, name, keys_of("synapses.*"), who + " to");
        initial(table, name);
        if (Table* connect = table_in(table, "connect")) {
            look_at(*connect, table.find("connect")->where, name + ".connect",
                    keys_of("synapses.*.connect"), "");
        }
        if (Table* back = table_in(table, "back")) {
            look_at(*back, table.find("back")->where, name + ".back", keys_of("synapses.*.back"),
                    who + " back to");
        }
        Array* uses = list_in(table, "again");
        for (Value& use : uses ? *uses : Array()) {
            if (auto* again = std::get_if<Table>(&use.content))
                look_at(*again, use.where, name + ".again", keys_of("synapses.*.again"),
                        who + " again to");
        }
    }

    void initial(Table& table, const std::string& name) {
        if (Table* init = table_in(table, "init"))
            look_at(*init, table.find("init")->where, name + ".init", keys_of("init"), "");
    }

    // `who` begins what is said of a compartment.
    void look_at(const Table& table, const Where& where, const std::string& name,
                 const std::vector<Key>& keys, const std::string& who) {
        add(mistakes_in(table, where, name, keys));
        for (const Key& key : keys) {
            const Value* value = key.names.empty() ? nullptr : table.find(key.name);
            if (!value) continue;
            const std::string& told = key.names == "activation" ? name + ".activation" : who;
            for (const Text& text : texts_of(*value))
                mistakes_.attempt([&] { resolve(key.names, text, told); });
        }
    }

    void resolve(std::string_view names, const Text& text, const std::string& who) const {
        if (!names_are_clear_) return;
        const Circuit& circuit = declared_.circuit();
        if (names == "phase" && declared_.has_phases()) resolve_phase(circuit, text);
        if (names == "population" && declared_.has_populations())
            resolve_population(circuit, {text.text.substr(0, text.text.find('[')), text.where});
        if (names == "compartment" && declared_.has_compartments_of(text.text))
            resolve_target(circuit, text, who);
        // A file that could not be read may have the activation.
        if (names == "activation" && book_.is_whole()) resolve_activation(circuit, text, who);
        if (names == "synapses" && declared_.has_synapses()) resolve_synapses(circuit, text);
    }

    Table& root_;
    std::string path_;
    const RuleBook& book_;
    Declared declared_;
    Mistakes mistakes_;
    bool names_are_clear_ = true;  // a section whose name is misspelt declares nothing
};

}  // namespace

std::vector<Mistake> mistakes_of(Table root, const std::string& path, const RuleBook& book) {
    return Search(root, path, book).found();
}

}  // namespace apical
