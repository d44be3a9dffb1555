#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/runs/evaluated_run.hpp"

namespace apical {

// `apical evaluate`: what a run comes to when nothing learns. For sim/command_line/main.cpp alone.
struct EvaluateCommand {
    std::string path, at = "last", steps, trials, settle, seed, folder, output, assign,
                      assign_trials;
    std::vector<std::string> overrides;
    bool force = false, json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    EvaluationRequest request() const;
    std::vector<std::int64_t> steps_asked(const EvaluatedRun& evaluated) const;
};

}  // namespace apical
