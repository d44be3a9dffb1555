// Activations that every model can name, and slopes that a model writes in place of the derivative.
#include "circuits/anatomy/shipped_activations.hpp"

#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// A cell that the input drives by half, and a rule that learns by its slope.
std::string sloped_cell(const std::string& activation) {
    return R"(
phase = [{ name = "forward", ms = 10.0 }]
population.cell = { size = 1, activation = ")" +
           activation + R"(" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.5 } }
rule.sloped = { parameters = { rate = 0.1 }, equations = "w += rate * slope(post.soma.v) * pre.r" }
plasticity.learning = { rule = "sloped", synapses = ["W"] }
)";
}

// The rate and the change of W by an input of x.
void comes_to(const std::string& lines, double x, double rate, double slope) {
    INFO(lines << x);
    SteppedModel sim(shown(lines, row({x})));
    sim.step();
    CHECK(sim.vector("cell.r")[0] == near(rate));
    CHECK(sim.matrix("W")(0, 0) == near(0.5 + 0.1 * slope * x));
}

}  // namespace

TEST_CASE("softplus, hard sigmoid and exponential cells need no table of their own",
          "[activation][closed_form]") {
    for (const double x : {-3.0, 0.6, 4.0}) {
        const double v = 0.5 * x;
        comes_to(sloped_cell("softplus"), x, std::log1p(std::exp(v)), 1.0 / (1.0 + std::exp(-v)));
        comes_to(sloped_cell("hard_sigmoid"), x, std::min(std::max(v, 0.0), 1.0),
                 v > 0.0 && v < 1.0 ? 1.0 : 0.0);
        comes_to(sloped_cell("exponential"), x, std::exp(v), std::exp(v));
    }
}

TEST_CASE("the resolved model states the shipped activation that its cells fire by",
          "[activation]") {
    const auto model_with = [](const std::string& activation) {
        return model_of_text(common_lines + hidden_lines +
                             "population.hidden = { size = 5, activation = \"" + activation +
                             "\" }\n");
    };
    const Model model = model_with("hard_sigmoid");
    CHECK_THAT(model.resolved, Catch::Contains("[activation.hard_sigmoid]") &&
                                   Catch::Contains("clip(x, 0, 1)") &&
                                   !Catch::Contains("softplus"));
    CHECK(listing(model_of_text(model.resolved).program) == listing(model.program));
    CHECK(model.notes.empty());
    CHECK_THAT(model_with("tanh").resolved, !Catch::Contains("activation."));
}

TEST_CASE("a model's own activation comes before the shipped one of its name", "[activation]") {
    const std::string own = "activation.softplus = { equation = \"3 * x\" }\n";
    comes_to(own + sloped_cell("softplus"), 1.0, 1.5, 3.0);
}

TEST_CASE("an override gives cells a shipped activation", "[activation]") {
    const Model model =
        model_of_text(common_lines + hidden_lines + "population.hidden = { size = 5 }\n",
                      {"population.hidden.activation=softplus"});
    CHECK(listed(model.program, "population.hidden").back() ==
          "fire hidden.r = log(1 + exp(hidden.soma.v))");
}

TEST_CASE("names that other programs have for an activation lead to its name here",
          "[activation]") {
    const auto tells = [](const std::string& there, const std::string& here) {
        CHECK_THAT(refusal_of(sloped_cell(there)),
                   Catch::Contains("Did you mean \"" + here + "\"?"));
    };
    tells("relu", "rectified");
    tells("sigmoid", "logistic");
    tells("identity", "linear");
    tells("hard_sigmiod", "hard_sigmoid");
    tells("softpus", "softplus");
}

TEST_CASE("rules read the slope that an activation writes", "[activation][closed_form]") {
    const std::string stepping =
        "activation.stepping = { parameters = { width = 2.0 }, equation = \"step(x)\", slope = "
        "\"max(0, 1 - abs(x) / width)\" }\n";
    comes_to(stepping + sloped_cell("stepping"), 1.0, 1.0, 1.0 - 0.5 / 2.0);
    comes_to(stepping + sloped_cell("stepping"), -2.0, 0.0, 1.0 - 1.0 / 2.0);
    comes_to(
        "activation.through = { equation = \"sign(x)\", slope = \"1\" }\n" + sloped_cell("through"),
        3.0, 1.0, 1.0);
    const std::string of_each =
        "activation.own = { parameters = { theta = { constant = 0.25 } }, equation = \"step(x - "
        "theta)\", slope = \"exp(-(x - theta)^2)\" }\n";
    comes_to(of_each + sloped_cell("own"), 1.0, 1.0, std::exp(-0.0625));
}

TEST_CASE("mistakes in the slope of an activation are told", "[activation]") {
    const auto tells = [](const std::string& slope, const std::string& part) {
        CHECK_THAT(refusal_of("activation.mine = { parameters = { a = 1.0 }, equation = \"a * "
                              "x\", slope = \"" +
                              slope + "\" }\n" + sloped_cell("mine")),
                   Catch::Contains(part));
    };
    tells("b * x", "activation \"mine\": there is no \"b\"; known are x, a");
    tells("exq(x)", "there is no function \"exq\"");
    tells("x +", "activation \"mine\": ");
    tells("x ^ 0.3", "expected a whole number from -8 to 8, or 0.5");
}
