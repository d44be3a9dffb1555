// How signals become what a run is asked for.
#include "sim/command_line/interrupt.hpp"

#include <catch2/catch.hpp>

using namespace apical;

namespace {

void (*action_on(int signal))(int) {
    struct sigaction action = {};
    sigaction(signal, nullptr, &action);
    return action.sa_handler;
}

}  // namespace

TEST_CASE("SIGUSR1 asks once for a checkpoint, SIGTERM for the end as often as it comes", "[run]") {
    const InterruptHandler interrupt;
    StopRequest& request = interrupt.request();
    CHECK_FALSE(request.takes_checkpoint());
    std::raise(SIGUSR1);
    CHECK(request.takes_checkpoint());
    CHECK_FALSE(request.takes_checkpoint());
    CHECK_FALSE(request.asked());
    for (int k = 0; k < 2; ++k) {
        std::raise(SIGTERM);
        CHECK(request.signal() == SIGTERM);
    }
}

TEST_CASE("a second SIGINT is not caught", "[run]") {
    const InterruptHandler interrupt;
    CHECK(action_on(SIGINT) != SIG_DFL);
    std::raise(SIGINT);
    CHECK(interrupt.request().signal() == SIGINT);
    CHECK(action_on(SIGINT) == SIG_DFL);
}

TEST_CASE("signals are as they were when nobody waits for them any more", "[run]") {
    const auto before = action_on(SIGTERM), before_usr1 = action_on(SIGUSR1);
    {
        const InterruptHandler interrupt;
        CHECK(action_on(SIGTERM) != before);
        std::raise(SIGTERM);
    }
    CHECK(action_on(SIGTERM) == before);
    CHECK(action_on(SIGUSR1) == before_usr1);
    const InterruptHandler another;
    CHECK_FALSE(another.request().asked());
}
