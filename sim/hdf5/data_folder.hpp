#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "sim/system/reading_trial.hpp"

namespace apical {

// The folder that the paths of datasets in a model file are relative to, and how the files are
// tried before they are read.
struct DataFolder {
    std::string path;
    ReadingTrial trial = {};
    // Which of the data that lie in splits a task shows. Unset: those that a run learns from,
    // "train"; else what an evaluation asks for, by name, or, empty, "test" where there is one.
    std::optional<std::string> split = {};

    DataFolder() = default;
    DataFolder(std::string folder, const ReadingTrial& how = {})
        : path(std::move(folder)), trial(how) {}
    DataFolder(const char* folder) : path(folder) {}

    std::string path_of(const std::string& file) const {
        return (std::filesystem::path(path) / file).string();
    }
};

}  // namespace apical
