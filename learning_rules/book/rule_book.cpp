#include "learning_rules/book/rule_book.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/resolve.hpp"
#include "learning_rules/book/rule_keys.hpp"

namespace apical {

namespace {

bool has_key(std::span<const Key> keys, std::string_view name) {
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
}

bool is_key_of_a_rule(const RuleBook& book, std::string_view name) {
    const std::vector<const LearningRule*> all = book.rules();
    return has_key(common_rule_keys(), name) ||
           std::any_of(all.begin(), all.end(),
                       [&](const LearningRule* rule) { return has_key(rule->keys, name); });
}

// Rejects a table at the key that looks like a misspelling of "rule" and is none of any rule, if
// there is one.
[[noreturn]] void reject_without_rule(const RuleBook& book, const Table& table,
                                      const std::string& name, const Where& where) {
    const std::string needs = fmt::format("[{}] needs the key \"rule\", a text", name);
    for (const Entry& entry : table.entries) {
        const std::string near = did_you_mean(entry.key, {"rule"});
        if (near.empty() || is_key_of_a_rule(book, entry.key)) continue;
        reject(entry.where, fmt::format("{}; found \"{}\".{}", needs, shortened(entry.key), near));
    }
    reject(where, needs);
}

// Null when there is no such key, or it is no text.
const std::string* name_of_rule(const Table& table) {
    const Value* value = table.find("rule");
    return value ? std::get_if<std::string>(&value->content) : nullptr;
}

// "comes with Apical", "stands at rules/oja.toml:3:1 already".
std::string place_of(const LearningRule& known) {
    const bool is_shipped = std::find(learning_rules().begin(), learning_rules().end(), &known) !=
                            learning_rules().end();
    if (is_shipped)
        return fmt::format("learning_rules/{0}.{1} has it, and comes with Apical", known.name,
                           known.text ? "toml" : "cpp");
    return fmt::format("{} has it already", text(known.text->where));
}

}  // namespace

void RuleBook::add(TextRule text) {
    if (const LearningRule* known = find(text.name)) {
        reject(text.where, fmt::format("rule \"{0}\": there is a rule \"{0}\"; {1}. Expected "
                                       "another name",
                                       text.name, place_of(*known)));
    }
    own_.push_back(std::make_unique<const WrittenRule>(std::move(text)));
}

const LearningRule* RuleBook::find(std::string_view name) const {
    for (const LearningRule* rule : learning_rules()) {
        if (rule->name == name) return rule;
    }
    for (const auto& own : own_) {
        if (own->rule().name == name) return &own->rule();
    }
    return nullptr;
}

std::vector<const LearningRule*> RuleBook::rules() const {
    std::vector<const LearningRule*> all(learning_rules().begin(), learning_rules().end());
    for (const auto& own : own_) all.push_back(&own->rule());
    return all;
}

bool RuleBook::may_lack_rule_of(const Table& table) const {
    const std::string* name = name_of_rule(table);
    return !is_whole_ && name && !find(*name);
}

// The rule's name decides which keys the table may have, so it is read first.
const LearningRule& rule_of(const RuleBook& book, const Table& table, const std::string& name,
                            const Where& where) {
    const Value* value = table.find("rule");
    if (!value) reject_without_rule(book, table, name, where);
    const std::string* wanted = name_of_rule(table);
    if (!wanted)
        reject(value->where,
               fmt::format("[{}] needs the key \"rule\", a text, not {}", name, describe(*value)));
    if (const LearningRule* rule = book.find(*wanted)) return *rule;
    std::vector<std::string> known;
    for (const LearningRule* rule : book.rules()) known.emplace_back(rule->name);
    reject_unknown({*wanted, value->where}, "plasticity rule", known);
}

std::vector<Key> keys_of_rule(const RuleBook& book, const Table& table, const std::string& name,
                              const Where& where) {
    std::vector<Key> keys(common_rule_keys().begin(), common_rule_keys().end());
    const LearningRule& rule = rule_of(book, table, name, where);
    keys.insert(keys.end(), rule.keys.begin(), rule.keys.end());
    return keys;
}

}  // namespace apical
