#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace apical {

// What commands have in common.

// Notes go to stderr, a line each.
void print_notes(const std::vector<std::string>& notes);

// The path of a model or sweep file that was asked for by its path or as one that is shipped.
std::string named_model(const std::string& asked);

CLI::Option* add_json(CLI::App& command, bool& json);

// Text to stdout for "-", or to a file, which is replaced only with `force`. Throws
// Error{cannot_create_output} and, when the disk takes no more, Error{input_output_error}.
void write_text(const std::string& path, const std::string& text, bool force);

// How many threads `--threads` asks for; without it `otherwise`. Throws Error{usage}.
int threads_of(const std::string& asked, int otherwise);

}  // namespace apical
