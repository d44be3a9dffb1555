// Cells that fire by an activation of the model's own come to its closed form, and learn by its
// slope.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// A cell of that activation, which the input drives by half.
std::string cell_of(const std::string& activation, const std::string& population = "") {
    return R"(
phase = [{ name = "forward", ms = 10.0 }]
population.cell = { size = 1, activation = ")" +
           activation + "\"" + population + R"( }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.5 } }
)";
}

const std::string softplus =
    "activation.softplus = { parameters = { gain = 2.0 }, equation = \"log(1 + exp(gain * x))\" "
    "}\n";

void tells(const std::string& lines, const std::string& part) {
    CHECK_THAT(refusal_of(lines), Catch::Contains(part));
}

// A shipped model whose cells fire by their own tanh.
Model with_own_tanh(const std::string& model, const std::string& equation = "tanh(x)") {
    const TemporaryFolder folder;
    const std::string text =
        drafted(model, {{"activation = \"tanh\"", "activation = \"mine\""},
                        {"[population.hidden]", "[activation.mine]\nequation = \"" + equation +
                                                    "\"\n[population.hidden]"}});
    return load_model(folder.write("own.toml", text));
}

}  // namespace

TEST_CASE("cells fire by an activation that is written", "[activation][closed_form]") {
    SteppedModel sim(shown(softplus + cell_of("softplus"), row({1.0, -3.0, 0.0}).transpose()));
    for (const double x : {1.0, -3.0, 0.0}) {
        sim.step();
        CHECK(sim.vector("cell.r")[0] == near(std::log1p(std::exp(2.0 * 0.5 * x))));
    }
    CHECK(listed(sim.model.program, "population.cell") ==
          std::vector<std::string>{"fire cell.r = log(1 + exp(2 cell.soma.v))"});
}

TEST_CASE("cells integrate what their written activation says", "[activation][closed_form]") {
    SteppedModel sim(shown("activation.power = { equation = \"rectified(x)^2\" }\n" +
                               cell_of("power", ", alpha = 0.25, init = { constant = 2.0 }"),
                           row({3.0})));
    CHECK(sim.vector("cell.r")[0] == near(2.0));
    double r = 2.0;
    for (int t = 0; t < 20; ++t) {
        sim.step();
        r = 0.75 * r + 0.25 * 2.25;
        REQUIRE(sim.vector("cell.r")[0] == near(r));
    }
    CHECK(listed(sim.model.program, "population.cell") ==
          std::vector<std::string>{"fire cell.r = 0.75 cell.r + 0.25 rectified(cell.soma.v)^2"});
}

TEST_CASE("a written activation is of the sum of what drives firing", "[activation]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "forward", ms = 10.0 }]
activation.power = { equation = "x^2" }
population.cell = { size = 1, activation = "power", dendrites = ["apical"] }
gate.open = { opens = "cell.apical", during = "forward" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.5 } }
synapses.A = { from = "input", to = "cell.apical", during = "forward", init = { constant = 2.0 } }
)",
                           row({1.5})));
    sim.step();
    CHECK(sim.vector("cell.r")[0] == near(2.5 * 1.5 * 2.5 * 1.5));
    CHECK(listed(sim.model.program, "population.cell") ==
          std::vector<std::string>{"fire cell.r = (cell.soma.v + gate.open cell.apical.v)^2"});
}

TEST_CASE("cells begin with their written activation of a draw", "[activation]") {
    const std::string init = ", init = { activated_normal = 1.0 }";
    const SteppedModel own(shown(
        "activation.mine = { equation = \"tanh(x)\" }\n" + cell_of("mine", init), row({1.0}))),
        built_in(shown(cell_of("tanh", init), row({1.0})));
    CHECK(own.vector("cell.r")[0] != 0.0);
    CHECK(own.vector("cell.r")[0] == near(built_in.vector("cell.r")[0]));
}

TEST_CASE("a rule learns by the slope of a written activation", "[activation][closed_form]") {
    SteppedModel sim(shown(softplus + cell_of("softplus") + R"(
rule.sloped = { parameters = { rate = 0.1 }, equations = "w += rate * slope(post.soma.v) * pre.r" }
plasticity.learning = { rule = "sloped", synapses = ["W"] }
)",
                           row({1.0})));
    sim.step();
    // d/dx log(1 + exp(2 x)) = 2 / (1 + exp(-2 x)) at x = 0.5.
    const double slope = 2.0 / (1.0 + std::exp(-1.0));
    CHECK(sim.matrix("W")(0, 0) == near(0.5 + 0.1 * slope));
    CHECK(sim.vector("slope(cell.soma.v)")[0] == near(slope));
}

TEST_CASE("equations take a written activation at any number", "[activation][closed_form]") {
    SteppedModel sim(shown(softplus + cell_of("softplus") + R"toml(
dynamics.mine = { cells = "cell", when = "after firing", state = { a = "cell", b = "cell" }, equations = ["a = phi(3 * r)", "b = slope(0.5 * r)"] }
)toml",
                           row({1.0})));
    sim.step();
    const double r = std::log1p(std::exp(1.0));
    CHECK(sim.vector("cell.a")[0] == near(std::log1p(std::exp(6.0 * r))));
    CHECK(sim.vector("cell.b")[0] == near(2.0 / (1.0 + std::exp(-r))));
}

TEST_CASE("an activation whose slope is a constant learns as a linear one", "[activation]") {
    const std::string rule = R"toml(
rule.sloped = { parameters = { rate = 0.1 }, equations = ["g = slope(2 * post.r) + slope(post.soma.v)", "w += rate * g * pre.r"] }
plasticity.learning = { rule = "sloped", synapses = ["W"] }
)toml";
    SteppedModel sim(shown(
        "activation.steep = { equation = \"3 * x + 1\" }\n" + cell_of("steep") + rule, row({1.0})));
    sim.step();
    CHECK(sim.vector("cell.r")[0] == near(2.5));
    CHECK(sim.matrix("W")(0, 0) == near(0.5 + 0.1 * 6.0));
}

TEST_CASE("a network learns by tanh as text as by the built-in tanh", "[activation]") {
    for (const char* const model : {"rflo", "rtrl", "dni", "dni_b", "bptt_window", "kernl"}) {
        INFO(model);
        SteppedModel own(with_own_tanh(model)), built_in(load_model(path_of_shipped(model)));
        for (int t = 0; t < 20; ++t) {
            own.step();
            built_in.step();
            REQUIRE(distance(own.matrix("hidden.r"), built_in.matrix("hidden.r")) < form_tolerance);
            REQUIRE(distance(own.matrix("W_rec"), built_in.matrix("W_rec")) < form_tolerance);
        }
    }
}

TEST_CASE("a logistic function as text fires what the built-in one fires", "[activation]") {
    const std::string own = "activation.mine = { equation = \"1 / (1 + exp(-x))\" }\n";
    SteppedModel text(shown(own + cell_of("mine"), row({-40.0, -2.0, 0.3, 7.0}))),
        built_in(shown(cell_of("logistic"), row({-40.0, -2.0, 0.3, 7.0})));
    for (int t = 0; t < 4; ++t) {
        text.step();
        built_in.step();
        CHECK(text.vector("cell.r")[0] == near(built_in.vector("cell.r")[0]));
    }
}

TEST_CASE("a population like another one has its written activation", "[activation]") {
    const Model model = shown(softplus + cell_of("softplus") + R"(
population.twin = { like = "cell" }
synapses.V = { from = "input", to = "twin.soma", during = "forward", init = { constant = 0.5 } }
)",
                              row({1.0}));
    CHECK(listed(model.program, "population.twin") ==
          std::vector<std::string>{"fire twin.r = log(1 + exp(2 twin.soma.v))"});
}

TEST_CASE("mistakes of a written activation are told at their place", "[activation]") {
    const auto mine = [](const std::string& equation, const std::string& more = "") {
        return "activation.mine = { equation = \"" + equation + "\"" + more + " }\n" +
               cell_of("mine");
    };
    const std::string one = ", parameters = { gain = 1.0 }";
    CHECK(refusal_of(mine("gain * x", one)).empty());
    tells(mine("gian * x", one), "activation \"mine\": there is no \"gian\"; known are x, gain");
    tells(mine("gian * x", one), "Did you mean \"gain\"?");
    tells(mine("soma.v + x"), "there is no \"soma.v\"");
    tells(mine("soma.v + x"), "Did you mean \"x\"?");
    tells(mine("tahn(x)"), "there is no function \"tahn\"");
    tells(mine("x", one), "it has the parameter \"gain\", which its equation does not read");
    tells(mine("x * y", ", parameters = { x = 1.0, y = 2.0 }"), "it is the voltage");
    tells(mine("gain * x", ", parameters = { gain = inf }"), "a table whose \"gain\" is");
    tells(mine("x", ", equations = \"x\""), "unknown key \"equations\"");
    tells("activation.mine = { }\n" + cell_of("mine"), "missing its key \"equation\"");
    tells(mine("x +"), "activation \"mine\": ");
    tells("activation.tanh = { equation = \"x\" }\n" + cell_of("tanh"),
          "activation \"tanh\": \"tanh\" is one that Apical has");
    tells(softplus + cell_of("sofplus"), "tanh, linear, rectified, logistic, softplus");
    tells(softplus + cell_of("sofplus"), "Did you mean \"softplus\"?");
}

TEST_CASE("parameters of an activation have the units of their names", "[activation]") {
    const auto mine = [](const std::string& equation) {
        return "activation.mine = { equation = \"" + equation +
               "\", parameters = { tau_ms = 3.0, rise_per_ms = 2.0 } }\n" + cell_of("mine");
    };
    for (const char* fits :
         {"x * tau_ms * rise_per_ms", "x * (tau_ms / 5 * rise_per_ms)^0.5",
          "tanh(tau_ms * rise_per_ms * x)", "x * sqrt(tau_ms^2) * rise_per_ms",
          "x * sign(tau_ms) + step(rise_per_ms)",
          "select(tau_ms, x, 2) * max(rise_per_ms, rise_per_ms) / rise_per_ms"}) {
        INFO(fits);
        CHECK(refusal_of(mine(fits)).empty());
    }
    tells(mine("x * tau_ms + rise_per_ms * 0"),
          "\"x * tau_ms\" is a time, \"rise_per_ms * 0\" one over a time; expected one unit for "
          "both");
    tells(mine("x * tau_ms^2 * rise_per_ms"), "is a time; a rate is a number");
    tells(mine("rise_per_ms + x * tanh(tau_ms)"), "\"tau_ms\" is a time; \"tanh\" takes a number");
    tells(mine("min(tau_ms, x) * rise_per_ms"), "expected one unit for both");
    tells(mine("tau_ms^(rise_per_ms) + x"),
          "\"rise_per_ms\" is one over a time; a power is a number");
}

TEST_CASE("a mistake in an activation's equation is told by line and column", "[activation]") {
    const std::string text = common_lines + hidden_lines +
                             "population.hidden = { size = 5, activation = \"mine\" }\n"
                             "[activation.mine]\nequation = '''\nlog(1 + exq(x))\n'''\n";
    const auto line = std::count(text.begin(), text.end(), '\n') - 1;
    const TemporaryFolder folder;
    const std::string path = folder.write("model.toml", text);
    const std::optional<Error> error = error_of([&] { load_model(path); });
    REQUIRE(error);
    CHECK_THAT(error->what(), Catch::StartsWith(fmt::format("{}:{}:9: activation", path, line)));
}

TEST_CASE("an activation of no population is noted", "[activation]") {
    const auto noted = [](const std::string& activation) {
        const std::vector<std::string> notes =
            shown(softplus + cell_of(activation), row({1.0})).notes;
        return std::any_of(notes.begin(), notes.end(), [](const std::string& one) {
            return one.starts_with("[activation.softplus] is of no population");
        });
    };
    CHECK(noted("tanh"));
    CHECK_FALSE(noted("softplus"));
}

TEST_CASE("an override changes an activation's parameters and a cell's activation",
          "[activation]") {
    const std::string lines = common_lines + hidden_lines + softplus +
                              "population.hidden = { size = 5, activation = \"softplus\" }\n";
    const auto fires = [&](const std::vector<std::string>& overrides) {
        return listed(model_of_text(lines, overrides).program, "population.hidden").back();
    };
    CHECK(fires({}) == "fire hidden.r = log(1 + exp(2 hidden.soma.v))");
    CHECK(fires({"activation.softplus.parameters.gain=3"}) ==
          "fire hidden.r = log(1 + exp(3 hidden.soma.v))");
    CHECK(fires({"activation.softplus.equation=\"gain * abs(x)\""}) ==
          "fire hidden.r = 2 abs(hidden.soma.v)");
    CHECK(fires({"population.hidden.activation=tanh"}) == "fire hidden.r = tanh(hidden.soma.v)");
}

TEST_CASE("a rule file may have activations, of which the model's text keeps those it fires by",
          "[activation]") {
    const TemporaryFolder folder;
    folder.write("cells.toml",
                 "format = 1\n[activation.square]\nequation = \"x^2\"\n"
                 "[activation.cube]\nequation = \"x^3\"\n");
    const std::string text = "rules = [\"cells.toml\"]\n" + common_lines +
                             "population.hidden = { size = 5, activation = \"square\" }\n" +
                             hidden_lines;
    const Model model = load_model(folder.write("model.toml", text));
    CHECK(listed(model.program, "population.hidden") ==
          std::vector<std::string>{"fire hidden.r = hidden.soma.v^2"});
    CHECK(model.notes.empty());
    CHECK_THAT(model.resolved, Catch::Contains("x^2") && !Catch::Contains("x^3"));
    CHECK(listing(model_of_text(model.resolved).program) == listing(model.program));
}
