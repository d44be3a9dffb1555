// The synthetic gradient's rule, held and replayed, and when strengths change within a step.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double tolerance = 1e-13, rate = 0.2;

// u = A [r; y*] in the apical dendrite, which fires phi(u) in the update phase, back through J.
// `prediction` and `target` are those of A's rule.
std::string circuit(const std::string& prediction, const std::string& target) {
    return hidden_lines + fmt::format(R"(
population.hidden = {{ size = 5, alpha = 0.5, dendrites = ["apical", "feedback", "bootstrap", "recall", "forecast"], init = {{ activated_normal = 1.0 }} }}
population.error.role = "error"
gate.perisomatic = {{ opens = "hidden.soma", during = "forward" }}
gate.disinhibition = {{ opens = "hidden.apical", during = "update" }}
synapses.A_r = {{ from = "hidden", to = "hidden.apical", during = "forward", init = {{ normal = 1.0 }}, again = [{{ to = "hidden.recall", during = "forward", delay = 1 }}] }}
synapses.A_y = {{ from = "label", to = "hidden.apical", during = "forward", init = {{ normal = 1.0 }}, again = [{{ to = "hidden.recall", during = "forward", delay = 1 }}] }}
synapses.J = {{ from = "hidden", to = "hidden.forecast", during = "forward", delay = 1, init = {{ normal = 1.0 }}, back = {{ to = "hidden.bootstrap", during = "update" }} }}
synapses.B_fb = {{ from = "error", to = "hidden.feedback", during = "update", init = {{ normal = 1.0 }} }}
gate.never_recall = {{ opens = "hidden.recall", during = [] }}
gate.never_feedback = {{ opens = "hidden.feedback", during = [] }}
gate.never_bootstrap = {{ opens = "hidden.bootstrap", during = [] }}
plasticity.A = {{ rule = "bootstrap", synapses = ["A_r", "A_y"], prediction = "{}", target = [{}], rate = 0.2 }}
plasticity.jacobian = {{ rule = "predict_rate", synapses = ["J"], rate = 0.2 }}
)",
                                      prediction, target);
}

const std::string both_targets = "\"previous(hidden.feedback)\", \"hidden.bootstrap\"";

// What the equations need of the step before.
struct Before {
    explicit Before(const SteppedModel& sim)
        : A_r(sim.matrix("A_r")),
          A_y(sim.matrix("A_y")),
          J(sim.matrix("J")),
          r(sim.vector("hidden.r")),
          label(sim.vector("label.r")),
          u(sim.vector("hidden.apical.v")),
          feedback(sim.vector("hidden.feedback.v")) {}
    Matrix A_r, A_y, J;
    Vector r, label, u, feedback;
};

// phi(u(t)) J, with u made by A before its change.
Vector bootstrapped(const SteppedModel& sim, const Before& old) {
    const Vector u = old.A_r * sim.vector("hidden.r") + old.A_y * sim.vector("label.r");
    return old.J.transpose() * Vector(u.array().tanh());
}

void check_change(const SteppedModel& sim, const Before& old, const Vector& error) {
    REQUIRE(error.norm() > 1e-3);
    REQUIRE(distance(sim.matrix("A_r"), old.A_r - rate * error * old.r.transpose()) <= tolerance);
    REQUIRE(distance(sim.matrix("A_y"), old.A_y - rate * error * old.label.transpose()) <=
            tolerance);
}

}  // namespace

TEST_CASE("a held prediction is last step's voltage", "[rules][bootstrap]") {
    SteppedModel sim(small_model(circuit("previous(hidden.apical)", both_targets)));
    for (int step = 0; step < 4; ++step) {
        const Before old(sim);
        sim.step();
        check_change(sim, old, old.u - (old.feedback + bootstrapped(sim, old)));
    }
}

TEST_CASE("a replayed prediction is made of last step's rates with the present strengths",
          "[rules][bootstrap]") {
    SteppedModel sim(small_model(circuit("hidden.recall", both_targets)));
    for (int step = 0; step < 4; ++step) {
        const Before old(sim);
        sim.step();
        const Vector p = old.A_r * old.r + old.A_y * old.label;
        check_change(sim, old, p - (old.feedback + bootstrapped(sim, old)));
    }
}

TEST_CASE("before the first step the label is that of the first step", "[rules][bootstrap]") {
    SteppedModel sim(small_model(circuit("hidden.recall", both_targets)));
    const Vector first = sim.vector("label.r");
    REQUIRE(first.norm() > 0.0);
    REQUIRE(sim.vector("previous(label.r)") == first);
    sim.step();
    REQUIRE(sim.vector("label.r") == first);
}

TEST_CASE("a target is the sum of all its signals", "[rules][bootstrap]") {
    SteppedModel one(small_model(circuit("hidden.recall", "\"hidden.bootstrap\""))),
        three(small_model(circuit("hidden.recall", both_targets + ", \"hidden.forecast\"")));
    one.step();
    three.step();
    const Before old_one(one), old_three(three);
    one.step();
    three.step();
    const auto p = [](const Before& old) -> Vector {
        return old.A_r * old.r + old.A_y * old.label;
    };
    check_change(one, old_one, p(old_one) - bootstrapped(one, old_one));
    check_change(three, old_three,
                 p(old_three) - (old_three.feedback + bootstrapped(three, old_three) +
                                 old_three.J * old_three.r));
}

TEST_CASE("the listing of bootstrap is target, error and changes", "[rules][bootstrap]") {
    const Program program = small_model(circuit("previous(hidden.apical)", both_targets)).program;
    std::vector<std::string> lines = listed(program, "plasticity.A ");
    lines.resize(4);
    REQUIRE(lines == std::vector<std::string>{
                         "cellwise A.target = previous(hidden.feedback.v) + hidden.bootstrap.v",
                         "cellwise A.error = previous(hidden.apical.v) - A.target",
                         "hebb A_r += -0.2 A.error x previous(hidden.r)",
                         "hebb A_y += -0.2 A.error x previous(label.r)"});
}

TEST_CASE("what is carried back through a set is carried by its strengths before their change",
          "[rules][order]") {
    SteppedModel sim(small_model(circuit("hidden.recall", both_targets)));
    for (int step = 0; step < 3; ++step) {
        const Before old(sim);
        sim.step();
        REQUIRE(distance(sim.matrix("J"), old.J) > 1e-6);
        REQUIRE(distance(sim.vector("hidden.bootstrap.v"), bootstrapped(sim, old)) <= tolerance);
    }
}

TEST_CASE("a change that takes place in an earlier phase is seen by the later one",
          "[rules][order]") {
    SteppedModel sim(small_model(circuit("hidden.recall", both_targets),
                                 {"plasticity.jacobian.during=\"forward\""}));
    for (int step = 0; step < 3; ++step) {
        const Before old(sim);
        sim.step();
        const Vector error = sim.vector("hidden.r") - old.J * old.r,
                     fired = sim.vector("hidden.apical.r");
        const Matrix changed = old.J + rate * error * old.r.transpose();
        REQUIRE(distance(sim.matrix("J"), changed) <= tolerance);
        REQUIRE(distance(sim.vector("hidden.bootstrap.v"), changed.transpose() * fired) <=
                tolerance);
    }
}

TEST_CASE("feedback through the output's own strengths uses them before the readout learns",
          "[rules][order]") {
    SteppedModel sim(
        small_model(hidden_lines + R"(
population.hidden = { size = 5, dendrites = ["feedback"] }
population.error.role = "error"
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.2 }
plasticity.recurrent = { rule = "dendritic", synapses = ["W_in"], credit = "hidden.feedback", rate = 0.2 }
)",
                    {"synapses.W_out.back={ from = \"error\", to = \"hidden.feedback\", "
                     "during = \"update\" }"}));
    for (int step = 0; step < 3; ++step) {
        const Matrix W_out = sim.matrix("W_out");
        sim.step();
        REQUIRE(distance(sim.vector("hidden.feedback.v"),
                         W_out.transpose() * sim.vector("error.r")) <= tolerance);
    }
}
