#pragma once

#include <array>
#include <csignal>

namespace apical {

// While it lives, the first SIGINT or SIGTERM asks what runs to end, and a second one ends the
// program at once; SIGUSR1 asks for a checkpoint.
class InterruptHandler {
public:
    InterruptHandler();
    ~InterruptHandler();
    InterruptHandler(const InterruptHandler&) = delete;
    InterruptHandler& operator=(const InterruptHandler&) = delete;

    bool asked() const { return signal() != 0; }
    int signal() const;  // that asked to end, or 0
    // Whether one was asked for since this was asked last.
    bool takes_checkpoint() const;

private:
    std::array<struct sigaction, 3> before_ = {};
};

}  // namespace apical
