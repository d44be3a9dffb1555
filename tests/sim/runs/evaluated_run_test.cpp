// What of a run file is evaluated: its model, its strengths, at which steps.
#include "sim/runs/evaluated_run.hpp"

#include "sim/apical.hpp"
#include "sim/runs/checkpoint.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A run of a shipped model with 40 steps, and its file.
struct ShortRun {
    TemporaryFolder folder;
    std::string path = folder / "short.h5";
    Model model;

    explicit ShortRun(const std::string& file, std::vector<std::string> overrides = {})
        : model([&] {
              overrides.insert(overrides.begin(), {"run.steps=40", "run.output=\"" + path + "\""});
              return load_model(file, with_early_events(file, overrides));
          }()) {
        run_model(model);
    }
};

const EvaluationRequest brief{.options = {.steps = 30, .settle = 5}};

std::string message_of(const StoredRun& run, std::int64_t step, const EvaluationRequest& request) {
    try {
        EvaluatedRun(run, request).after(step);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

bool same(const Evaluation& a, const Evaluation& b) {
    return a.loss.mean == b.loss.mean && a.loss.error == b.loss.error && a.counted == b.counted;
}

}  // namespace

TEST_CASE("the run of every shipped model can be evaluated, with the strengths that it came to",
          "[evaluate][slow]") {
    std::vector<std::string> paths = shipped_models();
    for (const std::vector<std::string>& more :
         {rule_models(), models_in({"models/circuits", "models/dynamics"})})
        paths.insert(paths.end(), more.begin(), more.end());
    for (const std::string& path : paths) {
        INFO(path);
        const ShortRun made(path);
        const StoredRun run(made.path);
        const EvaluatedRun evaluated(run, brief);
        REQUIRE(evaluated.last() == 40);
        const Evaluation found = evaluated.after(40);
        CHECK(found.steps == 30);
        CHECK(std::isfinite(found.loss.mean) == made.model.circuit.has_loss());
        // All strengths are those of the run at its end, bit by bit, and they stay.
        Simulation whole(made.model);
        whole.step(40);
        const FrozenModel& frozen = evaluated.frozen();
        Simulation simulation(frozen.model);
        StoredStrengths(run, frozen.model.program, frozen.taken).write(40, simulation);
        for (const bool stepped : {false, true}) {
            if (stepped) simulation.step(35);
            for (const SynapseSet& set : made.model.circuit.synapses) {
                INFO(set.name << (stepped ? " at the end" : " at the beginning"));
                CHECK(same_bits(simulation.read(set.name), whole.read(set.name)));
            }
        }
    }
}

TEST_CASE("strengths of any recorded step are evaluated, and those of checkpoints", "[evaluate]") {
    const ShortRun made(
        path_of_shipped("rflo"),
        {"record.coarse.what=[\"W_rec\", \"W_in\", \"b\", \"W_out\", \"b_out\"]",
         "record.coarse.every=10", "checkpoint.every=15", "checkpoint.keep=9",
         "record.beginning.to=1", "record.beginning.what=\"loss\"", "record.end.what=\"loss\""});
    const StoredRun run(made.path);
    const EvaluatedRun evaluated(run, brief);
    // Rows of step 0, each tenth from the first on, and the last; checkpoints.
    CHECK(evaluated.steps() == std::vector<std::int64_t>{0, 1, 11, 15, 21, 30, 31, 40});
    Simulation simulation(made.model);
    for (const std::int64_t step : evaluated.steps()) {
        INFO(step);
        simulation.step(step - simulation.steps());
        Simulation frozen(evaluated.frozen().model);
        for (const char* set : {"W_rec", "W_in", "b", "W_out", "b_out"})
            frozen.write(set, simulation.read(set));
        CHECK(same(evaluated.after(step), evaluate(evaluated.frozen(), frozen)));
    }
    CHECK(message_of(run, 12, brief) ==
          made.path +
              " has no strengths after step 12 (W_rec, W_in, b, W_out, b_out); expected one of the "
              "steps after which it has them, 0, 1, 11, ..., 40, or a checkpoint");
}

TEST_CASE("a run that kept no strengths cannot be evaluated, and says what would keep them",
          "[evaluate]") {
    const ShortRun made(path_of_shipped("rflo"),
                        {"run.record_endpoints=false", "record={ loss = { what = \"loss\" } }"});
    const StoredRun run(made.path);
    CHECK_THAT(message_of(run, 40, brief),
               Catch::Contains("has no strengths after step 40 (W_rec, W_in, b, W_out, b_out); "
                               "expected rows of all of them, which a [record.*] table or "
                               "run.record_endpoints = true makes, or a checkpoint"));
    CHECK_THROWS_AS(EvaluatedRun(run, brief).last(), Error);
    // Strengths of some cells are not all.
    const ShortRun some(path_of_shipped("rflo"),
                        {"run.record_endpoints=false",
                         "record={ W = { what = [\"W_*\", \"b\", \"b_out\"], cells = { hidden = "
                         "[0, 1] } } }"});
    CHECK(EvaluatedRun(StoredRun(some.path), brief).steps().empty());
}

TEST_CASE("an evaluation is of another task when it is asked for, of the same sizes",
          "[evaluate]") {
    const ShortRun made(path_of_shipped("rflo"));
    const StoredRun run(made.path);
    EvaluationRequest other = brief;
    other.overrides = {"task.lags=[1, 2]"};
    CHECK_FALSE(same(EvaluatedRun(run, other).after(40), EvaluatedRun(run, brief).after(40)));
    CHECK(same(EvaluatedRun(run, brief).after(40), EvaluatedRun(run, brief).after(40)));
    EvaluationRequest seeded = brief;
    seeded.options.seed = 2;
    CHECK_FALSE(same(EvaluatedRun(run, seeded).after(40), EvaluatedRun(run, brief).after(40)));

    other.overrides = {"task={ kind = \"mimic\" }"};
    CHECK_THAT(message_of(run, 40, other), Catch::Contains("32") && Catch::Contains("size"));
    other.overrides = {"population.hidden.size=16"};
    CHECK(message_of(run, 40, other) ==
          made.path +
              ": \"W_rec\" is 32 x 32 in it, and 16 x 16 in the model that is evaluated; "
              "sizes cannot change");
    other.overrides = {"task.lgas=[1, 2]"};
    CHECK_THAT(message_of(run, 40, other), Catch::Contains("lgas") && Catch::Contains("lags"));
}

TEST_CASE("changes that no evaluation would notice are refused", "[evaluate]") {
    const ShortRun made(path_of_shipped("rflo"));
    const StoredRun run(made.path);
    const std::pair<const char*, const char*> refused[] = {
        {"plasticity.recurrent.rate=0.0", "nothing learns in an evaluation"},
        {"run.seed=4", "circuit and seed are the run's; `seed` is that of its draws"},
        {"run.steps=4", "`steps` and `settle` say how long an evaluation is"},
        {"synapses.W_rec.init={ constant = 0.0 }", "strengths are those that the run came to"},
        {"synapses.W_rec.connect={ probability = 0.5 }", "synapses are those that the run had"},
        {"record.loss.every=3", "an evaluation records what the run did"}};
    for (const auto& [change, why] : refused) {
        EvaluationRequest request = brief;
        request.overrides = {change};
        CHECK_THAT(message_of(run, 40, request), Catch::EndsWith(why));
    }
}

TEST_CASE("a branch is evaluated with the strengths that it began with", "[evaluate]") {
    // B_fb does not change; the branch, of another seed, has that of the first run.
    const ShortRun made(path_of_shipped("rflo"), {"checkpoint.every=40"});
    const std::string branch = made.folder / "branch.h5";
    OpenCheckpoint checkpoint = checkpoint_at(made.path, 40);
    const Model model =
        branched_model(checkpoint.head, made.path, {"run.seed=9", "run.steps=60"}, branch);
    std::vector<std::string> notes;
    branch_run(model, made.path, std::move(checkpoint), {}, notes);
    const StoredRun run(branch);
    EvaluationRequest request = brief;
    EvaluatedRun evaluated(run, request);
    evaluated.recorded_after(60, made.folder / "frozen.h5", false);
    const StoredRun frozen(made.folder / "frozen.h5");
    const StoredQuantity& feedback = frozen.find("B_fb");
    Simulation first(made.model);
    CHECK(same_bits(frozen.read(feedback, 0, 1), first.read("B_fb")));
}

TEST_CASE("the run file of an evaluation has what the run records, of what there still is",
          "[evaluate]") {
    const ShortRun made(path_of_shipped("rflo"), {"record.coarse.every=10"});
    const StoredRun run(made.path);
    EvaluatedRun evaluated(run, brief);
    const std::string path = made.folder / "frozen.h5";
    const Evaluation found = evaluated.recorded_after(40, path, false);
    CHECK(same(found, evaluated.after(40)));
    const StoredRun frozen(path);
    CHECK(frozen.steps_completed() == 35);
    CHECK(frozen.number(run_attribute::final_loss, 0.0) == found.loss.mean);
    CHECK(frozen.integer(run_attribute::final_loss_steps, 0) == 30);
    CHECK(frozen.text(run_attribute::forked_from) == "short.h5 after step 40");
    CHECK_FALSE(frozen.has("eligibility(W_rec)"));
    CHECK_FALSE(run.text(run_attribute::program) == frozen.text(run_attribute::program));
    const StoredQuantity& loss = frozen.find("loss");
    CHECK(loss.rows == 35);
    double sum = 0.0;
    for (const double one : frozen.read(loss, 5, 30)) sum += one;
    CHECK(found.loss.mean == Approx(sum / 30).epsilon(1e-13));
    // Strengths stay; rates do not.
    const StoredQuantity &strengths = frozen.find("W_rec"), &rates = frozen.find("hidden.r");
    const StoredQuantity& learned = run.find("W_rec");
    for (std::uint64_t row = 0; row < strengths.rows; ++row)
        CHECK(same_bits(frozen.read(strengths, row, 1), run.read(learned, learned.rows - 1, 1)));
    CHECK_FALSE(same_bits(frozen.read(rates, 1, 1), frozen.read(rates, 2, 1)));

    CHECK_THROWS_WITH(evaluated.recorded_after(40, path, false), Catch::Contains("exists"));
    evaluated.recorded_after(40, path, true);
    CHECK_THROWS_AS(evaluated.recorded_after(40, made.path, true), Error);
    CHECK(StoredRun(made.path).steps_completed() == 40);
}

TEST_CASE("a task of a file shows its rows from the beginning, as many as there are",
          "[evaluate]") {
    const TemporaryFolder folder;
    python(
        "import h5py, numpy\n"
        "with h5py.File(argv[1], 'w') as f:\n"
        "    r = numpy.random.default_rng(1); x = r.random((60, 2)); f['x'] = x\n"
        "    f['y'] = x / x.sum(1, keepdims=True)\n",
        {folder / "data.h5"});
    const std::string text = drafted("rflo", {});
    const Overrides changes{"run.steps=60", "run.output=\"" + (folder / "run.h5") + "\"",
                            "task={ kind = \"file\", path = \"data.h5\" }"};
    const Model model = load_model(folder.write("file.toml", text), changes);
    run_model(model);
    const StoredRun run(folder / "run.h5");
    EvaluationRequest request;
    request.folder = folder.path();
    EvaluatedRun evaluated(run, request);
    CHECK(evaluated.frozen().settle == 6);
    CHECK(evaluated.frozen().steps == 54);
    evaluated.recorded_after(60, folder / "frozen.h5", false);
    const StoredRun frozen(folder / "frozen.h5");
    const StoredQuantity &inputs = frozen.find("input.r"), &before = run.find("input.r");
    CHECK(same_bits(frozen.read(inputs, 1, 50), run.read(before, 1, 50)));

    request.options.steps = 60;
    CHECK_THAT(message_of(run, 60, request), Catch::Contains("the task ends after 60 steps"));
    request = {.folder = folder / "elsewhere"};
    CHECK_THAT(message_of(run, 60, request), Catch::Contains("elsewhere/data.h5"));
}

TEST_CASE("an evaluation has what a lesion left, and no events of its own", "[evaluate][event]") {
    const ShortRun made(
        path_of_shipped("rflo"),
        {"event={ cut = { at = 30, lesion = \"W_in\" }, shut = { at = 35, silence = "
         "\"hidden\" } }"});
    const StoredRun run(made.path);
    Simulation whole(made.model);
    whole.step(40);
    for (const double rate : whole.read("hidden.r")) REQUIRE(rate == 0.0);
    const EvaluatedRun evaluated(run, brief);
    CHECK(std::isfinite(evaluated.after(40).loss.mean));
    Simulation simulation(evaluated.frozen().model);
    StoredStrengths(run, evaluated.frozen().model.program, evaluated.frozen().taken)
        .write(40, simulation);
    simulation.step(35);
    for (const double strength : simulation.read("W_in")) CHECK(strength == 0.0);
    for (const double rate : simulation.read("hidden.r")) CHECK(rate != 0.0);
    CHECK(simulation.read("event.shut").front() == 0.0);
}
