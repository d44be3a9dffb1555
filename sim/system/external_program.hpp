#pragma once

#include <optional>
#include <string>
#include <vector>

namespace apical {

// What another program wrote, and whether it ended with exit code 0.
struct ProgramOutcome {
    bool succeeded = false;
    std::string out, complaints;  // stdout and stderr
};

// Starts command[0], which is looked for on the PATH, with `input` as its stdin, and waits until it
// ends. Empty when there is no such program. Throws Error{internal} when it cannot be started.
std::optional<ProgramOutcome> run_program(const std::vector<std::string>& command,
                                          const std::string& input);

}  // namespace apical
