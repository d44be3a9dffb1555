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

// Equations inside cells take place because they are there: all are imported.
void splice_dynamics(Table& root, Table& file, Mistakes& mistakes) {
    const Value* read = file.find("dynamics");
    if (!read) return;
    if (!root.find("dynamics"))
        root.entries.push_back({"dynamics", read->where, {read->where, Table{}}});
    std::vector<std::string> names;
    if (Table* own = named_table(root, "dynamics")) splice(*own, file, "dynamics", names, mistakes);
}

}  // namespace

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
            splice_dynamics(root, read, found);
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
                       const std::vector<BoundRule>& bound) {
    if (imported.files.empty() || !rules_in(root)) return;
    Table& rules = *rules_in(root);
    std::erase_if(rules.entries, [&](const Entry& entry) {
        const bool is_bound = std::any_of(bound.begin(), bound.end(), [&](const BoundRule& one) {
            return one.rule->name == entry.key;
        });
        const auto& names = imported.names;
        return !is_bound && std::find(names.begin(), names.end(), entry.key) != names.end();
    });
    if (!rules.entries.empty()) return;
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key == "rule"; });
}

}  // namespace apical
