#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/command_line/model_options.hpp"
#include "sim/verify/gradient_check.hpp"
#include "sim/verify/ladder.hpp"
#include "sim/verify/verify.hpp"

namespace apical {

// The commands on models, and those that say what there is: what each takes, and what it does. For
// sim/command_line/main.cpp alone.

struct CheckCommand {
    ModelOptions options;
    std::optional<std::string> dot;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct AuditCommand {
    std::vector<std::string> asked, overrides;
    bool json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    // An override may fit one model and not another, so that the message must say which.
    Model load_named(const std::string& path) const;
};

struct VerifyCommand {
    ModelOptions options;
    std::optional<std::string> tolerance;
    std::string seeds = std::to_string(default_ladder_seeds);
    int entries = default_gradient_entries;
    bool ladder = false, gradient = false, json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    ExitCode climb_ladder() const;
    ExitCode verify_gradient() const;
    ExitCode verify_model() const;
};

struct ListCommand {
    std::string what;  // empty: algorithms and literature
    std::optional<std::string> model;
    bool json = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;

private:
    std::string circuits_text() const;
    std::string circuits_json() const;
};

struct HelpCommand {
    const CLI::App* app = nullptr;
    std::string overview;
    std::vector<std::string> topics;

    void add_to(CLI::App& whole);
    ExitCode execute() const;

private:
    std::string text() const;
    static std::string text_of_rule(const std::vector<std::string>& words);
};

struct SchemaCommand {
    std::string path = "-";
    bool force = false;

    void add_to(CLI::App& app);
    ExitCode execute() const;
};

struct VersionCommand {
    void add_to(CLI::App& app);
    ExitCode execute() const;
};

}  // namespace apical
