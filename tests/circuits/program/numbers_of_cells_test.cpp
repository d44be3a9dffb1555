// Numbers that differ from cell to cell: of activations, alphas and time constants, drawn or read.
#include <H5Cpp.h>

#include "sim/audit/audit.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string thresholds = R"toml(
activation.bounded = { parameters = { theta = { uniform = [-0.5, 0.5] }, gain = { lognormal = [1.0, 0.3] }, most = 2.0 }, equation = "most * tanh(gain * (x - theta))" }
population.hidden = { size = 5, activation = "bounded", alpha = 0.5 }
population.others = { size = 3, activation = "bounded" }
synapses.V = { from = "input", to = "others.soma", during = "forward", init = { normal = 1.0 } }
)toml";
const std::string learning =
    "rule.mine = { parameters = { rate = 0.01 }, equations = \"w += rate * slope(post.soma.v) * "
    "phi(0.5 * post.soma.v) * pre.r\" }\n"
    "plasticity.learning = { rule = \"mine\", synapses = [\"W_in\"] }\n";

void write_numbers(const std::string& path, const std::string& name,
                   const std::vector<double>& numbers) {
    H5::H5File file(path, H5F_ACC_TRUNC);
    const hsize_t size = numbers.size();
    file.createDataSet(name, H5::PredType::NATIVE_DOUBLE, H5::DataSpace(1, &size))
        .write(numbers.data(), H5::PredType::NATIVE_DOUBLE);
}

Vector bounded(const Vector& v, const Vector& theta, const Vector& gain) {
    return 2.0 * (gain.array() * (v - theta).array()).tanh();
}

}  // namespace

TEST_CASE("each cell fires by the numbers of its activation that are its own",
          "[activation][cells]") {
    SteppedModel sim(small_model(hidden_lines + thresholds));
    const Vector theta = sim.vector("hidden.theta"), gain = sim.vector("hidden.gain");
    REQUIRE((theta.array() - theta[0]).abs().maxCoeff() > 1e-3);
    REQUIRE((gain.array() - gain[0]).abs().maxCoeff() > 1e-3);
    Vector r = Vector::Zero(5);
    for (int step = 0; step < 5; ++step) {
        sim.step();
        const Vector v = sim.matrix("W_in") * sim.vector("input.r"),
                     u = sim.matrix("V") * sim.vector("input.r");
        r = 0.5 * r + 0.5 * bounded(v, theta, gain);
        REQUIRE(distance(sim.vector("hidden.r"), r) <= 1e-14);
        // Cells of another population have numbers of their own.
        REQUIRE(distance(sim.vector("others.r"), bounded(u, sim.vector("others.theta"),
                                                         sim.vector("others.gain"))) <= 1e-14);
    }
    CHECK(sim.vector("hidden.theta") == theta);
}

TEST_CASE("numbers of cells are drawn in streams of their own and within what they are drawn from",
          "[activation][cells]") {
    SteppedModel sim(small_model(hidden_lines + thresholds)),
        again(small_model(hidden_lines + thresholds +
                          "population.more = { size = 4 }\n"
                          "synapses.M = { from = \"input\", to = \"more.soma\", during = "
                          "\"forward\", init = { normal = 1.0 } }\n")),
        other(small_model(hidden_lines + thresholds, {"run.seed=4"}));
    CHECK(sim.vector("hidden.theta") == again.vector("hidden.theta"));
    CHECK(sim.vector("hidden.theta") != other.vector("hidden.theta"));
    CHECK(sim.vector("hidden.theta").cwiseAbs().maxCoeff() <= 0.5);
    CHECK(sim.vector("hidden.gain").minCoeff() > 0.0);
}

TEST_CASE("rules read the slope and phi of each cell's own activation",
          "[activation][cells][rules]") {
    SteppedModel sim(small_model(hidden_lines + thresholds + learning));
    for (int step = 0; step < 3; ++step) {
        const Matrix W = sim.matrix("W_in");
        sim.step();
        const Vector x = sim.vector("input.r"), v = W * x, theta = sim.vector("hidden.theta"),
                     gain = sim.vector("hidden.gain");
        // (2 tanh(g (v - theta)))' = 2 g (1 - tanh^2)
        const Vector slope =
            2.0 * gain.array() * (1.0 - (gain.array() * (v - theta).array()).tanh().square());
        const Vector post = slope.cwiseProduct(bounded(0.5 * v, theta, gain));
        REQUIRE(distance(sim.matrix("W_in"), Matrix(W + 0.01 * post * x.transpose())) <= 1e-14);
    }
}

TEST_CASE("equations inside cells have the activation of each cell", "[activation][cells]") {
    SteppedModel sim(small_model(hidden_lines + thresholds + R"toml(
dynamics.predicted = { cells = "hidden", state = { a = "cell" }, equations = "a = phi(soma.v) - slope(soma.v)" }
)toml"));
    sim.step(2);
    const Vector v = sim.vector("hidden.soma.v"), theta = sim.vector("hidden.theta"),
                 gain = sim.vector("hidden.gain");
    const Vector slope =
        2.0 * gain.array() * (1.0 - (gain.array() * (v - theta).array()).tanh().square());
    CHECK(distance(sim.vector("hidden.a"), Vector(bounded(v, theta, gain) - slope)) <= 1e-14);
}

TEST_CASE("activations with numbers of cells go with alphas of cells", "[activation][cells]") {
    SteppedModel sim(small_model(hidden_lines + R"toml(
activation.shifted = { parameters = { theta = { normal = 0.3 } }, equation = "logistic(x - theta)" }
population.hidden = { size = 5, activation = "shifted", alpha = { uniform = [0.2, 0.8] } }
)toml"));
    Vector r = Vector::Zero(5);
    for (int step = 0; step < 4; ++step) {
        sim.step();
        const Vector x = sim.matrix("W_in") * sim.vector("input.r") - sim.vector("hidden.theta");
        const Vector phi = 1.0 / (1.0 + (-x.array()).exp());
        r = r.array() + sim.vector("hidden.alpha").array() * (phi - r).array();
        REQUIRE(distance(sim.vector("hidden.r"), r) <= 1e-14);
    }
    CHECK(audit(sim.model).passes());
}

TEST_CASE("verify computes each cell's own activation from its text, and finds a wrong number",
          "[activation][cells][verify]") {
    const std::string text = hidden_lines + thresholds + R"toml(
plasticity.learning = { rule = "feedback_alignment", synapses = ["W_in"], credit = "hidden.credit", rate = 0.01 }
)toml";
    const std::string with_credit = text + R"toml(
synapses.C = { from = "one", to = "hidden.credit", during = "forward", init = { normal = 1.0 } }
)toml";
    std::string cells = with_credit;
    const std::string alpha = "alpha = 0.5 }";
    cells.replace(cells.find(alpha), alpha.size(), "alpha = 0.5, dendrites = [\"credit\"] }");
    const Differences right = verify_text_rules(small_model(cells), 20, 1e-12);
    CHECK(right.hold());
    Model wrong = small_model(cells);
    bool is_changed = false;
    for (Operation& op : wrong.program.operations) {
        if (op.kind != Kind::fire || op.asked_by != "population.hidden") continue;
        std::swap(op.operands[2], op.operands[3]);  // the gain for the threshold
        is_changed = true;
    }
    REQUIRE(is_changed);
    const Differences found = verify_text_rules(wrong, 20, 1e-12);
    REQUIRE(found.first());
    CHECK(found.first()->symbol == "hidden.r");
    // The audit, too, sees that these are not the cells' numbers.
    const Audit verdict = audit(wrong);
    CHECK(std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& one) {
        return one.because.find("another activation than that of its cells") != std::string::npos;
    }));
}

TEST_CASE("numbers of cells come from a file", "[activation][cells]") {
    const TemporaryFolder folder;
    write_numbers(folder / "cells.h5", "/theta", {0.1, -0.2, 0.3, -0.4, 0.5});
    const std::string text = common_lines + hidden_lines + R"toml(
activation.shifted = { parameters = { theta = { file = "cells.h5", dataset = "/theta" } }, equation = "tanh(x - theta)" }
population.hidden = { size = 5, activation = "shifted" }
)toml";
    SteppedModel sim(load_model(folder.write("m.toml", text), {}));
    sim.step();
    const Vector theta = (Vector(5) << 0.1, -0.2, 0.3, -0.4, 0.5).finished();
    const Vector v = sim.matrix("W_in") * sim.vector("input.r");
    CHECK(distance(sim.vector("hidden.r"), Vector((v - theta).array().tanh())) <= 1e-15);
}

TEST_CASE("alphas and time constants of cells come from a file", "[compartments][cells]") {
    const TemporaryFolder folder;
    write_numbers(folder / "alphas.h5", "/alpha", {0.1, 0.3, 0.5, 0.7, 1.0});
    write_numbers(folder / "taus.h5", "/tau", {5.0, 10.0, 20.0, 40.0, 80.0});
    const std::string text = common_lines + hidden_lines + R"toml(
population.hidden = { size = 5, activation = "tanh", alpha = { file = "alphas.h5", dataset = "/alpha" }, tau_ms = { soma = { file = "taus.h5", dataset = "/tau" } } }
)toml";
    SteppedModel sim(load_model(folder.write("m.toml", text), {}));
    const Vector alpha = (Vector(5) << 0.1, 0.3, 0.5, 0.7, 1.0).finished(),
                 tau = (Vector(5) << 5.0, 10.0, 20.0, 40.0, 80.0).finished();
    Vector v = Vector::Zero(5), r = Vector::Zero(5), drive = Vector::Zero(5);
    for (int step = 0; step < 4; ++step) {
        sim.step();
        drive = sim.matrix("W_in") * sim.vector("input.r");
        v = drive.array() + (v - drive).array() * (-6.0 / tau.array()).exp();
        r = r.array() + alpha.array() * (v.array().tanh() - r.array());
        REQUIRE(distance(sim.vector("hidden.r"), r) <= 1e-14);
        v = drive.array() + (v - drive).array() * (-4.0 / tau.array()).exp();
    }
}

TEST_CASE("numbers in a file that cells cannot have are refused with their count",
          "[compartments][cells][model]") {
    const TemporaryFolder folder;
    write_numbers(folder / "alphas.h5", "/alpha", {0.1, 0.0, 0.5, 1.5, 1.0});
    write_numbers(folder / "taus.h5", "/tau", {5.0, -10.0, 20.0, 40.0, 80.0});
    write_numbers(folder / "few.h5", "/alpha", {0.1, 0.2, 0.5, 1.0});
    const auto message = [&](const std::string& cells) {
        const std::string path =
            folder.write("m.toml", common_lines + hidden_lines +
                                       "population.hidden = { size = 5, " + cells + " }\n");
        const auto error = error_of([&] {
            const Model model = load_model(path, {});
            const Simulation simulation(model);
        });
        REQUIRE(error);
        CHECK(error->code() == ExitCode::bad_model);
        return std::string(error->what());
    };
    CHECK_THAT(message(R"(alpha = { file = "alphas.h5", dataset = "/alpha" })"),
               Catch::Contains("m.toml:") &&
                   Catch::Contains("2 of 5 alphas of \"hidden\" are not above 0 and at most 1"));
    CHECK_THAT(message(R"(tau_ms = { soma = { file = "taus.h5", dataset = "/tau" } })"),
               Catch::Contains("1 of 5 time constants of \"soma\" of \"hidden\" are not above 0;"));
    CHECK_THAT(message(R"(alpha = { file = "few.h5", dataset = "/alpha" })"),
               Catch::Contains("expected 5 x 1"));
}

TEST_CASE("numbers of cells that cannot be are told at their column",
          "[activation][cells][model]") {
    const auto activation = [](const std::string& parameters,
                               const std::vector<std::string>& phrases,
                               const std::string& keys = "") {
        rejects_text(common_lines + hidden_lines + "activation.mine = { parameters = " +
                         parameters + ", equation = \"tanh(x - theta)\" }\n" +
                         "population.hidden = { size = 5, activation = \"mine\"" + keys + " }\n",
                     phrases);
    };
    activation("{ theta = { copy = @\"hidden\" } }", {"expects constant, normal, half_normal"});
    activation("{ theta = @{ } }", {"[activation.mine.parameters.theta] says no initial value"});
    activation("{ theta = { @nrmal = 1.0 } }", {"unknown key \"nrmal\"", "\"normal\""});
    activation("{ theta = 0.1, @unused = { normal = 1.0 } }", {"its equation does not read"});
    activation("{ theta = { normal = 0.1 } }", {"each cell has its own \"theta\""},
               ", init = { activated_normal = @1.0 }");
    rejects_text(
        common_lines + hidden_lines +
            "activation.mine = { parameters = { @alpha = { normal = 0.1 } }, equation = "
            "\"tanh(x - alpha)\" }\npopulation.hidden = { size = 5, activation = \"mine\" }\n",
        {"\"alpha\" is another number of each cell"});
    rejects_text(common_lines + hidden_lines +
                     "population.hidden = { size = 5, alpha = { file = \"a.h5\", dataset = \"/a\", "
                     "uniform = @[0.1, 0.2] } }\n",
                 {"[population.hidden.alpha] has file and uniform; expected one"});
    rejects_text(common_lines + hidden_lines +
                     "population.hidden = { size = 5, alpha = { dataset = @\"/a\" } }\n",
                 {"\"dataset\" goes with \"file\" alone"});
    rejects_text(common_lines + hidden_lines +
                     "population.hidden = { size = 5, alpha = @{ file = \"a.h5\" } }\n",
                 {"needs the key \"dataset\""});
}

TEST_CASE("rules that need one activation refuse cells that have their own",
          "[activation][cells][model]") {
    const auto error = error_of([] {
        load_model(path_of_shipped("rtrl"), {"activation.mine.equation=\"tanh(x - theta)\"",
                                             "activation.mine.parameters.theta={ normal = 0.1 }",
                                             "population.hidden.activation=\"mine\"",
                                             "population.hidden.init={ normal = 1.0 }"});
    });
    REQUIRE(error);
    CHECK_THAT(error->what(), Catch::Contains("each of \"hidden\" has its own \"theta\""));
}

TEST_CASE("what a shipped rule's text does not suit is told where the model binds it",
          "[cells][model]") {
    const std::string path = path_of_shipped("rflo");
    const auto error =
        error_of([&] { load_model(path, {"population.hidden.alpha={ uniform = [0.2, 0.8] }"}); });
    REQUIRE(error);
    CHECK_THAT(error->what(), Catch::StartsWith(path + ":") &&
                                  Catch::Contains("each of \"hidden\" has its own") &&
                                  Catch::Contains("(learning_rules/eligibility.toml:"));
}
