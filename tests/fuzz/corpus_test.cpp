// Texts that have broken parsers, and models that are too large: loaded or refused, nothing else.
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <functional>

#include "tests/fuzz/loading.hpp"
#include "tests/sim/model/drafted_model.hpp"

namespace apical {

namespace {

std::vector<std::string> corpus() {
    std::vector<std::string> paths;
    const std::filesystem::path folder = APICAL_SOURCE_DIR "/tests/fuzz/corpus";
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

double seconds_of(const std::function<void()>& action) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

using Loader = void (*)(std::string_view text, const std::string& folder);

// Within seconds: one, but for sanitizers and a machine that has other work.
void check_corpus(Loader load_as) {
    constexpr double soon = 10.0;
    const FolderWithModels folder;
    const std::vector<std::string> paths = corpus();
    CHECK(paths.size() > 100);
    for (const std::string& path : paths) {
        INFO(path);
        const std::string text = content_of(path);
        double seconds = 0.0;
        CHECK_NOTHROW(seconds = seconds_of([&] { load_as(text, folder.path()); }));
        CHECK(seconds < soon);
    }
}

}  // namespace

TEST_CASE("what breaks parsers loads as a model or is refused, soon", "[model][fuzz]") {
    check_corpus(load_as_model);
}

TEST_CASE("what breaks parsers loads as a sweep or is refused, soon", "[sweep][fuzz]") {
    check_corpus(load_as_sweep);
}

TEST_CASE("what breaks parsers changes a model or is refused, soon", "[model][fuzz]") {
    check_corpus(load_as_overrides);
}

}  // namespace apical
