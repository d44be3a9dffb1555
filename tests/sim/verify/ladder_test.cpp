// Ladders from an algorithm to a circuit.
#include "sim/verify/ladder.hpp"

#include <cmath>

#include "sim/simulation/scheduler.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::vector<std::string> small = {"population.hidden.size=6", "run.steps=40"};

// A shipped model in a folder, with more or less at its top.
std::string put(const TemporaryFolder& folder, const std::string& name, const std::string& model,
                const std::string& line, const std::vector<Change>& changes = {}) {
    return folder.write(name, line + "\n" + drafted(model, changes));
}

std::string with_ladder(const TemporaryFolder& folder, const std::string& ladder) {
    return put(folder, "circuit.toml", "rtrl", "ladder = " + ladder);
}

}  // namespace

TEST_CASE("a rung that is the first itself differs by nothing and learns the same", "[ladder]") {
    const TemporaryFolder folder;
    put(folder, "first.toml", "rtrl", "");
    const Ladder ladder = climb(with_ladder(folder, "[\"first.toml\"]"), small, 2);
    REQUIRE(ladder.rungs.size() == 2);
    CHECK(ladder.rungs[1].from_first == 0.0);
    CHECK(ladder.rungs[1].from_before == 0.0);
    CHECK(ladder.rungs[1].loss == ladder.rungs[0].loss);
    CHECK(ladder.rungs[1].path == folder / "circuit.toml");
    CHECK(ladder.compared_steps == 40);
}

TEST_CASE("on one trajectory an influence that leaves out alpha is 1 / alpha times as large",
          "[ladder]") {
    const TemporaryFolder folder;
    const std::vector<Change> changes = {
        {"rule     = \"rtrl\"", "leave_out_alpha = true\nrule     = \"rtrl\""},
        // Learning at another rate would leave the trajectory.
        {"rate     = 1e-3", "rate     = 0.03"}};
    put(folder, "without.toml", "rtrl", "", changes);
    put(folder, "first.toml", "rtrl", "");
    const Ladder ladder =
        climb(with_ladder(folder, "[\"first.toml\", \"without.toml\"]"), small, 1);
    REQUIRE(ladder.rungs.size() == 3);
    CHECK(ladder.rungs[1].from_first == Approx(1.0).margin(1e-12));  // |2 G - G| / |G|
    CHECK(ladder.rungs[1].from_before == Approx(1.0).margin(1e-12));
    CHECK(ladder.rungs[2].from_first == 0.0);
    CHECK(ladder.rungs[2].from_before == Approx(1.0).margin(1e-12));
    CHECK(std::isnan(ladder.rungs[1].loss_error));
}

TEST_CASE("a rung's loss is the mean of the last tenth over seeds, with its standard error",
          "[ladder]") {
    const TemporaryFolder folder;
    put(folder, "first.toml", "rflo", "");
    const std::string path = put(folder, "circuit.toml", "rflo", "ladder = [\"first.toml\"]");
    const Ladder ladder = climb(path, small, 3);
    std::vector<double> losses;
    for (int seed = 1; seed <= 3; ++seed) {
        SteppedModel sim(
            load_model(path, {"population.hidden.size=6", fmt::format("run.seed={}", seed)}));
        sim.step(36);
        double sum = 0.0;
        for (int step = 0; step < 4; ++step) {
            sim.step();
            sum += sim.scheduler.loss();
        }
        losses.push_back(sum / 4.0);
    }
    const double mean = (losses[0] + losses[1] + losses[2]) / 3.0;
    double squares = 0.0;
    for (const double loss : losses) squares += (loss - mean) * (loss - mean);
    CHECK(ladder.rungs[1].loss == Approx(mean).margin(1e-13));
    CHECK(ladder.rungs[1].loss_error == Approx(std::sqrt(squares / 2.0 / 3.0)).margin(1e-13));
}

TEST_CASE("a rung that follows the true gradient is aligned with it", "[ladder]") {
    const TemporaryFolder folder;
    put(folder, "first.toml", "rtrl", "");
    const std::string path = put(folder, "circuit.toml", "rtrl", "ladder = [\"first.toml\"]");
    const Ladder ladder = climb(path, small, 2);
    for (const Rung& rung : ladder.rungs) CHECK(rung.alignment == Approx(1.0).margin(1e-12));
}

TEST_CASE("the shipped ladder leads from DNI to DNI(b), and every rung differs", "[ladder]") {
    const Ladder ladder =
        climb(path_of_shipped("dni_b"), {"run.steps=50", "population.hidden.size=8"}, 1);
    REQUIRE(ladder.rungs.size() == 5);
    CHECK(ladder.rungs[0].title == load_model(path_of_shipped("dni"), {}).title);
    CHECK(ladder.rungs[4].path == path_of_shipped("dni_b"));
    for (std::size_t k = 1; k < 5; ++k) CHECK(ladder.rungs[k].from_before > 1e-3);
}

TEST_CASE("a rung of another network is compared by what it learns alone", "[ladder]") {
    const TemporaryFolder folder;
    put(folder, "first.toml", "rtrl", "");
    put(folder, "slow.toml", "rtrl", "", {{"alpha      = 0.5", "alpha      = 0.05"}});
    put(folder, "other.toml", "rtrl", "",
        {{"activation = \"tanh\"", "activation = \"rectified\""}});
    const Ladder ladder =
        climb(with_ladder(folder, "[\"first.toml\", \"slow.toml\", \"other.toml\"]"), small, 1);
    REQUIRE(ladder.rungs.size() == 4);
    CHECK(ladder.rungs[1].another_network == "alpha 0.05, not 0.5");
    CHECK(ladder.rungs[2].another_network == "activation rectified, not tanh");
    for (const std::size_t k : {1, 2}) {
        CHECK(std::isnan(ladder.rungs[k].from_first));
        CHECK(std::isnan(ladder.rungs[k].from_before));
        CHECK(std::isfinite(ladder.rungs[k].loss));
        CHECK(ladder.rungs[k].loss != ladder.rungs[0].loss);
    }
    CHECK(ladder.rungs[3].from_first == 0.0);
    CHECK(std::isnan(ladder.rungs[3].from_before));
    CHECK_THAT(ladder_text(ladder),
               Catch::Contains("update not compared: another network than the first rung's (alpha "
                               "0.05, not 0.5)"));
}

TEST_CASE("rungs of another task are refused", "[ladder][bad]") {
    const TemporaryFolder folder;
    const std::string lags = "lags = [3, 5]";
    put(folder, "first.toml", "rtrl", "");
    put(folder, "mimic.toml", "rtrl", "",
        {{"kind = \"add\"", "kind = \"mimic\"\ninputs = 2\noutputs = 2"}});
    put(folder, "lags.toml", "rtrl", "", {{lags, "lags = [3, 6]"}});
    for (const char* rung : {"mimic.toml", "lags.toml"}) {
        const std::string path = with_ladder(folder, fmt::format("[\"first.toml\", \"{}\"]", rung));
        check_error(error_of([&] { climb(path, {"run.steps=20"}, 1); }), ExitCode::bad_model,
                    path + ":1:25", {rung, "another task", "kind = \"add\""});
    }
    // Said or left out, it is the same task.
    put(folder, "spelled.toml", "rtrl", "", {{"hold = 2", "hold = 2\ncells = 32"}});
    const Ladder same = climb(with_ladder(folder, "[\"first.toml\", \"spelled.toml\"]"), small, 1);
    CHECK(same.rungs[1].from_first == 0.0);
}

TEST_CASE("a ladder that cannot be climbed is rejected where it stands", "[ladder][bad]") {
    const TemporaryFolder folder;
    put(folder, "first.toml", "rtrl", "");
    put(folder, "larger.toml", "rtrl", "", {{"size       = 32", "size       = 33"}});
    const auto climbed = [&](const std::string& ladder) {
        const std::string path = with_ladder(folder, ladder);
        return error_of([&] { climb(path, {"run.steps=20"}, 1); });
    };
    const std::string place = folder / "circuit.toml";
    check_error(climbed("[\"first.toml\", \"second.toml\"]"), ExitCode::no_such_input,
                place + ":1:25", {"there is no rung", "second.toml"});
    check_error(climbed("[\"first.toml\", \"larger.toml\"]"), ExitCode::bad_model, place + ":1:25",
                {"33 cells, 2 inputs and 2 outputs", "expected the 32 cells", "larger.toml"});
    put(folder, "unaligned.toml", "fixed_w", "");
    check_error(climbed("[\"unaligned.toml\"]"), ExitCode::bad_model, place + ":1:11",
                {"the rung", "unaligned.toml", "cannot be aligned"});
    put(folder, "several.toml", "rtrl", "",
        {{"synapses = [\"W_rec\", \"W_in\", \"b\"]", "synapses = [\"W_rec\", \"b\"]"},
         {"[plasticity.readout]",
          "[plasticity.second]\nrule = \"rtrl\"\nsynapses = [\"W_in\"]\ncredit = "
          "\"hidden.feedback\"\nrate = 0.01\n[plasticity.readout]"}});
    check_error(climbed("[\"several.toml\"]"), ExitCode::bad_model, place + ":1:11",
                {"several rules", "several.toml"});
    check_error(climbed("[]"), ExitCode::bad_model, place + ":1:10", {"is empty"});
    check_error(climbed("[\"circuit.toml\"]"), ExitCode::bad_model, place + ":1:11",
                {"names the model itself"});
    put(folder, "circuit.toml", "rtrl", "");
    check_error(error_of([&] { climb(place, {}, 1); }), ExitCode::bad_model, place + ":1:1",
                {"ladder", "is not there"});
}
