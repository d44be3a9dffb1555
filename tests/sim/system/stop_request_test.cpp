#include "sim/system/stop_request.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/system/listener.hpp"

using namespace apical;

TEST_CASE("who was not asked to stop goes on", "[run]") {
    StopRequest request;
    CHECK_FALSE(request.asked());
    CHECK_NOTHROW(request.throw_if_asked("stopped"));
    request.ask_for_checkpoint();
    CHECK_FALSE(request.asked());
}

TEST_CASE("who was asked to stop throws the code of the signal that stands for it", "[run]") {
    for (const auto& [signal, code] :
         {std::pair(SIGINT, ExitCode::interrupted), std::pair(SIGTERM, ExitCode::terminated)}) {
        StopRequest request;
        request.ask_to_end(signal);
        CHECK(request.signal() == signal);
        try {
            request.throw_if_asked("stopped");
            FAIL("it goes on");
        } catch (const Error& error) {
            CHECK(error.code() == code);
            CHECK(error.what() == std::string("stopped"));
        }
    }
}

TEST_CASE("the exit code of every signal is 128 and its number", "[run]") {
    static_assert(SIGHUP == 1 && SIGQUIT == 3 && SIGUSR2 == 12);
    CHECK(exit_code_of(SIGINT) == ExitCode::interrupted);
    CHECK(exit_code_of(SIGTERM) == ExitCode::terminated);
    CHECK(static_cast<int>(exit_code_of(SIGHUP)) == 129);
    CHECK(static_cast<int>(exit_code_of(SIGQUIT)) == 131);
    CHECK(static_cast<int>(exit_code_of(SIGUSR2)) == 140);
}

TEST_CASE("a request that was withdrawn is none", "[run]") {
    StopRequest request;
    request.ask_to_end();
    request.ask_for_checkpoint();
    request.withdraw();
    CHECK_FALSE(request.asked());
    CHECK_FALSE(request.takes_checkpoint());
}

TEST_CASE("a listener hears what is told, and nobody hears nothing", "[run]") {
    struct Heard {
        std::vector<int> numbers;
        void hear(int number) { numbers.push_back(number); }
    } heard;
    const Listener<int> listener(heard);
    listener.tell(3);
    listener.tell(4);
    CHECK(heard.numbers == std::vector{3, 4});
    CHECK_NOTHROW(Listener<int>().tell(5));
}
