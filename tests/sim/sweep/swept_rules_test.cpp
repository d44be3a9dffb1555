// Sweeps over the rule of a [plasticity.*] table, shipped ones and a model's own.
#include "tests/sim/sweep/sweep_folder.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string own_rules = R"toml(
rule.slow = { parameters = { rate = 1e-2 }, equations = "w += 0.1 * rate * post.r * (pre.r - w)" }
rule.bounded = { parameters = { rate = 1e-2, largest = 0.5 }, equations = "w = clip(w + rate * post.r * pre.r, -largest, largest)" }
population.hidden = { size = 4 }
plasticity.learning = { rule = "slow", synapses = ["W_in"], rate = 0.02 }
)toml";

std::string model_of_rules() {
    std::string hidden = hidden_lines;
    for (std::size_t at = 0; (at = hidden.find("normal = 1.0", at)) != std::string::npos;)
        hidden.replace(at, 12, "normal = 0.1");
    return common_lines + hidden + own_rules;
}

std::string sweep_of(const std::string& grid) {
    return "format = 1\nseeds = [3]\nset.run.steps = 100\nmodel.mine.file = \"m.toml\"\n[grid]\n" +
           grid;
}

double loss_of_run(const TemporaryFolder& folder, const std::vector<std::string>& settings) {
    std::vector<std::string> all{"run", "m.toml", "-q",    "--force",
                                 "-o",  "r.h5",   "--set", "run.steps=100"};
    for (const std::string& one : settings) {
        all.push_back("--set");
        all.push_back(one);
    }
    const Outcome outcome = apical_in(folder, all);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return Stored(folder / "r.h5").number("final_loss");
}

}  // namespace

TEST_CASE("a sweep over a table's rule runs each as apical run does", "[sweep][rules]") {
    const SweepFolder sweep(
        sweep_of("plasticity.learning.rule = [\"slow\", \"bounded\", \"oja\"]\n"
                 "plasticity.learning.rate = [0.01, 0.02]\n"));
    sweep.folder.write("m.toml", model_of_rules());
    CHECK(sweep.done() == JobCounts{6, 6, 0, 0, 0});
    const Stored stored(sweep.result());
    const auto rules = stored.texts("jobs/plasticity.learning.rule");
    const auto rates = stored.numbers("jobs/plasticity.learning.rate"),
               losses = stored.numbers("jobs/loss");
    REQUIRE(rules.size() == 6);
    CHECK(std::set<double>(losses.begin(), losses.end()).size() == 6);
    for (std::size_t k = 0; k < rules.size(); ++k) {
        INFO(rules[k] << ", " << rates[k]);
        CHECK(losses[k] ==
              loss_of_run(sweep.folder, {fmt::format("plasticity.learning.rule={}", rules[k]),
                                         fmt::format("plasticity.learning.rate={}", rates[k])}));
    }
}

TEST_CASE("a sweep over the equations of a rule runs each text", "[sweep][rules]") {
    const SweepFolder sweep(
        sweep_of("rule.slow.equations = [\"w += rate * post.r * pre.r\", \"w -= "
                 "rate * post.r * pre.r\"]\n"));
    sweep.folder.write("m.toml", model_of_rules());
    CHECK(sweep.done() == JobCounts{2, 2, 0, 0, 0});
    const std::vector<double> losses = Stored(sweep.result()).numbers("jobs/loss");
    REQUIRE(losses.size() == 2);
    CHECK(losses[0] ==
          loss_of_run(sweep.folder, {"rule.slow.equations=w += rate * post.r * pre.r"}));
    CHECK(losses[0] != losses[1]);
}

TEST_CASE("rules of other keys are models of one file, each with its own set", "[sweep][rules]") {
    const SweepFolder sweep(
        sweep_of("plasticity.learning.rule = [\"slow\", \"hebb_decay\", \"bounded\"]\n"));
    sweep.folder.write("m.toml", model_of_rules());
    const Outcome refused = sweep.sweep();
    CHECK(refused.code == 65);
    CHECK_THAT(refused.err, Catch::Contains("[plasticity.learning] is missing its key \"decay\"") &&
                                Catch::Contains("take a [model.*] table each, of the same file") &&
                                Catch::Contains("plasticity.learning.rule = \"hebb_decay\""));
    sweep.write(
        "format = 1\nseeds = [3]\nset.run.steps = 100\n"
        "[model.slow]\nfile = \"m.toml\"\n"
        "[model.decay]\nfile = \"m.toml\"\n"
        "set = { plasticity.learning.rule = \"hebb_decay\", plasticity.learning.decay = 1e-2 }\n"
        "[model.bounded]\nfile = \"m.toml\"\n"
        "set = { plasticity.learning.rule = \"bounded\", plasticity.learning.largest = 0.6 }\n");
    CHECK(sweep.done() == JobCounts{3, 3, 0, 0, 0});
    const Stored stored(sweep.result());
    const auto models = stored.texts("jobs/model");
    const auto losses = stored.numbers("jobs/loss");
    for (std::size_t k = 0; k < models.size(); ++k) {
        INFO(models[k]);
        const std::vector<std::string> settings =
            models[k] == "slow"    ? std::vector<std::string>{}
            : models[k] == "decay" ? std::vector<std::string>{"plasticity.learning.rule=hebb_decay",
                                                              "plasticity.learning.decay=1e-2"}
                                   : std::vector<std::string>{"plasticity.learning.rule=bounded",
                                                              "plasticity.learning.largest=0.6"};
        CHECK(losses[k] == loss_of_run(sweep.folder, settings));
    }
}
