#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "sim/system/reading_trial.hpp"

namespace apical {

// The folder that the paths of datasets in a model file are relative to, and how the files are
// tried before they are read.
struct DataFolder {
    std::string path;
    ReadingTrial trial = {};

    DataFolder() = default;
    DataFolder(std::string folder, const ReadingTrial& how = {})
        : path(std::move(folder)), trial(how) {}
    DataFolder(const char* folder) : path(folder) {}

    std::string path_of(const std::string& file) const {
        return (std::filesystem::path(path) / file).string();
    }
};

}  // namespace apical
