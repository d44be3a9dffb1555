// Circuits without an output or a label: they run, are saved and shown, and nothing has a loss.
#include <cmath>

#include "sim/apical.hpp"
#include "tests/cells_alone.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string recorded_cells = cells_alone + R"(
title = "Cells alone"
record.all = { what = "*", every = 10 }
)";
const std::string output_lines = R"(
population.output.role = "output"
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";
const std::string label_lines = "population.label.role = \"label\"\n";

// A folder with the model "m.toml" and, after `run`, its run file "r.h5".
struct RunsAlone {
    TemporaryFolder folder;

    explicit RunsAlone(const std::string& more = "") {
        folder.write("m.toml", recorded_cells + adding_task_line + more);
    }
    Outcome operator()(const std::vector<std::string>& arguments) const {
        return apical_in(folder, arguments);
    }
    std::string out(const std::vector<std::string>& arguments) const {
        const Outcome outcome = (*this)(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, !Catch::Contains("nan"));
        return outcome.out;
    }
    std::string run(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> all{"run", "m.toml", "-o", "r.h5"};
        all.insert(all.end(), more.begin(), more.end());
        return out(all);
    }
};

void refuses(const Outcome& outcome, const std::string& why) {
    CHECK(outcome.code != 0);
    CHECK_THAT(outcome.err, Catch::Contains(why));
}

}  // namespace

TEST_CASE("check says in one line what a task cannot do with a circuit without a loss",
          "[circuit][no_loss]") {
    const std::string rest =
        ": no loss is computed, and diagnose.alignment has no gradient; the task sets ";
    CHECK_THAT(RunsAlone().out({"check", "m.toml"}),
               Catch::Contains("\n  no output and no label" + rest + "the input alone\n") &&
                   !Catch::Contains("label.r"));
    CHECK_THAT(RunsAlone(output_lines).out({"check", "m.toml"}),
               Catch::Contains("\n  no label" + rest + "the input alone\n"));
    const std::string carried =
        label_lines +
        "synapses.T = { from = \"label\", to = \"hidden.soma\", during = \"forward\", init = { "
        "constant = 1.0 } }\n";
    CHECK_THAT(RunsAlone(carried).out({"check", "m.toml"}),
               Catch::Contains("\n  no output" + rest + "input and label\n"));
    CHECK_THAT(RunsAlone(output_lines + label_lines).out({"check", "m.toml"}),
               !Catch::Contains("no loss is computed"));
    CHECK_THAT(RunsAlone().out({"audit", "m.toml"}), Catch::Contains("measured"));
}

TEST_CASE("cells without an output learn by a local rule alone", "[circuit][no_loss]") {
    const Model model = model_of_text(recorded_cells + adding_task_line);
    Simulation simulation(model);
    CHECK_FALSE(simulation.has_loss());
    CHECK(std::isnan(simulation.loss()));
    simulation.step(200);
    CHECK(std::isnan(simulation.loss()));
    CHECK(std::isnan(simulation.loss_sum()));
    CHECK_FALSE(simulation.state().program().loss());
    // Eq. (3) on the input x or 1 - x: the prediction P x becomes W_in x, so P becomes W_in.
    const std::vector<double> W_in = simulation.read("W_in"), P = simulation.read("P");
    for (std::size_t k = 0; k < W_in.size(); ++k) CHECK(P[k] == Approx(W_in[k]).margin(1e-3));
    const auto error = error_of([&] { simulation.find("loss"); });
    REQUIRE(error);
    CHECK_THAT(error->what(), Catch::Contains("there is no \"loss\"") &&
                                  Catch::Contains("no output and no label"));
}

TEST_CASE("an output without a label is a rate like any other", "[circuit][no_loss]") {
    const Model model = model_of_text(recorded_cells + adding_task_line + output_lines);
    Simulation simulation(model);
    simulation.step(5);
    CHECK_FALSE(simulation.has_loss());
    const std::vector<double> rates = simulation.read("output.r");
    REQUIRE(rates.size() == 2);
    CHECK(rates[0] + rates[1] == Approx(1.0));  // softmax, as the task asks
    const Model wide = model_of_text(recorded_cells + adding_task_line + output_lines,
                                     {"population.output.size=7"});
    CHECK(Simulation(wide).read("output.r").size() == 7);
}

TEST_CASE("a run without a loss prints, stores and shows none", "[run][no_loss]") {
    const RunsAlone runs;
    const std::string text = runs.run();
    CHECK_THAT(text, !Catch::Contains("loss ") && !Catch::Contains("bound") &&
                         Catch::Contains("\nsteps    200 in "));
    CHECK(python("import json\nj = json.loads(argv[1])\n"
                 "print(j['loss'], j['loss_steps'], j['bounds'], j['steps'])",
                 {runs.run({"--json", "--force"})}) == "None 0 {} 200\n");
    CHECK(python("import h5py\nf = h5py.File(argv[1])\n"
                 "print('loss' in f.attrs, 'loss_units' in f.attrs, 'signals' in f, "
                 "f.attrs['final_loss_steps'], f.attrs['final_loss'] == f.attrs['final_loss'])",
                 {runs.folder / "r.h5"}) == "False False False 0 False\n");
    CHECK_THAT(runs.out({"inspect", "r.h5"}),
               !Catch::Contains("\nloss") && !Catch::Contains("bound"));
    CHECK(python("import json\nj = json.loads(argv[1])\nprint(j['loss'], j['loss_steps'])",
                 {runs.out({"inspect", "r.h5", "--json"})}) == "None 0\n");
    CHECK_THAT(runs.out({"export", "r.h5", "--csv", "-", "--what", "P"}),
               Catch::StartsWith("step,"));
    runs.out({"plot", "r.h5", "P", "-o", "f.gp"});
    runs.out({"view", "r.h5", "-o", "v.html"});
    CHECK_THAT(content_of(runs.folder / "v.html"),
               Catch::Contains("\"no_loss\"") && Catch::Contains("no output and no label"));
}

TEST_CASE("a run without a loss goes on from its checkpoint to the same file",
          "[checkpoint][no_loss]") {
    const RunsAlone runs;
    const std::string whole = runs.folder / "whole.h5", killed = runs.folder / "killed.h5";
    run_model(saved_model(runs.folder / "m.toml", whole));
    leave_killed(whole, 26, killed);
    const RunSummary summary = resumed(killed);
    CHECK(summary.steps == 60);
    CHECK(std::isnan(summary.loss));
    CHECK(summary.loss_steps == 0);
    CHECK(content_of(killed) == content_of(whole));
}

TEST_CASE("who asks for a loss that there is not is told why", "[no_loss]") {
    const RunsAlone runs;
    runs.run();
    refuses(runs({"plot", "r.h5", "loss", "-o", "f.gp"}),
            "there is no \"loss\": the circuit has no output that is compared with a label");
    refuses(runs({"export", "r.h5", "--csv", "-", "--what", "loss"}), "there is no \"loss\"");
    refuses(runs({"check", "m.toml", "--set", "record.all.what=\"loss\""}),
            "A loss needs a population with role \"output\" and one with role \"label\".");
    refuses(runs({"check", "m.toml", "--set", "diagnose.alignment=true"}),
            "diagnose.alignment needs a recurrent network with an output; there is none");
    refuses(RunsAlone(output_lines)({"check", "m.toml", "--set", "diagnose.alignment=true"}),
            "diagnose.alignment needs a recurrent network with a label; there is none");
    refuses(RunsAlone("population.error.role = \"error\"\n" + output_lines)({"check", "m.toml"}),
            "no population has the role \"label\"; expected one, since \"error\" fires output - "
            "label");
    refuses(RunsAlone(label_lines)({"check", "m.toml"}),
            "nothing reads \"label\": there is no output that it is compared with, and no synapses "
            "carry it");
}

TEST_CASE("a file of inputs alone is a task for a circuit without a label", "[task][no_loss]") {
    TemporaryHdf5 file;
    file.write("x", {3, 2}, {1, 2, 3, 4, 5, 6});
    file.close();
    const std::string path = (std::filesystem::path(file.directory()) / file.name()).string();
    const std::string text =
        recorded_cells +
        fmt::format("task = {{ kind = \"file\", path = \"{}\", repeat = true }}\n", path);
    const Model model = model_of_text(text);
    Simulation simulation(model);
    simulation.step(2);
    CHECK(simulation.read("input.r") == std::vector<double>{3, 4});
    rejects_text(text + output_lines, {"output"});  // of how many cells?
    CHECK(model_of_text(text + output_lines, {"population.output.size=3"})
              .circuit.find_role(Role::output));
    rejects_text(text + output_lines + label_lines, {"no dataset \"y\""});
    const TemporaryFolder folder;
    folder.write("m.toml", text);
    REQUIRE(apical_in(folder, {"run", "m.toml", "-q", "-o", "r.h5"}).code == 0);
    CHECK(apical_in(folder, {"inspect", "r.h5"}).code == 0);
}
