#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "circuits/text/error.hpp"
#include "sim/sweep/run_sweep.hpp"

namespace apical {

// The commands on sweeps: what each takes, and what it does. For sim/command_line/main.cpp alone.

struct SweepCommand {
    std::string path, shard, threads;
    std::optional<std::string> output;
    bool dry_run = false, merge = false, force = false, quiet = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    ExitCode sweep(Ranks& ranks) const;
    ExitCode print_plan(const Sweep& sweep, const JobList& list, const SweepOptions& options) const;
    static ExitCode print_summary(const Sweep& sweep, const SweepSummary& summary,
                                  const SweepOptions& options);
};

// The verb `report`: prints the result of a sweep.
struct ReportCommand {
    std::string path, of = "learning";
    bool json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

}  // namespace apical
