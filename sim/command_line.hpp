#pragma once

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <string>

#include "circuits/error.hpp"

namespace apical {

// What commands have in common (sim/main.cpp).

inline void add_json(CLI::App& command, bool& json) { command.add_flag("--json", json, "as JSON"); }

// Text to a file, or to stdout for "-".
inline void write_text(const std::string& path, const std::string& text) {
    if (path == "-") {
        std::cout << text;
        return;
    }
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file) throw Error(ExitCode::cannot_create_output, path + ": cannot be written");
}

}  // namespace apical
