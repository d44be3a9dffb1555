// `apical evaluate`: what it prints, and how it refuses.
#include "sim/command_line/evaluate_text.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

using Words = std::vector<std::string>;

// A folder with a short run of a shipped model in it, "run.h5".
struct FolderOfRun {
    TemporaryFolder folder;

    explicit FolderOfRun(const std::string& model, const Words& more = {}) {
        Words words{"run", path_of_shipped(model), "-q", "-o", "run.h5", "--steps", "60"};
        words.insert(words.end(), more.begin(), more.end());
        const Outcome outcome = apical_in(folder, words);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
    }
    Outcome evaluated(const Words& more = {}) const {
        Words words{"evaluate", "run.h5", "--steps", "40", "--settle", "4"};
        words.insert(words.end(), more.begin(), more.end());
        return apical_in(folder, words);
    }
};

std::string checked(const Outcome& outcome) {
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    return outcome.out;
}

// What Python reads in JSON, as it prints it.
std::string of_json(const std::string& json, const std::string& expression) {
    return python("import json; e = json.loads(argv[1]); print(" + expression + ")", {json});
}

// A bias alone that learns at rate 1/2, of labels 1 and -1 in blocks of 100 steps.
constexpr const char* bias = R"(format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.input.role = "input"
population.label.role = "label"
population.one.role = "constant"
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.b_out = { from = "one", to = "output.soma", during = "forward", init = { constant = 0.0 } }
plasticity.readout = { rule = "delta", synapses = ["b_out"], rate = 0.5 }
task = { kind = "file", path = "blocks.h5", repeat = true, readout = "linear" }
record.loss.what = "loss"
run = { steps = 10_000, seed = 1 }
)";

}  // namespace

TEST_CASE("evaluate tells both losses and errors and what is off", "[evaluate][command]") {
    const FolderOfRun run("rflo");
    const std::string text = checked(run.evaluated());
    CHECK_THAT(text,
               Catch::StartsWith("model    RFLO: eligibility traces taught by random feedback\n"
                                 "off      operations 15-22 of 23, and 14, which only these "
                                 "need\n"));
    CHECK_THAT(text, Catch::Contains(" while learning (mean of the last 6 steps)\n"));
    CHECK_THAT(text, Catch::Contains(" after step 60 (40 steps, other draws)\nerror    "));
    CHECK_THAT(text, Catch::Contains("bound    0.45445  both known (the floor)\n"));
    CHECK_THAT(text, !Catch::Contains("note"));
    CHECK(checked(run.evaluated()) == text);
    CHECK(checked(run.evaluated({"--seed", "2"})) != text);
}

TEST_CASE("evaluate tells as JSON what it tells as text, and each entry of the confusion",
          "[evaluate][command]") {
    const FolderOfRun run("rflo");
    const std::string json = checked(run.evaluated({"--json", "--at", "all"}));
    // "beginning" and "coarse" share an axis: steps 0 to 50, and the last.
    CHECK(of_json(json, "[one['step'] for one in e['evaluations']] == [*range(51), 60]") ==
          "True\n");
    CHECK(of_json(json, "e['learning'], e['unneeded'], e['operations']") ==
          "[15, 16, 17, 18, 19, 20, 21, 22] [14] 23\n");
    CHECK(of_json(json, "e['settle'], e['steps'], e['seed'], e['loss_steps']") == "4 40 1 6\n");
    CHECK(of_json(json,
                  "all(sum(map(sum, o['confusion'])) + sum(o['ties']) == o['labelled'] and "
                  "abs(o['error'] * o['labelled'] - o['confusion'][0][1] - o['confusion'][1][0]) "
                  "< 1e-9 for o in e['evaluations'])") == "True\n");
    const std::string text = checked(run.evaluated());
    const std::string loss = of_json(json,
                                     "'%.5f ± %.5f' % (e['evaluations'][-1]['loss'], "
                                     "e['evaluations'][-1]['loss_sem'])");
    CHECK_THAT(text, Catch::Contains("frozen   " + loss.substr(0, loss.size() - 1) + " after"));
}

TEST_CASE("evaluate notes that what learns is part of the memory", "[evaluate][command]") {
    const TemporaryFolder folder;
    folder.write("bias.toml", bias);
    python(
        "import h5py, numpy\n"
        "with h5py.File(argv[1], 'w') as f:\n"
        "    f['x'] = numpy.ones((200, 1)); f['y'] = numpy.repeat([[1.0], [-1.0]], 100, axis=0)\n",
        {folder / "blocks.h5"});
    REQUIRE(apical_in(folder, {"run", "bias.toml", "-q"}).code == 0);
    const std::string text = checked(apical_in(folder, {"evaluate", "runs/bias.h5"}));
    CHECK_THAT(text,
               Catch::Contains("loss     0.02667 while learning (mean of the last 1000 "
                               "steps)\n"
                               "frozen   1.00000 ± 0.04588 after step 10000 (10000 steps, the "
                               "task from its beginning)\n"
                               "outputs  mean square 2.00000, correlation nan; of the "
                               "output\n"));
    CHECK_THAT(text, Catch::Contains("note     what learns is part of the memory: frozen, the loss "
                                     "is larger by more than 5 S.E.M. and 20 %\n"));
    const std::string json = checked(apical_in(folder, {"evaluate", "runs/bias.h5", "--json"}));
    CHECK(of_json(json,
                  "e['note'][:34], e['evaluations'][0]['mse'], "
                  "e['evaluations'][0]['correlation']") ==
          "what learns is part of the memory: [2.0] [None]\n");
    // Another folder than that of the data.
    const TemporaryFolder elsewhere;
    const Outcome lost = apical_in(elsewhere, {"evaluate", folder / "runs/bias.h5"});
    CHECK(lost.code == 66);
    CHECK_THAT(lost.err, Catch::Contains("blocks.h5"));
    const std::string found = checked(
        apical_in(elsewhere, {"evaluate", folder / "runs/bias.h5", "--folder", folder.path()}));
    CHECK(found.substr(found.find("\nloss")) == text.substr(text.find("\nloss")));
}

TEST_CASE("evaluate of a circuit without a loss records it", "[evaluate][command]") {
    const FolderOfRun run("rules/oja");
    const std::string text = checked(run.evaluated({"-o", "frozen.h5"}));
    CHECK_THAT(text, Catch::Contains("loss     none: the circuit has no output"));
    CHECK_THAT(text, Catch::Contains("frozen   after step 60 (40 steps, other draws)\n"));
    CHECK_THAT(text, Catch::EndsWith("file     frozen.h5\n"));
    CHECK(apical_in(run.folder, {"inspect", "frozen.h5"}).code == 0);
    CHECK(run.evaluated({"-o", "frozen.h5"}).code == 73);
    CHECK(run.evaluated({"-o", "frozen.h5", "--force"}).code == 0);
}

TEST_CASE("evaluate refuses what it cannot do with a sentence", "[evaluate][command]") {
    const FolderOfRun run("rflo");
    const auto refused = [&](const Words& more, int code, const std::string& says) {
        const Outcome outcome = run.evaluated(more);
        INFO(list_of(more) << ": " << outcome.err);
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: ") && Catch::Contains(says));
    };
    refused({"--at", "57"}, 66, "has no strengths after step 57 (W_rec, W_in, b, W_out, b_out)");
    refused({"--at", "first"}, 2, "--at first: expected a step, \"last\" or \"all\"");
    refused({"--set", "task.lgas=[1, 2]"}, 65, "lags");
    refused({"--set", "run.steps=3"}, 2, "--set run.steps: --steps and --settle say how long");
    refused({"--set", "run.seed=3"}, 2, "--seed is that of its draws");
    refused({"--set", "task={ kind = \"mimic\" }"}, 65, "32");
    refused({"--seed", "-1"}, 2, "--seed");
    refused({"--at", "all", "-o", "x.h5"}, 2, "expected --at STEP");
    refused({"-o", "run.h5", "--force"}, 73, "run.h5");
    CHECK(apical_in(run.folder, {"evaluate", "none.h5"}).code == 66);
}

TEST_CASE("operations are listed as ranges", "[evaluate][command]") {
    CHECK(numbers_text({14, 15, 16, 21, 23, 24}) == "15-17, 22, 24-25");
    CHECK(numbers_text({0}) == "1");
}
