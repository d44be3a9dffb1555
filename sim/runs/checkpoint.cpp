#include "sim/runs/checkpoint.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <filesystem>
#include <optional>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".checkpoint";

// The step in "dni_b.h5.1000.checkpoint", of the run file "dni_b.h5".
std::optional<std::int64_t> step_in(std::string_view name, std::string_view run_file) {
    if (!name.starts_with(run_file) || !name.ends_with(ending)) return std::nullopt;
    if (name.size() <= run_file.size() + 1 + ending.size()) return std::nullopt;
    name.remove_prefix(run_file.size());
    name.remove_suffix(ending.size());
    if (name.front() != '.') return std::nullopt;
    std::int64_t step = 0;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), step);
    const bool whole = error == std::errc() && end == name.data() + name.size();
    return whole && step > 0 ? std::optional(step) : std::nullopt;
}

fs::path directory_of(const std::string& run_file) {
    const fs::path directory = fs::path(run_file).parent_path();
    return directory.empty() ? "." : directory;
}

void remove_checkpoint(const std::string& run_file, std::int64_t step) {
    const std::string path = checkpoint_path(run_file, step);
    std::error_code gone;
    if (Archive::is_one(path)) fs::remove(path, gone);
}

}  // namespace

std::string checkpoint_path(const std::string& run_file, std::int64_t step) {
    return fmt::format("{}.{}{}", run_file, step, ending);
}

void check_room_for_name(const std::string& run_file) {
    constexpr std::size_t digits = 16;  // of 2^53 steps
    const std::size_t behind = 1 + digits + ending.size(),
                      name = fs::path(run_file).filename().string().size();
    const long limit = pathconf(directory_of(run_file).c_str(), _PC_NAME_MAX);
    const auto most = static_cast<std::size_t>(limit > 0 ? limit : NAME_MAX) - behind;
    if (name <= most) return;
    throw Error(ExitCode::cannot_create_output,
                fmt::format("cannot write \"{}\": a name of {} bytes has no room for that of a "
                            "checkpoint, NAME.STEP{}; expected at most {}",
                            run_file, name, ending, most));
}

std::vector<std::int64_t> checkpoint_steps(const std::string& run_file) {
    std::vector<std::int64_t> steps;
    const std::string name = fs::path(run_file).filename().string();
    std::error_code missing;
    for (fs::directory_iterator entry(directory_of(run_file), missing), end;
         entry != end && !missing; entry.increment(missing)) {
        if (const auto step = step_in(entry->path().filename().string(), name))
            steps.push_back(*step);
    }
    std::sort(steps.begin(), steps.end());
    return steps;
}

void remove_checkpoints(const std::string& run_file, std::int64_t keep) {
    std::vector<std::int64_t> steps = checkpoint_steps(run_file);
    const auto stay = std::min(keep, static_cast<std::int64_t>(steps.size()));
    steps.resize(steps.size() - static_cast<std::size_t>(stay));
    for (const std::int64_t step : steps) remove_checkpoint(run_file, step);
}

void remove_checkpoints_after(const std::string& run_file, std::int64_t step) {
    for (const std::int64_t other : checkpoint_steps(run_file)) {
        if (other > step) remove_checkpoint(run_file, other);
    }
}

}  // namespace apical
