// Tables that are held against their keys, and what they have.
#include <fmt/format.h>

#include "circuits/text/keys.hpp"

namespace apical {

namespace {

Value default_of(const Key& key, const Where& where) {
    Table table = parse_toml(fmt::format("value = {}", key.default_value), "default");
    Value value = std::move(*table.find("value"));
    value.where = where;
    return value;
}

// Whole numbers may stand for real ones.
double number_of(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value.content))
        return static_cast<double>(*integer);
    const auto* real = std::get_if<double>(&value.content);
    return real ? *real : 0.0;
}

}  // namespace

Section::Section(Table& table, Where where, std::string name, std::span<const Key> keys)
    : table_(&table), where_(std::move(where)), name_(std::move(name)) {
    if (const auto found = mistakes_in(table, where_, name_, keys); !found.empty())
        reject(found.front().where, found.front().sentence);
    for (const Key& key : keys) {
        if (key.default_value == "-" || table.find(key.name)) continue;
        table.entries.push_back({std::string(key.name), where_, default_of(key, where_)});
    }
}

bool Section::has(std::string_view key) const { return table_->find(key) != nullptr; }

bool Section::is_stated(std::string_view key) const {
    const Where at = where(key);
    return has(key) &&
           (at.line != where_.line || at.column != where_.column || at.source != where_.source);
}

void Section::require(std::string_view key, std::string_view who) const {
    if (!has(key)) reject(where_, fmt::format("{} needs the key \"{}\" in [{}]", who, key, name_));
}

Where Section::where(std::string_view key) const {
    const Value* found = table_->find(key);
    return found ? found->where : where_;
}

Value& Section::value(std::string_view key) const { return *table_->find(key); }

void Section::set(std::string_view key, decltype(Value::content) content) const {
    if (Value* found = table_->find(key)) {
        found->content = std::move(content);
    } else {
        table_->entries.push_back({std::string(key), where_, {where_, std::move(content)}});
    }
}

void Section::erase(std::string_view key) const {
    std::erase_if(table_->entries, [&](const Entry& entry) { return entry.key == key; });
}

Text Section::text(std::string_view key) const {
    const Value& found = value(key);
    return {std::get<std::string>(found.content), found.where};
}

std::vector<Text> Section::texts(std::string_view key) const {
    const Value& found = value(key);
    if (std::holds_alternative<std::string>(found.content)) return {text(key)};
    std::vector<Text> texts;
    for (const Value& one : std::get<Array>(found.content)) {
        texts.push_back({std::get<std::string>(one.content), one.where});
    }
    return texts;
}

std::int64_t Section::integer(std::string_view key) const {
    return std::get<std::int64_t>(value(key).content);
}

std::vector<std::int64_t> Section::integers(std::string_view key) const {
    std::vector<std::int64_t> integers;
    for (const Value& one : std::get<Array>(value(key).content)) {
        integers.push_back(std::get<std::int64_t>(one.content));
    }
    return integers;
}

double Section::number(std::string_view key) const { return number_of(value(key)); }

std::pair<double, double> Section::number_pair(std::string_view key) const {
    const Array& two = std::get<Array>(value(key).content);
    return {number_of(two[0]), number_of(two[1])};
}

std::vector<double> Section::numbers(std::string_view key) const {
    std::vector<double> numbers;
    for (const Value& one : std::get<Array>(value(key).content)) numbers.push_back(number_of(one));
    return numbers;
}

bool Section::boolean(std::string_view key) const { return std::get<bool>(value(key).content); }

}  // namespace apical
