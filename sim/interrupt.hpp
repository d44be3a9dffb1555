#pragma once

#include <csignal>

namespace apical {

// While it lives, the first SIGINT asks what runs to end; a second one ends the program at once.
class InterruptHandler {
public:
    InterruptHandler();
    ~InterruptHandler();
    InterruptHandler(const InterruptHandler&) = delete;
    InterruptHandler& operator=(const InterruptHandler&) = delete;

    bool asked() const;

private:
    struct sigaction before_ = {};
};

}  // namespace apical
