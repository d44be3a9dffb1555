#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/table.hpp"

namespace apical {

// "a table", "the string \"x\"", "the number 3": how a message names what was found.
std::string describe(const Value& value);

// Parses TOML text; `source` names it in messages. Throws Error{bad_model} with line and column.
Table parse_toml(std::string_view text, const std::string& source);

// Reads and parses a file of at most 1 MiB. Throws Error{no_such_input} or Error{bad_model}.
// `text` receives the file as it is.
Table load_toml(const std::string& path, std::string& text);

// What a key of a model is given in place of what its file says; `value.where` is where that
// stands.
struct Override {
    std::string key;  // "plasticity.recurrent.rate"
    Value value;
    std::string text = {};  // "KEY=VALUE" as it was given; empty: it was made of key and value
};

// "a.b.c=VALUE" (VALUE in TOML syntax; what is none and starts no list, table or quoted text is
// taken for a text). Throws Error{usage} when the assignment itself is malformed.
Override parse_override(const std::string& assignment);

// "KEY=VALUE" that `parse_override` makes the same change of: the text of one that has a text.
std::string assignment_of(const Override& change);

// What a model is loaded with in place of what its file says, in order: of several changes of a
// key the last one counts. Texts are parsed here, once, and throw what `parse_override` throws.
struct Overrides {
    std::vector<Override> changes;

    Overrides() = default;
    Overrides(std::vector<Override> made);
    Overrides(const std::vector<std::string>& assignments);
    Overrides(std::initializer_list<std::string> assignments);

    void append(const Overrides& more);
};

// Throws Error{bad_model} when a part of the key is no table, or misspelt.
void override_key(Table& root, const Override& change);

// Entries and values of tables that are made here and not read from a file.
Entry entry(std::string key, decltype(Value::content) content);
Value value_of(decltype(Value::content) content);

// A string in quotes, as TOML and JSON both write it.
std::string toml_text(const std::string& text);

// A value as TOML writes it within a line.
std::string inline_text(const Value& value);

// TOML text that parses back to the same table.
std::string to_toml(const Table& root);

// The table as JSON, indented; a number that is not finite is null.
std::string to_json(const Table& root);

}  // namespace apical
