// The line on a terminal that says how far a run is.
#include <poll.h>

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// A terminal that a program may take for its stderr.
class Terminal {
public:
    Terminal() : ours_(posix_openpt(O_RDWR | O_NOCTTY)) {
        REQUIRE(grantpt(ours_) == 0);
        REQUIRE(unlockpt(ours_) == 0);
        name_ = ptsname(ours_);
        theirs_ = open(name_.c_str(), O_RDWR | O_NOCTTY);
    }
    ~Terminal() {
        close(theirs_);
        close(ours_);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    const std::string& name() const { return name_; }
    // All that was written so far.
    const std::string& text() {
        pollfd ready{ours_, POLLIN, 0};
        while (poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN)) {
            char buffer[4096];
            const ssize_t got = read(ours_, buffer, sizeof buffer);
            if (got <= 0) break;
            text_.append(buffer, std::size_t(got));
        }
        return text_;
    }

private:
    int ours_, theirs_ = -1;
    std::string name_, text_;
};

}  // namespace

TEST_CASE("progress rewrites a line of a terminal, and --quiet silences it", "[run]") {
    for (const bool quiet : {false, true}) {
        INFO((quiet ? "quiet" : "loud"));
        const TemporaryFolder folder;
        Terminal terminal;
        std::vector<std::string> command = {
            "run",     path_of_shipped("rflo"), "-o",    "r.h5",
            "--steps", "1_000_000_000",         "--set", "record={ loss = { what = \"loss\" } }"};
        if (quiet) command.emplace_back("--quiet");
        Running running(folder, apical_command(command), terminal.name());
        CHECK(comes_true([&] { return std::filesystem::exists(folder / "r.h5"); }));
        if (quiet) {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
        } else {
            CHECK(comes_true([&] { return terminal.text().find("left") != std::string::npos; }));
        }
        running.interrupt();
        CHECK(running.wait().code == 130);
        if (quiet) {
            CHECK(terminal.text().empty());
        } else {
            CHECK_THAT(terminal.text(),
                       Catch::StartsWith("\rstep ") && Catch::Contains(" of 1000000000 (0 %)") &&
                           Catch::Contains("steps/s") && Catch::Contains("loss ") &&
                           Catch::EndsWith("\r\033[K"));
        }
    }
}
