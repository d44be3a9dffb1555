// What `verify` needs beside a circuit is told before it is taken.
#include "sim/verify/verify.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string cells(int size) {
    return hidden_lines + fmt::format(R"(
population.hidden = {{ size = {}, activation = "tanh" }}
synapses.W = {{ from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = {{ normal = 0.1 }} }}
plasticity.learning = {{ rule = "oja", synapses = ["W"], rate = 0.001 }}
)",
                                      size);
}

}  // namespace

TEST_CASE("verify refuses matrices that this machine has no memory for", "[verify][memory]") {
    // 300,000^2 numbers are 720 GB each.
    const Model model = small_model(cells(300'000));
    const auto error = error_of([&] { verify(model, 2); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    CHECK_THAT(error->what(), Catch::Contains("small.toml:") &&
                                  Catch::Contains("GB of them for \"W\" (300000 x 300000)") &&
                                  Catch::Contains("`override` population.hidden.size=1000"));
}

TEST_CASE("verify computes matrices where there is memory", "[verify][memory]") {
    CHECK(verify(small_model(cells(30)), 10).texts->hold());
}
