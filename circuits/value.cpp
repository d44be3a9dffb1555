#include "circuits/value.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace apical {

namespace {

constexpr std::uintmax_t largest_file = 1 << 20;
// toml++ 3.3 descends the stack once for each part of a dotted key and each bracket.
constexpr int deepest_nesting = 64;

Where at(const toml::source_region& region, const std::string& source) {
    return {source, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

Value convert(const toml::node& node, const std::string& source);

Table convert_table(const toml::table& from, const std::string& source) {
    Table table;
    for (auto&& [key, node] : from) {
        table.entries.push_back(
            {std::string(key.str()), at(key.source(), source), convert(node, source)});
    }
    // toml++ sorts by name; a circuit is read in the order of its file.
    std::stable_sort(table.entries.begin(), table.entries.end(),
                     [](const Entry& a, const Entry& b) {
                         return std::pair(a.where.line, a.where.column) <
                                std::pair(b.where.line, b.where.column);
                     });
    return table;
}

Array convert_array(const toml::array& from, const std::string& source) {
    Array array;
    for (const toml::node& node : from) array.push_back(convert(node, source));
    return array;
}

Value convert(const toml::node& node, const std::string& source) {
    Value value{at(node.source(), source), false};
    if (const auto* table = node.as_table()) {
        value.content = convert_table(*table, source);
    } else if (const auto* array = node.as_array()) {
        value.content = convert_array(*array, source);
    } else if (const auto* text = node.as_string()) {
        value.content = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.content = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        value.content = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.content = boolean->get();
    } else {
        reject(value.where, "found a date or time; no key of a model takes one");
    }
    return value;
}

// Rejects text that would make the parser descend too deep: it counts brackets that open and the
// dots of one line, without regard to strings, since no model comes near the limit.
void check_nesting(std::string_view text, const std::string& source) {
    int brackets = 0, dots = 0, line = 1;
    for (const char c : text) {
        if (c == '\n') ++line, dots = 0;
        if (c == '.') ++dots;
        if (c == '[' || c == '{') ++brackets;
        if (c == ']' || c == '}') brackets = std::max(0, brackets - 1);
        if (brackets > deepest_nesting) {
            reject({source, line, 1}, fmt::format("nested more than {} deep", deepest_nesting));
        }
        if (dots > 4 * deepest_nesting) {
            reject({source, line, 1},
                   fmt::format("a line with more than {} dots", 4 * deepest_nesting));
        }
    }
}

Value parse_override(const std::string& text, const std::string& source) {
    check_nesting(text, source);
    const auto parse = [&](const std::string& value) {
        return convert(*toml::parse("value = " + value).get("value"), source);
    };
    try {
        return parse(text);
    } catch (const toml::parse_error&) {
        const bool structured =
            text.empty() || std::string_view("[{\"'").find(text[0]) != std::string_view::npos;
        if (!structured) return {{source}, text};
        throw Error(ExitCode::usage, fmt::format("{}: \"{}\" is not a TOML value", source, text));
    }
}

void place(Value& value, const Where& where) {
    value.where = where;
    if (auto* table = std::get_if<Table>(&value.content)) {
        for (Entry& entry : table->entries) {
            entry.where = where;
            place(entry.value, where);
        }
    }
    if (auto* array = std::get_if<Array>(&value.content)) {
        for (Value& element : *array) place(element, where);
    }
}

}  // namespace

Value* Table::find(std::string_view key) {
    for (Entry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

const Value* Table::find(std::string_view key) const { return const_cast<Table*>(this)->find(key); }

Table parse_toml(std::string_view text, const std::string& source) {
    check_nesting(text, source);
    try {
        return convert_table(toml::parse(text), source);
    } catch (const toml::parse_error& error) {
        reject(at(error.source(), source), std::string(error.description()));
    }
}

Table load_toml(const std::string& path, std::string& text) {
    std::error_code failure;
    const bool exists = std::filesystem::is_regular_file(path, failure);
    std::ifstream file(path, std::ios::binary);
    if (!exists || !file) {
        throw Error(ExitCode::no_such_input, fmt::format("{}: no such file", path));
    }
    if (std::filesystem::file_size(path) > largest_file) {
        reject({path}, fmt::format("a model file is at most {} bytes long", largest_file));
    }
    std::ostringstream content;
    content << file.rdbuf();
    text = content.str();
    return parse_toml(text, path);
}

void override_key(Table& root, const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string source = "--set " + assignment;
    if (equals == std::string::npos || equals == 0) {
        throw Error(ExitCode::usage, fmt::format("{}: expected KEY=VALUE", source));
    }
    Value value = parse_override(assignment.substr(equals + 1), source);
    const Where where{source};
    place(value, where);
    Table* table = &root;
    std::string_view path = std::string_view(assignment).substr(0, equals);
    for (std::size_t dot; (dot = path.find('.')) != std::string_view::npos;
         path.remove_prefix(dot + 1)) {
        const std::string_view part = path.substr(0, dot);
        Value* inner = table->find(part);
        if (!inner) {
            table->entries.push_back({std::string(part), where, {where, Table{}}});
            inner = &table->entries.back().value;
        }
        table = std::get_if<Table>(&inner->content);
        if (!table) reject(where, fmt::format("\"{}\" is {}, not a table", part, describe(*inner)));
    }
    if (path.empty()) throw Error(ExitCode::usage, fmt::format("{}: expected KEY=VALUE", source));
    if (Value* old = table->find(path)) {
        *old = std::move(value);
    } else {
        table->entries.push_back({std::string(path), where, std::move(value)});
    }
}

}  // namespace apical
