#include "sim/model/shipped_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

namespace files = std::filesystem;

bool is_file(const files::path& path) {
    std::error_code failure;
    return files::is_regular_file(path, failure);
}

bool is_there(const files::path& path) {
    std::error_code failure;
    return files::exists(files::symlink_status(path, failure));
}

// "rflo" of "rflo" and "rflo.toml".
std::string without_extension(const std::string& name) {
    constexpr std::string_view extension = ".toml";
    return name.ends_with(extension) ? name.substr(0, name.size() - extension.size()) : name;
}

// Folders in that of the shipped models.
constexpr std::string_view inner_folders[] = {"variants", "ladder",     "rules", "dynamics",
                                              "circuits", "literature", "tasks", "repaired"};

// The file of a name, or an empty path.
files::path find_shipped(const std::string& name, const std::vector<std::string>& folders) {
    for (const std::string& folder : folders) {
        const files::path path = files::path(folder) / (name + ".toml");
        if (is_file(path)) return path;
        for (const std::string_view inner : inner_folders) {
            const files::path below = files::path(folder) / inner / (name + ".toml");
            if (is_file(below)) return below;
        }
    }
    return {};
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code failure;
    files::recursive_directory_iterator entry(folder, failure), end;
    for (; !failure && entry != end; entry.increment(failure)) {
        const files::path& path = entry->path();
        if (path.extension() == ".toml") names.push_back(path.stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string lack_text(const std::vector<std::string>& known) {
    if (!known.empty()) return "no shipped model; shipped are " + list_of(known);
    return "no folder of shipped models was found";
}

// A name that is no path: without a folder, or with one of the shipped models.
bool can_be_name(const std::string& asked) {
    const files::path parent = files::path(asked).parent_path();
    return parent.empty() || std::any_of(std::begin(inner_folders), std::end(inner_folders),
                                         [&](std::string_view one) { return parent == one; });
}

}  // namespace

std::vector<std::string> shipped_folders() {
    std::error_code failure;
    const files::path program = files::read_symlink("/proc/self/exe", failure).parent_path();
    std::vector<std::string> folders;
    for (const char* relative : {APICAL_INSTALLED_MODELS, APICAL_BUILT_MODELS}) {
        const files::path folder = (program / relative).lexically_normal();
        if (files::is_directory(folder, failure)) folders.push_back(folder.string());
    }
    return folders;
}

std::vector<std::string> names_of_shipped(const std::vector<std::string>& folders) {
    for (const std::string& folder : folders) {
        if (std::vector<std::string> names = names_in(folder); !names.empty()) return names;
    }
    return {};
}

NamedModel find_model(const std::string& asked, const std::vector<std::string>& folders) {
    if (!can_be_name(asked)) return {asked, ""};
    const std::string name = without_extension(asked);
    const files::path shipped = find_shipped(name, folders);
    for (const std::string& here : {asked, name + ".toml"}) {
        std::error_code failure;
        const bool wins =
            here == asked ? is_there(here) && !files::is_directory(here, failure) : is_file(here);
        if (!wins) continue;
        if (shipped.empty() || files::equivalent(here, shipped, failure)) return {here, ""};
        return {here, fmt::format("\"{}\" is the file {} here, not the shipped model {}", asked,
                                  here, shipped.string())};
    }
    if (!shipped.empty()) return {shipped.string(), ""};
    const std::vector<std::string> known = names_of_shipped(folders);
    const std::string near = did_you_mean(name, known);
    if (is_there(asked) || (asked != name && near.empty())) return {asked, ""};
    throw Error(ExitCode::no_such_input,
                asked == name
                    ? fmt::format("{}: no such file, and {}.{}", asked, lack_text(known), near)
                    : fmt::format("{}: no such file.{}", asked, near));
}

}  // namespace apical
