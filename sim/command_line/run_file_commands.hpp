#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// The commands on run files: what each takes, and what it does. For sim/command_line/main.cpp
// alone.

struct InspectCommand {
    std::string path, what, at;
    std::int64_t trial = 0;  // none
    std::optional<std::string> cells;
    bool follow = false, json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct PlotCommand {
    std::vector<std::string> words;
    std::string output, phase, against, width = "8.6";
    std::vector<std::string> log;
    std::optional<std::string> steps, cells, at, block;
    bool mean = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    void add_choices(CLI::App& command);
    void add_axes(CLI::App& command);
    ExitCode execute_sweep() const;
};

struct ViewCommand {
    std::string path, output, cells;
    bool force = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct ExportCommand {
    std::string path, sonata, csv, hdf5, steps, cells;
    std::vector<std::string> what;
    bool force = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    void check_usage() const;
};

}  // namespace apical
