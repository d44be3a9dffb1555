#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuits/text/value.hpp"
#include "sim/system/reading_trial.hpp"

namespace apical {

// A rule file that was read once.
struct RuleFile {
    std::string name;  // as the model's key "rules" has it
    std::string path;  // with the folder of the model
    std::string text;  // the file as it was read
};

// A model file that was read once, whatever becomes of it on the disk. A path is taken for one, so
// that `load_model("models/rflo.toml")` reads it.
struct ModelSource {
    std::string path;    // as given; paths in the file are relative to its folder
    std::string text;    // the file as it is
    Table root;          // the same, parsed
    ReadingTrial trial;  // of the datasets that it names
    // Rule files that were read before, by name. Others are read from the disk.
    std::vector<RuleFile> rule_files = {};
    std::optional<std::string> split = {};  // of data that are shown, as in DataFolder

    // Reads the file. Throws what `load_toml` throws.
    ModelSource(const std::string& file, const ReadingTrial& how = {});
    ModelSource(const char* file);
    // Parses what was read from the file before. Throws what `parse_toml` throws.
    ModelSource(const std::string& file, const std::string& content, const ReadingTrial& how = {});
};

// Whether a file that was read is a sweep and no model.
bool is_sweep(const Table& root);

}  // namespace apical
