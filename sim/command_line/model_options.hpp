#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// Adds `--set KEY=VALUE`, which may come several times; `overrides` gets the texts in their order.
void add_overrides(CLI::App& command, std::vector<std::string>& overrides);

// Whether one of the overrides gives this key of [run] a value, also within `--set run={ ... }`.
bool sets_run(const Overrides& overrides, const std::string& key);

// The options that the commands that take a model have in common.
struct ModelOptions {
    std::string asked;                   // a path, or the name of a shipped model
    std::vector<std::string> overrides;  // in the order in which they were given

    void add_to(CLI::App& command);
    void add_output_to(CLI::App& command);

    std::string path() const;

    // Its notes go to stderr.
    Model load() const;
};

}  // namespace apical
