#include "circuits/text/value.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "circuits/text/misspelt_value.hpp"
#include "circuits/text/place_texts.hpp"
#include "circuits/text/scan_toml.hpp"
#include "circuits/text/text.hpp"

namespace apical {

namespace {

constexpr std::uintmax_t largest_file = 1 << 20;
constexpr const char* typographic_quotes =
    "typographic quotes; expected straight ones, as in \"text\"";

Where at(const toml::source_region& region, const std::string& source) {
    return {source, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

Value convert(const toml::node& node, const std::string& source);

// A NUL would end the name of a file before its end.
std::string whole_text(const std::string& text, const Where& where) {
    if (text.find('\0') != std::string::npos)
        reject(where, "found a NUL character; no key or text of a model has one");
    return text;
}

Table convert_table(const toml::table& from, const std::string& source) {
    Table table;
    for (auto&& [key, node] : from) {
        const Where where = at(key.source(), source);
        table.entries.push_back(
            {whole_text(std::string(key.str()), where), where, convert(node, source)});
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
        value.content = whole_text(text->get(), value.where);
    } else if (const auto* integer = node.as_integer()) {
        value.content = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        value.content = number->get() + 0.0;  // -0.0 is 0.0, so that it is the same model
    } else if (const auto* boolean = node.as_boolean()) {
        value.content = boolean->get();
    } else {
        reject(value.where, "found a date or time; no key of a model takes one");
    }
    return value;
}

int first_column(std::string_view text, int line) {
    for (; line > 1; --line) text.remove_prefix(text.find('\n') + 1);
    return static_cast<int>(text.find_first_not_of(" \t")) + 1;
}

// The offset where the parser stopped; columns count characters.
std::size_t offset_of(std::string_view text, const toml::source_position& stop) {
    std::size_t offset = 0;
    for (toml::source_index line = 1; line < stop.line; ++line)
        offset = std::min(text.find('\n', offset), text.size() - 1) + 1;
    for (toml::source_index column = 1; column < stop.column && offset < text.size(); ++column) {
        ++offset;
        while (offset < text.size() && continues_character(text[offset])) ++offset;
    }
    return offset;
}

// The mistake in the value at which the parser stopped, when it is a number or a text that TOML
// writes otherwise.
struct Misspelling {
    std::string sentence;
    std::size_t offset = 0;
};

std::optional<Misspelling> find_misspelling(std::string_view text, const toml::parse_error& error) {
    const std::string_view said = error.description();
    const auto says = [&](std::string_view what) { return said.find(what) != said.npos; };
    if (!says("floating-point") && !says("integer") && !says("boolean") && !says("value type"))
        return {};
    const Word word = value_around(text, offset_of(text, error.source().begin));
    const std::string sentence = misspelt_value(word.text);
    return sentence.empty() ? std::nullopt : std::optional(Misspelling{sentence, word.begin});
}

Mistake mistake_of(std::string_view text, const toml::parse_error& error,
                   const std::string& source) {
    if (const auto found = find_misspelling(text, error))
        return {where_at(text, found->offset, source), "Error while parsing: " + found->sentence};
    const std::string what = shortened(error.description());
    Where where = at(error.source(), source);
    // The parser has read the value before it sees that the key is there already.
    if (what.find("redefine") != std::string::npos) where.column = first_column(text, where.line);
    return {where, what};
}

// The value, or why there is none.
Value parse_value(const std::string& text, const std::string& source) {
    check_nesting(text, source);
    const bool plain = !text.empty() && text.find_first_of("[{\"'\n") == std::string::npos;
    const std::string line = "value = " + text;
    std::string why = plain ? misspelt_number(text) : "";
    if (const std::size_t beyond = find_beyond_ascii(line); beyond != std::string::npos) {
        if (is_typographic_quote(line.substr(beyond))) why = typographic_quotes;
    } else {
        try {
            const toml::table parsed = toml::parse(line);
            if (parsed.size() == 1) return convert(*parsed.get("value"), source);
        } catch (const toml::parse_error& error) {
            const auto found = find_misspelling(line, error);
            if (!plain && found) why = found->sentence;
        }
    }
    if (plain && why.empty()) return {{source}, text};
    throw Error(ExitCode::usage,
                why.empty() ? fmt::format("{}: \"{}\" is not a TOML value", source, shortened(text))
                            : fmt::format("{}: {}", source, why));
}

// A new table is welcome unless its name looks like that of one beside it.
void reject_misspelt(const Table& beside, const std::string& whole, std::string_view part,
                     const Where& where) {
    if (part.size() == whole.size()) return;  // at the top, every name is known
    std::vector<std::string> known;
    for (const Entry& entry : beside.entries) known.push_back(entry.key);
    const std::string near = did_you_mean(part, known);
    if (near.empty()) return;
    reject(where, fmt::format("there is no [{}] in the model.{}", shortened(whole), near));
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
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    check_nesting(text, source);
    if (const std::size_t found = find_beyond_ascii(text); found != std::string_view::npos)
        reject(where_at(text, found, source),
               fmt::format("Error while parsing: {}",
                           is_typographic_quote(text.substr(found))
                               ? std::string_view(typographic_quotes)
                               : "a character beyond ASCII outside of quotes and comments, or "
                                 "behind a backslash"));
    try {
        Table table = convert_table(toml::parse(text), source);
        place_texts(table, text);
        return table;
    } catch (const toml::parse_error& error) {
        const Mistake mistake = mistake_of(text, error, source);
        reject(mistake.where, mistake.sentence);
    }
}

Table load_toml(const std::string& path, std::string& text) {
    std::error_code failure;
    const std::filesystem::file_status status = std::filesystem::status(path, failure);
    const auto missing = [&](const char* why) {
        throw Error(ExitCode::no_such_input, fmt::format("{}: {}", path, why));
    };
    if (!std::filesystem::exists(status)) missing("no such file");
    if (std::filesystem::is_directory(status)) missing("a folder; expected a model file");
    if (!std::filesystem::is_regular_file(status))
        missing("a pipe or a device; expected a file, from whose folder a model's paths go on");
    std::ifstream file(path, std::ios::binary);
    if (!file) missing("cannot be read");
    std::ostringstream content;
    std::string block(std::size_t{1} << 16, '\0');  // it may be longer than it says it is
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0) {
        content.write(block.data(), file.gcount());
        if (static_cast<std::uintmax_t>(content.tellp()) > largest_file)
            reject({path}, fmt::format("a model file is at most {} bytes long", largest_file));
    }
    if (file.bad()) missing("cannot be read to its end");
    text = content.str();
    return parse_toml(text, path);
}

Override parse_override(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string source = "`override` " + shortened(assignment);
    if (equals == std::string::npos || equals == 0 || assignment[equals - 1] == '.') {
        throw Error(ExitCode::usage, fmt::format("{}: expected KEY=VALUE", source));
    }
    Override change{assignment.substr(0, equals),
                    parse_value(assignment.substr(equals + 1), source), assignment};
    place(change.value, {source});
    return change;
}

std::string assignment_of(const Override& change) {
    return change.text.empty() ? change.key + "=" + inline_text(change.value) : change.text;
}

Overrides::Overrides(std::vector<Override> made) : changes(std::move(made)) {}

Overrides::Overrides(const std::vector<std::string>& assignments) {
    for (const std::string& one : assignments) changes.push_back(parse_override(one));
}

Overrides::Overrides(std::initializer_list<std::string> assignments)
    : Overrides(std::vector<std::string>(assignments)) {}

void Overrides::append(const Overrides& more) {
    changes.insert(changes.end(), more.changes.begin(), more.changes.end());
}

namespace {

// Where the first part of a path of keys ends: at a dot that stands in no quotes.
std::size_t end_of_part(std::string_view path) {
    bool in_quotes = false;
    for (std::size_t k = 0; k < path.size(); ++k) {
        if (path[k] == '"') in_quotes = !in_quotes;
        if (path[k] == '.' && !in_quotes) return k;
    }
    return std::string_view::npos;
}

// A key with dots in it stands in quotes, as in `hold."previous(hidden.r)".loses`.
std::string_view without_quotes(std::string_view part) {
    const bool is_quoted = part.size() >= 2 && part.front() == '"' && part.back() == '"';
    return is_quoted ? part.substr(1, part.size() - 2) : part;
}

}  // namespace

void override_key(Table& root, const Override& change) {
    const Where& where = change.value.where;
    if (std::count(change.key.begin(), change.key.end(), '.') > deepest_nesting)
        reject(where, fmt::format("a key of more than {} parts", deepest_nesting));
    Table* table = &root;
    std::string_view path = change.key;
    for (std::size_t dot; (dot = end_of_part(path)) != std::string_view::npos;
         path.remove_prefix(dot + 1)) {
        const std::string_view part = without_quotes(path.substr(0, dot));
        Value* inner = table->find(part);
        if (!inner) {
            reject_misspelt(*table, change.key.substr(0, change.key.size() - path.size() + dot),
                            part, where);
            table->entries.push_back({std::string(part), where, {where, Table{}}});
            inner = &table->entries.back().value;
        }
        table = std::get_if<Table>(&inner->content);
        if (!table)
            reject(where,
                   fmt::format("\"{}\" is {}, not a table", shortened(part), describe(*inner)));
    }
    path = without_quotes(path);
    if (Value* old = table->find(path)) {
        *old = change.value;
    } else {
        table->entries.push_back({std::string(path), where, change.value});
    }
}

}  // namespace apical
