// What the experimenter does: silencing, lesions, currents, gates, rules that stop.
#include "learning_rules/book/shipped_texts.hpp"
#include "sim/audit/report.hpp"
#include "sim/hdf5/dataset.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Cells that learn by their apical dendrite, which a gate opens in the second phase.
const std::string circuit = common_lines + hidden_lines + R"(
population.hidden = { size = 6, activation = "tanh", alpha = 0.5, dendrites = ["apical"] }
population.error.role = "error"
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.disinhibition = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.apical", during = "update", init = { normal = 0.5 } }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.05 }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in"], credit = "hidden.apical", rate = 0.05 }
)";

// Steps a circuit with and without an event beside each other; they are the same up to its
// beginning, and apart from then on.
class Beside {
public:
    explicit Beside(const std::string& event)
        : with(model_of_text(circuit + event)), without(model_of_text(circuit)) {}

    void step_before(std::int64_t begin) {
        while (with.scheduler.step() + 1 < begin) {
            step();
            REQUIRE(with.vector("hidden.r") == without.vector("hidden.r"));
            REQUIRE(with.matrix("W_rec") == without.matrix("W_rec"));
            REQUIRE(with.matrix("W_out") == without.matrix("W_out"));
        }
    }
    void step() {
        with.step();
        without.step();
    }

    SteppedModel with, without;
};

std::vector<std::string> verdict_of(const Audit& audit) {
    std::vector<std::string> all;
    for (const auto* findings : {&audit.findings, &audit.beyond})
        for (const Finding& one : *findings) all.push_back(one.because);
    return all;
}

}  // namespace

TEST_CASE("silenced cells fire nothing and then go on", "[event]") {
    Beside run("event.pause = { at = 6, for = 3, silence = \"hidden\", cells = \"1:4\" }\n");
    run.step_before(6);
    for (int step = 6; step < 9; ++step) {
        run.step();
        const Vector r = run.with.vector("hidden.r"), u = run.with.vector("hidden.apical.r");
        CHECK(r.segment(1, 3) == Vector::Zero(3));
        CHECK(u.segment(1, 3) == Vector::Zero(3));
        CHECK(r(0) != 0.0);
        CHECK(r(4) != 0.0);
        CHECK(run.with.vector("event.pause")(0) == 1.0);
    }
    run.step();
    CHECK(run.with.vector("event.pause")(0) == 0.0);
    CHECK(run.with.vector("hidden.r").cwiseAbs().minCoeff() > 0.0);
}

TEST_CASE("lesioned synapses are 0 behind every change", "[event]") {
    Beside run("event.cut = { at = 5, lesion = \"W_rec\", fraction = 0.3 }\n");
    run.step_before(5);
    for (int step = 5; step < 15; ++step) {
        run.step();
        const Matrix W = run.with.matrix("W_rec");
        CHECK((W.array() == 0.0).count() == 11);  // 0.3 of 36
        const Matrix r = run.with.vector("hidden.r");
        REQUIRE(r.allFinite());
    }
    Beside all("event.cut = { at = 5, lesion = \"hidden\", cells = [2] }\n");
    all.step_before(5);
    all.step();
    const Matrix W = all.with.matrix("W_rec");
    CHECK(W.row(2) == Matrix::Zero(1, 6));
    CHECK(W.col(2) == Matrix::Zero(6, 1));
    CHECK((W.array() == 0.0).count() == 11);
    CHECK(all.with.matrix("W_out").col(2) == Matrix::Zero(2, 1));
    CHECK(all.with.matrix("W_in").row(2) == Matrix::Zero(1, 3));
    // The lesion stands before what the phase transmits.
    const Vector v = W * Vector(all.without.vector("previous(hidden.r)"));
    CHECK(v(2) == 0.0);
}

TEST_CASE("a current is added to what arrives", "[event]") {
    Beside run(
        "event.light = { at_ms = 43.0, for_ms = 10.0, inject = \"hidden.soma\", current = 0.5 }\n");
    run.step_before(5);
    run.step();  // from 40 to 50 ms: the forward phase ends at 46 ms
    const Vector v = run.with.vector("hidden.soma.v"), was = run.without.vector("hidden.soma.v");
    CHECK(distance(v, Vector(was.array() + 0.5)) < 1e-15);
    CHECK(run.with.vector("event.light")(0) == 1.0);
    run.step();  // to 53 ms: from 50 to 56 ms it is over
    CHECK(run.with.vector("event.light")(0) == 0.0);
}

TEST_CASE("an event comes again", "[event]") {
    SteppedModel sim(model_of_text(
        circuit + "event.pulse = { at = 3, for = 2, every = 5, silence = \"hidden\" }\n"));
    for (int step = 1; step <= 30; ++step) {
        sim.step();
        const bool on = step >= 3 && (step - 3) % 5 < 2;
        INFO(step);
        CHECK(sim.vector("event.pulse")(0) == (on ? 1.0 : 0.0));
        const double most = sim.vector("hidden.r").cwiseAbs().maxCoeff();
        if (on) CHECK(most == 0.0);
        if (!on && sim.vector("input.r").any()) CHECK(most > 0.0);
    }
}

TEST_CASE("a gate is held shut and open", "[event]") {
    Beside shut("event.shut = { at = 4, gate = \"disinhibition\", to = 0.0 }\n");
    shut.step_before(4);
    shut.step();
    CHECK(shut.with.vector("gate.disinhibition")(0) == 0.0);
    CHECK(shut.with.vector("hidden.apical.r") == Vector::Zero(6));
    CHECK(shut.without.vector("gate.disinhibition")(0) == 1.0);
    Beside open("event.open = { at = 4, gate = \"disinhibition\", to = 1.0 }\n");
    open.step_before(4);
    const Vector u = open.with.vector("hidden.apical.v"), r = open.with.vector("hidden.r");
    open.step();
    const Vector v = open.with.vector("hidden.soma.v") + u;
    CHECK(distance(open.with.vector("hidden.r"), Vector(0.5 * r.array() + 0.5 * v.array().tanh())) <
          1e-12);
}

TEST_CASE("a rule that is stopped changes nothing and goes on", "[event]") {
    Beside run("event.stop = { at = 4, for = 5, stop = \"plasticity.recurrent\" }\n");
    run.step_before(4);
    const Matrix W = run.with.matrix("W_rec"), tag = run.with.matrix("eligibility(W_rec)"),
                 W_out = run.with.matrix("W_out");
    for (int step = 4; step < 9; ++step) {
        run.step();
        CHECK(run.with.matrix("W_rec") == W);
        CHECK(run.with.matrix("eligibility(W_rec)") == tag);
    }
    CHECK(run.with.matrix("W_out") != W_out);
    run.step();
    CHECK(run.with.matrix("W_rec") != W);
}

TEST_CASE("a run goes on in the middle of its events", "[event][checkpoint]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("events.toml", circuit + R"(
event.pause = { at = 20, for = 10, every = 15, silence = "hidden", fraction = 0.5 }
event.cut = { at = 30, lesion = "W_rec", fraction = 0.2 }
event.stop = { at_ms = 205.5, until_ms = 390.0, stop = "plasticity.readout" }
event.open = { at = 24, until = 31, gate = "disinhibition", to = 0.5 }
)");
    Model model =
        load_model(path, {"run.steps=60",
                          "checkpoint={ every = 13, minutes = 0, keep = "
                          "99 }",
                          "record={ all = { what = \"*\" }, e = { what = \"events\" } }"});
    model.output = folder / "whole.h5";
    run_model(model);
    const std::string killed = folder / "killed.h5";
    for (const std::int64_t step : {26, 39}) {
        for (const int threads : {1, 2}) {
            INFO(step << ", " << threads);
            leave_killed(model.output, step, killed);
            resumed(killed, threads);
            CHECK(content_of(killed) == content_of(model.output));
        }
    }
}

TEST_CASE("the verdict on a circuit is that without its events", "[event][audit]") {
    const Audit without = audit(model_of_text(circuit));
    for (const char* event :
         {"event.e = { at = 5, silence = \"hidden\" }", "event.e = { at = 5, lesion = \"W_rec\" }",
          "event.e = { at = 5, inject = \"hidden.soma\", current = 1e6 }",
          "event.e = { at = 5, gate = \"disinhibition\", to = 1.0 }",
          "event.e = { at = 5, gate = \"disinhibition\", to = 0.0 }",
          "event.e = { at = 5, stop = \"plasticity.recurrent\" }"}) {
        INFO(event);
        const Model model = model_of_text(circuit + event + '\n');
        const Audit with = audit(model);
        CHECK(verdict_of(with) == verdict_of(without));
        CHECK(with.passes());
        const bool stops = std::string(event).find("stop") != std::string::npos;
        CHECK(with.interventions.empty() == stops);
        for (const std::size_t operation : with.interventions)
            CHECK(model.program.operations[operation].kind == Kind::intervene);
        const AuditReport report = report_on(model, true);
        CHECK(report.influence->foreign.empty());
        CHECK((audit_text({report}).find("what the experimenter does") != std::string::npos) ==
              !stops);
    }
}

TEST_CASE("nothing but an event intervenes", "[event]") {
    for (const std::vector<std::string>& paths : {shipped_models(), rule_models()}) {
        for (const std::string& path : paths) {
            INFO(path);
            for (const Operation& op : load_model(path, {}).program.operations) {
                REQUIRE(op.kind != Kind::intervene);
                REQUIRE(!op.event);
            }
        }
    }
}

TEST_CASE("events that are none are told at their place", "[event]") {
    const auto rejected = [](const std::string& event, const std::vector<std::string>& phrases) {
        rejects_text(circuit + event + '\n', phrases);
    };
    rejected("event.late = { at = @2_000_000, silence = \"hidden\" }",
             {"[event.late] begins at 2000000, after the run's last step, 1000000"});
    rejected("event.e = { at = 5, silence = @\"hiden\" }",
             {"there is no population \"hiden\"", "Did you mean \"hidden\"?"});
    rejected("event.e = { at = 5, lesion = @\"W_rek\" }", {"Did you mean \"W_rec\"?"});
    rejected("event.e = { at = 5, gate = @\"apical\", to = 1.0 }", {"there is no gate \"apical\""});
    rejected("event.e = { at = 5, stop = @\"plasticity.readot\" }",
             {"Did you mean \"plasticity.readout\"?"});
    rejected("event.e = { at = 5, inject = @\"hidden.some\", current = 1.0 }",
             {"Did you mean \"hidden.soma\"?"});
    rejected("event.@e = { at = 5, inject = \"hidden.soma\" }", {"needs the key \"current\""});
    rejected("event.@e = { at = 5 }", {"[event.e] does nothing"});
    rejected("event.@e = { silence = \"hidden\" }", {"needs the key \"at\""});
    rejected("event.e = { at = 5, silence = \"hidden\", lesion = @\"W_rec\" }",
             {"[event.e] has silence and lesion; expected one"});
    rejected("event.e = { at = 5, at_ms = @50.0, silence = \"hidden\" }",
             {"[event.e] has at and at_ms"});
    rejected("event.e = { at = 5, until = @5, silence = \"hidden\" }",
             {"[event.e] is over before it begins"});
    rejected("event.e = { at = 5, for = 9, every = @3, silence = \"hidden\" }",
             {"[event.e] comes again before it is over"});
    rejected("event.e = { at = 5, silence = \"hidden\", cells = @\"0:7\" }",
             {"expected cells of \"hidden\", 0 to 5"});
    rejected("event.e = { at = 5, stop = \"plasticity.readout\", fraction = @0.5 }",
             {"is the same for all cells"});
    rejected("event.e = { at = 5, silence = \"hidden\", @fractoin = 0.5 }",
             {"Did you mean \"fraction\"?"});
}
