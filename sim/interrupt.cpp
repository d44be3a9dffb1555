#include "sim/interrupt.hpp"

namespace apical {

namespace {

volatile std::sig_atomic_t interrupt_asked = 0;

}  // namespace

InterruptHandler::InterruptHandler() {
    interrupt_asked = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupt_asked = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &before_);
}

InterruptHandler::~InterruptHandler() { sigaction(SIGINT, &before_, nullptr); }

bool InterruptHandler::asked() const { return interrupt_asked != 0; }

}  // namespace apical
