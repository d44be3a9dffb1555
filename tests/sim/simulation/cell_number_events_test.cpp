// Events that set parameters of equations inside cells, and rates of rules that are no equations.
#include "sim/audit/audit.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string circuit_lines = R"(
population.hidden = { size = 5 }
dynamics.adapt = { cells = "hidden", parameters = { keep = 0.9, gain = { default = 0.5, minimum = 0.0, maximum = 2.0 } }, state = { a = "cell" }, equations = ["a = keep * a + (1 - keep) * r", "soma.v += -gain * a"] }
dynamics.push = { cells = "hidden", parameters = { much = 0.25 }, state = { up = "cell" }, equations = ["up = 0.5 * up + much * r", "soma.v += up"] }
)" + hidden_lines;

std::string with_event(const std::string& set) {
    return circuit_lines + "event.e = { at = 4, for = 3, set = { " + set + " } }\n";
}

bool is_on(int step) { return 4 <= step && step <= 6; }

// dL/dv of the hidden cells in the present step: (W_out^T e) slope.
Vector credit_of(SteppedModel& sim, const Matrix& w_out) {
    const Vector slope = 1.0 - sim.vector("hidden.r").array().square();
    const Vector e = sim.vector("output.r") - sim.vector("label.r");
    return (w_out.transpose() * e).cwiseProduct(slope);
}

}  // namespace

TEST_CASE("an event sets parameters of equations inside cells while it is on",
          "[events][dynamics]") {
    for (const char* set : {"\"dynamics.adapt.gain\" = 2.0, \"dynamics.adapt.keep\" = 0.5",
                            "\"hidden.gain\" = 2.0, \"hidden.keep\" = 0.5"}) {
        INFO(set);
        SteppedModel sim(small_model(with_event(set)));
        Vector a = Vector::Zero(5), up = Vector::Zero(5), r = sim.vector("hidden.r");
        for (int step = 1; step <= 9; ++step) {
            const Matrix w = sim.matrix("W_in");
            sim.step();
            const double keep = is_on(step) ? 0.5 : 0.9, gain = is_on(step) ? 2.0 : 0.5;
            a = (keep * a + (1.0 - keep) * r).eval();
            up = (0.5 * up + 0.25 * r).eval();
            r = (w * sim.vector("input.r") - gain * a + up).array().tanh().matrix();
            INFO("step " << step);
            CHECK(sim.vector("hidden.gain")[0] == gain);
            CHECK(distance(sim.vector("hidden.a"), a) <= 1e-14);
            CHECK(distance(sim.vector("hidden.r"), r) <= 1e-14);
        }
    }
}

TEST_CASE("an event names what a table of equations inside cells keeps by the table",
          "[events][dynamics]") {
    SteppedModel by_table(small_model(with_event("\"dynamics.push.up\" = 3.0"))),
        by_cells(small_model(with_event("\"hidden.up\" = 3.0")));
    for (int step = 1; step <= 9; ++step) {
        by_table.step();
        by_cells.step();
        INFO("step " << step);
        CHECK(by_table.vector("hidden.r") == by_cells.vector("hidden.r"));
        CHECK((by_table.vector("hidden.up").array() == 3.0).all() == is_on(step));
    }
}

TEST_CASE("of two events that set one number at a time the later one in the file counts",
          "[events]") {
    const std::string grow =
        "rule.grow = { parameters = { rate = { minimum = 0.0 } }, equations = \"w += rate * post.r "
        "* pre.r\" }\n"
        "plasticity.g = { rule = \"grow\", synapses = [\"W_in\"], rate = 0.5 }\n";
    const auto two = [](const std::string& address) {
        return "event.a = { at = 2, for = 3, set = { \"" + address +
               "\" = 0.25 } }\nevent.b = { at = 3, for = 1, set = { \"" + address +
               "\" = 0.125 } }\n";
    };
    SteppedModel sim(
        small_model(circuit_lines + grow + two("plasticity.g.rate") +
                    "event.c = { at = 2, for = 3, set = { \"hidden.gain\" = 1.0 } }\nevent.d = { "
                    "at = 3, for = 1, set = { \"hidden.gain\" = 2.0 } }\n"));
    const double rates[] = {0.5, 0.25, 0.125, 0.25, 0.5}, gains[] = {0.5, 1.0, 2.0, 1.0, 0.5};
    for (int step = 0; step < 5; ++step) {
        sim.step();
        INFO("step " << step + 1);
        CHECK(sim.vector("g.rate")[0] == rates[step]);
        CHECK(sim.vector("hidden.gain")[0] == gains[step]);
    }
    SteppedModel rates_of_cells(small_model(circuit_lines + two("hidden.r")));
    rates_of_cells.step(3);
    CHECK((rates_of_cells.vector("hidden.r").array() == 0.125).all());
    rates_of_cells.step();
    CHECK((rates_of_cells.vector("hidden.r").array() == 0.25).all());
}

TEST_CASE("up to an event that sets a parameter inside cells a run has the bits of one without",
          "[events][dynamics]") {
    SteppedModel same(small_model(circuit_lines)),
        sim(small_model(with_event("\"dynamics.adapt.gain\" = 0.0, \"dynamics.push.much\" = 0.0")));
    same.step(3);
    sim.step(3);
    CHECK(sim.vector("hidden.r") == same.vector("hidden.r"));
    same.step();
    sim.step();
    CHECK(sim.vector("hidden.r") != same.vector("hidden.r"));
}

TEST_CASE("the gradient goes back through cells whose parameter an event sets",
          "[events][dynamics][gradient]") {
    // dL/dW_in of one step is (W_out^T e) slope x^T, whatever the gain takes from the voltage.
    const std::string learned =
        "plasticity.g = { rule = \"gradient\", synapses = [\"W_in\"], "
        "window = 1, rate = 0.5 }\n";
    SteppedModel sim(small_model(with_event("\"dynamics.adapt.gain\" = 2.0") + learned));
    for (int step = 1; step <= 9; ++step) {
        const Matrix w = sim.matrix("W_in"), w_out = sim.matrix("W_out");
        sim.step();
        const Vector credit = credit_of(sim, w_out);
        INFO("step " << step);
        CHECK(distance(sim.matrix("W_in"),
                       (w - 0.5 * credit * sim.vector("input.r").transpose()).eval()) <= 1e-14);
    }
}

TEST_CASE("an event sets the rate of a rule that is no equations", "[events]") {
    const std::string learned =
        "plasticity.g = { rule = \"gradient\", synapses = [\"W_in\"], "
        "window = 1, rate = 0.5 }\n";
    for (const double rate : {0.0, 0.125}) {
        SteppedModel sim(
            small_model(with_event(fmt::format("\"plasticity.g.rate\" = {}", rate)) + learned));
        for (int step = 1; step <= 9; ++step) {
            const Matrix w = sim.matrix("W_in"), w_out = sim.matrix("W_out");
            sim.step();
            const Vector credit = credit_of(sim, w_out);
            const double now = is_on(step) ? rate : 0.5;
            INFO("step " << step << " rate " << rate);
            CHECK(distance(sim.matrix("W_in"),
                           (w - now * credit * sim.vector("input.r").transpose()).eval()) <= 1e-14);
        }
    }
}

TEST_CASE("up to an event that sets the rate of such a rule a run has the bits of one without",
          "[events]") {
    const std::string cells = R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["feedback"] }
population.error = { role = "error", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { orthogonal = 1.0 } }
synapses.B = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 1.0 } }
)" + hidden_lines;
    const auto circuit = [&](const std::string& rule) {
        return cells + "plasticity.r = { rule = \"" + rule +
               "\", synapses = [\"W_rec\", \"W_in\"], credit = \"hidden.feedback\", rate = 0.1 }\n";
    };
    const std::string event = "event.e = { at = 4, set = { \"plasticity.r.rate\" = 0.0 } }\n";
    for (const char* rule : {"rtrl", "uoro", "kf_rtrl", "r_kf"}) {
        INFO(rule);
        SteppedModel same(small_model(circuit(rule))), sim(small_model(circuit(rule) + event));
        same.step(3);
        sim.step(3);
        CHECK(sim.matrix("W_rec") == same.matrix("W_rec"));
        const Matrix before = sim.matrix("W_rec");
        sim.step(2);
        CHECK(sim.matrix("W_rec") == before);
    }
}

TEST_CASE("an event sets the rate of an optimiser", "[events][optimiser]") {
    const std::string learned =
        circuit_lines +
        "plasticity.g = { rule = \"gradient\", synapses = [\"W_in\"], window = 1, rate = 0.5, "
        "optimiser = { kind = \"momentum\", keep = 0.75 } }\n"
        "event.e = { at = 4, for = 3, set = { \"plasticity.g.rate\" = 0.125 } }\n";
    SteppedModel sim(small_model(learned));
    Matrix mean = Matrix::Zero(5, 3);
    for (int step = 1; step <= 9; ++step) {
        const Matrix w = sim.matrix("W_in"), w_out = sim.matrix("W_out");
        sim.step();
        const Vector credit = credit_of(sim, w_out);
        mean = (0.75 * mean - credit * sim.vector("input.r").transpose()).eval();
        const double now = is_on(step) ? 0.125 : 0.5;
        INFO("step " << step);
        CHECK(sim.vector("g.rate")[0] == now);
        CHECK(distance(sim.matrix("W_in"), (w + now * mean).eval()) <= 1e-14);
    }
}

TEST_CASE("an event sets the rate of an optimiser of a rule that is equations",
          "[events][optimiser]") {
    const std::string learned =
        circuit_lines +
        "rule.grow = { parameters = { rate = { minimum = 0.0 } }, equations = \"w += rate * post.r "
        "* pre.r\" }\n"
        "plasticity.g = { rule = \"grow\", synapses = [\"W_in\"], rate = 0.5, optimiser = { kind = "
        "\"momentum\", keep = 0.75 } }\n"
        "event.e = { at = 4, for = 3, set = { \"plasticity.g.rate\" = 0.125 } }\n";
    SteppedModel sim(small_model(learned));
    Matrix mean = Matrix::Zero(5, 3);
    for (int step = 1; step <= 9; ++step) {
        const Matrix w = sim.matrix("W_in");
        sim.step();
        mean = (0.75 * mean + sim.vector("hidden.r") * sim.vector("input.r").transpose()).eval();
        const double now = is_on(step) ? 0.125 : 0.5;
        INFO("step " << step);
        CHECK(distance(sim.matrix("W_in"), (w + now * mean).eval()) <= 1e-14);
    }
}

TEST_CASE("a run whose parameters inside cells and rates are set is resumed to the same bytes",
          "[events][resume]") {
    const std::string text =
        common_lines + circuit_lines +
        "plasticity.g = { rule = \"gradient\", synapses = [\"W_in\"], window = 1, rate = 0.1 }\n"
        "event.e = { at = 20, for = 15, set = { \"dynamics.adapt.gain\" = 1.5, "
        "\"plasticity.g.rate\" = 0.3 } }\n";
    check_resumed(text);
}

TEST_CASE("the audit judges a circuit without parameters that events set", "[events][audit]") {
    const Audit plain = audit(small_model(circuit_lines)),
                set = audit(small_model(with_event("\"dynamics.adapt.gain\" = 2.0")));
    for (const char* criterion : {"online", "i", "ii", "iii", "iv", "v", "vi"}) {
        INFO(criterion);
        CHECK(plain.meets(criterion) == set.meets(criterion));
    }
}

TEST_CASE("events that cannot set a number inside cells, or a rate, are told at their places",
          "[events][error]") {
    const auto is_refused = [](const std::string& text, const std::string& why) {
        INFO(text);
        CHECK_THROWS_WITH(small_model(text), Catch::Contains(why));
    };
    is_refused(with_event("\"dynamics.adpt.gain\" = 1.0"), "Did you mean \"dynamics.adapt\"");
    is_refused(with_event("\"dynamics.adapt\" = 1.0"), "expected a number of it");
    is_refused(with_event("\"dynamics.adapt.gian\" = 1.0"), "Did you mean \"gain\"");
    is_refused(with_event("\"dynamics.adapt.up\" = 1.0"), "they have keep, gain, a.");
    is_refused(with_event("\"dynamics.adapt.gain\" = 2.5"), "expected a number from 0 to 2");
    is_refused(circuit_lines +
                   "event.e = { at = 2, cells = \"0:2\", set = { \"dynamics.adapt.gain\" = 1.0 "
                   "} }\n",
               "the same for all cells");
    is_refused(with_event("\"dynamics.adapt.gain\" = 1.0") +
                   "dynamics.more = { cells = \"hidden\", state = { gain = \"cell\" }, equations = "
                   "[\"gain = r\"] }\n",
               "there is \"hidden.gain\" already");
    const std::string gradient =
                          "plasticity.g = { rule = \"gradient\", synapses = [\"W_in\"], "
                          "window = 1, rate = 0.5",
                      event = "event.e = { at = 2, set = { \"plasticity.g.";
    is_refused(circuit_lines + gradient + " }\n" + event + "window\" = 2 } }\n",
               "the rate alone can be set");
    is_refused(circuit_lines + gradient + " }\n" + event + "rate\" = -2 } }\n",
               "expected a number from 0");
    is_refused(circuit_lines + gradient + " }\n" + event + "rate\" = 2 } }\n" +
                   "event.f = { at = 4, stop = \"plasticity.g\" }\n",
               "expected one event");
    is_refused(circuit_lines + gradient + ", schedule = { half_every = 10 } }\n" + event +
                   "rate\" = 2 } }\n",
               "expected an optimiser");
}

TEST_CASE("a constant by which a d/dt is carried on is set by no event", "[events][error]") {
    const auto cells = [](const std::string& equations, const std::string& set) {
        return "population.hidden = { size = 5 }\n" + hidden_lines +
               "dynamics.fade = { cells = \"hidden\", parameters = { tau_ms = 20.0, gain = 0.5 }, "
               "state = { a = \"cell\" }, equations = [" +
               equations + ", \"soma.v += -a\"] }\nevent.e = { at = 4, for = 3, set = { " + set +
               " } }\n";
    };
    const std::string why = "a constant by which";
    for (const char* equations :
         {"\"da/dt = (gain * r - a) / tau_ms\"", "\"da/dt = gain * r / tau_ms - a / tau_ms\"",
          "\"k = 1 / tau_ms\", \"da/dt = (gain * r - a) * k\""}) {
        INFO(equations);
        CHECK_THROWS_WITH(small_model(cells(equations, "\"dynamics.fade.tau_ms\" = 40.0")),
                          Catch::Contains(why) && Catch::Contains("\"dynamics.fade.tau_ms\""));
        // What is carried on to is no such constant.
        SteppedModel sim(small_model(cells(equations, "\"dynamics.fade.gain\" = 2.0")));
        const double keep = std::exp(-10.0 / 20.0);
        Vector a = Vector::Zero(5), r = sim.vector("hidden.r");
        for (int step = 1; step <= 9; ++step) {
            sim.step();
            a = (keep * a + (1.0 - keep) * (is_on(step) ? 2.0 : 0.5) * r).eval();
            r = sim.vector("hidden.r");
            INFO("step " << step);
            CHECK(distance(sim.vector("hidden.a"), a) <= 1e-14);
        }
    }
    const std::string traced =
        "rule.traced = { state = { trace = \"pre\" }, parameters = { tau_ms = 20.0 }, equations = "
        "[\"dtrace/dt = (pre.r - trace) / tau_ms\", \"w += 1e-3 * post.r * trace\"] }\n"
        "plasticity.p = { rule = \"traced\", synapses = [\"W_in\"] }\n"
        "event.e = { at = 4, set = { \"plasticity.p.tau_ms\" = 40.0 } }\n";
    CHECK_THROWS_WITH(small_model(circuit_lines + traced), Catch::Contains(why));
}

TEST_CASE("a time constant in an exponential is set by an event", "[events][rule_text]") {
    const std::string traced =
        "rule.traced = { state = { trace = \"pre\", e = \"synapse\" }, parameters = { tau_ms = "
        "20.0 }, equations = [\"trace = exp(-step_ms / tau_ms) * trace + pre.r\", \"e = "
        "exp(-step_ms / tau_ms) * e + post.r * trace\", \"w += 1e-3 * e\"] }\n"
        "plasticity.p = { rule = \"traced\", synapses = [\"W_in\"] }\n"
        "event.e = { at = 4, for = 3, set = { \"plasticity.p.tau_ms\" = 40.0 } }\n";
    SteppedModel sim(small_model(circuit_lines + traced));
    Vector trace = Vector::Zero(3);
    Matrix e = Matrix::Zero(5, 3);
    for (int step = 1; step <= 9; ++step) {
        sim.step();
        const double keep = std::exp(-10.0 / (is_on(step) ? 40.0 : 20.0));
        trace = (keep * trace + sim.vector("input.r")).eval();
        e = (keep * e + sim.vector("hidden.r") * trace.transpose()).eval();
        INFO("step " << step);
        CHECK(distance(sim.vector("p.trace(W_in)"), trace) <= 1e-14);
        CHECK(distance(sim.matrix("e(W_in)"), e) <= 1e-14);
    }
}
