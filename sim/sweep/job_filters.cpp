#include "sim/sweep/job_filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "circuits/text/error.hpp"
#include "sim/sweep/overrides.hpp"

namespace apical {

namespace {

bool same(const Value& a, const Value& b) {
    const auto number = [](const Value& value) -> std::optional<double> {
        if (const auto* whole = std::get_if<std::int64_t>(&value.content))
            return static_cast<double>(*whole);
        if (const auto* real = std::get_if<double>(&value.content)) return *real;
        return std::nullopt;
    };
    if (number(a) && number(b)) return *number(a) == *number(b);
    return inline_text(a) == inline_text(b);
}

bool one_of(const Value& value, const std::vector<Value>& values) {
    return std::any_of(values.begin(), values.end(),
                       [&](const Value& one) { return same(one, value); });
}

void check_filter(const Override& filter, const std::vector<Value>& asked,
                  const std::vector<Value>& known) {
    for (const Value& value : asked) {
        if (one_of(value, known)) continue;
        std::vector<std::string> names;
        for (const Value& one : known) {
            const auto* name = std::get_if<std::string>(&one.content);
            names.push_back(name ? *name : inline_text(one));
        }
        constexpr std::size_t most_listed = 20;
        const auto* text = std::get_if<std::string>(&value.content);
        const std::string near = text ? did_you_mean(*text, names) : "";
        const bool all = names.size() <= most_listed;
        names.resize(std::min(names.size(), most_listed));
        reject(value.where,
               fmt::format("no job has {} = {}; known are {}{}.{}", filter.key, inline_text(value),
                           list_of(names), all ? "" : ", ...", near));
    }
}

}  // namespace

std::vector<JobFilter> filters_of(const Array& tables, const Columns& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.first);
    std::vector<JobFilter> filters;
    for (const Value& one : tables) {
        JobFilter filter;
        for (const Override& asked : overrides_of(std::get<Table>(one.content))) {
            const auto column = std::find(names.begin(), names.end(), asked.key);
            if (column == names.end())
                reject(asked.value.where,
                       fmt::format("no job has a \"{}\"; known are {}.{}", asked.key,
                                   list_of(names), did_you_mean(asked.key, names)));
            const std::vector<Value>& known =
                columns[static_cast<std::size_t>(column - names.begin())].second;
            const auto* list = std::get_if<Array>(&asked.value.content);
            const std::vector<Value> values =
                list && !one_of(asked.value, known) ? *list : std::vector<Value>{asked.value};
            if (values.empty())
                reject(asked.value.where, fmt::format("{} is empty; no job would be meant. "
                                                      "Expected a value or a list of values",
                                                      asked.key));
            check_filter(asked, values, known);
            filter.columns.emplace_back(asked.key, values);
        }
        filters.push_back(std::move(filter));
    }
    return filters;
}

bool meets(const std::vector<JobFilter>& filters,
           const std::vector<std::pair<std::string, Value>>& columns) {
    return std::any_of(filters.begin(), filters.end(), [&](const JobFilter& filter) {
        return std::all_of(filter.columns.begin(), filter.columns.end(), [&](const auto& asked) {
            const auto column = std::find_if(columns.begin(), columns.end(),
                                             [&](const auto& c) { return c.first == asked.first; });
            return column != columns.end() && one_of(column->second, asked.second);
        });
    });
}

}  // namespace apical
