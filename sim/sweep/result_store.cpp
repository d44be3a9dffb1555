#include "sim/sweep/result_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "sim/runs/engine_version.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

namespace fs = std::filesystem;

fs::path part_path(const Sweep& sweep, const std::string& id) {
    return fs::path(parts_folder(sweep.output)) / (id + ".h5");
}

SweepResult empty_result(const Sweep& sweep) {
    return {sweep.title, sweep.text, engine_version(), swept_names(sweep), {}};
}

void check_writable(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (!failure && access(folder.c_str(), W_OK | X_OK) == 0) return;
    throw Error(ExitCode::cannot_create_output,
                fmt::format("cannot write into the folder \"{}\": {}", folder.string(),
                            failure ? failure.message() : std::strerror(errno)));
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw Error(
        ExitCode::cannot_create_output,
        fmt::format("{}: {}; expected another `output`, or `force` to begin anew", path, why));
}

// "f81d4fae-7dec-5d11-a765-00a0c91e6bf6": what the name of a part begins with.
bool begins_with_id(const std::string& name) {
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return name.size() >= form.size() &&
           std::equal(form.begin(), form.end(), name.begin(), [](char expected, char c) {
               return expected == '-' ? c == '-'
                                      : std::isxdigit(static_cast<unsigned char>(c)) != 0;
           });
}

// Complete or, of a process that died, not: "ID.h5.apical-HOST-PID.new". All else is somebody
// else's.
bool is_part(const fs::path& path, bool complete) {
    const std::string name = path.filename().string();
    constexpr std::size_t size_of_id = 36;
    if (!begins_with_id(name)) return false;
    const std::string_view rest = std::string_view(name).substr(size_of_id);
    return rest == ".h5" || (!complete && rest.starts_with(".h5.") && rest.ends_with(".new"));
}

std::vector<fs::path> parts_in(const fs::path& folder, bool complete) {
    std::vector<fs::path> parts;
    std::error_code failure, none;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure))
        if (is_part(entry->path(), complete) && entry->is_regular_file(none))
            parts.push_back(entry->path());
    if (failure && fs::exists(folder))
        throw Error(
            ExitCode::cannot_create_output,
            fmt::format("cannot read the folder \"{}\": {}", folder.string(), failure.message()));
    return parts;
}

void check_not_input(const Sweep& sweep, const JobList& list) {
    check_output(sweep.output);
    apical::check_not_input(sweep.output, sweep.path);
    std::error_code unknown;
    for (const std::string& file : list.files) {
        apical::check_not_input(sweep.output, file);
        const fs::path place = fs::weakly_canonical(file, unknown);
        const bool is_there =
            fs::equivalent(place.parent_path(), parts_folder(sweep.output), unknown);
        if (is_there && is_part(place, false)) apical::check_not_input(place.string(), file);
    }
}

// The first line of a configuration that another one says otherwise.
std::string first_difference(const std::string& found, const std::string& expected) {
    std::size_t begin = 0;
    while (begin < std::min(found.size(), expected.size()) && found[begin] == expected[begin])
        ++begin;
    const auto line = [&](const std::string& text) {
        if (begin >= text.size()) return std::string("nothing");
        const std::size_t before = begin == 0 ? std::string::npos : text.rfind('\n', begin - 1);
        const std::size_t from = before == std::string::npos ? 0 : before + 1;
        return fmt::format("\"{}\"", text.substr(from, text.find('\n', begin) - from));
    };
    return fmt::format("it has {} where this sweep has {}", line(found), line(expected));
}

}  // namespace

void make_folders(const Sweep& sweep, const JobList& list) {
    check_not_input(sweep, list);
    const fs::path folder = fs::path(sweep.output).parent_path();
    check_writable(folder.empty() ? "." : folder);
    check_writable(parts_folder(sweep.output));
    remove_unfinished(sweep.output);
    for (const fs::path& made :
         {fs::path(parts_folder(sweep.output)), fs::path(runs_folder(sweep.output))})
        remove_unfinished((made / "").string());
}

void delete_results(const Sweep& sweep, const JobList& list) {
    check_not_input(sweep, list);
    std::error_code none;
    fs::remove(sweep.output, none);
    for (const fs::path& part : parts_in(parts_folder(sweep.output), false)) fs::remove(part, none);
    fs::remove(parts_folder(sweep.output), none);  // when nothing else is in it
}

ResultStore::ResultStore(const Sweep& sweep, const JobList& list) : sweep_(sweep), list_(list) {
    for (const Job& job : list.jobs) jobs_[job.id] = &job;
    for (const Condition& condition : list.conditions)
        cells_.emplace(condition.configuration, &condition);
    check_not_input(sweep, list);
    std::error_code unknown;
    if (fs::exists(sweep.output, unknown)) take(sweep.output);
    read_parts();
}

std::string ResultStore::difference(const JobResult& result) const {
    for (const Condition& condition : list_.conditions) {
        const bool same = condition.task_name == result.task &&
                          sweep_.models[condition.model].name == result.model &&
                          condition.values.size() == result.values.size();
        if (same && condition.configuration != result.configuration)
            return first_difference(result.configuration, condition.configuration);
        if (same && condition.configuration == result.configuration)
            return std::find(sweep_.seeds.begin(), sweep_.seeds.end(), result.seed) ==
                           sweep_.seeds.end()
                       ? fmt::format("it has seed {}, which this sweep has not", result.seed)
                       : fmt::format("its curves have {} blocks, this sweep's {}",
                                     result.block_steps.size(), sweep_.blocks);
    }
    return fmt::format("it has {} on {}, which this sweep has not", result.model, result.task);
}

// Whether a result is of one of the sweep's jobs but for the data that it was computed from.
bool ResultStore::is_stale(const JobResult& result) {
    const bool has_seed =
        std::find(sweep_.seeds.begin(), sweep_.seeds.end(), result.seed) != sweep_.seeds.end();
    const auto [begin, end] = cells_.equal_range(result.configuration);
    for (auto found = begin; found != end; ++found) {
        const Condition& condition = *found->second;
        const bool same = has_seed && condition.task_name == result.task &&
                          sweep_.models[condition.model].name == result.model;
        if (!same || condition.data == result.data) continue;
        stale_.insert(result.id);
        changed_data_ = differing_data(result.data, condition.data);
        return true;
    }
    return false;
}

std::vector<std::string> ResultStore::notes() const {
    if (stale_.empty()) return {};
    return {
        fmt::format("{} of the results that were there {} computed from other data ({}) and "
                    "{} left out",
                    stale_.size(), stale_.size() == 1 ? "was" : "were", changed_data_,
                    stale_.size() == 1 ? "is" : "are")};
}

void ResultStore::take(const std::string& path) {
    SweepResult found;
    try {
        found = read_result(path);
    } catch (const Error& error) {
        if (path != sweep_.output)
            throw Error(ExitCode::cannot_create_output,
                        fmt::format("{}: this part of the result cannot be read ({}); delete it, "
                                    "and its job will be run again",
                                    path, error.what()));
        refuse(path, fmt::format("this is no result of a sweep that could be continued ({})",
                                 error.what()));
    }
    if (found.engine != engine_version())
        refuse(path, fmt::format("this was made by the engine {}, but this one is {}", found.engine,
                                 engine_version()));
    for (JobResult& result : found.jobs) {
        if (!jobs_.contains(result.id)) {
            if (is_stale(result)) continue;
            refuse(path, "this belongs to another sweep: " + difference(result));
        }
        results_.insert_or_assign(result.id, std::move(result));
    }
}

void ResultStore::read_parts() {
    for (const fs::path& part : parts_in(parts_folder(sweep_.output), true)) {
        const std::string id = part.stem().string();
        if (stale_.contains(id)) continue;
        const auto job = jobs_.find(id);
        if (job == jobs_.end() || !has(*job->second)) take(part.string());
    }
}

void ResultStore::add(JobResult result) {
    store_part(sweep_, result);
    const std::lock_guard lock(mutex_);
    results_.insert_or_assign(result.id, std::move(result));
}

bool ResultStore::has(const Job& job) const {
    if (!results_.contains(job.id)) return false;
    if (!job.keep) return true;
    std::error_code unknown;
    return fs::exists(fs::path(sweep_.output).parent_path() / results_.at(job.id).run_file,
                      unknown) &&
           !results_.at(job.id).run_file.empty();
}

void ResultStore::gather() {
    SweepResult result = empty_result(sweep_);
    for (const Job& job : list_.jobs) {
        const auto found = results_.find(job.id);
        if (found == results_.end()) continue;
        result.jobs.push_back(found->second);
        const Condition& condition = list_.conditions[job.condition];
        JobResult& row = result.jobs.back();
        row.model = sweep_.models[condition.model].name;
        row.task = condition.task_name;
        row.values = condition.values;
        row.configuration = condition.configuration;
        row.data = condition.data;
    }
    write_result(sweep_.output, result);
    std::error_code none;
    for (const JobResult& job : result.jobs) fs::remove(part_path(sweep_, job.id), none);
    for (const std::string& id : stale_) fs::remove(part_path(sweep_, id), none);
    fs::remove(parts_folder(sweep_.output), none);  // when nothing else is in it
}

void store_part(const Sweep& sweep, const JobResult& result) {
    SweepResult part = empty_result(sweep);
    part.jobs.push_back(result);
    // A process that merged meanwhile has deleted the folder when nothing was in it.
    check_writable(parts_folder(sweep.output));
    write_result(part_path(sweep, result.id).string(), part);
}

}  // namespace apical
