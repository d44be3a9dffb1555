#include "sim/system/interrupt.hpp"

#include <atomic>

namespace apical {

namespace {

// The handler may run on any thread.
std::atomic<int> end_asked = 0, checkpoint_asked = 0;
static_assert(std::atomic<int>::is_always_lock_free);

constexpr std::array signals = {SIGINT, SIGTERM, SIGUSR1};

}  // namespace

ExitCode exit_code_of(int signal) {
    return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

InterruptHandler::InterruptHandler() {
    end_asked = 0;
    checkpoint_asked = 0;
    for (std::size_t k = 0; k < signals.size(); ++k) {
        struct sigaction action = {};
        if (signals[k] == SIGUSR1) {
            action.sa_handler = [](int) { checkpoint_asked = 1; };
            action.sa_flags = SA_RESTART;
        } else {
            action.sa_handler = [](int signal) {
                end_asked = signal;
                if (signal == SIGINT) std::signal(SIGINT, SIG_DFL);
            };
        }
        sigaction(signals[k], &action, &before_[k]);
    }
}

InterruptHandler::~InterruptHandler() {
    for (std::size_t k = 0; k < signals.size(); ++k) sigaction(signals[k], &before_[k], nullptr);
}

int InterruptHandler::signal() const { return end_asked; }

void InterruptHandler::throw_if_asked(const std::string& sentence) const {
    if (asked()) throw Error(exit_code_of(signal()), sentence);
}

bool InterruptHandler::takes_checkpoint() const { return checkpoint_asked.exchange(0) != 0; }

}  // namespace apical
