#include "sim/show/plot/groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "circuits/text/value.hpp"
#include "sim/hdf5/data_source.hpp"
#include "sim/show/plot/request.hpp"

namespace apical {

namespace {

constexpr std::size_t longest_title = 40;  // beyond it the legend has the names of files

// The model of a run without the seed.
Table model_of(const StoredRun& run) {
    Table model = parse_toml(run.text(run_attribute::resolved), run.path() + " (resolved)");
    Value* section = model.find("run");
    if (auto* table = section ? std::get_if<Table>(&section->content) : nullptr)
        std::erase_if(table->entries, [](const Entry& one) { return one.key == "seed"; });
    return model;
}

std::string text_of(const Entry& entry) {
    Table table;
    table.entries.push_back(entry);
    return to_toml(table);
}

// "run.steps": the last key of `one` that `other` lacks or has with another value; when runs differ
// in length their recording does too, and says less. Empty when there is none.
std::string difference(const Table& one, const Table& other) {
    for (auto entry = one.entries.rbegin(); entry != one.entries.rend(); ++entry) {
        const Value* found = other.find(entry->key);
        if (!found) return entry->key;
        const auto* a = std::get_if<Table>(&entry->value.content);
        const auto* b = std::get_if<Table>(&found->content);
        if (a && b) {
            const std::string inner = difference(*a, *b);
            if (!inner.empty()) return entry->key + "." + inner;
        } else if (text_of(*entry) != text_of(apical::entry(entry->key, found->content))) {
            return entry->key;
        }
    }
    return "";
}

// "after step 500", of a branch: what it was branched from is another file for each seed.
std::string beginning_of(const StoredRun& run) {
    const std::string branched = run.text(run_attribute::forked_from);
    const std::size_t step = branched.rfind("after step ");
    return step == std::string::npos ? branched : branched.substr(step);
}

// All that runs of one mean have in common.
std::string what_ran(const StoredRun& run) {
    return to_toml(model_of(run)) + '\n' + run.text(run_attribute::data) + '\n' + beginning_of(run);
}

[[noreturn]] void no_two_alike(const StoredRun& one, const StoredRun& other) {
    std::string key = difference(model_of(one), model_of(other));
    if (key.empty()) key = difference(model_of(other), model_of(one));
    if (key.empty()) {
        const std::string data =
            differing_data(one.text(run_attribute::data), other.text(run_attribute::data));
        key = data.empty() ? "the step that they were forked after" : "the data in " + data;
    }
    refuse(
        fmt::format("`mean` is over runs that differ in their seed alone, and there are no two "
                    "such: {} and {} differ in {}",
                    one.path(), other.path(), key));
}

void check_seeds(const std::vector<StoredRun>& files, const Group& group) {
    for (std::size_t a = 0; a < group.runs.size(); ++a) {
        for (std::size_t b = a + 1; b < group.runs.size(); ++b) {
            const StoredRun &one = files[group.runs[a]], &other = files[group.runs[b]];
            if (one.integer(run_attribute::seed, 0) == other.integer(run_attribute::seed, 0))
                refuse(
                    fmt::format("`mean`: {} and {} are the same run, of seed {}; expected each "
                                "run once",
                                one.path(), other.path(), one.integer(run_attribute::seed, 0)));
        }
    }
}

std::vector<Group> alike(const std::vector<StoredRun>& files) {
    std::vector<Group> groups;
    std::vector<std::string> models;
    for (std::size_t k = 0; k < files.size(); ++k) {
        const std::string model = what_ran(files[k]);
        const auto at = std::find(models.begin(), models.end(), model) - models.begin();
        if (static_cast<std::size_t>(at) == models.size()) {
            models.push_back(model);
            groups.emplace_back();
        }
        groups[static_cast<std::size_t>(at)].runs.push_back(k);
    }
    return groups;
}

// Up to the colon, behind which a title explains itself.
std::string title_of(const StoredRun& run) {
    const std::string title = on_one_line(run.text(run_attribute::title));
    const std::string name = title.substr(0, title.find(':'));
    return name.size() > longest_title ? "" : name;
}

// The common beginning of the names, without the beginning of a number and "seed": "rflo" of
// "rflo_seed10" and "rflo_seed12".
std::string common_part(const std::vector<std::string>& names) {
    const std::string& first = names.front();
    if (names.size() == 1) return first;
    const auto is = [](int (*kind)(int), char c) {
        return kind(static_cast<unsigned char>(c)) != 0;
    };
    std::size_t size = first.size();
    for (const std::string& name : names)
        size = std::min<std::size_t>(
            size, std::mismatch(first.begin(), first.end(), name.begin(), name.end()).first -
                      first.begin());
    const bool within_number = std::any_of(names.begin(), names.end(), [&](const auto& name) {
        return size < name.size() && is(std::isdigit, name[size]);
    });
    while (within_number && size > 0 && is(std::isdigit, first[size - 1])) --size;
    const auto trim = [&] {
        while (size > 0 && !is(std::isalnum, first[size - 1])) --size;
    };
    trim();
    if (first.substr(0, size).ends_with("seed")) size -= 4;
    trim();
    return first.substr(0, size);
}

// Names groups by what tells them apart: their models' titles, or the names of their files.
void name(std::vector<Group>& groups, const std::vector<StoredRun>& files,
          const std::vector<std::string>& names) {
    const auto title = [&](const Group& group) { return title_of(files[group.runs[0]]); };
    const auto part = [&](const Group& group) {
        std::vector<std::string> of_group;
        for (const std::size_t k : group.runs) of_group.push_back(names[k]);
        return common_part(of_group);
    };
    const auto first = [&](const Group& group) { return names[group.runs[0]]; };
    const auto tells_apart = [&](const auto& name_of) {
        std::set<std::string> different;
        for (Group& group : groups) different.insert(group.name = name_of(group));
        return different.size() == groups.size() && !different.contains("");
    };
    if (!tells_apart(title) && !tells_apart(part)) tells_apart(first);
}

}  // namespace

std::string Group::title() const {
    if (!is_mean()) return name;
    return fmt::format("{}{}mean of {} runs", name, name.empty() ? "" : ": ", runs.size());
}

std::vector<Group> groups_of(const std::vector<StoredRun>& files,
                             const std::vector<std::string>& names, bool mean) {
    if (!mean) {
        std::vector<Group> groups;
        for (std::size_t k = 0; k < files.size(); ++k)
            groups.push_back({files.size() > 1 ? names[k] : "", {k}});
        return groups;
    }
    if (files.size() < 2)
        refuse(fmt::format("`mean` is over runs, and there is only {}", files[0].path()));
    std::vector<Group> groups = alike(files);
    for (const Group& group : groups) check_seeds(files, group);
    if (groups.size() == files.size()) no_two_alike(files[0], files[1]);
    if (groups.size() > 1) name(groups, files, names);
    return groups;
}

}  // namespace apical
