#include "sim/interrupt.hpp"

namespace apical {

namespace {

volatile std::sig_atomic_t end_asked = 0, checkpoint_asked = 0;

constexpr std::array signals = {SIGINT, SIGTERM, SIGUSR1};

}  // namespace

InterruptHandler::InterruptHandler() {
    end_asked = 0;
    checkpoint_asked = 0;
    for (std::size_t k = 0; k < signals.size(); ++k) {
        struct sigaction action = {};
        if (signals[k] == SIGUSR1) {
            action.sa_handler = [](int) { checkpoint_asked = 1; };
            action.sa_flags = SA_RESTART;
        } else {
            action.sa_handler = [](int signal) { end_asked = signal; };
            action.sa_flags = static_cast<int>(SA_RESETHAND);
        }
        sigaction(signals[k], &action, &before_[k]);
    }
}

InterruptHandler::~InterruptHandler() {
    for (std::size_t k = 0; k < signals.size(); ++k) sigaction(signals[k], &before_[k], nullptr);
}

int InterruptHandler::signal() const { return end_asked; }

bool InterruptHandler::takes_checkpoint() const {
    const bool asked = checkpoint_asked != 0;
    checkpoint_asked = 0;
    return asked;
}

}  // namespace apical
