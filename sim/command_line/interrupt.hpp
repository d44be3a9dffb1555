#pragma once

#include <array>
#include <csignal>

#include "sim/system/stop_request.hpp"

namespace apical {

// While it lives, SIGINT and SIGTERM ask what runs to end, and a second SIGINT ends the program at
// once; a second SIGTERM, as queues and `timeout` send one, lets it save first. SIGUSR1 asks for a
// checkpoint. At most one lives at a time.
class InterruptHandler {
public:
    InterruptHandler();
    ~InterruptHandler();
    InterruptHandler(const InterruptHandler&) = delete;
    InterruptHandler& operator=(const InterruptHandler&) = delete;

    // The requests since this was made.
    StopRequest& request() const;

private:
    std::array<struct sigaction, 3> before_ = {};
};

}  // namespace apical
