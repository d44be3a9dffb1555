// Alignment of changes that are not made as rules ask for them: in windows, late, by optimisers;
// and of every rule that claims to estimate a gradient.
#include <set>

#include "sim/runs/simulation.hpp"
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

const Assignments trials = {
    "trial={ steps = 9, reset = \"init\", window = { late = { from = 4 } } }"};

std::vector<double> strengths_of(const std::string& set, const Assignments& asked,
                                 const std::string& name = "rflo") {
    const Model model = load_model(path_of_shipped(name), asked);
    Simulation simulation(model);
    simulation.step(60);
    return simulation.read(set);
}

// Whether measuring the run leaves it as it is.
bool is_undisturbed(const Assignments& asked) {
    const Assignments measured = asked + Assignments{"diagnose.alignment=true"};
    return strengths_of("W_out", asked) == strengths_of("W_out", measured) &&
           strengths_of("W_rec", asked) == strengths_of("W_rec", measured);
}

void follows_the_gradient(const DiagnosedRun& run, const std::string& name) {
    INFO(name);
    CHECK(std::abs(run("cosine", name) - 1.0) < 1e-12);
    CHECK(std::abs(run("norm_ratio", name) - 1.0) < 1e-12);
}

// Alignment of one set of a model that is measured by its program run backwards.
struct Measured {
    double cosine = 0.0, norm_ratio = 0.0;
};
std::map<std::string, Measured> measured_of(const std::string& path, const Assignments& asked,
                                            int count) {
    const Model model = load_model(
        path,
        Assignments{"diagnose.alignment=true", "diagnose.exact=\"adjoint\"", "record={}"} + asked);
    State state(model.program);
    initialize(state, model.circuit, model.seed, model.directory);
    const Plan plan = Plan::compile(model.program, state);
    Diagnosis diagnosis(measured(model), plan, state);
    Scheduler scheduler(model, plan, state, nullptr, &diagnosis);
    scheduler.run_to(count);
    std::map<std::string, Measured> found;
    for (const AlignmentLine& line : diagnosis.summary(count, count).alignment)
        found[line.name] = {line.cosine, line.norm_ratio};
    return found;
}

}  // namespace

TEST_CASE("in trials a rule is held against the program run backwards, and learns the same",
          "[diagnosis][adjoint][trials]") {
    const Model model =
        load_model(path_of_shipped("rflo"), trials + Assignments{"diagnose.alignment=true"});
    CHECK(model.diagnosed.options.exact == Exact::by_adjoint);
    CHECK(is_undisturbed(trials));
    DiagnosedRun run(diagnosed("rflo", small_add, trials));
    run.step(31);
    follows_the_gradient(run, "W_out");
    CHECK(std::abs(run("cosine", "W_rec")) < 1.0 - 1e-6);
    CHECK(run("norm_ratio", "W_rec") > 0.0);
}

TEST_CASE("of changes that wait, what goes in is measured", "[diagnosis][adjoint][trials]") {
    const std::vector<Assignments> ways = {
        {"plasticity.readout.apply=\"trial\""},
        {"plasticity.readout.apply=\"trial\"", "plasticity.readout.average=true"},
        {"plasticity.readout.optimiser={ kind = \"adam\" }"},
        {"plasticity.readout.optimiser={ kind = \"momentum\", keep = 0.5 }",
         "plasticity.readout.apply=\"trial\""},
        {"plasticity.readout.schedule={ half_every = 5.0 }"}};
    for (const Assignments& way : ways) {
        INFO(way.front());
        CHECK(is_undisturbed(trials + way));
        DiagnosedRun run(diagnosed("rflo", small_add, trials + way));
        run.step(31);
        follows_the_gradient(run, "W_out");
        follows_the_gradient(run, "b_out");
    }
}

TEST_CASE("a rule that acts in a window is measured there, and its changes are made once",
          "[diagnosis][adjoint][trials]") {
    const Assignments late = trials + Assignments{"plasticity.readout.in=\"late\""};
    CHECK(is_undisturbed(late));
    DiagnosedRun run(diagnosed("rflo", small_add, late));
    run.step(30);  // the third step of a trial
    const double before = run("norm_ratio", "W_out");
    follows_the_gradient(run, "W_out");
    run.step();
    CHECK(run("norm_ratio", "W_out") == before);
    run.step(2);
    follows_the_gradient(run, "W_out");
}

TEST_CASE("rules that are the gradient are found to be it", "[diagnosis][adjoint][gradient]") {
    for (const auto& [name, measure] :
         measured_of(path_of_shipped("circuits/backpropagation"), {}, 80)) {
        INFO(name);
        CHECK(std::abs(measure.cosine - 1.0) < 1e-12);
        CHECK(std::abs(measure.norm_ratio - 1.0) < 1e-12);
    }
    const std::vector<std::pair<std::string, Assignments>> exact = {
        {"rtrl", {"diagnose.exact=\"adjoint\"", "diagnose.window=200"}},
        {"bptt",
         {"diagnose.exact=\"adjoint\"", "plasticity.recurrent.rate=1e-12",
          "plasticity.readout.rate=0.0"}}};
    for (const auto& [model, how] : exact) {
        DiagnosedRun run(diagnosed(model, small_add, how));
        run.step(60);
        INFO(model);
        CHECK(std::abs(run("cosine", "recurrent") - 1.0) < 1e-8);
        CHECK(std::abs(run("norm_ratio", "recurrent") - 1.0) < 1e-8);
    }
}

TEST_CASE("rule gradient is the gradient whatever happens to the circuit",
          "[diagnosis][adjoint][gradient]") {
    const std::string two_layers = "circuits/backpropagation";
    const std::string settled =
        "plasticity={ g = { rule = \"gradient\", synapses = [\"W_in\", "
        "\"W_out\"], window = 1, rate = 0.05 } }";
    const std::vector<std::pair<std::string, Assignments>> circuits = {
        {two_layers,
         {"event.e={ at = 20, for = 10, silence = \"h1\", fraction = 0.5 }",
          "noise.n={ into = \"h1.soma\", kind = \"normal\", sd = 0.3 }"}},
        {two_layers,
         {"trial={ steps = 11, gap = 2, reset = \"init\" }",
          "noise.n={ into = \"h2.r\", kind = \"normal\", sd = 0.1 }"}},
        {two_layers, {"synapses.W_2.delay=3", "plasticity.all.optimiser={ kind = \"rmsprop\" }"}},
        {"circuits/settled_equilibrium_propagation", {settled}}};
    for (const auto& [name, changes] : circuits) {
        for (const auto& [set, measure] : measured_of(path_of_shipped(name), changes, 80)) {
            INFO(name << ", " << changes.front() << ": " << set);
            CHECK(std::abs(measure.cosine - 1.0) < 1e-12);
            CHECK(std::abs(measure.norm_ratio - 1.0) < 1e-12);
        }
    }
}

TEST_CASE("rules that approximate the gradient live, and are not the gradient",
          "[diagnosis][adjoint][gradient]") {
    for (const char* name : {"rflo", "uoro", "kf_rtrl", "r_kf", "kernl", "dni", "dni_b"}) {
        DiagnosedRun run(diagnosed(name, small_add, {"diagnose.exact=\"adjoint\""}));
        run.step(60);
        INFO(name);
        CHECK(run("norm_ratio", "recurrent") > 1e-6);
        CHECK(std::isfinite(run("cosine", "recurrent")));
        CHECK(std::abs(run("cosine", "recurrent") - 1.0) > 1e-6);
    }
    // Rules as text whose equations have a rate, in circuits with a loss; W_out is the readout's.
    const std::set<std::string> approximate = {"burst",     "eprop_adapting", "feedback_alignment",
                                               "pre_trace", "pre_post_trace", "rmsprop_like",
                                               "snap1"};
    for (const std::string& name : approximate) {
        INFO(name);
        int hidden = 0;
        for (const auto& [set, measure] :
             measured_of(path_of_shipped("rules/" + name), {"population.hidden.size=8"}, 200)) {
            INFO(set);
            CHECK(measure.norm_ratio > 1e-9);
            if (set == "W_out" || set == "readout" || set == "b_out") continue;
            ++hidden;
            CHECK(std::abs(measure.cosine - 1.0) > 1e-6);
        }
        CHECK(hidden > 0);
    }
}
