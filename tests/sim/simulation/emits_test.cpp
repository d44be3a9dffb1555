// Gates whose path makes cells fire what they say that the cells emit.
#include "sim/audit/audit.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// In the update phase the hidden cells send what their apical dendrites make of the error to
// others.
const std::string layers = hidden_lines + R"(
population.error = { role = "error", during = "update" }
population.below = { size = 4, activation = "tanh", dendrites = ["apical"] }
synapses.V = { from = "input", to = "below.soma", during = "forward", init = { normal = 1.0 } }
synapses.B = { from = "error", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
synapses.D = { from = "hidden", to = "below.apical", during = "update", init = { normal = 1.0 } }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
plasticity.learning = { rule = "feedback_alignment", synapses = ["V"], credit = "below.apical", rate = 0.01 }
)";
const std::string hidden_cells =
    R"(population.hidden = { size = 5, activation = "tanh", dendrites = ["apical"] })"
    "\n";

std::string emitting(const std::string& emits, const std::string& keys = "") {
    return layers + hidden_cells +
           "gate.top_down = { opens = \"hidden.apical\", during = \"update\", emits = \"" + emits +
           "\"" + keys + " }\n";
}

// phi'(v) of tanh
Vector slope(const Vector& v) { return 1.0 - v.array().tanh().square(); }

void rejects_emits(const std::string& emits, const std::vector<std::string>& phrases) {
    rejects_text(common_lines + layers + hidden_cells +
                     "gate.top_down = { opens = \"hidden.apical\", during = \"update\", emits = " +
                     emits + " }\n",
                 phrases);
}

}  // namespace

TEST_CASE("cells fire what a gate says that they emit, and synapses carry it", "[emits]") {
    SteppedModel sim(small_model(emitting("slope(soma.v) * apical.v")));
    for (int step = 0; step < 5; ++step) {
        const Matrix V = sim.matrix("V");
        sim.step();
        const Vector v = sim.matrix("W_in") * sim.vector("input.r"),
                     e = sim.vector("output.r") - sim.vector("label.r"),
                     emitted = slope(v).cwiseProduct(sim.matrix("B") * e);
        REQUIRE(emitted.cwiseAbs().minCoeff() > 0.0);
        REQUIRE(distance(sim.vector("hidden.apical_emits"), emitted) <= 1e-14);
        REQUIRE(distance(sim.vector("hidden.apical.r"), emitted) <= 1e-14);
        // The soma holds its own rate, and the readout has that alone.
        REQUIRE(distance(sim.vector("hidden.r"), Vector(v.array().tanh())) <= 1e-14);
        const Vector below = sim.matrix("D") * emitted,
                     credit = slope(V * sim.vector("input.r")).cwiseProduct(below);
        REQUIRE(distance(sim.vector("below.apical.v"), below) <= 1e-14);
        REQUIRE(distance(sim.matrix("V"),
                         Matrix(V - 0.01 * credit * sim.vector("input.r").transpose())) <= 1e-14);
    }
}

TEST_CASE("what is emitted through a gate that is late is its mean over the phase", "[emits]") {
    SteppedModel sim(small_model(emitting("0.5 * r * apical.v", ", latency_ms = 1.0")));
    sim.step(3);
    const Vector e = sim.vector("output.r") - sim.vector("label.r"), u = sim.matrix("B") * e;
    // It is open for 3 ms of 4.
    const Vector emitted = 0.75 * 0.5 * sim.vector("hidden.r").cwiseProduct(u);
    REQUIRE(distance(sim.vector("hidden.apical.r"), emitted) <= 1e-14);
}

TEST_CASE("a gate emits in each of its phases", "[emits]") {
    const std::string phases = R"(phase = [{ name = "forward", ms = 6.0 }, )"
                               R"({ name = "update", ms = 4.0 }, { name = "late", ms = 2.0 }])";
    std::string text = common_lines + emitting("slope(soma.v) * apical.v");
    const std::string two =
        R"(phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }])";
    text.replace(text.find(two), two.size(), phases);
    const auto twice = [&](const std::string& line, const std::string& during) {
        const std::size_t at = text.find("during = \"update\"", text.find(line));
        text.replace(at, std::string("during = \"update\"").size(), during);
    };
    twice("gate.top_down", R"(during = ["update", "late"])");
    twice("synapses.D", R"(during = "late")");
    const Model model = model_of_text(text);
    SteppedModel sim(model_of_text(text));
    sim.step(2);
    const Vector v = sim.matrix("W_in") * sim.vector("input.r"),
                 e = sim.vector("output.r") - sim.vector("label.r"),
                 emitted = slope(v).cwiseProduct(sim.matrix("B") * e);
    REQUIRE(distance(sim.vector("below.apical.v"), Vector(sim.matrix("D") * emitted)) <= 1e-14);
    CHECK(verify_text_rules(model, 10, 1e-12).hold());
}

TEST_CASE("the audit says that a product made inside the cell is no firing rate",
          "[emits][audit]") {
    const Model model = small_model(emitting("slope(soma.v) * apical.v"));
    const Audit verdict = audit(model);
    CHECK_FALSE(verdict.passes());
    REQUIRE(verdict.findings.size() == 1);
    CHECK(verdict.findings[0].criterion == Criterion::rates_transmitted);
    CHECK(verdict.findings[0].because ==
          "\"hidden.apical.r\" is \"hidden.apical_emits\", a product made inside the cell, and no "
          "activation of a voltage");
    // Without it the same circuit has nothing against it.
    CHECK(audit(small_model(layers + hidden_cells +
                            "gate.top_down = { opens = \"hidden.apical\", during = \"update\" }\n"))
              .passes());
}

TEST_CASE("the text of what is emitted is verified, and a wrong operation found",
          "[emits][verify]") {
    const std::string text = emitting("slope(soma.v) * apical.v + 0.1 * alpha");
    const Differences right = verify_text_rules(small_model(text), 20, 1e-12);
    CHECK(right.hold());
    Model wrong = small_model(text);
    bool is_changed = false;
    for (Operation& op : wrong.program.operations) {
        if (op.asked_by != "gate.top_down.emits") continue;
        for (FormulaNode& node : op.formula) {
            if (node.node == Node::number && node.number == 0.1) {
                node.number = 0.2;
                is_changed = true;
            }
        }
    }
    REQUIRE(is_changed);
    const Differences found = verify_text_rules(wrong, 20, 1e-12);
    REQUIRE(found.first());
    CHECK(found.first()->symbol == "top_down.apical_emits");
}

TEST_CASE("what cells emit stands in the listing and in the resolved model", "[emits]") {
    const Model model = small_model(emitting("slope(soma.v) * apical.v"));
    const std::vector<std::string> fires = listed(model.program, "population.hidden");
    CHECK(std::count(fires.begin(), fires.end(),
                     "fire hidden.apical.r = gate.top_down hidden.apical_emits") == 1);
    CHECK_THAT(model.resolved, Catch::Contains("emits = \"slope(soma.v) * apical.v\""));
    CHECK_THAT(small_model(layers + hidden_cells +
                           "gate.top_down = { opens = \"hidden.apical\", during = \"update\" }\n")
                   .resolved,
               !Catch::Contains("emits"));
}

TEST_CASE("mistakes of what is emitted are told at their column", "[emits][model]") {
    rejects_emits(R"("slope(soma.v) * @apcal.v")",
                  {"gate \"top_down\": ", "there is no \"apcal.v\"", "Did you mean \"apical.v\"?"});
    rejects_emits(R"("slope(soma.v) @soma.v")", {"gate \"top_down\": "});
    rejects_emits(R"("@slop(soma.v) * apical.v")", {"slop", "Did you mean \"slope\"?"});
    rejects_emits(R"(@"")", {"gate \"top_down\": found no expression"});
    rejects_emits(R"(@3.0)", {"gate.top_down.emits is the number 3.0; expected a text"});
    rejects_text(common_lines + layers + hidden_cells +
                     "gate.top_down = { opens = \"hidden.apical\", during = \"update\", "
                     "emits = \"@1 / step_ms\" }\n",
                 {"gate \"top_down\": ", "needs a number"});
}

TEST_CASE("cells emit through a dendrite that alone drives them", "[emits][model]") {
    rejects_text(common_lines + hidden_lines + hidden_cells + R"(
population.error = { role = "error", during = "update" }
synapses.B = { from = "error", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
gate.g = { opens = "hidden.apical", during = "update", emits = @"apical.v" }
)",
                 {"gate \"g\" emits what the cells fire while \"hidden.apical\" alone drives them, "
                  "but \"hidden.soma\" drives them in phase \"update\" too"});
    std::string leaky = layers;
    const std::string forward = "during = \"forward\" }\nplasticity";
    leaky.replace(leaky.find(forward), forward.size(),
                  "during = \"forward\", closed = 0.1 }\nplasticity");
    rejects_text(common_lines + leaky +
                     "population.hidden = { size = 5, dendrites = [\"apical\"] }\n"
                     "gate.g = { opens = \"hidden.apical\", during = \"update\", "
                     "emits = @\"apical.v\" }\n",
                 {"\"hidden.soma\" may drive them in phase \"update\" too"});
    rejects_text(common_lines + hidden_lines + hidden_cells +
                     "gate.g = { opens = \"hidden.soma\", during = \"forward\", "
                     "emits = @\"soma.v\" }\n",
                 {"gate \"g\" has emits and opens a soma", "expected a dendrite"});
}
