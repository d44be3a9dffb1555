// What `check` says of the memory that a run needs.
#include "sim/command_line/describe.hpp"
#include "sim/engine/memory_need.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// 2,000 cells that drive each other; a rule of that text.
Model of_many_cells(const std::string& rule) {
    return model_of_text(common_lines + hidden_lines + R"(
population.hidden = { size = 2000 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.1 } }
plasticity.learning = { rule = "mine", synapses = ["W_rec"] }
)" + rule);
}

}  // namespace

TEST_CASE("check says what memory the numbers of a rule at synapses take",
          "[command_line][rules]") {
    constexpr double of_matrix = 2000.0 * 2000.0 * sizeof(double);  // 32 MB
    const Model with_tags = of_many_cells(
        "rule.mine = { state = { a = \"synapse\", b = \"synapse\", c = \"synapse\" }, equations = "
        "[\"a = 0.9 * a + post.r * pre.r\", \"b = 0.9 * b + a^2\", \"c = 0.9 * c + b * a\", \"w += "
        "0.001 * c\"] }\n");
    const MemoryNeed need = memory_needed(with_tags.program);
    CHECK(need.bytes >= 4.0 * of_matrix);
    CHECK(need.bytes < 4.1 * of_matrix);
    CHECK(need.bytes_of_largest >= of_matrix);
    CHECK_THAT(describe_model(with_tags), Catch::Contains("\nmemory of a run 12") &&
                                              Catch::Contains(" MB, 32 MB of them for ") &&
                                              Catch::Contains("(2000 x 2000)\n"));
}

TEST_CASE("little memory is not told", "[command_line][rules]") {
    const Model model =
        of_many_cells("rule.mine = { equations = \"w += 0.001 * post.r * pre.r\" }\n");
    CHECK(memory_needed(model.program).bytes < 1e8);
    CHECK_THAT(describe_model(model), !Catch::Contains("memory of a run"));
}
