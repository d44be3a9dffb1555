#include "sim/sweep/result_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "sim/engine_version.hpp"
#include "sim/output_path.hpp"

namespace apical {

namespace {

namespace fs = std::filesystem;

fs::path parts_folder(const Sweep& sweep) { return apical::parts_folder(sweep.output); }

fs::path part_path(const Sweep& sweep, const std::string& id) {
    return parts_folder(sweep) / (id + ".h5");
}

SweepResult empty_result(const Sweep& sweep) {
    return {sweep.title, sweep.text, engine_version(), swept_names(sweep), {}};
}

void check_not_input(const Sweep& sweep) {
    apical::check_not_input(sweep.output, sweep.path);
    for (const SweptModel& model : sweep.models) apical::check_not_input(sweep.output, model.path);
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
        fmt::format("{}: {}; expected another --output, or --force to begin anew", path, why));
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

void delete_results(const Sweep& sweep) {
    check_not_input(sweep);
    std::error_code none;
    fs::remove(sweep.output, none);
    fs::remove_all(parts_folder(sweep), none);
}

ResultStore::ResultStore(const Sweep& sweep, const JobList& list) : sweep_(sweep), list_(list) {
    for (const Job& job : list.jobs) jobs_[job.id] = &job;
    check_not_input(sweep);
    if (fs::exists(sweep.output)) take(sweep.output);
    read_parts();
}

void ResultStore::make_folders() const {
    const fs::path folder = fs::path(sweep_.output).parent_path();
    check_writable(folder.empty() ? "." : folder);
    check_writable(parts_folder(sweep_));
}

std::string ResultStore::difference(const JobResult& result) const {
    for (const Cell& cell : list_.cells) {
        const bool same = cell.task_name == result.task &&
                          sweep_.models[cell.model].name == result.model &&
                          cell.values.size() == result.values.size();
        if (same && cell.configuration != result.configuration)
            return first_difference(result.configuration, cell.configuration);
        if (same && cell.configuration == result.configuration)
            return std::find(sweep_.seeds.begin(), sweep_.seeds.end(), result.seed) ==
                           sweep_.seeds.end()
                       ? fmt::format("it has seed {}, which this sweep has not", result.seed)
                       : fmt::format("its curves have {} blocks, this sweep's {}",
                                     result.block_steps.size(), sweep_.blocks);
    }
    return fmt::format("it has {} on {}, which this sweep has not", result.model, result.task);
}

void ResultStore::check_job(const JobResult& result, const std::string& path) const {
    if (jobs_.contains(result.id)) return;
    refuse(path, "this belongs to another sweep: " + difference(result));
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
        check_job(result, path);
        results_.insert_or_assign(result.id, std::move(result));
    }
}

void ResultStore::read_parts() {
    if (!fs::is_directory(parts_folder(sweep_))) return;
    for (const fs::directory_entry& entry : fs::directory_iterator(parts_folder(sweep_))) {
        if (entry.path().extension() != ".h5") continue;  // not complete, of a process that died
        const auto job = jobs_.find(entry.path().stem());
        if (job == jobs_.end() || !has(*job->second)) take(entry.path().string());
    }
}

bool ResultStore::has(const Job& job) const {
    if (!results_.contains(job.id)) return false;
    if (!job.keep) return true;
    return fs::exists(fs::path(sweep_.output).parent_path() / results_.at(job.id).run_file) &&
           !results_.at(job.id).run_file.empty();
}

void ResultStore::gather() {
    SweepResult result = empty_result(sweep_);
    for (const Job& job : list_.jobs) {
        const auto found = results_.find(job.id);
        if (found == results_.end()) continue;
        result.jobs.push_back(found->second);
        const Cell& cell = list_.cells[job.cell];
        JobResult& row = result.jobs.back();
        row.model = sweep_.models[cell.model].name;
        row.task = cell.task_name;
        row.values = cell.values;
        row.configuration = cell.configuration;
    }
    write_result(sweep_.output, result);
    std::error_code none;
    for (const JobResult& job : result.jobs) fs::remove(part_path(sweep_, job.id), none);
    fs::remove(parts_folder(sweep_), none);  // when nothing else is in it
}

void store_part(const Sweep& sweep, const JobResult& result) {
    SweepResult part = empty_result(sweep);
    part.jobs.push_back(result);
    // Who merges meanwhile has deleted the folder when nothing was in it.
    check_writable(parts_folder(sweep));
    write_result(part_path(sweep, result.id).string(), part);
}

}  // namespace apical
