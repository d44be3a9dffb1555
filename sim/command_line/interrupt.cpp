#include "sim/command_line/interrupt.hpp"

namespace apical {

namespace {

// A handler of signals gets no argument of ours, and may run on any thread.
StopRequest requested;

constexpr std::array caught_signals = {SIGINT, SIGTERM, SIGUSR1};

}  // namespace

InterruptHandler::InterruptHandler() {
    requested.withdraw();
    for (std::size_t k = 0; k < caught_signals.size(); ++k) {
        struct sigaction action = {};
        if (caught_signals[k] == SIGUSR1) {
            action.sa_handler = [](int) { requested.ask_for_checkpoint(); };
            action.sa_flags = SA_RESTART;
        } else {
            action.sa_handler = [](int signal) {
                requested.ask_to_end(signal);
                if (signal == SIGINT) std::signal(SIGINT, SIG_DFL);
            };
        }
        sigaction(caught_signals[k], &action, &before_[k]);
    }
}

InterruptHandler::~InterruptHandler() {
    for (std::size_t k = 0; k < caught_signals.size(); ++k)
        sigaction(caught_signals[k], &before_[k], nullptr);
}

StopRequest& InterruptHandler::request() const { return requested; }

}  // namespace apical
