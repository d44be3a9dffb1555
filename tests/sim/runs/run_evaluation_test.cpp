// [evaluate]: a run is evaluated while it goes on, and does not notice.
#include "sim/runs/run_evaluation.hpp"

#include "sim/apical.hpp"
#include "sim/command_line/run_text.hpp"
#include "sim/runs/checkpoint.hpp"
#include "sim/runs/plain_copy.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::vector<std::string> evaluated = {"evaluate.every=7", "evaluate.steps=23",
                                            "evaluate.settle=5", "evaluate.seed=3"};

Model all_recorded(const std::string& path, const std::string& run_file,
                   std::vector<std::string> overrides = {}) {
    overrides.insert(overrides.begin(), {"run.steps=60", "record={ all = { what = \"*\" } }"});
    Model model = load_model(path, with_early_events(path, overrides));
    model.output = run_file;
    return model;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::vector<std::int64_t> steps_of(const StoredRun& run, const StoredQuantity& quantity) {
    return run.steps(quantity.axis, 0, run.axes()[quantity.axis].rows);
}

std::vector<double> rows_of(const StoredRun& run, const std::string& address) {
    const StoredQuantity& quantity = run.find(address);
    return run.read(quantity, 0, quantity.rows);
}

bool is_of_evaluation(const StoredQuantity& quantity) {
    return quantity.path.starts_with("/evaluation/");
}

void have_equal_rows(const StoredRun& with, const StoredRun& without) {
    std::size_t compared = 0;
    for (const StoredQuantity& expected : without.quantities()) {
        INFO(expected.path);
        const StoredQuantity& found = with.find(expected.path);
        REQUIRE(steps_of(with, found) == steps_of(without, expected));
        CHECK(same_bits(with.read(found, 0, found.rows), without.read(expected, 0, expected.rows)));
        ++compared;
    }
    CHECK(compared > 0);
    for (const StoredQuantity& found : with.quantities())
        CHECK((is_of_evaluation(found) || without.has(found.path)));
    REQUIRE(with.event_count() == without.event_count());
}

}  // namespace

TEST_CASE("a run that is evaluated makes the numbers of one that is not, bit by bit",
          "[evaluate][slow]") {
    std::vector<std::string> paths = shipped_models();
    for (const std::string& more : models_in({"models/circuits", "models/dynamics"}))
        paths.push_back(more);
    for (const std::string& path : paths) {
        INFO(path);
        const TemporaryFolder folder;
        const Model without = all_recorded(path, folder / "without.h5");
        if (!without.circuit.has_loss()) continue;
        const Model with = all_recorded(path, folder / "with.h5", evaluated);
        const RunSummary one = run_model(without), other = run_model(with);
        CHECK(one.loss == other.loss);
        const StoredRun a(with.output), b(without.output);
        have_equal_rows(a, b);
        // The rows are those of evaluations of the file, found later.
        const EvaluatedRun later(a);
        const std::vector<double> losses = rows_of(a, "evaluation.loss");
        const std::vector<std::int64_t> steps = steps_of(a, a.find("evaluation.loss"));
        REQUIRE(steps == std::vector<std::int64_t>{0, 7, 14, 21, 28, 35, 42, 49, 56, 60});
        for (std::size_t k = 0; k < steps.size(); ++k) {
            INFO("after step " << steps[k]);
            if (!std::ranges::count(later.steps(), steps[k])) continue;
            const Evaluation found = later.after(steps[k]);
            CHECK(found.steps == 23);
            CHECK(same_bits({found.loss.mean}, {losses[k]}));
        }
        REQUIRE(other.frozen);
        CHECK(other.frozen->step == 60);
        CHECK(same_bits({other.frozen->loss.mean}, {losses.back()}));
    }
}

TEST_CASE("a run that was killed after some of its evaluations goes on to the same file",
          "[evaluate][checkpoint]") {
    for (const char* name : {"rflo", "dni_b", "uoro"}) {
        INFO(name);
        const TemporaryFolder folder;
        const Model model = saved_model(path_of_shipped(name), folder / "whole.h5",
                                        joined(evaluated, {"evaluate.every=13"}));
        const RunSummary whole = run_model(model);
        for (const std::int64_t step : {13, 39}) {
            leave_killed(model.output, step, folder / "killed.h5");
            const RunSummary summary = resumed(folder / "killed.h5");
            CHECK(content_of(folder / "killed.h5") == content_of(model.output));
            CHECK(summary.frozen->loss.mean == whole.frozen->loss.mean);
        }
    }
}

TEST_CASE("a fork is evaluated from where it begins, with all that its run had",
          "[evaluate][fork]") {
    const TemporaryFolder folder;
    const Model model = saved_model(path_of_shipped("rflo"), folder / "whole.h5", evaluated);
    run_model(model);
    OpenCheckpoint checkpoint = checkpoint_at(model.output, 26);
    const Model fork =
        branched_model(checkpoint.head, model.output, {{"evaluate.every=20"}}, folder / "fork.h5");
    std::vector<std::string> notes;
    branch_run(fork, model.output, std::move(checkpoint), {}, notes);
    const StoredRun whole(model.output), branch(fork.output);
    CHECK(steps_of(branch, branch.find("evaluation.loss")) ==
          std::vector<std::int64_t>{26, 40, 60});
    // It went on as its run did.
    CHECK(rows_of(branch, "evaluation.loss").back() == rows_of(whole, "evaluation.loss").back());
}

TEST_CASE("what was killed keeps its evaluations when it is recovered", "[evaluate][recover]") {
    const TemporaryFolder folder;
    const Model model = saved_model(path_of_shipped("rflo"), folder / "r.h5", evaluated);
    {
        Run run(model);
        Recorder recorder(model.program, model.recordings, description_of(model), model.output,
                          Replacing::yes);
        run.begin(&recorder);
        run.record_start();
        recorder.publish();
        while (run.steps() < 30) run.advance();
        recorder.flush();
        std::filesystem::copy_file(model.output, folder / "killed.h5");
    }
    const std::vector<double> before = rows_of(StoredRun(model.output), "evaluation.loss");
    recover(folder / "killed.h5", StopRequest());
    const StoredRun recovered(folder / "killed.h5");
    CHECK(recovered.was_closed());
    const std::vector<double> after = rows_of(recovered, "evaluation.loss");
    REQUIRE(after.size() >= 5);
    CHECK(std::equal(after.begin(), after.end(), before.begin()));
}

TEST_CASE("an output that only learns its bias looks good while learning and not when frozen",
          "[evaluate]") {
    const TemporaryFolder folder;
    python(
        "import h5py, numpy\n"
        "with h5py.File(argv[1], 'w') as f:\n"
        "    f['x'] = numpy.ones((200, 1)); f['y'] = numpy.repeat([[1.0], [-1.0]], 100, axis=0)",
        {folder / "blocks.h5"});
    std::ofstream(folder / "follower.toml") << R"(
format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.input.role  = "input"
population.label.role  = "label"
population.one.role    = "constant"
population.output.role = "output"
population.error  = { role = "error", during = "update" }
synapses.b_out    = { from = "one", to = "output.soma", during = "forward", init = { constant = 0.0 } }
plasticity.readout = { rule = "delta", synapses = ["b_out"], rate = 0.5 }
task = { kind = "file", path = "blocks.h5", repeat = true, readout = "linear" }
run  = { steps = 10_000, seed = 1 }
evaluate.settle = 0
)";
    Model model = load_model(folder / "follower.toml");
    model.output = folder / "follower.h5";
    const RunSummary summary = run_model(model);
    // Each block begins with an error of 2 and halves it in each step.
    double learning = 0.0;
    for (int k = 0; k < 100; ++k) learning += 0.5 * 4.0 * std::pow(4.0, -k) / 100.0;
    CHECK(summary.loss == Approx(learning).epsilon(1e-12));
    // Frozen it says -1 for ever: half of the labels are off by 2.
    REQUIRE(summary.frozen);
    CHECK(summary.frozen->loss.mean == Approx(1.0).epsilon(1e-12));
    CHECK(!summary.frozen->error);
    const StoredRun run(model.output);
    CHECK(steps_of(run, run.find("evaluation.loss")) == std::vector<std::int64_t>{0, 10'000});
    const std::vector<double> losses = rows_of(run, "evaluation.loss"),
                              squares = rows_of(run, "evaluation.mse");
    CHECK(losses.front() == 0.5);  // a bias of 0, labels of 1 and -1
    CHECK(squares.front() == 1.0);
    CHECK(squares.back() == Approx(2.0).epsilon(1e-12));
    CHECK(std::isnan(rows_of(run, "evaluation.correlation").back()));
    CHECK_THAT(summary_text(model, summary),
               Catch::Contains("\nfrozen   1.00000 ± ") &&
                   Catch::Contains("\nnote     what learns is part of the memory"));
    CHECK_THAT(summary_json(model, summary), Catch::Contains("\"frozen\": 1.0"));
}

TEST_CASE("errors and confusions of a run's evaluations are those of what its circuit chose",
          "[evaluate]") {
    const TemporaryFolder folder;
    const Model model = saved_model(path_of_shipped("rflo"), folder / "r.h5",
                                    {"evaluate.steps=50", "evaluate.settle=0"});
    run_model(model);
    // The circuit once more, frozen, with what it said recorded in each of its steps.
    const StoredRun run(model.output);
    EvaluatedRun(run).recorded_after(60, folder / "e.h5", true);
    python(
        "import h5py, numpy\n"
        "run, said = h5py.File(argv[1]), h5py.File(argv[2])\n"
        "v = said['/state/output/soma/voltage'][:, 0][-50:]\n"
        "y = said['/state/label/rate'][:, 0][-50:]\n"
        "assert len(v) == 50\n"
        "named = y[:, 0] != y[:, 1]\n"
        "table = numpy.zeros((2, 2))\n"
        "for a, b in zip(y[named].argmax(1), v[named].argmax(1)): table[a, b] += 1\n"
        "assert (run['/evaluation/confusion'][-1] == table).all()\n"
        "n = table.sum(); p = 1 - numpy.trace(table) / n\n"
        "assert abs(run['/evaluation/error_percent'][-1] - 100 * p) < 1e-12\n"
        "assert abs(run['/evaluation/error_percent_sem'][-1] - 100 * numpy.sqrt(p * (1 - p) / n)) "
        "< 1e-12\n"
        "z = v - v.max(1, keepdims=True)\n"
        "losses = (y * (numpy.log(numpy.exp(z).sum(1, keepdims=True)) - z)).sum(1)\n"
        "assert abs(run['/evaluation/loss'][-1] - losses.mean()) < 1e-12\n"
        "means = [part.mean() for part in numpy.split(losses, [50 * k // 20 + (50 * k % 20 > 0) "
        "for k in range(1, 20)])]\n"
        "assert abs(run['/evaluation/loss_sem'][-1] - numpy.std(means, ddof=1) / 20 ** 0.5) < "
        "1e-12",
        {model.output, folder / "e.h5"});
}

TEST_CASE("mistakes in the table evaluate are told with their place", "[evaluate]") {
    const auto message = [](const std::vector<std::string>& overrides) {
        try {
            const Model model = load_model(path_of_shipped("rflo"), overrides);
            Run run(model);
            Recorder::estimate(model.program, model.recordings, description_of(model));
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK_THAT(message({"evaluate.evry=10"}), Catch::Contains("Did you mean \"every\"?"));
    CHECK_THAT(message({"evaluate.every=0"}), Catch::Contains("evaluate.every"));
    CHECK_THAT(message({"evaluate.steps=\"many\""}), Catch::Contains("evaluate.steps"));
    CHECK_THAT(message({"evaluate.every=10", "record={ evaluation = { what = \"loss\" } }"}),
               Catch::Contains("a table of recordings cannot be called \"evaluation\""));
    CHECK(message({"record={ evaluation = { what = \"loss\" } }"}).empty());
    CHECK(message({"evaluate={}"}).empty());
}

TEST_CASE("a model without the table evaluate resolves as before", "[evaluate]") {
    CHECK(load_model(path_of_shipped("rflo")).resolved.find("evaluate") == std::string::npos);
    CHECK_THAT(load_model(path_of_shipped("rflo"), {"evaluate.every=10"}).resolved,
               Catch::Contains("[evaluate]\nevery = 10\nseed = 1\n"));
}
