#include "sim/model/model_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "learning_rules/book/read_rule.hpp"

namespace apical {

namespace {

// Nothing when there is no such key or it is no list of texts, which its section tells.
std::optional<std::vector<Text>> files_named(const Table& root) {
    const Value* value = root.find(imports_key);
    const auto* list = value ? std::get_if<Array>(&value->content) : nullptr;
    if (!list) return std::nullopt;
    std::vector<Text> files;
    for (const Value& one : *list) {
        const auto* path = std::get_if<std::string>(&one.content);
        if (!path) return std::nullopt;
        files.push_back({*path, one.where});
    }
    return files;
}

RuleFile rule_file_of(const std::string& name, const DataFolder& directory,
                      const std::vector<RuleFile>& read_before) {
    RuleFile file{name, directory.path_of(name), ""};
    for (const RuleFile& one : read_before) {
        if (one.name == name) file.text = one.text;
    }
    return file;
}

// Reads the file when there is no text of it yet: a rule file is never empty.
Table load_rule_file(const Text& named, RuleFile& file) {
    try {
        Table root =
            file.text.empty() ? load_toml(file.path, file.text) : parse_toml(file.text, file.path);
        Mistakes mistakes;
        mistakes.add(mistakes_in_rule_file(root, file.path));
        mistakes.reject_any();
        return root;
    } catch (const Rejected&) {
        throw;
    } catch (const Error& error) {
        throw Error(error.code(),
                    fmt::format("{}: rules has \"{}\", but {}", apical::text(named.where),
                                shortened(named.text), error.what()));
    }
}

// The table of that name: what the file has is a mistake of its own when it is no table.
Table* named_table(Table& root, std::string_view name) {
    Value* value = root.find(name);
    return value ? std::get_if<Table>(&value->content) : nullptr;
}

// The model's table [rule].
Table* rules_in(Table& root) { return named_table(root, "rule"); }

// Puts the tables `kind` of a file among those of the model, and adds the names.
void splice(Table& rules, Table& file, std::string_view kind, std::vector<std::string>& names,
            Mistakes& mistakes) {
    Table* read = named_table(file, kind);
    if (!read) return;
    for (Entry& one : read->entries) {
        const auto known = std::find_if(rules.entries.begin(), rules.entries.end(),
                                        [&](const Entry& other) { return other.key == one.key; });
        mistakes.attempt([&] {
            if (known != rules.entries.end())
                reject(one.where, fmt::format("{2} \"{0}\": there is a {2} \"{0}\"; {1} has it "
                                              "already. Expected another name",
                                              shortened(one.key), text(known->where), kind));
            names.push_back(one.key);
            rules.entries.push_back(std::move(one));
        });
    }
}

// Puts the tables `kind` of a file beside the model's own, for which it makes room.
void splice_beside(Table& root, Table& file, std::string_view kind, std::vector<std::string>& names,
                   Mistakes& mistakes) {
    const Value* read = file.find(kind);
    if (!read) return;
    if (!root.find(kind))
        root.entries.push_back({std::string(kind), read->where, {read->where, Table{}}});
    if (Table* own = named_table(root, kind)) splice(*own, file, kind, names, mistakes);
}

// Takes those of the named tables out of `kind` that are not needed, and `kind` when it is empty.
template <class IsNeeded>
void leave_out(Table& root, std::string_view kind, const std::vector<std::string>& names,
               IsNeeded is_needed) {
    Table* tables = named_table(root, kind);
    if (!tables) return;
    std::erase_if(tables->entries, [&](const Entry& entry) {
        const bool is_named = std::find(names.begin(), names.end(), entry.key) != names.end();
        return is_named && !is_needed(entry.key);
    });
    if (!tables->entries.empty()) return;
    std::erase_if(root.entries, [&](const Entry& entry) { return entry.key == kind; });
}

bool is_fired_by(const Circuit& circuit, ActivationId id) {
    return std::any_of(circuit.populations.begin(), circuit.populations.end(),
                       [&](const Population& cells) { return cells.written == id; });
}

}  // namespace

void note_unused(const Circuit& circuit, const ImportedRules& imported,
                 std::vector<std::string>& notes) {
    const std::vector<std::string>& names = imported.activations;
    for (std::size_t k = 0; k < circuit.activations.size(); ++k) {
        const std::string& name = circuit.activations[k].name;
        const bool is_imported = std::find(names.begin(), names.end(), name) != names.end();
        if (is_imported || is_fired_by(circuit, ActivationId(k))) continue;
        notes.push_back(
            fmt::format("[activation.{0}] is of no population; expected activation = "
                        "\"{0}\" in one",
                        name));
    }
}

void note_stopped(const Program& program, const Circuit& circuit, std::vector<std::string>& notes) {
    for (const Intervention& event : circuit.interventions) {
        if (event.action != Intervention::Action::stop) continue;
        for (const Operation& op : program.operations) {
            const Slot& kept = program[op.operands[0].slot];
            const bool stops = op.event && program[op.event].quantity == event.name;
            if (!stops || kept.what != What::tag) continue;
            notes.push_back(
                fmt::format("[event.{}] stops [plasticity.{}], and \"{}\" neither grows "
                            "nor decays meanwhile",
                            event.name, event.rule, kept.name));
            break;
        }
    }
}

ImportedRules import_rules(Table& root, const Overrides& overrides, const DataFolder& directory,
                           const std::vector<RuleFile>& read_before, Mistakes& mistakes) {
    for (const Override& change : overrides.changes)
        if (change.key == imports_key) override_key(root, change);
    ImportedRules imported;
    const std::optional<std::vector<Text>> files = files_named(root);
    if (!files) return imported;
    const auto key = std::find_if(root.entries.begin(), root.entries.end(),
                                  [](const Entry& entry) { return entry.key == imports_key; });
    if (files->empty() || root.find("rule")) {
        root.entries.erase(key);
    } else {  // in its place, so that the model goes on in the order of its file
        key->key = "rule";
        key->value.content = Table{};
    }
    for (const Text& file : *files) {
        imported.files.push_back(rule_file_of(file.text, directory, read_before));
        Mistakes found;
        found.attempt([&] {
            Table read = load_rule_file(file, imported.files.back());
            if (Table* rules = rules_in(root)) splice(*rules, read, "rule", imported.names, found);
            // Equations inside cells take place because they are there.
            std::vector<std::string> dynamics;
            splice_beside(root, read, "dynamics", dynamics, found);
            splice_beside(root, read, "activation", imported.activations, found);
        });
        imported.is_whole &= !found.any();
        mistakes.add(found.all());
    }
    return imported;
}

std::unique_ptr<const RuleBook> read_rule_book(Table& root, bool is_whole, Mistakes& mistakes) {
    auto book = std::make_unique<RuleBook>();
    if (!is_whole) book->lack_a_rule();
    if (Table* rules = rules_in(root)) {
        for (Entry& entry : rules->entries) {
            Mistakes found;
            found.attempt([&] { book->add(read_rule(entry)); });
            if (found.any()) book->lack_a_rule();
            mistakes.add(found.all());
        }
    }
    return book;
}

void leave_out_unbound(Table& root, const ImportedRules& imported,
                       const std::vector<BoundRule>& bound, const Circuit& circuit) {
    if (imported.files.empty()) return;
    leave_out(root, "rule", imported.names, [&](const std::string& name) {
        return std::any_of(bound.begin(), bound.end(),
                           [&](const BoundRule& one) { return one.rule->name == name; });
    });
    leave_out(root, "activation", imported.activations, [&](const std::string& name) {
        return is_fired_by(circuit, circuit.find_activation(name));
    });
}

}  // namespace apical
