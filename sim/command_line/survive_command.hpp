#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/sweep/survival.hpp"

namespace apical {

// The verb `survive`: which imperfections a circuit survives. For sim/command_line/main.cpp alone.
struct SurviveCommand {
    std::string path, threads, only;
    std::vector<std::string> overrides;
    std::optional<std::string> output;
    std::int64_t seeds = 6, first_seed = 1, steps = 0;
    bool list = false, force = false, quiet = false, json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    Rack rack_of(const Model& model) const;
};

}  // namespace apical
