#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "circuits/text/value.hpp"

namespace apical {

namespace {

// A key that TOML lets stand without quotes.
bool is_bare(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '-';
    });
}

std::string key_text(const std::string& key) { return is_bare(key) ? key : toml_text(key); }

std::string number_text(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    const std::string digits = fmt::format("{}", number);
    return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}

struct InlineText {
    std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return fmt::format("{}", integer); }
    std::string operator()(double number) const { return number_text(number); }
    std::string operator()(const std::string& text) const { return toml_text(text); }
    std::string operator()(const Array& array) const {
        std::vector<std::string> parts;
        for (const Value& value : array) parts.push_back(inline_text(value));
        return fmt::format("[{}]", fmt::join(parts, ", "));
    }
    std::string operator()(const Table& table) const {
        std::vector<std::string> parts;
        for (const Entry& entry : table.entries) {
            parts.push_back(fmt::format("{} = {}", key_text(entry.key), inline_text(entry.value)));
        }
        return fmt::format("{{ {} }}", fmt::join(parts, ", "));
    }
};

bool has_tables(const Value& value) {
    const auto* array = std::get_if<Array>(&value.content);
    return array && !array->empty() && std::holds_alternative<Table>(array->front().content);
}

bool is_section(const Entry& entry, const std::string& name) {
    if (has_tables(entry.value)) return true;
    // An initialiser reads better on its line.
    return std::holds_alternative<Table>(entry.value.content) &&
           !(entry.key == "init" && !name.empty());
}

// Whether a literal text over lines, ''' ... ''', can have these characters.
bool fits_over_lines(const std::string& text) {
    const bool has_quotes = text.find("'''") != std::string::npos || text.ends_with('\'');
    return !has_quotes && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f);
    });
}

// Equations of several lines stand on them, so that they can be read.
std::string text_of_entry(const Entry& entry) {
    const auto* text = std::get_if<std::string>(&entry.value.content);
    const bool has_lines =
        entry.key == "equations" && text && text->find('\n') != std::string::npos;
    return has_lines && fits_over_lines(*text) ? fmt::format("'''\n{}'''", *text)
                                               : inline_text(entry.value);
}

void write_table(std::string& out, const Table& table, const std::string& name) {
    for (const Entry& entry : table.entries) {
        if (is_section(entry, name)) continue;
        out += fmt::format("{} = {}\n", key_text(entry.key), text_of_entry(entry));
    }
    for (const Entry& entry : table.entries) {
        if (!is_section(entry, name)) continue;
        const std::string full =
            name.empty() ? key_text(entry.key) : name + "." + key_text(entry.key);
        if (const auto* array = std::get_if<Array>(&entry.value.content)) {
            for (const Value& element : *array) {
                out += fmt::format("\n[[{}]]\n", full);
                write_table(out, std::get<Table>(element.content), full);
            }
        } else {
            out += fmt::format("\n[{}]\n", full);
            write_table(out, std::get<Table>(entry.value.content), full);
        }
    }
}

}  // namespace

std::string inline_text(const Value& value) { return std::visit(InlineText{}, value.content); }

Entry entry(std::string key, decltype(Value::content) content) {
    return {std::move(key), {}, value_of(std::move(content))};
}

Value value_of(decltype(Value::content) content) {
    Value value;
    value.content = std::move(content);
    return value;
}

std::string toml_text(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    return out + '"';
}

std::string describe(const Value& value) {
    if (std::holds_alternative<Table>(value.content)) return "a table";
    if (std::holds_alternative<Array>(value.content))
        return "the list " + shortened(inline_text(value));
    if (std::holds_alternative<std::string>(value.content))
        return "the text " + shortened(inline_text(value));
    if (std::holds_alternative<bool>(value.content)) return inline_text(value);
    return "the number " + inline_text(value);
}

std::string to_toml(const Table& root) {
    std::string out;
    write_table(out, root, "");
    return out;
}

namespace {

void write_json(std::string& out, const Value& value, int indent);

template <class Items, class Write>
void write_items(std::string& out, char open, char close, const Items& items, int indent,
                 Write write) {
    out += open;
    bool first = true;
    for (const auto& item : items) {
        out += first ? "\n" : ",\n";
        out.append(static_cast<std::size_t>(indent) + 2, ' ');
        write(item);
        first = false;
    }
    if (!first) out.append("\n").append(static_cast<std::size_t>(indent), ' ');
    out += close;
}

void write_json(std::string& out, const Value& value, int indent) {
    if (const auto* table = std::get_if<Table>(&value.content)) {
        write_items(out, '{', '}', table->entries, indent, [&](const Entry& entry) {
            out += toml_text(entry.key) + ": ";
            write_json(out, entry.value, indent + 2);
        });
    } else if (const auto* array = std::get_if<Array>(&value.content)) {
        write_items(out, '[', ']', *array, indent,
                    [&](const Value& element) { write_json(out, element, indent + 2); });
    } else if (const auto* number = std::get_if<double>(&value.content)) {
        out += std::isfinite(*number) ? number_text(*number) : "null";
    } else {
        out += inline_text(value);
    }
}

}  // namespace

std::string to_json(const Table& root) {
    std::string out;
    Value value;
    value.content = root;
    write_json(out, value, 0);
    return out + '\n';
}

}  // namespace apical
