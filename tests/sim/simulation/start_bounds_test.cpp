// Numbers that equations keep within bounds have to begin there.
#include "sim/runs/simulation.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A rule of line 20 of the model, "w = ..." or "x = ...", with W_in's start.
Model bounded_model(const std::string& statement, const std::string& start) {
    return small_model(R"(
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = )" +
                       start + R"( }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
population.hidden = { size = 5, activation = "tanh" }
plasticity.learning = { rule = "mine", synapses = ["W_in"] }

[rule.mine]
parameters = { low = -0.5, high = 0.5 }
state = { x = { at = "synapse", init = { constant = 0.75 } } }
equations = '''
)" + statement + "\n'''\n");
}

std::string said_at_start(const std::string& statement, const std::string& start) {
    const Model model = bounded_model(statement, start);
    const std::optional<Error> error = error_of([&] { const Simulation begun(model); });
    if (!error) return "";
    CHECK(error->code() == ExitCode::bad_model);
    return error->what();
}

}  // namespace

TEST_CASE("strengths that begin outside the bounds of their rule are counted", "[start_bounds]") {
    // 5 x 3 strengths, of which those on the diagonal begin with 2, all else with 0.
    const std::string bounded = "x = 0.1 * x + low\nw = clip(w + post.r * pre.r, low, high)";
    const std::string said = said_at_start(bounded, "{ identity = 2.0 }");
    CHECK_THAT(said, Catch::Contains("small.toml:11:"));
    CHECK_THAT(said, Catch::Contains("3 of 15 numbers of \"W_in\" begin below -0.5 or above 0.5, "
                                     "within which plasticity.learning (mine), line 21: "
                                     "\"w = clip(w + post.r * pre.r, low, high)\" keeps them; "
                                     "expected a start within, as init = { uniform = [-0.5, 0.5] "
                                     "}"));
    CHECK(said_at_start(bounded, "{ identity = 0.5 }").empty());
    CHECK(said_at_start(bounded, "{ constant = -0.5 }").empty());
    CHECK_FALSE(said_at_start(bounded, "{ constant = -0.5000001 }").empty());
}

TEST_CASE("one bound alone is one, too", "[start_bounds]") {
    const std::string from_low = "x = 0.1 * x + high\nw = max(w + post.r * pre.r, low)";
    CHECK(said_at_start(from_low, "{ constant = 7.0 }").empty());
    CHECK_THAT(said_at_start(from_low, "{ constant = -7.0 }"),
               Catch::Contains("15 of 15 numbers of \"W_in\" begin below -0.5, within which") &&
                   Catch::EndsWith("expected a start within"));
}

TEST_CASE("a rule's own numbers begin within its bounds", "[start_bounds]") {
    const std::string within = "\nw += 0.001 * x";
    CHECK_THAT(
        said_at_start("x = min(x + post.r * pre.r, low + high)" + within, "{ constant = 0.0 }"),
        Catch::Contains("small.toml:18:") &&
            Catch::Contains("15 of 15 numbers of \"x(W_in)\" begin above 0, within which"));
    // A number that is made anew has no start.
    CHECK(said_at_start("x = clip(post.r * pre.r, low, high)" + within, "{ constant = 0.0 }")
              .empty());
    // The bounds are those of a part.
    CHECK(said_at_start("x = 0.5 * clip(x, low, high) + post.r" + within, "{ constant = 9.0 }")
              .empty());
}

TEST_CASE("strengths that begin outside the bounds of their set are counted", "[start_bounds]") {
    const auto said = [](const std::string& population, const std::string& set) {
        const Model model = small_model(
            "population.hidden = { size = 5" + population + " }\n" +
            "synapses.W_in = { from = \"input\", to = \"hidden.soma\", during = \"forward\", init "
            "= { normal = 1.0 } }\n"
            "synapses.W_out = { from = \"hidden\", to = \"output.soma\", during = \"forward\"" +
            set + " }\n");
        const std::optional<Error> error = error_of([&] { const Simulation begun(model); });
        if (!error) return std::string();
        CHECK(error->code() == ExitCode::bad_model);
        return std::string(error->what());
    };
    // 2 x 5 strengths, of which two are on the diagonal.
    const std::string inhibits = ", sign = \"inhibitory\"";
    CHECK_THAT(said(inhibits, ", init = { identity = 0.5 }"),
               Catch::Contains("small.toml:12:") &&
                   Catch::Contains("2 of 10 strengths of \"W_out\" begin above 0, but \"hidden\" "
                                   "is inhibitory; expected a start within, as init = { "
                                   "half_normal = -0.1 }"));
    CHECK_THAT(said(", sign = \"excitatory\"", ", init = { normal = \"0.5/sqrt(pre)\" }"),
               Catch::EndsWith("as init = { half_normal = \"0.5/sqrt(pre)\" }"));
    CHECK_THAT(said(inhibits, ", init = { normal = \"0.5/sqrt(pre)\" }"),
               Catch::EndsWith("as init = { half_normal = \"-0.5/sqrt(pre)\" }"));
    CHECK(said(inhibits, ", init = { identity = -0.5 }").empty());
    CHECK_THAT(said("", ", init = { identity = 2.0 }, bounds = [-1.0, 1.5]"),
               Catch::Contains("2 of 10 strengths of \"W_out\" begin below -1 or above 1.5, but "
                               "[synapses.W_out] has bounds = [-1, 1.5]; expected a start within, "
                               "as init = { uniform = [-1, 1.5] }"));
    CHECK_THAT(said(inhibits, ", init = { constant = -3.0 }, bounds = [-1.0, 1.5]"),
               Catch::Contains("10 of 10 strengths of \"W_out\" begin below -1 or above 0, but "
                               "\"hidden\" is inhibitory and [synapses.W_out] has bounds"));
    CHECK(said("", ", init = { identity = 1.5 }, bounds = [-1.0, 1.5]").empty());
}
