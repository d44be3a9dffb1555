#pragma once

#include <string>
#include <string_view>

namespace apical {

// What a text comes to when it is taken for a model, a sweep, or overrides of a shipped model, a
// line each: it loads or is refused with an Error, within a second and without memory that it does
// not account for. Whatever else is thrown passes through. `folder` is for files of these functions
// alone; it needs a copy of the shipped models.
void load_as_model(std::string_view text, const std::string& folder);
void load_as_sweep(std::string_view text, const std::string& folder);
void load_as_overrides(std::string_view text, const std::string& folder);

// A new folder with a copy of the shipped models.
std::string folder_with_models();

}  // namespace apical
