#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// How the program is used: help texts, and messages about a command line that is wrong. For
// sim/command_line/main.cpp alone.

// Help of the program or a command, with lines of at most help_columns, and examples at its end.
std::string help_text(const CLI::App* app, std::string name, CLI::AppFormatMode mode);

// Lines that `apical help COMMAND` ends with, "apical run rflo". Empty for an unknown command.
std::vector<std::string_view> examples_of(std::string_view command);

// The commands that help lists.
std::vector<std::string> names_of_commands(const CLI::App& app);

// "--set", "-o", "--output": what a command takes.
std::vector<std::string> names_of_options(const CLI::App& command);

// Throws Error{usage} with the nearest name when there is no such command.
const CLI::App* find_command(const CLI::App& app, const std::string& name);

// The output of `apical` alone.
std::string short_help();

// The error in the words of a command line that CLI11 does not take.
Error usage_error(const CLI::App& app, const std::vector<std::string>& words,
                  const CLI::ParseError& error);

}  // namespace apical
