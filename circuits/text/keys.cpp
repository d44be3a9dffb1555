#include "circuits/text/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/text/choices.hpp"

namespace apical {

namespace {

std::string range_text(const Key& key) {
    if (key.minimum == key.maximum) return fmt::format(", {}", key.minimum);
    std::string range;
    if (std::isfinite(key.minimum)) {
        range += fmt::format(" {} {}", key.above_minimum ? "above" : "from", key.minimum);
    }
    if (std::isfinite(key.maximum)) {
        const bool large = key.maximum >= 1e5;
        range +=
            large ? fmt::format(" to {:.0f}", key.maximum) : fmt::format(" to {}", key.maximum);
    }
    return range;
}

template <class T>
const T* as(const Value& value) {
    return std::get_if<T>(&value.content);
}

bool number_of(const Value& value, double& number) {
    if (const auto* integer = as<std::int64_t>(value)) return number = double(*integer), true;
    if (const auto* real = as<double>(value)) return number = *real, true;
    return false;
}

bool in_range(const Key& key, double number) {
    if (std::isnan(number)) return false;
    const bool above = key.above_minimum ? number > key.minimum : number >= key.minimum;
    return above && number <= key.maximum && (std::isfinite(number));
}

bool is_number(const Key& key, const Value& value) {
    double number = 0.0;
    return number_of(value, number) && in_range(key, number);
}

bool is_integer(const Key& key, const Value& value) {
    return as<std::int64_t>(value) && is_number(key, value);
}

bool is_text(const Key& key, const Value& value) {
    const auto* text = as<std::string>(value);
    if (!text) return false;
    const std::vector<std::string> choices = split_choices(key.choices);
    return choices.empty() || !key.names.empty() ||
           std::find(choices.begin(), choices.end(), *text) != choices.end();
}

// Its own text is read where the initialiser is (circuits/anatomy/load_initializer.cpp).
bool is_scale(const Key& key, const Value& value) {
    return as<std::string>(value) || is_number(key, value);
}

template <class Test>
bool is_list(const Value& value, Test test) {
    const auto* array = as<Array>(value);
    return array && std::all_of(array->begin(), array->end(), test);
}

bool is_scale_pair(const Key& key, const Value& value) {
    return is_list(value, [&](const Value& v) { return is_scale(key, v); }) &&
           as<Array>(value)->size() == 2;
}

bool is_list_of_tables(const Value& value) {
    return is_list(value, [](const Value& v) { return as<Table>(v) != nullptr; });
}

bool is_number_by_name(const Key& key, const Value& value) {
    return is_number(key, value) || (!key.inner.empty() && as<Table>(value)) ||
           (!key.choices.empty() && is_text(key, value));
}

bool is_integer_or_word(const Key& key, const Value& value) {
    return is_integer(key, value) || (!key.choices.empty() && is_text(key, value));
}

template <class Test>
bool is_table_of(const Value& value, Test test) {
    const auto* table = as<Table>(value);
    return table && std::all_of(table->entries.begin(), table->entries.end(),
                                [&](const Entry& e) { return test(e.value); });
}

bool fits(const Key& key, const Value& value) {
    const auto text = [&](const Value& v) { return is_text(key, v); };
    switch (key.type) {
        case Type::text:
            return text(value);
        case Type::texts:
            return text(value) || is_list(value, text);
        case Type::text_list:
            return is_list(value, text);
        case Type::integer:
            return is_integer_or_word(key, value);
        case Type::integer_by_name:
            return is_integer_or_word(key, value) ||
                   is_table_of(value, [&](const Value& v) { return is_integer_or_word(key, v); });
        case Type::range:
            if (as<std::string>(value)) return true;  // its text is read where it is needed
            [[fallthrough]];
        case Type::integer_list:
            return is_list(value, [&](const Value& v) { return is_integer(key, v); });
        case Type::number:
            return is_number(key, value) || (!key.choices.empty() && is_text(key, value));
        case Type::number_pair:
            return is_list(value, [&](const Value& v) { return is_number(key, v); }) &&
                   as<Array>(value)->size() == 2;
        case Type::number_or_table:
            return as<Table>(value) || is_number(key, value);
        case Type::boolean:
            return as<bool>(value) != nullptr;
        case Type::shares:
            return text(value) || is_list(value, [&](const Value& v) { return is_number(key, v); });
        case Type::scale:
            return is_scale(key, value);
        case Type::scale_pair:
            return is_scale_pair(key, value);
        case Type::scale_range:
            return is_scale(key, value) || is_scale_pair(key, value);
        case Type::numbers:
            return is_table_of(value, [&](const Value& v) { return is_number_by_name(key, v); });
        case Type::table:
            return as<Table>(value) != nullptr;
        case Type::tables:
            return is_list_of_tables(value);
    }
    return false;
}

std::string type_text(const Key& key) {
    switch (key.type) {
        case Type::text:
            return "a text";
        case Type::texts:
            return "a text or a list of texts";
        case Type::text_list:
            return "a list of texts";
        case Type::integer:
        case Type::integer_by_name:
            return "a whole number";
        case Type::integer_list:
            return "a list of whole numbers";
        case Type::range:
            return "\"FIRST:LAST\" or a list of whole numbers";
        case Type::number:
        case Type::number_or_table:
            return "a number";
        case Type::number_pair:
            return "a list of two numbers";
        case Type::boolean:
            return "true or false";
        case Type::shares:
            return "a text or a list of numbers";
        case Type::scale:
            return "a number, \"K/sqrt(pre)\" or \"K/sqrt(post)\"";
        case Type::scale_range:
            return "a number, \"K/sqrt(pre)\", \"K/sqrt(post)\", or a list of two";
        case Type::scale_pair:
            return "a list of two, each a number, \"K/sqrt(pre)\" or \"K/sqrt(post)\"";
        case Type::numbers:
            return "a table of numbers by name, each";
        case Type::table:
            return "a table";
        case Type::tables:
            return "a list of tables";
    }
    return "";
}

std::vector<std::string> names_of(std::span<const Key> keys) {
    std::vector<std::string> names;
    for (const Key& key : keys) names.emplace_back(key.name);
    return names;
}

const Key* find_key(std::span<const Key> keys, std::string_view name) {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

// The value that does not fit: in a list of choices the first text that is none, else the value
// itself.
const Value& misfit(const Key& key, const Value& value) {
    const auto* list = key.type == Type::text ? nullptr : as<Array>(value);
    if (!list || key.choices.empty()) return value;
    const auto found = std::find_if(list->begin(), list->end(), [&](const Value& one) {
        return as<std::string>(one) && !is_text(key, one);
    });
    return found == list->end() ? value : *found;
}

// Which number of a table of numbers does not fit; null of what is no such table.
const Entry* misfit_of_table(const Key& key, const Value& value) {
    const bool by_name = key.type == Type::integer_by_name;
    const auto* table = key.type == Type::numbers || by_name ? as<Table>(value) : nullptr;
    if (!table) return nullptr;
    for (const Entry& one : table->entries)
        if (!(by_name ? is_integer_or_word(key, one.value) : is_number_by_name(key, one.value)))
            return &one;
    return nullptr;
}

Mistake misfitting(const Key& key, const Entry& entry, const std::string& section) {
    const Value& found = misfit(key, entry.value);
    const Entry* of_table = misfit_of_table(key, found);
    const Value& wrong = of_table ? of_table->value : found;
    std::string near;
    if (const auto* text = as<std::string>(wrong))
        near = did_you_mean(*text, split_choices(key.choices));
    const std::string is = of_table ? fmt::format("a table whose \"{}\" is {}",
                                                  shortened(of_table->key), describe(wrong))
                                    : describe(found);
    return {
        wrong.where,
        fmt::format("{}{}{} {} {}; expected {}.{}", section, section.empty() ? "" : ".", entry.key,
                    &found == &entry.value ? "is" : "has", is, expectation(key), near)};
}

std::string in_section(const std::string& name) {
    return name.empty() ? "" : fmt::format(" in [{}]", name);
}

}  // namespace

std::string expectation(const Key& key) {
    std::string expected = type_text(key) + range_text(key);
    if (key.type == Type::number_or_table || (key.type == Type::numbers && !key.inner.empty()))
        expected += ", or a table";
    if (!key.choices.empty()) {
        const bool is_word = key.type == Type::integer || key.type == Type::integer_by_name;
        expected += is_word ? ", or " : key.type == Type::numbers ? ", or one of " : ", one of ";
        expected += list_of(split_choices(key.choices));
        if (!key.names.empty()) expected += fmt::format(", or the name of an [{}.*]", key.names);
    }
    return expected;
}

namespace {

// All that are missing in one sentence: the first with what it is for.
std::string missing_text(const std::vector<const Key*>& missing, const std::string& name) {
    std::vector<std::string> others;
    for (std::size_t k = 1; k < missing.size(); ++k)
        others.push_back(fmt::format("\"{}\" ({})", missing[k]->name, expectation(*missing[k])));
    const Key& first = *missing.front();
    return fmt::format("{} is missing its key \"{}\" ({}): {}{}{}",
                       name.empty() ? "the file" : "[" + name + "]", first.name, expectation(first),
                       first.description, others.empty() ? "" : "; missing are also ",
                       list_of(others));
}

}  // namespace

// Missing keys are not told beside an unknown one, which may be meant for one of them.
std::vector<Mistake> mistakes_in(const Table& table, const Where& where, const std::string& name,
                                 std::span<const Key> keys) {
    std::vector<Mistake> found;
    bool has_unknown = false;
    for (const Entry& entry : table.entries) {
        const Key* key = find_key(keys, entry.key);
        if (!key) {
            has_unknown = true;
            const std::vector<std::string> known = names_of(keys);
            found.push_back(
                {entry.where,
                 fmt::format("unknown key \"{}\"{}; known are {}.{}", shortened(entry.key),
                             in_section(name), list_of(known), did_you_mean(entry.key, known))});
        } else if (!fits(*key, entry.value)) {
            found.push_back(misfitting(*key, entry, name));
        }
    }
    std::vector<const Key*> missing;
    for (const Key& key : keys) {
        if (key.default_value.empty() && !table.find(key.name)) missing.push_back(&key);
    }
    if (!missing.empty() && !has_unknown) found.push_back({where, missing_text(missing, name)});
    return found;
}

}  // namespace apical
