#include "tests/sim/model/model_mutants.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <cmath>
#include <set>

#include "learning_rules/book/rule_book.hpp"
#include "sim/model/model_keys.hpp"

namespace apical {

namespace {

// From one offset in a text to another.
struct Span {
    std::size_t begin = 0, end = 0;
};

// A text and its lines: offsets of what toml++ gives line and column of.
class Lines {
public:
    explicit Lines(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') begins_.push_back(i + 1);
        }
    }
    std::size_t offset(const toml::source_position& at) const {
        return begins_[at.line - 1] + at.column - 1;
    }
    Span span(const toml::source_region& region) const {
        return {offset(region.begin), offset(region.end)};
    }
    // ":14:8"
    std::string place(std::size_t offset) const {
        const auto next = std::upper_bound(begins_.begin(), begins_.end(), offset);
        return fmt::format(":{}:{}", next - begins_.begin(), offset - *(next - 1) + 1);
    }

private:
    std::vector<std::size_t> begins_{0};
};

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> parts{""};
    for (const char c : path) {
        if (c == '.') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

bool names_its_tables(std::string_view section) {
    const std::set<std::string_view> names{"population", "gate", "synapses", "plasticity",
                                           "record"};
    return names.contains(section);
}

// "synapses.*" for synapses.W_rec, "init" for synapses.W_rec.init
std::string section_of(const std::string& table) {
    if (table.empty()) return "";
    std::vector<std::string> parts = split(table);
    const std::set<std::string_view> initial{"init", "A", "B", "zeta"};
    if (parts.size() == 3 && initial.contains(parts.back())) return "init";
    if (parts.size() > 1 && names_its_tables(parts[0])) parts[1] = "*";
    return fmt::format("{}", fmt::join(parts, "."));
}

Key key_of(const std::string& section, std::string_view name, std::string_view rule) {
    std::vector<Key> keys = keys_of(section);
    for (const LearningRule* one : learning_rules()) {
        if (section == "plasticity.*" && one->name == rule)
            keys.insert(keys.end(), one->keys.begin(), one->keys.end());
    }
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    INFO("the key " << name << " of [" << section << "]");
    REQUIRE(found != keys.end());
    return *found;
}

bool refers(const Key& key) {
    const std::set<std::string_view> names{
        "from",   "to",   "during", "opens",      "synapses",       "credit", "prediction",
        "target", "of",   "rule",   "kind",       "activation",     "role",   "twin",
        "like",   "copy", "what",   "implements", "approximations", "readout"};
    return names.contains(key.name);
}

// A part of a name between ".", "(" and ")".
std::string part_at(const std::string& name, std::size_t i) {
    const std::size_t before = name.find_last_of(".()", i), after = name.find_first_of(".()", i);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return name.substr(begin, std::min(after, name.size()) - begin);
}

struct Misspelling {
    std::string text, meant_part;
};

// One letter dropped, two swapped, one replaced.
std::vector<Misspelling> misspellings(const std::string& name) {
    std::vector<Misspelling> all;
    const auto is_letter = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
    const auto alike = [&](std::size_t i) {
        return is_letter(name[i]) == is_letter(name[i + 1]) && name[i] == name[i + 1];
    };
    for (std::size_t i = name.size() / 2; i < name.size(); ++i) {
        if (!is_letter(name[i]) || name.size() == 1) continue;
        all.push_back({name.substr(0, i) + name.substr(i + 1), part_at(name, i)});
        break;
    }
    for (std::size_t i = name.size() / 2; i > 0; --i) {
        if (!is_letter(name[i - 1]) || !is_letter(name[i]) || alike(i - 1)) continue;
        std::string swapped = name;
        std::swap(swapped[i - 1], swapped[i]);
        all.push_back({swapped, part_at(name, i)});
        break;
    }
    for (std::size_t i = name.size(); i > 0; --i) {
        if (!is_letter(name[i - 1])) continue;
        std::string replaced = name;
        replaced[i - 1] = name[i - 1] == 'q' ? 'z' : 'q';
        all.push_back({replaced, part_at(name, i - 1)});
        break;
    }
    return all;
}

std::vector<std::string> values_of_wrong_type(Type type) {
    switch (type) {
        case Type::text:
            return {"3", "true", "[\"a\"]", "{}", "1979-05-27"};
        case Type::texts:
        case Type::text_list:
            return {"3", "true", "[3]", "{}", "07:32:00"};
        case Type::integer:
            return {"\"3\"", "1.5", "true", "[1]", "{}"};
        case Type::integer_by_name:
            return {"\"3\"", "1.5", "true", "[1]", "{ x = 1.5 }", "{ x = \"y\" }"};
        case Type::range:
        case Type::integer_list:
            return {"3", "true", "[\"3\", 5]", "[3, 5.5]", "{}"};
        case Type::number:
            return {"\"1.0\"", "true", "[1.0]", "{}", "1979-05-27T07:32:00Z"};
        case Type::number_pair:
            return {"3", "true", "[1.0]", "[\"3\", 5]", "{}"};
        case Type::number_or_table:
            return {"\"1.0\"", "true", "[1.0]", "1979-05-27T07:32:00Z"};
        case Type::boolean:
            return {"\"true\"", "1", "[]", "{}"};
        case Type::shares:
            return {"3", "true", "[\"a\"]", "{}"};
        case Type::scale:
        case Type::scale_range:
        case Type::scale_pair:
            return {"\"much\"", "true", "[1.0]", "{}"};
        case Type::numbers:
        case Type::table:
        case Type::tables:
            return {"3", "\"x\"", "true", "[[]]"};
    }
    return {};
}

std::vector<std::string> values_out_of_range(const Key& key) {
    std::vector<std::string> values;
    const bool whole = key.type == Type::integer || key.type == Type::integer_list,
               number = key.type == Type::number || key.type == Type::number_or_table;
    const auto add = [&](double value) {
        values.push_back(whole ? fmt::format("{:.0f}", value) : fmt::format("{:e}", value));
    };
    if (whole || number) {
        if (std::isfinite(key.minimum)) add(key.minimum - 1);
        if (std::isfinite(key.minimum) && key.above_minimum) add(key.minimum);
        if (std::isfinite(key.maximum)) add(key.maximum + 1);
        if (std::isfinite(key.maximum)) add(1.001 * key.maximum + 1);
    }
    if (number || key.type == Type::scale || key.type == Type::scale_range)
        values.insert(values.end(), {"nan", "inf", "-inf"});
    if (whole) values.emplace_back("-9223372036854775808");
    if (key.type == Type::integer_list) {
        for (std::string& value : values) value = fmt::format("[3, {}]", value);
    }
    return values;
}

class Mutants {
public:
    explicit Mutants(const std::string& text)
        : text_(text), lines_(text), root_(toml::parse(text)) {}

    std::vector<Mutant> make() {
        add_table(root_, "");
        add_headers();
        add_sections();
        return std::move(mutants_);
    }

private:
    std::string with(Span span, const std::string& put) const {
        return text_.substr(0, span.begin) + put + text_.substr(span.end);
    }

    void add_table(const toml::table& table, const std::string& path) {
        const std::string section = section_of(path);
        const auto rule = table["rule"].value_or(std::string());
        for (auto&& [name, node] : table) {
            const std::string own =
                path.empty() ? std::string(name.str()) : fmt::format("{}.{}", path, name.str());
            if (!names_its_tables(section)) {
                const Key key = key_of(section, name.str(), rule);
                if (!has_header(node)) add_entry(own, key, lines_.span(name.source()), node);
            }
            if (const auto* inner = node.as_table()) add_table(*inner, own);
            if (const auto* inner = node.as_array(); inner && inner->is_homogeneous<toml::table>())
                inner->for_each([&](const toml::table& one) { add_table(one, own); });
        }
    }

    static bool has_header(const toml::node& node) {
        const auto* table = node.as_table();
        const auto* array = node.as_array();
        const bool tables = array && array->is_homogeneous<toml::table>();
        return (table && !table->is_inline()) || tables;
    }

    void add_entry(const std::string& path, const Key& key, Span name, const toml::node& node) {
        const Span value = lines_.span(node.source());
        mutants_.push_back(
            {MutantKind::removed, path, key, "", with({name.begin, value.end}, ""), "", "", ""});
        add_misspelt(MutantKind::misspelt_key, path, key, name);
        add_values(MutantKind::wrong_type, path, key, value,
                   two_of(values_of_wrong_type(key.type)));
        add_values(MutantKind::out_of_range, path, key, value, values_out_of_range(key));
        if (!refers(key)) return;
        const auto refer = [&](const toml::node& one) {
            if (!one.is_string()) return;
            Span word = lines_.span(one.source());
            add_misspelt(MutantKind::misspelt_reference, path, key, {++word.begin, --word.end});
        };
        const auto* array = node.as_array();
        if (!array) return refer(node);
        for (const toml::node& one : *array) refer(one);
    }

    // Two of them, others for the next key.
    std::vector<std::string> two_of(const std::vector<std::string>& values) {
        const std::size_t first = turn_++ % values.size();
        return {values[first], values[(first + 1) % values.size()]};
    }

    void add_misspelt(MutantKind mistake, const std::string& path, const Key& key, Span word) {
        const std::string name = text_.substr(word.begin, word.end - word.begin);
        const std::size_t begin = word.begin - (mistake == MutantKind::misspelt_reference ? 1 : 0);
        for (const auto& [text, part] : misspellings(name))
            mutants_.push_back(
                {mistake, path, key, text, with(word, text), lines_.place(begin), name, part});
    }

    void add_values(MutantKind mistake, const std::string& path, const Key& key, Span span,
                    const std::vector<std::string>& values) {
        for (const std::string& value : values)
            mutants_.push_back(
                {mistake, path, key, value, with(span, value), lines_.place(span.begin), "", ""});
    }

    // The keys in headers: [population.hidden], [[synapses.W_rec.again]].
    void add_headers() {
        for (std::size_t line = 0; line != std::string::npos; line = text_.find("\n[", line)) {
            if (text_[line] == '\n') ++line;
            if (text_[line] != '[') {
                ++line;
                continue;
            }
            const std::size_t begin = text_.find_first_not_of('[', line);
            add_header(begin, text_.substr(begin, text_.find(']', line) - begin));
        }
    }

    void add_header(std::size_t begin, const std::string& path) {
        std::string table;
        for (const std::string& part : split(path)) {
            const std::string section = section_of(table);
            table += table.empty() ? part : "." + part;
            if (!names_its_tables(section))
                add_misspelt(MutantKind::misspelt_key, table, key_of(section, part, ""),
                             {begin, begin + part.size()});
            begin += part.size() + 1;
        }
    }

    // Whole sections: [[phase]], [population.*].
    void add_sections() {
        for (const Key& key : keys_of("")) {
            const std::string name(key.name);
            if (!root_.contains(name) || !has_header(*root_.get(name))) continue;
            const std::string rest = without_section(name);
            mutants_.push_back({MutantKind::removed, name, key, "", rest, "", "", ""});
            for (const std::string& value : values_of_wrong_type(key.type))
                mutants_.push_back({MutantKind::wrong_type, name, key, value,
                                    fmt::format("{} = {}\n", name, value) + rest,
                                    fmt::format(":1:{}", name.size() + 4), "", ""});
        }
    }

    std::string without_section(const std::string& name) const {
        std::string rest = '\n' + text_;
        for (const std::string& head : {"\n[" + name, "\n[[" + name}) {
            for (std::size_t at = 0; (at = rest.find(head, at)) != std::string::npos;) {
                const char after = rest[at + head.size()];
                const bool whole = after == '.' || after == ']';
                const std::size_t next = std::min(rest.find("\n[", at + 1), rest.size());
                if (whole) rest.erase(at, next - at);
                at = whole ? at : next;
            }
        }
        return rest.empty() ? rest : rest.substr(1);
    }

    const std::string& text_;
    Lines lines_;
    toml::table root_;
    std::size_t turn_ = 0;
    std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(const std::string& text) { return Mutants(text).make(); }

}  // namespace apical
