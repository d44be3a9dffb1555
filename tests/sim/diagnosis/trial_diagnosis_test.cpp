// diagnose.window = "trial": what a whole trial changes, beside the gradient of all of its losses.
#include "sim/runs/simulation.hpp"
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

const Assignments by_trial = {"trial={ steps = 7, gap = 2, reset = \"init\" }",
                              "diagnose.window=\"trial\""};

void is_gradient(const DiagnosedRun& run, const std::string& name, double tolerance = 1e-10) {
    INFO(name << " after " << run.scheduler.step() << " steps");
    CHECK(std::abs(run("cosine", name) - 1.0) < tolerance);
    CHECK(std::abs(run("norm_ratio", name) - 1.0) < tolerance);
}

std::string refusal(const std::string& model, const Assignments& asked) {
    try {
        load_model(path_of_shipped(model), asked);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("the changes of a trial by RTRL add up to the gradient of its losses",
          "[diagnosis][adjoint][trials]") {
    // Within one trial at reset = "keep", from the run's beginning, the influence is whole.
    const Assignments one_trial = {"trial={ steps = 12, reset = \"keep\", traces = \"keep\" }",
                                   "diagnose.window=\"trial\""};
    DiagnosedRun run(diagnosed("rtrl", small_add, one_trial));
    CHECK(run.model.diagnosed.options.exact == Exact::by_adjoint);
    CHECK(run.model.diagnosed.options.window == 12);
    run.step(11);
    CHECK(std::isnan(run("cosine", "recurrent")));
    run.step();
    for (const char* name : {"W_rec", "W_in", "b", "recurrent", "W_out", "b_out"})
        is_gradient(run, name);
    // In the second trial RTRL knows of the first, and the trial's gradient does not.
    run.step(12);
    is_gradient(run, "W_out");
    CHECK(std::abs(run("cosine", "W_rec") - 1.0) > 1e-9);
}

TEST_CASE("a rule that approximates the gradient is not that of the trial, and lives",
          "[diagnosis][adjoint][trials]") {
    DiagnosedRun run(diagnosed("rflo", small_add, by_trial));
    run.step(7 + 9 + 9);
    is_gradient(run, "W_out");
    CHECK(run("norm_ratio", "W_rec") > 1e-6);
    CHECK(std::abs(run("cosine", "W_rec") - 1.0) > 1e-6);
    const double before = run("cosine", "W_rec");
    run.step(8);  // a gap, and all but the last step of a trial
    CHECK(run("cosine", "W_rec") == before);
    run.step();
    CHECK(run("cosine", "W_rec") != before);
}

TEST_CASE("a rule that changes at the ends of trials alone is measured there",
          "[diagnosis][adjoint][trials]") {
    const Assignments gradient = {"plasticity.all.window=\"trial\"", "diagnose.alignment=true"};
    const std::string two_layers = "circuits/backpropagation";
    DiagnosedRun run(load_model(path_of_shipped(two_layers), by_trial + gradient));
    for (int trial = 0; trial < 3; ++trial) {
        run.step(trial == 0 ? 7 : 9);
        for (const std::string& name : aligned_names(run.model)) is_gradient(run, name, 1e-9);
    }
    // By steps they are left out, as they change in none.
    CHECK_THAT(refusal(two_layers, Assignments{by_trial.front()} + gradient),
               Catch::Contains("there is none in this model"));
}

TEST_CASE("what waits for the end of a trial is measured as it goes in, over the trial",
          "[diagnosis][adjoint][trials]") {
    for (const char* how :
         {"plasticity.readout.apply=\"trial\"", "plasticity.readout.optimiser={ kind = \"adam\" }",
          "plasticity.readout.average=true"}) {
        const Assignments way = std::string(how).ends_with("average=true")
                                    ? Assignments{"plasticity.readout.apply=\"trial\"", how}
                                    : Assignments{how};
        INFO(how);
        DiagnosedRun run(diagnosed("rflo", small_add, by_trial + way));
        run.step(7 + 9);
        is_gradient(run, "W_out");
        is_gradient(run, "b_out");
    }
}

TEST_CASE("only losses that count are in a trial's gradient", "[diagnosis][adjoint][trials]") {
    const Assignments late = {
        "trial={ steps = 7, reset = \"init\", window = { late = { from = 5 } }, counts = \"late\" "
        "}",
        "plasticity.readout.in=\"late\""};
    DiagnosedRun run(diagnosed("rflo", small_add, late + Assignments{"diagnose.window=\"trial\""}));
    run.step(14);
    is_gradient(run, "W_out");
}

TEST_CASE("credit of a trial is over all of its steps and cells", "[diagnosis][adjoint][trials]") {
    // Feedback through the transpose, and no step before or behind: the feedback is dL/dr in each.
    const Setting setting = {6, 1.0, 0, false, false};
    const Assignments asked =
        no_recurrence + by_trial +
        Assignments{"diagnose.credit=[\"hidden.feedback\"]", "plasticity.readout.rate=0.0"};
    DiagnosedRun run(diagnosed("rtrl", setting, asked));
    run.step(16);
    CHECK(std::abs(run("cosine(hidden.feedback.v)") - 1.0) < 1e-12);
    CHECK(std::abs(run("norm_ratio(hidden.feedback.v)") - 1.0) < 1e-12);
    Setting random = setting;
    random.random_feedback = true;
    DiagnosedRun other(diagnosed("rtrl", random, asked));
    other.step(16);
    CHECK(std::abs(other("cosine(hidden.feedback.v)")) < 0.999);
    CHECK_THAT(text_of(other.diagnosis.summary(16, 16)),
               Catch::Contains("the losses of a whole trial") &&
                   Catch::Contains("the program run backwards, whole trials"));
}

TEST_CASE("a run is the same to the last bit when its trials are compared",
          "[diagnosis][adjoint][trials]") {
    const auto strengths = [](const Assignments& asked) {
        const Model model =
            load_model(path_of_shipped("rflo"), Assignments{by_trial.front()} + asked);
        Simulation simulation(model);
        simulation.step(60);
        return simulation.read("W_rec");
    };
    CHECK(strengths({}) == strengths({"diagnose.alignment=true", "diagnose.window=\"trial\"",
                                      "diagnose.credit=[\"hidden.feedback\"]"}));
}

TEST_CASE("the trials of a task are compared, as long as they are",
          "[diagnosis][adjoint][trials]") {
    const Model model = load_model(path_of_shipped("tasks/delayed_match"),
                                   {"diagnose.alignment=true", "diagnose.window=\"trial\""});
    CHECK(model.diagnosed.options.window > 1);
    Simulation simulation(model);
    simulation.step(3 * model.diagnosed.options.window);
    for (const AlignedRule& rule : model.diagnosed.rules)
        CHECK(std::isfinite(simulation.read(fmt::format("cosine({})", rule.label)).front()));
}

TEST_CASE("a diagnosis of trials that cannot be is refused", "[diagnosis][adjoint][trials][bad]") {
    const Assignments on = {"diagnose.alignment=true", "diagnose.window=\"trial\""};
    CHECK_THAT(refusal("rflo", on), Catch::Contains("there are no trials"));
    CHECK_THAT(refusal("rflo", on + Assignments{by_trial.front(), "diagnose.every=5"}),
               Catch::Contains("each trial is compared at its end"));
    CHECK_THAT(refusal("rflo", on + Assignments{by_trial.front(), "diagnose.exact=\"rtrl\""}),
               Catch::Contains("expected exact = \"adjoint\""));
    CHECK_THAT(refusal("rflo", Assignments{by_trial.front(), "diagnose.window=\"trail\""}),
               Catch::Contains("trial"));
}

TEST_CASE("a tape that the machine has no room for is refused",
          "[diagnosis][adjoint][trials][bad]") {
    const Model model = load_model(path_of_shipped("rflo"),
                                   {"diagnose.alignment=true", "diagnose.exact=\"adjoint\"",
                                    "diagnose.window=1000000", "population.hidden.size=512"});
    try {
        Simulation simulation(model);
        simulation.begin();
        FAIL("made");
    } catch (const std::exception& error) {
        CHECK_THAT(error.what(), Catch::Contains("[diagnose] keeps 1000000 steps") &&
                                     Catch::Contains("strengths = \"now\""));
    }
}

TEST_CASE("a window behind the end of a task's trials is refused", "[trials][bad]") {
    CHECK_THAT(refusal("tasks/delayed_match", {"trial.window.late={ from = 100000 }"}),
               Catch::Contains("[trial.window.late]") && Catch::Contains("of which the longest"));
    CHECK_THAT(refusal("tasks/delayed_match", {"trial.window.late={ from = -2 }"}),
               Catch::Equals("accepted"));
}
