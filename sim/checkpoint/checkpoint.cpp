#include "sim/checkpoint/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

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

}  // namespace

std::string checkpoint_path(const std::string& run_file, std::int64_t step) {
    return fmt::format("{}.{}{}", run_file, step, ending);
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
    std::error_code gone;
    for (const std::int64_t step : steps) fs::remove(checkpoint_path(run_file, step), gone);
}

void remove_checkpoints_after(const std::string& run_file, std::int64_t step) {
    std::error_code gone;
    for (const std::int64_t other : checkpoint_steps(run_file)) {
        if (other > step) fs::remove(checkpoint_path(run_file, other), gone);
    }
}

}  // namespace apical
