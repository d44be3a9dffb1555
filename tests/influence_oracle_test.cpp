// Rules that carry an influence or a credit through time: fifty steps of shipped models beside
// their equations, which are given the noise that the circuit has drawn.
#include "tests/oracle.hpp"

using namespace apical;
using namespace apical::oracle;

namespace {

// Follows them also without alpha in the immediate influence, and with constant factors.
void follows_of_rank_one(const std::string& name) {
    follows(name, {});
    follows(name, {without_alpha});
    follows(name, {"plasticity.recurrent.rho0=0.97", "plasticity.recurrent.rho1=1.2"});
}

void follows_in_windows(const std::string& name) {
    for (const int window : {1, 2, 10}) {
        const std::string length = fmt::format("plasticity.recurrent.window={}", window);
        follows(name, {length});
        follows(name, {length, without_alpha});
    }
}

// What is compared, beside the network.
std::vector<std::string> own(const std::string& name) {
    const std::vector<std::string> all = compared(name);
    const auto network = std::find(all.begin(), all.end(), "W_out");
    return {network + 1, all.end()};
}

}  // namespace

TEST_CASE("RTRL is its equations", "[oracle][rtrl]") {
    follows("rtrl", {});
    follows("rtrl", {without_alpha});
}

TEST_CASE("BPTT in a sliding window is its equations", "[oracle][bptt]") {
    follows_in_windows("bptt");
}

TEST_CASE("BPTT in one window after the other is its equations", "[oracle][bptt_window]") {
    follows_in_windows("bptt_window");
}

TEST_CASE("UORO is its equations", "[oracle][uoro]") { follows_of_rank_one("uoro"); }

TEST_CASE("KF-RTRL is its equations", "[oracle][kf_rtrl]") { follows_of_rank_one("kf_rtrl"); }

TEST_CASE("R-KF is its equations", "[oracle][r_kf]") { follows_of_rank_one("r_kf"); }

TEST_CASE("what is compared of rules through time is all that both have", "[oracle]") {
    using Symbols = std::vector<std::string>;
    REQUIRE(own("rtrl") == Symbols{"J", "M"});
    REQUIRE(own("bptt") == Symbols{"c in the window", "phi' in the window", "c"});
    REQUIRE(own("bptt_window").empty());
    for (const char* name : {"uoro", "kf_rtrl", "r_kf"}) {
        INFO(name);
        REQUIRE(own(name) == Symbols{"J", "rho0", "rho1", "A", "B"});
    }
    for (const char* name : {"rtrl", "bptt", "bptt_window", "uoro", "kf_rtrl", "r_kf", "kernl"}) {
        INFO(name);
        const Symbols all = compared(name);
        for (const char* symbol : {"c_bar", "phi'", "G", "G_out", "W", "W_out"})
            REQUIRE(std::count(all.begin(), all.end(), symbol) == 1);
    }
}
