#include "circuits/value.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace apical {

namespace {

constexpr std::uintmax_t largest_file = 1 << 20;
// toml++ 3.3 descends the stack once for each part of a dotted key and each bracket.
constexpr int deepest_nesting = 64, most_dots = 256;

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
        value.content = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.content = boolean->get();
    } else {
        reject(value.where, "found a date or time; no key of a model takes one");
    }
    return value;
}

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) > 0x7f; }

// Walks over TOML text outside of comments and quoted text.
class Walk {
public:
    explicit Walk(std::string_view text) : rest_(text), size_(text.size()) {}

    // The next character that counts, or '\0' at the end.
    char next() {
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == '#') {
                skip(std::min(rest_.find('\n'), rest_.size()));
            } else if ((c == '"' || c == '\'') && !in_number()) {
                word_ = c;
                skip_quoted(c);
            } else {
                enter(c);
                skip(1);
                if (c != '\0') return c;
            }
        }
        return '\0';
    }
    int line() const { return line_; }
    std::size_t passed() const { return size_ - rest_.size(); }

private:
    // A quote in or behind a number begins no text: toml++ reads on, as far as the number might go,
    // also over what ends a key, which is the first word of a line outside of brackets.
    bool in_number() const {
        return (word_ >= '0' && word_ <= '9') || word_ == '+' || word_ == '-';
    }
    void enter(char c) {
        if (c == ' ' || c == '\t') return;
        const bool within = in_number() && !in_key_;
        const std::string_view between = within ? "]},\r\n" : "=[]{},\r\n";
        const bool ends = between.find(c) != std::string_view::npos;
        word_ = ends ? '\0' : word_ == '\0' ? c : word_;
        if (c == '[' || c == '{') ++depth_;
        if (c == ']' || c == '}') depth_ = std::max(0, depth_ - 1);
        if (c == '=' || depth_ > 0) in_key_ = false;
        if (c == '\n') in_key_ = depth_ == 0;
    }

    void skip(std::size_t count) {
        line_ += static_cast<int>(
            std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count), '\n'));
        rest_.remove_prefix(count);
    }

    // One quote ends on its line; three end where they come again, of which up to two more may be
    // part of the text. A backslash counts in "..." alone.
    void skip_quoted(char quote) {
        const std::string three(3, quote);
        const bool long_text = rest_.starts_with(three);
        skip(long_text ? 3 : 1);
        while (!rest_.empty()) {
            const bool ends =
                long_text ? rest_.starts_with(three) : rest_[0] == quote || rest_[0] == '\n';
            if (ends) {
                const std::size_t most = long_text ? 5 : 1;
                const std::size_t quotes = std::min(rest_.find_first_not_of(quote), rest_.size());
                return skip(std::clamp<std::size_t>(quotes, 1, most));
            }
            const bool escape = quote == '"' && rest_[0] == '\\' && rest_.size() > 1;
            if (escape && long_text && skip_trimmed()) return;
            skip(escape ? 2 : 1);
        }
    }

    // A backslash takes the white space behind it out of a long text. Whether a character beyond
    // ASCII comes next; then it counts, though it is quoted.
    bool skip_trimmed() {
        const std::size_t next = rest_.find_first_not_of(" \t\r\n\v\f", 1);
        if (next == std::string_view::npos || !is_beyond_ascii(rest_[next])) return false;
        skip(next);
        return true;
    }

    std::string_view rest_;
    std::size_t size_;
    int line_ = 1, depth_ = 0;  // of brackets
    bool in_key_ = true;
    char word_ = '\0';  // what the word begins with that is walked over, or was just before
};

// Rejects text that would make the parser descend too deep.
void check_nesting(std::string_view text, const std::string& source) {
    int brackets = 0, dots = 0, line = 1;
    Walk walk(text);
    for (char c = walk.next(); c != '\0'; c = walk.next()) {
        if (walk.line() != line) line = walk.line(), dots = 0;
        if (c == '.') ++dots;
        if (c == '[' || c == '{') ++brackets;
        if (c == ']' || c == '}') brackets = std::max(0, brackets - 1);
        if (brackets > deepest_nesting) {
            reject({source, line, 1}, fmt::format("nested more than {} deep", deepest_nesting));
        }
        if (dots > most_dots) {
            reject({source, line, 1}, fmt::format("a line with more than {} dots", most_dots));
        }
    }
}

// Where a character beyond ASCII counts, npos when none does. TOML has none there, and toml++ 3.3
// none behind a backslash either: both are undefined behaviour in it (its issues 190 and 295).
std::size_t find_beyond_ascii(std::string_view text) {
    Walk walk(text);
    for (char c = walk.next(); c != '\0'; c = walk.next()) {
        if (is_beyond_ascii(c)) return walk.passed() - 1;
    }
    return std::string_view::npos;
}

// Columns count characters, of one byte or several.
Where where_at(std::string_view text, std::size_t offset, const std::string& source) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line = before.rfind('\n') + 1;  // npos + 1 is the beginning
    const auto begins = [](unsigned char byte) { return (byte & 0xc0) != 0x80; };
    const std::string_view beside = before.substr(line);
    return {source, 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
            1 + static_cast<int>(std::count_if(beside.begin(), beside.end(), begins))};
}

int first_column(std::string_view text, int line) {
    for (; line > 1; --line) text.remove_prefix(text.find('\n') + 1);
    return static_cast<int>(text.find_first_not_of(" \t")) + 1;
}

std::optional<Value> find_value(const std::string& text, const std::string& source) {
    check_nesting(text, source);
    const std::string line = "value = " + text;
    if (find_beyond_ascii(line) != std::string::npos) return {};
    try {
        const toml::table parsed = toml::parse(line);
        if (parsed.size() == 1) return convert(*parsed.get("value"), source);
    } catch (const toml::parse_error&) {
    }
    return {};
}

Value parse_value(const std::string& text, const std::string& source) {
    if (std::optional<Value> value = find_value(text, source)) return *std::move(value);
    const bool plain = !text.empty() && text.find_first_of("[{\"'\n") == std::string::npos;
    if (plain) return {{source}, text};
    throw Error(ExitCode::usage,
                fmt::format("{}: \"{}\" is not a TOML value", source, shortened(text)));
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
               "Error while parsing: a character beyond ASCII outside of quotes and comments, or "
               "behind a backslash");
    try {
        return convert_table(toml::parse(text), source);
    } catch (const toml::parse_error& error) {
        Where where = at(error.source(), source);
        const std::string what = shortened(error.description());
        // The parser has read the value before it sees that the key is there already.
        if (what.find("redefine") != std::string::npos)
            where.column = first_column(text, where.line);
        reject(where, what);
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
    if (!std::filesystem::is_regular_file(status)) missing("no ordinary file");
    std::ifstream file(path, std::ios::binary);
    if (!file) missing("cannot be read");
    if (std::filesystem::file_size(path) > largest_file) {
        reject({path}, fmt::format("a model file is at most {} bytes long", largest_file));
    }
    std::ostringstream content;
    content << file.rdbuf();
    text = content.str();
    return parse_toml(text, path);
}

Override parse_override(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string source = "--set " + shortened(assignment);
    if (equals == std::string::npos || equals == 0 || assignment[equals - 1] == '.') {
        throw Error(ExitCode::usage, fmt::format("{}: expected KEY=VALUE", source));
    }
    Override change{assignment.substr(0, equals),
                    parse_value(assignment.substr(equals + 1), source)};
    place(change.value, {source});
    return change;
}

void override_key(Table& root, const Override& change) {
    const Where& where = change.value.where;
    if (std::count(change.key.begin(), change.key.end(), '.') > deepest_nesting)
        reject(where, fmt::format("a key of more than {} parts", deepest_nesting));
    Table* table = &root;
    std::string_view path = change.key;
    for (std::size_t dot; (dot = path.find('.')) != std::string_view::npos;
         path.remove_prefix(dot + 1)) {
        const std::string_view part = path.substr(0, dot);
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
    if (Value* old = table->find(path)) {
        *old = change.value;
    } else {
        table->entries.push_back({std::string(path), where, change.value});
    }
}

}  // namespace apical
