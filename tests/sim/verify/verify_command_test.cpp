// `apical verify` as a user meets it.
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"

using namespace apical;

namespace {

const std::string dni_b = path_of_shipped("dni_b"), rtrl = path_of_shipped("rtrl");

void fails(const std::vector<std::string>& arguments, ExitCode code, const std::string& phrase) {
    INFO(list_of(arguments));
    const Outcome outcome = apical_with(arguments);
    CHECK(outcome.code == static_cast<int>(code));
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Catch::StartsWith("apical: ") && Catch::Contains(phrase));
}

}  // namespace

TEST_CASE("verify prints each quantity by symbol and address, and that all is the same",
          "[verify][program]") {
    const Outcome outcome = apical_with({"verify", dni_b, "--steps", "20"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    for (const char* phrase :
         {"DNI(b) with held, random_feedback, 20 steps, seed 1",
          "c*          synthetic_gradient.target", "W           W_rec, W_in, b",
          "DNI(b) without held, random_feedback", "holds: no quantity is off by more than 1e-12"})
        CHECK_THAT(outcome.out, Catch::Contains(phrase));
    const Outcome exact = apical_with({"verify", path_of_shipped("rflo"), "--steps", "20", "--set",
                                       "approximations=[]", "--set", "implements=\"rflo\""});
    CHECK(exact.code == static_cast<int>(ExitCode::verification_failed));
    CHECK_THAT(exact.out, Catch::Contains("nothing is approximated") &&
                              Catch::Contains("fails: c_bar (hidden.feedback.v)") &&
                              Catch::Contains("in step 1, phase \"update\""));
}

TEST_CASE("verify --json is JSON with the verdict and every difference", "[verify][program]") {
    const Outcome outcome =
        apical_with({"verify", dni_b, "--steps", "20", "--seed", "4", "--json"});
    const std::string found = python(
        "import json\nv = json.loads(argv[1])\n"
        "print(v['holds'], v['steps'], v['seed'], v['approximations'], v['tolerance'])\n"
        "print(len(v['differences']) == len(v['without_approximations']))\n"
        "print(all(d['absolute'] < 1e-12 for d in v['differences']))\n",
        {outcome.out});
    CHECK(found == "True 20 4 ['held', 'random_feedback'] 1e-12\nTrue\nTrue\n");
}

TEST_CASE("a tolerance below rounding makes verify fail with a step, and it may be set",
          "[verify][program]") {
    const Outcome outcome = apical_with({"verify", dni_b, "--steps", "20", "--tolerance", "1e-30"});
    CHECK(outcome.code == static_cast<int>(ExitCode::verification_failed));
    CHECK_THAT(outcome.out, Catch::Contains("in step ") && Catch::Contains("fails: "));
}

TEST_CASE("what verify cannot use is rejected", "[verify][program][bad]") {
    for (const char* tolerance :
         {"0", "-1e-3", "small", "nan", "inf", "1e-12x", "", "1e300", "1", "0.0011"})
        fails({"verify", dni_b, "--tolerance", tolerance}, ExitCode::usage, "a positive number");
    fails({"verify", dni_b, "--steps", "1.5"}, ExitCode::bad_model, "run.steps");
    fails({"verify", dni_b, "--steps", "0"}, ExitCode::bad_model, "run.steps");
    fails({"verify", dni_b, "--steps", "many"}, ExitCode::bad_model, "run.steps");
    fails({"verify", rtrl, "--ladder"}, ExitCode::bad_model, "ladder");
    for (const char* seeds : {"0", "1.5", "few"})
        fails({"verify", dni_b, "--ladder", "--seeds", seeds}, ExitCode::usage, "whole number");
    CHECK(apical_with({"verify", dni_b, "--seeds", "2"}).code == static_cast<int>(ExitCode::usage));
    fails({"verify", "nowhere.toml"}, ExitCode::no_such_input, "nowhere.toml");
}

TEST_CASE("verify that has compared nothing of a quantity says so and exits with 4",
          "[verify][program][bad]") {
    const std::vector<std::string> arguments = {"verify",  path_of_shipped("rflo"),
                                                "--steps", "50",
                                                "--set",   "approximations=[]",
                                                "--set",   "synapses.W_out.init={ normal = 1e-13 }",
                                                "--set",   "synapses.B_fb.init={ normal = 1e-13 }",
                                                "--set",   "plasticity.readout.rate=0.0"};
    const Outcome outcome = apical_with(arguments);
    CHECK(outcome.code == static_cast<int>(ExitCode::verification_failed));
    CHECK_THAT(outcome.out,
               Catch::Contains("not seen: ") && Catch::Contains("c_bar (hidden.feedback.v)") &&
                   Catch::Contains("nothing was compared") && !Catch::Contains("holds"));
    std::vector<std::string> as_json = arguments;
    as_json.push_back("--json");
    CHECK(python(
              "import json\nv = json.loads(argv[1])\nprint(v['holds'], 'c_bar' in v['not_seen'])\n",
              {apical_with(as_json).out}) == "False True\n");
}

TEST_CASE("verify --json of numbers that are no longer finite says so and exits with 3",
          "[verify][program][bad]") {
    // s is squared in each step, and infinite after some ten.
    const TemporaryFolder folder;
    const std::string path = folder.write("model.toml", R"(
format = 1
phase = [{ name = "forward", ms = 10.0 }]
task = { kind = "add", lags = [3, 5], hold = 2 }
run = { steps = 1000, seed = 1 }
population.input.role = "input"
population.cell = { size = 3 }
synapses.W_in = { from = "input", to = "cell.soma", during = "forward", init = { normal = 0.5 } }
rule.mine = { state = { s = "post" }, equations = "s = s * s + 2" }
plasticity.learning = { rule = "mine", synapses = ["W_in"] }
)");
    const Outcome outcome = apical_with({"verify", path, "--json"});
    CHECK(outcome.code == static_cast<int>(ExitCode::numerical_failure));
    CHECK_THAT(outcome.err, Catch::Contains("\"learning.s\" is no longer a finite number"));
    CHECK(python("import json\nv = json.loads(argv[1])\n"
                 "print(v['model'] == argv[2], v['holds'], 'learning.s' in v['failure'])\n",
                 {outcome.out, path}) == "True False True\n");
    CHECK(apical_with({"verify", path}).out.empty());
}

TEST_CASE("verify takes as many steps as any form of --set asks for", "[verify][program]") {
    for (const char* steps : {"run.steps=50", "run={ steps = 50 }"}) {
        const Outcome outcome =
            apical_with({"verify", path_of_shipped("rflo"), "--set", steps, "--json"});
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, Catch::Contains("\"steps\": 50"));
    }
}

TEST_CASE("what acts every so many steps is verified for twice as many at least, or not at all",
          "[verify][program][bad]") {
    const std::string bptt = path_of_shipped("bptt"), window = "plasticity.recurrent.window=600";
    fails({"verify", bptt, "--set", window, "--steps", "1100"}, ExitCode::usage,
          "expected at least 1200");
    const Outcome outcome = apical_with(
        {"verify", bptt, "--set", window, "--set", "population.hidden.size=3", "--json"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("\"steps\": 1200") && Catch::Contains("\"c\""));
    fails({"verify", dni_b, "--set", "plasticity.recurrent.rate=0"}, ExitCode::bad_model,
          "its rate, which is 0");
}

TEST_CASE("a file's task is verified to its end, and not beyond", "[verify][program][bad]") {
    TemporaryHdf5 file;
    file.write("x", {15, 1}, std::vector<double>(15, 0.5));
    file.write("y", {15, 2}, std::vector<double>(30, 0.5));
    file.close();
    const std::string task =
        fmt::format("task={{ kind = \"file\", path = \"{}/{}\" }}", file.directory(), file.name());
    const std::vector<std::string> arguments = {"verify", path_of_shipped("rflo"), "--set", task};
    const auto with_steps = [&](const char* steps) {
        std::vector<std::string> all = arguments;
        all.insert(all.end(), {"--steps", steps});
        return all;
    };
    CHECK(apical_with(with_steps("15")).code == 0);
    fails(with_steps("16"), ExitCode::bad_model, "the task ends after 15");
}

TEST_CASE("verify --ladder prints a row for each rung, and as JSON the same", "[ladder][program]") {
    const Outcome outcome = apical_with({"verify", dni_b, "--ladder", "--steps", "60", "--seeds",
                                         "2", "--set", "population.hidden.size=5"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    for (const char* phrase :
         {"from first", "dni_b_learned_jacobian.toml", "over 2 seeds", "last 6 of 60 steps"})
        CHECK_THAT(outcome.out, Catch::Contains(phrase));
    const Outcome json =
        apical_with({"verify", dni_b, "--ladder", "--steps", "60", "--seeds", "1", "--json"});
    const std::string found = python(
        "import json\nl = json.loads(argv[1])\n"
        "print(len(l['rungs']), l['steps'], l['seeds'], l['rungs'][0]['from_first'], "
        "l['rungs'][1]['loss_error'])\n",
        {json.out});
    CHECK(found == "5 60 1 0.0 None\n");
}
