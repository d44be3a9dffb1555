#include "sim/show/view/model_differences.hpp"

#include <algorithm>
#include <utility>

namespace apical {

namespace {

using Leaf = std::pair<std::string, std::string>;  // key, value as TOML

std::string toml_of(const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value.content))
        return toml_of(value_of(static_cast<double>(*whole)));
    std::string text = to_toml({{entry("x", value.content)}}).substr(std::string("x = ").size());
    text.erase(text.find_last_not_of('\n') + 1);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

bool holds_tables(const Array& array) {
    return !array.empty() && std::holds_alternative<Table>(array.front().content);
}

void add_leaves(const Value& value, const std::string& key, std::vector<Leaf>& leaves) {
    const std::string before = key.empty() ? "" : key + ".";
    const auto* array = std::get_if<Array>(&value.content);
    if (const auto* table = std::get_if<Table>(&value.content)) {
        for (const Entry& one : table->entries) add_leaves(one.value, before + one.key, leaves);
    } else if (array && holds_tables(*array)) {
        for (std::size_t k = 0; k < array->size(); ++k)
            add_leaves((*array)[k], before + std::to_string(k), leaves);
    } else {
        leaves.emplace_back(key, toml_of(value));
    }
}

std::vector<Leaf> leaves_of(const Table& table) {
    std::vector<Leaf> leaves;
    add_leaves(value_of(table), "", leaves);
    return leaves;
}

std::string value_at(const std::vector<Leaf>& leaves, const std::string& key) {
    const auto found = std::find_if(leaves.begin(), leaves.end(),
                                    [&](const Leaf& one) { return one.first == key; });
    return found == leaves.end() ? "" : found->second;
}

}  // namespace

std::vector<ModelDifference> differences(const Table& written, const Table& ran) {
    const std::vector<Leaf> before = leaves_of(written), after = leaves_of(ran);
    std::vector<ModelDifference> all;
    for (const auto& [key, value] : before) {
        const std::string now = value_at(after, key);
        if (now != value) all.push_back({key, value, now});
    }
    for (const auto& [key, value] : after)
        if (value_at(before, key).empty()) all.push_back({key, "", value});
    return all;
}

}  // namespace apical
