#include "sim/tasks/task_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

std::vector<std::string> keys_of_kind(const TaskKind& kind) {
    std::vector<std::string> names;
    for (const Key& key : kind.keys) names.emplace_back(key.name);
    return names;
}

}  // namespace

std::string list_tasks() {
    std::size_t longest = 0;
    for (const TaskKind* kind : task_kinds()) longest = std::max(longest, kind->name.size());
    std::string text =
        fmt::format("{:<{}}  what it shows and asks for; its keys in [task]\n", "task", longest);
    for (const TaskKind* kind : task_kinds())
        text += fmt::format("{:<{}}  {}; {}\n", kind->name, longest, kind->summary,
                            list_of(keys_of_kind(*kind)));
    return text;
}

Table tasks_as_table() {
    Array list;
    for (const TaskKind* kind : task_kinds()) {
        Array keys;
        for (const std::string& key : keys_of_kind(*kind)) keys.push_back(value_of(key));
        list.push_back(
            value_of(Table{{entry("name", std::string(kind->name)),
                            entry("summary", std::string(kind->summary)), entry("keys", keys)}}));
    }
    return {{entry("tasks", list)}};
}

}  // namespace apical
