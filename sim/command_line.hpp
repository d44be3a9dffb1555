#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

#include "circuits/error.hpp"
#include "sim/inspect/ranges.hpp"

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

// How many threads `--threads` asks for; without it `otherwise`. Throws Error{usage}.
inline int threads_of(const std::string& asked, int otherwise) {
    constexpr std::int64_t most = 1024;
    if (asked.empty()) return otherwise;
    const std::optional<std::int64_t> threads = whole_number(asked);
    if (threads && *threads >= 1 && *threads <= most) return static_cast<int>(*threads);
    throw Error(ExitCode::usage, fmt::format("--threads {}: expected a whole number from 1 to {}",
                                             shortened(asked), most));
}

}  // namespace apical
