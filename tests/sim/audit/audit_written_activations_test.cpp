// Activations as text before the audit: bounds by their formula, and no other than the cells' own.
#include <cmath>
#include <limits>

#include "sim/audit/bounds.hpp"
#include "sim/audit/firing_sizes.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

constexpr double without_bound = std::numeric_limits<double>::infinity();

std::string learning_cells(const std::string& equation) {
    return audited_lines + "activation.mine = { equation = \"" + equation + R"(" }
population.hidden = { size = 5, activation = "mine", alpha = 0.5, dendrites = ["feedback"] }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in"], credit = "hidden.feedback", rate = 0.01 }
)";
}

Interval bounds_of_rate(const std::string& equation) {
    const Model model = model_of_text(learning_cells(equation));
    return Bounds(model.program, model.circuit).of(model.program.find("hidden.r"));
}

Size fired_at(const std::string& equation, double drive, Counted counted = Counted::everything) {
    Model model = model_of_text(learning_cells(equation));
    return size_of_fired(firing(model.program, "hidden.r").formula, {Size{drive}}, SlotId(0),
                         counted);
}

}  // namespace

TEST_CASE("rates of a written activation are within its formula's bounds", "[audit][activation]") {
    const auto is = [](const std::string& equation, double low, double high) {
        INFO(equation);
        CHECK(bounds_of_rate(equation).low == Approx(low));
        CHECK(bounds_of_rate(equation).high == Approx(high));
    };
    is("tanh(x)", -1.0, 1.0);
    is("2 * logistic(x)", 0.0, 2.0);
    is("clip(3 * x, -0.5, 4)", -0.5, 4.0);
    CHECK(bounds_of_rate("log(1 + exp(x))").low == 0.0);
    CHECK(bounds_of_rate("log(1 + exp(x))").high == without_bound);
    CHECK(bounds_of_rate("x - tanh(x)").low == -without_bound);
}

TEST_CASE("what is fired is no larger than bounds and the steepest slope say",
          "[audit][activation]") {
    CHECK(fired_at("3 * tanh(x)", 100.0).most == Approx(3.0));
    CHECK(fired_at("log(1 + exp(x))", 5.0).most == Approx(std::log(2.0) + 5.0));
    CHECK(fired_at("log(1 + exp(2 * x))", 5.0).most == Approx(std::log(2.0) + 10.0));
    CHECK(fired_at("rectified(x) + 1", 5.0).most == Approx(6.0));
    const auto constants_of = [](const std::string& equation) {
        return fired_at(equation, 1.0, Counted::constants).most;
    };
    CHECK(constants_of("log(1 + exp(x))") == Approx(1.0));
    CHECK(constants_of("1000 * tanh(x)") == Approx(1000.0));
    CHECK(constants_of("500 * x") == Approx(500.0));
    // A jump is no slope.
    CHECK(fired_at("rectified(x) + 1000 * step(x)", 5.0).most >= 1000.0);
}

TEST_CASE("cells that learn by the slope of a written activation pass", "[audit][innocent]") {
    for (const char* const equation :
         {"tanh(x)", "logistic(x)", "log(1 + exp(x))", "rectified(x)", "clip(x, -1, 1)"}) {
        INFO(equation);
        Draft(model_of_text(learning_cells(equation))).is_innocent();
    }
}

TEST_CASE("a written activation gets the verdict of the built-in one", "[audit][activation]") {
    const auto found = [](const std::string& activation, const std::string& equation) {
        std::string text = learning_cells(equation);
        const std::string mine = "activation = \"mine\"";
        text.replace(text.find(mine), mine.size(), "activation = \"" + activation + "\"");
        const Model model = model_of_text(text);
        std::vector<std::string> all;
        for (const Finding& one : audit(model).findings)
            all.push_back(std::string(traits(one.criterion).name) + ": " + one.subject);
        return all;
    };
    for (const auto& [name, equation] :
         {std::pair("tanh", "tanh(x)"), std::pair("logistic", "logistic(x)"),
          std::pair("rectified", "rectified(x)"), std::pair("linear", "1 * x")}) {
        INFO(name);
        CHECK(found("mine", equation) == found(name, equation));
    }
}

TEST_CASE("a cell that fires another formula than its activation's fires no rate",
          "[audit][cheat]") {
    Draft d(model_of_text(learning_cells("tanh(x)")));
    d.is_caught(Criterion::rates_transmitted, "hidden.r", [](Program& program) {
        Formula& formula = firing(program, "hidden.r").formula;  // by hand
        formula = {formula.front()};
    });
}
