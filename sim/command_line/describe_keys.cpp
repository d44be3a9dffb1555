#include <fmt/format.h>

#include <map>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/anatomy/shipped_activations.hpp"
#include "circuits/text/choices.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/model/model_rules.hpp"

namespace apical {

namespace {

Table typed(std::string_view type) { return {{entry("type", std::string(type))}}; }

Table with_range(Table schema, const Key& key) {
    const auto bound = [&](const char* name, double limit) {
        if (limit > -no_limit && limit < no_limit) schema.entries.push_back(entry(name, limit));
    };
    bound(key.above_minimum ? "exclusiveMinimum" : "minimum", key.minimum);
    bound("maximum", key.maximum);
    return schema;
}

Table text_schema(const Key& key) {
    Table schema = typed("string");
    Array choices;
    for (const std::string& choice : split_choices(key.choices))
        choices.push_back(value_of(choice));
    // A model may have other names than those of the choices; model_schema says when.
    const char* const as = key.names.empty() ? "enum" : "examples";
    if (!choices.empty()) schema.entries.push_back(entry(as, choices));
    return schema;
}

Table list_of_schema(Table element) {
    Table schema = typed("array");
    schema.entries.push_back(entry("items", std::move(element)));
    return schema;
}

Table any_of(std::vector<Table> possible) {
    Array list;
    for (Table& one : possible) list.push_back({{}, std::move(one)});
    return {{entry("anyOf", list)}};
}

Table scale_schema(const Key& key) {
    return any_of({with_range(typed("number"), key), typed("string")});
}

Table pair_schema(Table element) {
    Table schema = list_of_schema(std::move(element));
    schema.entries.push_back(entry("minItems", std::int64_t{2}));
    schema.entries.push_back(entry("maxItems", std::int64_t{2}));
    return schema;
}

Table section_schema(std::string_view section);

Table named_sections(std::string_view section) {
    Table schema = typed("object");
    schema.entries.push_back(entry("additionalProperties", section_schema(section)));
    return schema;
}

// Cells by population: [0, 5, "10:20"].
Table cells_schema() {
    const Table cell = any_of({typed("integer"), typed("string")});
    Table schema = typed("object");
    schema.entries.push_back(entry(
        "additionalProperties", any_of({typed("integer"), typed("string"), list_of_schema(cell)})));
    return schema;
}

// Parameters, signals or states of equations, by name: a short form, or a table.
Table declarations_schema(const Key& kind) {
    const std::string_view brief = kind.name == "parameters" ? "number" : "string";
    Table schema = typed("object");
    schema.entries.push_back(
        entry("additionalProperties", any_of({typed(brief), section_schema(kind.inner)})));
    return schema;
}

// A key that is a section of its own.
Table inner_schema(const Key& key) {
    if (key.inner.empty()) return typed("object");  // of any keys
    if (key.inner == "cells") return cells_schema();
    if (key.section == "rule.*" || key.section == "dynamics.*") return declarations_schema(key);
    return key.inner.ends_with(".*") ? named_sections(key.inner) : section_schema(key.inner);
}

Table schema_of(const Key& key) {
    switch (key.type) {
        case Type::text:
            return text_schema(key);
        case Type::texts:
            return any_of({text_schema(key), list_of_schema(text_schema(key))});
        case Type::text_list:
            return list_of_schema(text_schema(key));
        case Type::integer:
            if (key.choices.empty()) return with_range(typed("integer"), key);
            return any_of({with_range(typed("integer"), key), text_schema(key)});
        case Type::integer_by_name: {
            const Value one =
                value_of(any_of({with_range(typed("integer"), key), text_schema(key)}));
            Table by_name = typed("object");
            by_name.entries.push_back({"additionalProperties", {}, one});
            return any_of({with_range(typed("integer"), key), text_schema(key), by_name});
        }
        case Type::range:
            return any_of({text_schema(key), list_of_schema(with_range(typed("integer"), key))});
        case Type::integer_list:
            return list_of_schema(with_range(typed("integer"), key));
        case Type::number:
            if (key.choices.empty()) return with_range(typed("number"), key);
            return any_of({with_range(typed("number"), key), text_schema(key)});
        case Type::number_pair:
            return pair_schema(with_range(typed("number"), key));
        case Type::number_or_table:
            return any_of({with_range(typed("number"), key), inner_schema(key)});
        case Type::boolean:
            return typed("boolean");
        case Type::shares:
            return any_of({text_schema(key), list_of_schema(with_range(typed("number"), key))});
        case Type::scale:
            return scale_schema(key);
        case Type::scale_range:
            return any_of({scale_schema(key), pair_schema(scale_schema(key))});
        case Type::scale_pair:
            return pair_schema(scale_schema(key));
        case Type::numbers: {
            Table one = with_range(typed("number"), key);
            if (!key.choices.empty()) one = any_of({one, text_schema(key)});
            if (!key.inner.empty()) one = any_of({one, inner_schema(key)});
            Table schema = typed("object");
            schema.entries.push_back(entry("additionalProperties", one));
            return schema;
        }
        case Type::table:
            return inner_schema(key);
        case Type::tables:
            return list_of_schema(inner_schema(key));
    }
    return {};
}

// A rule's keys may be used by several rules; their descriptions are joined.
std::vector<Key> keys_with_rules(std::string_view section, std::vector<std::string>& texts) {
    std::vector<Key> keys = keys_of(section);
    if (section != "plasticity.*") return keys;
    std::map<std::string_view, std::string> joined;
    for (const LearningRule* rule : learning_rules()) {
        for (const Key& key : rule->keys) {
            if (!joined.contains(key.name)) keys.push_back(key);
            joined[key.name] += fmt::format("{}{}: {}", joined[key.name].empty() ? "" : "; ",
                                            rule->name, key.description);
        }
    }
    texts.reserve(joined.size());
    for (Key& key : keys) {
        if (!joined.contains(key.name)) continue;
        texts.push_back(joined[key.name]);
        key.description = texts.back();
        key.default_value = "-";  // required by some rules only
    }
    return keys;
}

Array names_of_rules() {
    Array names;
    for (const LearningRule* rule : learning_rules())
        names.push_back(value_of(std::string(rule->name)));
    return names;
}

// Editors offer the shipped rules; a model may have rules of its own.
void add_names_of_rules(Table& properties) {
    Table& rule = std::get<Table>(properties.find("rule")->content);
    rule.entries.push_back(entry("examples", names_of_rules()));
}

// A table that binds a shipped rule has no keys but those that are known; of a model's own rule the
// schema knows no keys.
void add_keys_of_shipped(Table& schema, const Table& properties) {
    Array known;
    for (const Entry& one : properties.entries) known.push_back(value_of(one.key));
    const Table is_shipped{
        {entry("properties", Table{{entry("rule", Table{{entry("enum", names_of_rules())}})}})}};
    const Table only_known{{entry("propertyNames", Table{{entry("enum", std::move(known))}})}};
    schema.entries.push_back(entry("if", is_shipped));
    schema.entries.push_back(entry("then", only_known));
}

Table with_key(const std::string& name) {
    Table schema;
    schema.entries.push_back(entry("required", Array{value_of(name)}));
    return schema;
}

Table section_schema(std::string_view section) {
    Table properties;
    Array required;
    std::vector<std::string> texts;
    for (const Key& key : keys_with_rules(section, texts)) {
        Table schema = schema_of(key);
        std::string description(key.description);
        if (!key.unit.empty()) description += fmt::format(" [{}]", key.unit);
        schema.entries.insert(schema.entries.begin(), entry("description", description));
        if (!key.default_value.empty() && key.default_value != "-") {
            Table parsed = parse_toml(fmt::format("default = {}", key.default_value), "default");
            schema.entries.push_back(std::move(parsed.entries.front()));
        }
        if (key.default_value.empty()) required.push_back(value_of(std::string(key.name)));
        properties.entries.push_back(entry(std::string(key.name), schema));
    }
    if (section == "plasticity.*") add_names_of_rules(properties);
    Table schema = typed("object");
    if (section != "plasticity.*") schema.entries.push_back(entry("additionalProperties", false));
    if (!required.empty()) schema.entries.push_back(entry("required", required));
    if (section == "run")  // its length
        schema.entries.push_back(any_of({with_key("steps"), with_key("trials")}).entries.front());
    if (section == "plasticity.*") add_keys_of_shipped(schema, properties);
    schema.entries.push_back(entry("properties", properties));
    return schema;
}

// Cells fire by an activation that comes with Apical, where the model has neither activations of
// its own nor a file that may have some.
void add_built_in_activations(Table& schema) {
    Array keys, names;
    for (const Key& key : root_keys()) {
        const bool has_others = key.name == "activation" || key.name == imports_key;
        if (!has_others) keys.push_back(value_of(std::string(key.name)));
    }
    for (const std::string& name : split_choices(activation_names)) names.push_back(value_of(name));
    for (const ShippedActivation& one : shipped_activations())
        names.push_back(value_of(std::string(one.name)));
    names.push_back(value_of(std::string(name_of(Activation::softmax))));
    Table then{{entry("enum", std::move(names))}};
    for (const char* name : {"activation", "population"}) {
        Table properties{{entry("properties", Table{{entry(name, std::move(then))}})}};
        const bool is_inner = std::string_view(name) == "activation";
        then = is_inner ? Table{{entry("additionalProperties", std::move(properties))}}
                        : std::move(properties);
    }
    const Table only_known{{entry("propertyNames", Table{{entry("enum", std::move(keys))}})}};
    schema.entries.push_back(entry("if", only_known));
    schema.entries.push_back(entry("then", then));
}

}  // namespace

std::string model_schema() {
    Table schema{{entry("$schema", "http://json-schema.org/draft-07/schema#"),
                  entry("title", "Apical model file")}};
    for (Entry& one : section_schema("").entries) schema.entries.push_back(std::move(one));
    add_built_in_activations(schema);
    return to_json(schema);
}

}  // namespace apical
