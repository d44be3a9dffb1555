#pragma once

#include <string>
#include <string_view>

namespace apical {

// A folder of its own in the temporary directory, with a copy of the shipped models; removed with
// this.
class FolderWithModels {
public:
    FolderWithModels();
    ~FolderWithModels();
    FolderWithModels(const FolderWithModels&) = delete;
    FolderWithModels& operator=(const FolderWithModels&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

// What a text comes to when it is taken for a model, a sweep, or overrides of a shipped model, a
// line each: it loads or is refused with an Error, within a second and without memory that it does
// not account for. Whatever else is thrown passes through. `folder` is that of
// a FolderWithModels.
void load_as_model(std::string_view text, const std::string& folder);
void load_as_sweep(std::string_view text, const std::string& folder);
void load_as_overrides(std::string_view text, const std::string& folder);

}  // namespace apical
