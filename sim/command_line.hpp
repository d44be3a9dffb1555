#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>

#include "circuits/error.hpp"

namespace apical {

// What commands have in common (sim/main.cpp).

inline CLI::Option* add_json(CLI::App& command, bool& json) {
    return command.add_flag("--json", json, "as JSON");
}

// Text to a file, or to stdout for "-". Throws Error{cannot_create_output} and, when the disk takes
// no more, Error{input_output_error}.
inline void write_text(const std::string& path, const std::string& text) {
    if (path == "-") {
        std::cout << text;
        return;
    }
    std::ofstream file(path, std::ios::binary);
    if (!file)
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("cannot write \"{}\": {}", path, std::strerror(errno)));
    if (!(file << text << std::flush))
        throw Error(ExitCode::input_output_error,
                    path + ": cannot be written to its end: is the disk full?");
}

}  // namespace apical
