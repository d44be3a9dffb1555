#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sim/runs/run_model.hpp"
#include "tests/sim/model/drafted_model.hpp"

namespace apical {

// A model whose run is saved every few steps, and all of it recorded.
inline Model saved_model(const std::string& path, const std::string& run_file,
                         std::vector<std::string> overrides = {}) {
    for (const char* one : {"run.steps=60", "checkpoint={ every = 13, minutes = 0, keep = 99 }",
                            "record={ all = { what = \"*\" } }", "population.hidden.size=6"})
        overrides.insert(overrides.begin(), one);
    Model model = load_model(path, overrides);
    model.output = run_file;
    return model;
}

// What a run that was killed after the checkpoint of this step, and some steps later, leaves.
inline void leave_killed(const std::string& whole, std::int64_t step, const std::string& killed) {
    constexpr auto over = std::filesystem::copy_options::overwrite_existing;
    for (const std::int64_t other : checkpoint_steps(killed))
        std::filesystem::remove(checkpoint_path(killed, other));
    std::filesystem::copy_file(whole, killed, over);
    std::filesystem::copy_file(checkpoint_path(whole, step), checkpoint_path(killed, step), over);
}

inline RunSummary resumed(const std::string& run_file, int threads = 1) {
    std::vector<std::string> notes;
    OpenCheckpoint checkpoint = checkpoint_to_resume(run_file, notes);
    const Model model = resumed_model(checkpoint.head, run_file);
    return resume(model, std::move(checkpoint), {.threads = threads});
}

// A run of this model, killed after the checkpoint of step 26 and resumed, has the bytes of one
// that was not.
inline void check_resumed(const std::string& text) {
    const TemporaryFolder folder;
    const std::string path = folder.write("model.toml", text);
    const std::string whole = folder / "whole.h5", killed = folder / "killed.h5";
    run_model(saved_model(path, whole));
    leave_killed(whole, 26, killed);
    resumed(killed);
    CHECK(content_of(killed) == content_of(whole));
}

}  // namespace apical
