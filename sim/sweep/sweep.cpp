#include "sim/sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <set>

#include "circuits/anatomy/resolve.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/sweep/job_filters.hpp"
#include "sim/sweep/overrides.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr double most_blocks = 10'000;
constexpr std::int64_t most_seeds = 1'000'000;
constexpr double most_combinations = 1e6;

constexpr std::array table = {
    Key{.section = "",
        .name = "format",
        .type = Type::integer,
        .minimum = 1,
        .maximum = 1,
        .description = "version of the sweep file's format"},
    Key{.section = "",
        .name = "title",
        .type = Type::text,
        .default_value = "\"\"",
        .description = "one line about the sweep"},
    Key{.section = "",
        .name = "seeds",
        .type = Type::range,
        .minimum = 0,
        .maximum = std::numeric_limits<std::uint32_t>::max(),
        .description = "of every combination: with the same seed all have the same data and "
                       "initial strengths"},
    Key{.section = "",
        .name = "blocks",
        .type = Type::integer,
        .default_value = "100",
        .minimum = 1,
        .maximum = most_blocks,
        .description = "of how many means the curve of a job's loss consists"},
    Key{.section = "",
        .name = "set",
        .type = Type::table,
        .default_value = "{}",
        .description = "keys of every model, with a value each"},
    Key{.section = "",
        .name = "model",
        .type = Type::table,
        .description = "models, by the name that the result and its figures give them"},
    Key{.section = "",
        .name = "task",
        .type = Type::table,
        .default_value = "{}",
        .description = "tasks, by name: keys of the models' [task]; none: each model's own"},
    Key{.section = "",
        .name = "grid",
        .type = Type::table,
        .default_value = "{}",
        .description = "keys of every model, with a list of values each: every combination"},
    Key{.section = "",
        .name = "zip",
        .type = Type::tables,
        .default_value = "[]",
        .description = "keys that change together, with lists of equal length"},
    Key{.section = "",
        .name = "leave_out",
        .type = Type::tables,
        .default_value = "[]",
        .description = "combinations that are not run: model, task, seed or any key of grid and "
                       "zip, with a value or a list of values each"},
    Key{.section = "",
        .name = "keep",
        .type = Type::tables,
        .default_value = "[]",
        .description = "combinations whose run files are kept, named likewise; {} means all"},
    Key{.section = "model.*",
        .name = "file",
        .type = Type::text,
        .description = "model file, from the sweep file's folder"},
    Key{.section = "model.*",
        .name = "set",
        .type = Type::table,
        .default_value = "{}",
        .description = "keys of this model, with a value each"},
};

std::vector<Key> keys_in(std::string_view section) {
    std::vector<Key> keys;
    std::copy_if(table.begin(), table.end(), std::back_inserter(keys),
                 [&](const Key& key) { return key.section == section; });
    return keys;
}

const Table& table_of(const Section& whole, std::string_view key) {
    return std::get<Table>(whole.value(key).content);
}

// ---- seeds

// "1:20"
std::vector<std::int64_t> range_of(const Text& range) {
    const std::size_t colon = std::min(range.text.find(':'), range.text.size());
    const auto first = whole_number(std::string_view(range.text).substr(0, colon));
    const auto last =
        whole_number(std::string_view(range.text).substr(std::min(colon + 1, range.text.size())));
    const bool fits = first && last && *first >= 0 && *first <= *last &&
                      *last <= std::numeric_limits<std::uint32_t>::max();
    if (!fits)
        reject(range.where,
               fmt::format("seeds = \"{}\": expected \"FIRST:LAST\", two whole "
                           "numbers from 0 to {}, or a list of them",
                           shortened(range.text), std::numeric_limits<std::uint32_t>::max()));
    if (*last - *first >= most_seeds)
        reject(range.where, fmt::format("more than {} seeds", most_seeds));
    std::vector<std::int64_t> numbers;
    for (std::int64_t number = *first; number <= *last; ++number) numbers.push_back(number);
    return numbers;
}

std::vector<std::uint32_t> seeds_of(const Section& whole) {
    const Value& value = whole.value("seeds");
    const bool is_range = std::holds_alternative<std::string>(value.content);
    std::vector<std::uint32_t> seeds;
    for (const std::int64_t seed :
         is_range ? range_of(whole.text("seeds")) : whole.integers("seeds"))
        seeds.push_back(static_cast<std::uint32_t>(seed));
    if (seeds.empty()) reject(value.where, "the list of seeds is empty: nothing would be run");
    std::vector<std::uint32_t> sorted = seeds;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) reject(value.where, fmt::format("the seed {} stands twice", *twice));
    return seeds;
}

// ---- models, tasks, keys

ModelSource source_of(const std::string& path, const Where& where) {
    std::error_code failure;
    if (!std::filesystem::exists(path, failure))
        throw Error(ExitCode::no_such_input,
                    fmt::format("{}: there is no model file \"{}\"", text(where), path));
    return path;
}

std::vector<SweptModel> models_of(Section& whole, const std::filesystem::path& folder) {
    std::vector<SweptModel> models;
    for (Entry& entry : std::get<Table>(whole.value("model").content).entries) {
        const Section section(inner_table(entry, "model"), entry.where, "model." + entry.key,
                              keys_in("model.*"));
        const Text file = section.text("file");
        models.push_back({entry.key, source_of((folder / file.text).string(), file.where),
                          file.where, overrides_of(table_of(section, "set"))});
    }
    if (models.empty())
        reject(whole.where("model"), "the sweep has no model: nothing would be run");
    return models;
}

// A task that is named as a kind must be of that kind.
SweptTask task_of(Entry& entry) {
    SweptTask task{entry.key, overrides_of(inner_table(entry, "task"), "task.")};
    const auto is_kind = [&](const TaskKind* kind) { return kind->name == entry.key; };
    const auto sets_kind = [](const Override& one) { return one.key == "task.kind"; };
    if (std::any_of(task_kinds().begin(), task_kinds().end(), is_kind) &&
        std::none_of(task.overrides.begin(), task.overrides.end(), sets_kind))
        reject(entry.value.where,
               fmt::format("[task.{0}] does not say its kind, so it would be each model's own task "
                           "under this name; expected kind = \"{0}\" in it",
                           entry.key));
    return task;
}

std::vector<SweptTask> tasks_of(Section& whole) {
    std::vector<SweptTask> tasks;
    for (Entry& entry : std::get<Table>(whole.value("task").content).entries)
        tasks.push_back(task_of(entry));
    if (tasks.empty()) tasks.push_back({});
    return tasks;
}

const Array& values_of(const Override& key, std::string_view section) {
    const auto* values = std::get_if<Array>(&key.value.content);
    if (!values || values->empty())
        reject(key.value.where, fmt::format("{}.{} is {}; expected a list of values", section,
                                            key.key, values ? "empty" : describe(key.value)));
    return *values;
}

std::vector<SweptKeys> grid_of(const Section& whole) {
    std::vector<SweptKeys> all;
    for (const Override& key : overrides_of(table_of(whole, "grid"))) {
        SweptKeys swept{{key.key}, {}};
        for (const Value& value : values_of(key, "grid")) swept.points.push_back({value});
        all.push_back(std::move(swept));
    }
    return all;
}

SweptKeys zip_of(const Value& zip) {
    SweptKeys swept;
    for (const Override& key : overrides_of(std::get<Table>(zip.content))) {
        const Array& values = values_of(key, "zip");
        if (swept.keys.empty()) swept.points.resize(values.size());
        if (values.size() != swept.points.size())
            reject(key.value.where,
                   fmt::format("zip.{} has {} values, but zip.{} has {}; expected lists of equal "
                               "length",
                               key.key, values.size(), swept.keys.front(), swept.points.size()));
        swept.keys.push_back(key.key);
        for (std::size_t k = 0; k < values.size(); ++k) swept.points[k].push_back(values[k]);
    }
    if (swept.keys.empty()) reject(zip.where, "this zip has no key");
    return swept;
}

// A key that one place gives a value and another one several would be two things at once.
void check_swept(const Sweep& sweep) {
    std::set<std::string> set, swept;
    const auto add = [&](const std::vector<Override>& overrides) {
        for (const Override& one : overrides) {
            if (one.key == "run.seed")
                reject(one.value.where,
                       "run.seed cannot be set; expected the key \"seeds\" at the top");
            set.insert(one.key);
        }
    };
    add(sweep.overrides);
    for (const SweptModel& model : sweep.models) add(model.overrides);
    for (const SweptTask& task : sweep.tasks) add(task.overrides);
    for (const SweptKeys& keys : sweep.keys) {
        for (std::size_t k = 0; k < keys.keys.size(); ++k) {
            const std::string& key = keys.keys[k];
            const Where& where = keys.points.front()[k].where;
            if (key == "run.seed")
                reject(where, "run.seed cannot be swept; expected the key \"seeds\" at the top");
            if (set.contains(key))
                reject(where, fmt::format("the key \"{}\" is swept here and set elsewhere in this "
                                          "file",
                                          key));
            if (!swept.insert(key).second)
                reject(where, fmt::format("the key \"{}\" is swept twice", key));
        }
    }
}

// Counts in floating point, so that ten keys with a hundred values each overflow nothing.
void check_size(const Sweep& sweep) {
    double count = static_cast<double>(sweep.models.size() * sweep.tasks.size());
    for (const SweptKeys& keys : sweep.keys) count *= static_cast<double>(keys.points.size());
    count *= static_cast<double>(sweep.seeds.size());
    if (count <= most_combinations) return;
    reject({sweep.path, 1, 1},
           fmt::format("the sweep has {:.3g} combinations of models, tasks, keys and seeds; "
                       "expected at most {:.0f}",
                       count, most_combinations));
}

// Every column that a filter may name, with its values.
Columns columns_of(const Sweep& sweep) {
    Columns columns{{"model", {}}, {"task", {}}, {"seed", {}}};
    for (const SweptModel& model : sweep.models) columns[0].second.push_back(value_of(model.name));
    for (const SweptTask& task : sweep.tasks) columns[1].second.push_back(value_of(task.name));
    for (const std::uint32_t seed : sweep.seeds)
        columns[2].second.push_back(value_of(std::int64_t{seed}));
    for (const SweptKeys& keys : sweep.keys) {
        for (std::size_t k = 0; k < keys.keys.size(); ++k) {
            std::vector<Value> values;
            for (const auto& point : keys.points) values.push_back(point[k]);
            columns.emplace_back(keys.keys[k], values);
        }
    }
    return columns;
}

}  // namespace

std::span<const Key> sweep_keys() { return table; }

Sweep load_sweep(const std::string& path, const ReadingTrial& trial) {
    Sweep sweep;
    sweep.path = path;
    Table root = load_toml(path, sweep.text);
    if (!is_sweep(root) && root.find("population"))
        reject({path, 1, 1}, "this is a model file; expected a sweep file. `run_model()` runs it");
    Section whole(root, {path, 1, 1}, "", keys_in(""));
    sweep.title = whole.text("title").text;
    sweep.seeds = seeds_of(whole);
    sweep.blocks = whole.integer("blocks");
    sweep.overrides = overrides_of(table_of(whole, "set"));
    sweep.models = models_of(whole, std::filesystem::path(path).parent_path());
    for (SweptModel& model : sweep.models) model.source.trial = trial;
    sweep.tasks = tasks_of(whole);
    sweep.keys = grid_of(whole);
    for (const Value& zip : std::get<Array>(whole.value("zip").content))
        sweep.keys.push_back(zip_of(zip));
    check_swept(sweep);
    check_size(sweep);
    const auto filters = [&](std::string_view key) {
        return filters_of(std::get<Array>(whole.value(key).content), columns_of(sweep));
    };
    sweep.leave_out = filters("leave_out");
    sweep.keep = filters("keep");
    sweep.output = "runs/" + std::filesystem::path(path).stem().string() + ".h5";
    return sweep;
}

std::vector<std::string> swept_names(const Sweep& sweep) {
    std::vector<std::string> names;
    for (const SweptKeys& keys : sweep.keys)
        names.insert(names.end(), keys.keys.begin(), keys.keys.end());
    return names;
}

}  // namespace apical
