#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/command_line/model_options.hpp"
#include "sim/runs/run_model.hpp"

namespace apical {

// The commands that make run files: what each takes, and what it does. For
// sim/command_line/main.cpp alone.

// The options that the commands that run a circuit have in common.
struct RunFlags {
    std::string threads;
    bool force = false, quiet = false, json = false;

    void add_threads_to(CLI::App& command);
    void add_force_to(CLI::App& command);
    void add_to(CLI::App& command);
    RunOptions options() const;
};

struct RunCommand {
    ModelOptions options;
    RunFlags flags;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct ResumeCommand {
    std::string path;
    RunFlags flags;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct ForkCommand {
    std::string path, at, output;
    std::vector<std::string> overrides;
    RunFlags flags;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct RecoverCommand {
    std::string path;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

}  // namespace apical
