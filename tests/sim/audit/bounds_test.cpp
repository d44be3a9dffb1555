// Bounds of running means, from start and what is averaged.
#include "sim/audit/bounds.hpp"

#include <limits>

#include "sim/audit/audit.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

constexpr double no_bound = std::numeric_limits<double>::infinity();

// An instar whose cells are as active as they were of late.
Model traced(const std::string& begin = "0.0", const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    const std::string text =
        drafted("rules/instar", {{"rule     = \"instar\"", "rule     = \"traced\""}}) +
        "\n[rule.traced]\nparameters = { rate = 5e-3, tau_ms = 100.0 }\n"
        "state = { trace = { at = \"post\", init = { constant = " +
        begin +
        " } } }\n"
        "equations = '''\ndtrace/dt = (post.r - trace) / tau_ms\n"
        "w += rate * trace * (pre.r - w)\n'''\n";
    return load_model(folder.write("m.toml", text), overrides);
}

SlotId trace_of(const Model& model) {
    return model.program.first([](const Slot& one) { return one.quantity == "trace"; });
}

Interval bounds_of_trace(const Model& model) {
    return Bounds(model.program, model.circuit).of(trace_of(model));
}

}  // namespace

TEST_CASE("a running mean stays between its start and what it is the mean of", "[audit]") {
    CHECK(bounds_of_trace(traced()).low == 0.0);
    CHECK(bounds_of_trace(traced()).high == 1.0);
    CHECK(bounds_of_trace(traced("-2.0")).low == -2.0);
    CHECK(bounds_of_trace(traced("3.0")).high == 3.0);
    CHECK(bounds_of_trace(traced("0.0", {"population.cell.activation=\"tanh\""})).low == -1.0);
    CHECK(bounds_of_trace(traced("0.0", {"population.cell.activation=\"linear\""})).high ==
          no_bound);
}

TEST_CASE("a running sum, and a mean that something else writes too, have no bounds", "[audit]") {
    Model model = traced();
    const SlotId trace = trace_of(model);
    std::vector<Operation>& all = model.program.operations;
    const auto mean = std::find_if(all.begin(), all.end(), [&](const Operation& one) {
        return one.operands[0].slot == trace;
    });
    REQUIRE(mean != all.end());
    SECTION("all of it is kept") { mean->retain = 1.0; }
    SECTION("what is kept grows") { mean->retain = 1.1; }
    SECTION("written twice") { all.push_back(Operation(*mean)); }
    CHECK(bounds_of_trace(model).high == no_bound);
}

TEST_CASE("a rule that forgets by a running mean of bounded rates passes", "[audit]") {
    CHECK(audit(traced()).passes());
    CHECK_FALSE(audit(traced("0.0", {"population.cell.activation=\"tanh\""})).passes());
    CHECK_FALSE(audit(traced("300.0")).passes());
}
