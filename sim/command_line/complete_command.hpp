#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// What a shell offers in place of the last word: `apical complete -- run dni` prints "dni" and
// "dni_b", a line each. For the scripts in scripts/completions alone, and in no help.
struct CompleteCommand {
    const CLI::App* app = nullptr;
    std::vector<std::string> words;  // behind "apical"; the last is the one that is being typed

    void add_to(CLI::App& whole);
    ExitCode execute() const;
};

}  // namespace apical
