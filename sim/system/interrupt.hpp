#pragma once

#include <array>
#include <csignal>
#include <string>

#include "circuits/text/error.hpp"

namespace apical {

// 128 and the number of the signal that ended what ran.
ExitCode exit_code_of(int signal);

// While it lives, SIGINT and SIGTERM ask what runs to end, and a second SIGINT ends the program at
// once; a second SIGTERM, as queues and `timeout` send one, lets it save first. SIGUSR1 asks for a
// checkpoint.
class InterruptHandler {
public:
    InterruptHandler();
    ~InterruptHandler();
    InterruptHandler(const InterruptHandler&) = delete;
    InterruptHandler& operator=(const InterruptHandler&) = delete;

    bool asked() const { return signal() != 0; }
    int signal() const;  // that asked to end, or 0
    // Throws Error{interrupted} or Error{terminated} when it was asked to end.
    void throw_if_asked(const std::string& sentence) const;
    // Whether one was asked for since this was asked last.
    bool takes_checkpoint() const;

private:
    std::array<struct sigaction, 3> before_ = {};
};

}  // namespace apical
