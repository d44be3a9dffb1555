#pragma once

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// A folder of its own in the temporary directory, removed with this.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "apical_XXXXXX").string();
        REQUIRE(mkdtemp(name.data()));
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code failure;
        std::filesystem::remove_all(path_, failure);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::string path() const { return path_.string(); }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    // The path of the new file.
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return *this / name;
    }

private:
    std::filesystem::path path_;
};

inline std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// "rflo" or "variants/rflo_mirrored"
inline std::string path_of_shipped(const std::string& model) {
    return fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, model);
}

// The paths of the models in these folders, without the sweeps.
inline std::vector<std::string> models_in(const std::vector<std::string>& folders) {
    std::vector<std::string> paths;
    for (const std::string& folder : folders) {
        const auto inside = std::filesystem::path(APICAL_SOURCE_DIR) / folder;
        for (const auto& entry : std::filesystem::directory_iterator(inside)) {
            const bool is_sweep = entry.path().stem().string().starts_with("figure");
            if (entry.path().extension() == ".toml" && !is_sweep)
                paths.push_back(entry.path().string());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

// The paths of all models of algorithms that come with the program, recurrent networks with a loss.
inline std::vector<std::string> shipped_models() {
    return models_in({"models", "models/variants", "models/ladder"});
}

// The paths of the models of single rules: models/rules/NAME.toml binds the rule NAME.
inline std::vector<std::string> rule_models() { return models_in({"models/rules"}); }

// The overrides, and ones that let a shipped model's events begin in its first steps.
inline std::vector<std::string> with_early_events(const std::string& path,
                                                  std::vector<std::string> overrides) {
    for (const Intervention& event : load_model(path).circuit.interventions)
        overrides.push_back(fmt::format("event.{}.at=10", event.name));
    return overrides;
}

// Text of a shipped model, and what stands there instead.
struct Change {
    std::string found, put;
};

// The text of a shipped model with changes.
inline std::string drafted(const std::string& model, const std::vector<Change>& changes) {
    std::string text = content_of(path_of_shipped(model));
    for (const Change& change : changes) {
        const std::size_t begin = text.find(change.found);
        INFO("in models/" << model << ".toml: " << change.found);
        REQUIRE(begin != std::string::npos);
        text.replace(begin, change.found.size(), change.put);
    }
    return text;
}

// Takes the "@" out of a text: it marks where an error is to be reported. ":12:3", or nothing.
inline std::string take_mark(std::string& text) {
    const std::size_t mark = text.find('@');
    if (mark == std::string::npos) return "";
    text.erase(mark, 1);
    const auto begin = text.begin(), end = begin + static_cast<std::ptrdiff_t>(mark);
    const auto line = 1 + std::count(begin, end, '\n');
    const std::size_t last_line = text.rfind('\n', mark == 0 ? 0 : mark - 1);
    const bool first = line == 1;
    return fmt::format(":{}:{}", line, first ? mark + 1 : mark - last_line);
}

using Use = void (*)(const std::string& path);

inline void load(const std::string& path) { load_model(path, {}); }

template <class Action>
std::optional<Error> error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

// The error has this code; its first line begins with the place and says all phrases. Every further
// line is a mistake that the loader found as well.
inline void check_error(const std::optional<Error>& error, ExitCode code, const std::string& place,
                        const std::vector<std::string>& phrases) {
    if (!error) {
        FAIL_CHECK("nothing was rejected; expected \"" << place << ": ... " << list_of(phrases)
                                                       << "\"");
        return;
    }
    const std::string message = error->what(), first = message.substr(0, message.find('\n'));
    CHECK(error->code() == code);
    CHECK_THAT(first, Catch::StartsWith(place + ':'));
    for (const std::string& phrase : phrases) CHECK_THAT(first, Catch::Contains(phrase));
    const bool is_printable = std::none_of(message.begin(), message.end(), [](unsigned char c) {
        return (c < ' ' && c != '\n') || c == 0x7f;
    });
    CHECK(is_printable);
}

// The text is rejected as a bad model at its "@" (anywhere, when there is none).
inline void rejects_text(std::string text, const std::vector<std::string>& phrases,
                         Use use = load) {
    const TemporaryFolder folder;
    const std::string mark = take_mark(text), path = folder.write("model.toml", text);
    check_error(error_of([&] { use(path); }), ExitCode::bad_model, path + mark, phrases);
}

// Checks that a shipped model with changes is rejected.
inline void rejects(const std::string& model, const std::vector<Change>& changes,
                    const std::vector<std::string>& phrases, Use use = load) {
    rejects_text(drafted(model, changes), phrases, use);
}

// A bad input as a row of a table.
struct Case {
    std::string model;
    Change change;
    std::vector<std::string> phrases;
};

inline void rejects(const std::vector<Case>& cases) {
    for (const auto& [model, change, phrases] : cases) {
        INFO(model << ": " << change.put);
        rejects(model, {change}, phrases);
    }
}

}  // namespace apical
