// A strength that ends on a bound 0 is 0, and never -0.
#include <cmath>

#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Cells whose recurrent strengths a rule changes, within these bounds.
std::string bounded_cells(const std::string& connect, const std::string& bounds,
                          const std::string& equations, const std::string& init) {
    return fmt::format(R"({}{}
population.hidden = {{ size = 21, activation = "tanh", alpha = 0.5 }}
synapses.W_rec = {{ from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = {{ {} }}, bounds = {}{} }}
rule.learn = {{ parameters = {{ rate = 0.01 }}, equations = "{}" }}
plasticity.rec = {{ rule = "learn", synapses = ["W_rec"], during = "update" }}
)",
                       common_lines, hidden_lines, init, bounds, connect, equations);
}

int negative_zeros(const Driven& run) {
    int count = 0;
    for (const double w : run.state.numbers(run.program.find("W_rec")))
        count += w == 0.0 && std::signbit(w);
    return count;
}

}  // namespace

TEST_CASE("strengths that end on a bound 0 are 0 and not -0, with all kernels", "[dale][kernels]") {
    const Kernels& kernels = *GENERATE(from_range(all_instruction_sets()));
    const char* connect = GENERATE("", ", connect = { in_degree = 4, storage = \"rows\" }",
                                   ", connect = { in_degree = 4, storage = \"dense\" }");
    const char* bounds = GENERATE("[0.0, 1.0]", "[-1.0, 0.0]");
    // -0 by a product, and by a product that is added; of the last, half the least number there is.
    const char* equations =
        GENERATE("w = -abs(w) * 0 + 0 * rate", "w += rate * post.r * pre.r - 0.5 * w",
                 "w -= 2 * rate * 0.5 * 50 * w");
    INFO(connect << bounds << equations);
    const bool is_low = std::string(bounds) == "[-1.0, 0.0]";
    const TemporaryFolder folder;
    const std::string path =
        folder.write("model.toml", bounded_cells(connect, bounds, equations,
                                                 is_low ? "constant = -5e-324" : "constant = 0.0"));
    Driven fused(path, {}, all_plan_passes(), kernels), plain(path, {}, {}, kernels);
    for (int step = 0; step < 5; ++step) {
        for (Driven* each : {&fused, &plain}) {
            each->step();
            each->plan.flush();
            CHECK(negative_zeros(*each) == 0);
        }
    }
}
