// [diagnose] with the program run backwards: alignment of any circuit, and credit.
#include "sim/runs/simulation.hpp"
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

const Assignments by_adjoint = {"diagnose.exact=\"adjoint\"", "diagnose.window=200"};

}  // namespace

TEST_CASE("the program run backwards and RTRL give the same alignment", "[diagnosis][adjoint]") {
    for (const bool random_feedback : {false, true}) {
        Setting setting = small_add;
        setting.random_feedback = random_feedback;
        DiagnosedRun by_rtrl(diagnosed("rflo", setting)),
            backwards(diagnosed("rflo", setting, by_adjoint));
        for (int step = 1; step <= 150; ++step) {
            by_rtrl.step();
            backwards.step();
            if (step % 10 != 0) continue;
            for (const char* name : {"W_rec", "W_in", "b", "recurrent"}) {
                for (const char* measure : {"cosine", "norm_ratio", "bias", "variance"}) {
                    const double one = by_rtrl(measure, name), other = backwards(measure, name);
                    INFO(measure << " of " << name << " in step " << step << ": " << one << ", "
                                 << other);
                    const bool is_same = (std::isnan(one) && std::isnan(other)) ||
                                         std::abs(one - other) <= 1e-10 * (1.0 + std::abs(one));
                    CHECK(is_same);
                }
            }
        }
    }
}

TEST_CASE("what faces the future is compared with the same credit as F-BPTT's",
          "[diagnosis][adjoint]") {
    DiagnosedRun bptt(diagnosed(
        "dni", small_add, {"plasticity.recurrent.rate=1e-12", "plasticity.readout.rate=0.0"})),
        backwards(diagnosed("dni", small_add,
                            {"plasticity.recurrent.rate=1e-12", "plasticity.readout.rate=0.0",
                             "diagnose.exact=\"adjoint\""}));
    bptt.step(60);
    backwards.step(60);
    for (const char* name : {"W_rec", "W_in", "b", "recurrent"}) {
        for (const char* measure : {"cosine", "norm_ratio"}) {
            INFO(measure << " of " << name);
            CHECK(std::abs(bptt(measure, name) - backwards(measure, name)) < 1e-8);
        }
    }
}

TEST_CASE("a readout's delta rule follows its exact gradient", "[diagnosis][adjoint]") {
    DiagnosedRun run(diagnosed("rflo", small_add, by_adjoint));
    run.step(100);
    for (const char* name : {"W_out", "b_out"}) {
        CHECK(std::abs(run("cosine", name) - 1.0) < 1e-12);
        CHECK(std::abs(run("norm_ratio", name) - 1.0) < 1e-12);
    }
}

TEST_CASE("a circuit of two layers is aligned without being asked how", "[diagnosis][adjoint]") {
    const Model model =
        load_model(path_of_shipped("rules/feedback_alignment"), {"diagnose.alignment=true"});
    CHECK(model.diagnosed.options.exact == Exact::by_adjoint);
    State state(model.program);
    initialize(state, model.circuit, model.seed, model.directory);
    const Plan plan = Plan::compile(model.program, state);
    Diagnosis diagnosis(measured(model), plan, state);
    Scheduler scheduler(model, plan, state, nullptr, &diagnosis);
    scheduler.run_to(300);
    const DiagnosisSummary summary = diagnosis.summary(300, 30);
    REQUIRE(summary.alignment.size() >= 3);
    for (const AlignmentLine& line : summary.alignment) {
        INFO(line.name);
        CHECK(std::isfinite(line.cosine));
        CHECK(line.truth == "the program run backwards, 1 step");
        // The readout's change is the gradient; that of the layer before it, by feedback, is not.
        if (line.name == "W_out") CHECK(std::abs(line.cosine - 1.0) < 1e-12);
        if (line.name == "W_in") CHECK(std::abs(line.cosine - 1.0) > 1e-6);
    }
}

TEST_CASE("a run is the same to the last bit, diagnosed by the adjoint or not",
          "[diagnosis][adjoint]") {
    const auto strengths = [](const Assignments& asked) {
        const Model model = load_model(path_of_shipped("rflo"), asked);
        Simulation simulation(model);
        simulation.step(50);
        return simulation.read("W_rec");
    };
    CHECK(strengths({}) == strengths({"diagnose.alignment=true", "diagnose.exact=\"adjoint\"",
                                      "diagnose.credit=[\"hidden.feedback\"]"}));
}

TEST_CASE("credit is 1 where a voltage carries the derivative by the rate",
          "[diagnosis][adjoint]") {
    // Feedback through the transpose, and no step before or behind: the feedback is dL/dr.
    const Setting setting = {6, 1.0, 0, false, false};
    DiagnosedRun run(diagnosed(
        "rtrl", setting,
        no_recurrence + Assignments{"diagnose.credit=[\"hidden.feedback\"]", "diagnose.window=1"}));
    run.step(40);
    CHECK(std::abs(run("cosine(hidden.feedback.v)") - 1.0) < 1e-12);
    CHECK(std::abs(run("norm_ratio(hidden.feedback.v)") - 1.0) < 1e-12);
    Setting random = setting;
    random.random_feedback = true;
    DiagnosedRun other(diagnosed(
        "rtrl", random,
        no_recurrence + Assignments{"diagnose.credit=[\"hidden.feedback\"]", "diagnose.window=1"}));
    other.step(40);
    CHECK(std::abs(other("cosine(hidden.feedback.v)")) < 0.999);
}

TEST_CASE("credit of what is no compartment is rejected with the nearest name",
          "[diagnosis][adjoint][bad]") {
    const auto rejects = [](const std::string& credit, const char* phrase) {
        try {
            load_model(path_of_shipped("rflo"), {fmt::format("diagnose.credit=[\"{}\"]", credit)});
            FAIL("accepted " << credit);
        } catch (const Error& error) {
            CHECK_THAT(error.what(), Catch::Contains(phrase));
        }
    };
    rejects("hidden.feedbak", "Did you mean \"hidden.feedback\"?");
    rejects("error.soma", "no loss depends on the rate of \"error\"");
}
