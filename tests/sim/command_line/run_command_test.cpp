// `apical run`: its summary, its file, and what ends it early.
#include <sys/stat.h>

#include <regex>

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

const std::string rflo = path_of_shipped("rflo"), dni_b = path_of_shipped("dni_b");

// A run that does not end by itself, and records little.
const std::vector<std::string> endless = {"--steps", "10_000_000_000", "--set",
                                          "record={ loss = { what = \"loss\", every = 1_000 } }"};

std::vector<std::string> joined(std::vector<std::string> one, const std::vector<std::string>& two) {
    one.insert(one.end(), two.begin(), two.end());
    return one;
}

// What a Python expression of the run file `f` is, as text.
std::string in_file(const std::string& path, const std::string& expression) {
    return python("import h5py\nf = h5py.File(argv[1], 'r', libver='latest', swmr=True)\nprint(" +
                      expression + ")",
                  {path});
}

std::string in_json(const std::string& json, const std::string& expression) {
    return python("import json\nj = json.loads(argv[1])\nprint(" + expression + ")", {json});
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

}  // namespace

TEST_CASE("run writes its file and prints loss, bounds, time a step and the file", "[run]") {
    const TemporaryFolder folder;
    const Outcome outcome = apical_in(folder, {"run", rflo, "--steps", "500"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::StartsWith("model    RFLO: eligibility traces") &&
                                Catch::Contains("\nsteps    500 in ") &&
                                Catch::Contains(" us a step\n") &&
                                Catch::Contains("mean of the last 50 steps\n"));
    // The published losses of the Add task when nothing, one lag or both are known.
    const std::vector<std::pair<const char*, double>> bounds = {
        {"nothing known", 0.66156},
        {"only lag 5 known", 0.62774},
        {"only lag 3 known", 0.51917},
        {"both known \\(the floor\\)", 0.45445}};
    for (const auto& [name, loss] : bounds) {
        std::smatch found;
        INFO(name);
        const std::regex line(fmt::format("\nbound +([0-9.]+) +{}\n", name));
        REQUIRE(std::regex_search(outcome.out, found, line));
        CHECK(std::stod(found[1]) == Approx(loss).margin(5e-6));
    }
    CHECK_THAT(outcome.out, Catch::Contains("\nfile     runs/rflo.h5 ("));
    CHECK(in_file(folder / "runs/rflo.h5", "f.attrs['steps_completed'], len(f['/signals/loss'])") ==
          "500 500\n");
}

TEST_CASE("the summary's loss is the mean of the last tenth of the recorded losses", "[run]") {
    const TemporaryFolder folder;
    const Outcome outcome = apical_in(folder, {"run", rflo, "--steps=200", "--json", "-o", "r.h5"});
    CHECK(outcome.code == 0);
    CHECK(in_json(outcome.out, "j['loss_steps'], j['steps'], j['seed'], j['interrupted']") ==
          "20 200 1 False\n");
    const std::string loss = in_json(outcome.out, "repr(j['loss'])");
    CHECK(std::stod(in_file(folder / "r.h5", "repr(float(f['/signals/loss'][-20:].mean()))")) ==
          Approx(std::stod(loss)).epsilon(1e-12));
    CHECK(in_file(folder / "r.h5", "repr(float(f.attrs['final_loss']))") == loss);
}

TEST_CASE("run --json prints the summary as JSON", "[run]") {
    const TemporaryFolder folder;
    const Outcome outcome = apical_in(
        folder, {"run", rflo, "--steps", "50", "--seed", "3", "--json", "-o", "a \"b\".h5"});
    CHECK(outcome.code == 0);
    CHECK(in_json(outcome.out, "j['file'], j['seed'], len(j['bounds']), j['file_bytes']") ==
          fmt::format("a \"b\".h5 3 4 {}\n", std::filesystem::file_size(folder / "a \"b\".h5")));
    CHECK(in_json(outcome.out, "j['model']") == rflo + "\n");
    CHECK(in_json(outcome.out, "j['seconds'] > 0, 0.3 < j['loss'] < 3") == "True True\n");
}

TEST_CASE("a file that exists is kept, and overwritten with --force", "[run]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("r.h5", "precious");
    const std::vector<std::string> command = {"run", rflo, "--steps", "50", "-o", "r.h5"};
    const Outcome kept = apical_in(folder, command);
    CHECK(kept.code == 73);
    CHECK(kept.out.empty());
    CHECK_THAT(kept.err, Catch::Contains("\"r.h5\" exists") && Catch::Contains("--force"));
    CHECK(content_of(path) == "precious");
    CHECK(apical_in(folder, joined(command, {"--force"})).code == 0);
    CHECK(in_file(path, "f.attrs['steps_completed']") == "50\n");
}

TEST_CASE("an output that cannot be made is exit code 73", "[run]") {
    const TemporaryFolder folder;
    folder.write("file", "");
    for (const char* output : {"/proc/x.h5", "/proc/x/x.h5", "file/x.h5", ".", "/dev/null"}) {
        INFO(output);
        const Outcome outcome =
            apical_in(folder, {"run", rflo, "--steps", "50", "--output", output, "--force"});
        CHECK(outcome.code == 73);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Catch::Contains(output));
    }
}

TEST_CASE("a run that cannot begin leaves no file and no folder", "[run]") {
    const std::vector<std::pair<std::string, int>> causes = {
        {"population.hidden.size=1_000_000", 65},
        {"record.loss.what=los", 65},
        {"synapses.W_rec.init={ copy = \"W_in\" }", 65},
        {"synapses.W_rec.init={ file = \"none.h5\", dataset = \"W\" }", 66}};
    for (const auto& [cause, code] : causes) {
        INFO(cause);
        const TemporaryFolder folder;
        const Outcome outcome = apical_in(folder, {"run", rflo, "--set", cause});
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        CHECK_FALSE(exists(folder / "runs"));
    }
}

TEST_CASE("a run that diverges is exit code 3, with step, phase and address", "[run]") {
    const TemporaryFolder folder;
    const Outcome outcome =
        apical_in(folder, {"run", dni_b, "--steps=5_000", "--set", "plasticity.jacobian.rate=1e6",
                           "--set", "record={ loss = { what = \"loss\" } }", "-o", "r.h5"});
    CHECK(outcome.code == 3);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err,
               Catch::Matches("apical: step [0-9]+, phase \"(forward|update)\": \"[^\"]+\" is no "
                              "longer a finite number[^\n]+\n"));
    // What was recorded before is there, and what ended it.
    const long step = std::stol(outcome.err.substr(std::string("apical: step ").size()));
    CHECK(std::stol(in_file(folder / "r.h5", "len(f['/signals/loss'])")) >= step - 1);
    CHECK(in_file(folder / "r.h5", "f.attrs['steps_completed'], f.attrs['final_loss']") ==
          fmt::format("{} nan\n", step - 1));
    CHECK("apical: " + in_file(folder / "r.h5", "f.attrs['failure'].decode()") == outcome.err);
}

TEST_CASE("a run that diverges prints its summary as JSON, with the failure and the step",
          "[run]") {
    const TemporaryFolder folder;
    const std::vector<std::string> diverging = {"--set", "plasticity.jacobian.rate=1e6", "--json",
                                                "-q"};
    const auto check_summary = [&](const Outcome& outcome, const std::string& file) {
        INFO(outcome.err);
        REQUIRE(outcome.code == 3);
        CHECK(in_json(outcome.out, "j['steps'], j['loss'], j['interrupted'], j['file']") ==
              in_file(folder / file, fmt::format("int(f.attrs['steps_completed']), None, False, "
                                                 "'{}'",
                                                 file)));
        CHECK(in_json(outcome.out, "'apical: ' + j['failure']") == outcome.err);
    };
    check_summary(apical_in(folder, joined({"run", dni_b, "-o", "r.h5"}, diverging)), "r.h5");
    // A fork does so too, from a step before it diverges.
    REQUIRE(apical_in(folder, {"run", dni_b, "-q", "--steps", "20", "--set", "checkpoint.every=10",
                               "-o", "good.h5"})
                .code == 0);
    check_summary(apical_in(folder, joined({"fork", "good.h5", "--at", "20", "-o", "f.h5", "--set",
                                            "run.steps=5_000"},
                                           diverging)),
                  "f.h5");
}

TEST_CASE("an output that is a folder, or a link that leads nowhere, is named as such", "[run]") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "there");
    std::filesystem::create_symlink("nowhere.h5", folder / "l.h5");
    const std::vector<std::pair<std::string, std::string>> cases = {
        {".", "it is a folder; expected the name of a file"},
        {"there", "it is a folder"},
        {"new/", "it is a folder"},
        {"l.h5", "it is a link to \"nowhere.h5\", which does not exist"}};
    for (const auto& [output, why] : cases) {
        INFO(output);
        const Outcome outcome = apical_in(folder, {"run", rflo, "--steps", "20", "-o", output});
        CHECK(outcome.code == 73);
        CHECK_THAT(outcome.err, Catch::Contains(why) && !Catch::Contains("--force"));
    }
    CHECK_FALSE(exists(folder / "new"));
    CHECK_FALSE(exists(folder / "nowhere.h5"));
}

TEST_CASE("of a run file without samples it is said that nothing was recorded", "[run]") {
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder, {"run", rflo, "-q", "--steps", "20", "--set",
                               "record={ late = { what = \"loss\", from = 99 } }", "--set",
                               "run.record_endpoints=false", "-o", "e.h5"})
                .code == 0);
    CHECK_THAT(apical_in(folder, {"plot", "e.h5", "loss", "-o", "f.svg"}).err,
               Catch::Contains("\"loss\" was not recorded, nor was anything else"));
    CHECK_THAT(apical_in(folder, {"inspect", "e.h5", "--at", "1"}).err,
               Catch::Contains("nothing was sampled in any step"));
}

TEST_CASE("a model from a pipe is refused, and it is said why", "[run]") {
    const TemporaryFolder folder;
    REQUIRE(mkfifo((folder / "pipe.toml").c_str(), 0600) == 0);
    const Outcome outcome = apical_in(folder, {"check", "pipe.toml"});
    CHECK(outcome.code == 66);
    CHECK_THAT(outcome.err, Catch::Contains("pipe.toml: a pipe or a device; expected a file"));
}

TEST_CASE("an interrupted run closes its file, says how far it came and is exit code 130",
          "[run]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command(joined({"run", rflo, "--json", "-o", "r.h5"}, endless)));
    const std::string path = folder / "r.h5";
    CHECK(comes_true([&] { return exists(path); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    running.interrupt();
    const Outcome outcome = running.wait();
    CHECK(outcome.code == 130);
    const std::string steps = in_json(outcome.out, "j['steps']");
    CHECK(in_json(outcome.out, "j['interrupted'], j['steps'] > 0") == "True True\n");
    CHECK(in_file(path, "f.attrs['steps_completed']") == steps);
    const std::int64_t last = std::stoll(steps);  // also where it is not one of 1, 1001, ...
    const bool is_due = last % 1'000 == 1;
    CHECK(in_file(path, "len(f['/signals/loss'])") ==
          fmt::format("{}\n", 1 + (last - 1) / 1'000 + (is_due ? 0 : 1)));
    CHECK(in_file(path, "float(f.attrs['final_loss']) > 0") == "True\n");
}

TEST_CASE("the summary of an interrupted run says so", "[run]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command(joined({"run", rflo}, endless)));
    CHECK(comes_true([&] { return exists(folder / "runs/rflo.h5"); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    running.interrupt();
    const Outcome outcome = running.wait();
    CHECK(outcome.code == 130);
    CHECK_THAT(outcome.out, Catch::Contains(" of 10000000000, interrupted, in "));
}

TEST_CASE("the same seed makes the same bytes anywhere, another one others", "[run]") {
    const auto bytes = [](const std::string& model, const char* seed, const char* output) {
        const TemporaryFolder folder;
        const Outcome outcome =
            apical_in(folder, {"run", model, "--steps", "200", "--seed", seed, "-o", output});
        CHECK(outcome.code == 0);
        return content_of(folder / output);
    };
    const auto same = [](const std::string& a, const std::string& b) { return a == b; };
    for (const std::string& model : {rflo, dni_b}) {
        const std::string first = bytes(model, "5", "r.h5");
        CHECK(same(bytes(model, "5", "elsewhere/second.h5"), first));
        CHECK_FALSE(same(bytes(model, "6", "r.h5"), first));
    }
}

TEST_CASE("run takes --seed, --steps and --output for what --set does", "[run]") {
    const TemporaryFolder brief, full;
    CHECK(apical_in(brief, {"run", rflo, "--seed", "5", "--steps", "60", "-o", "r.h5"}).code == 0);
    CHECK(apical_in(full, {"run", rflo, "--set", "run.seed=5", "--set", "run.steps=60", "--set",
                           "run.output=r.h5"})
              .code == 0);
    const bool same = content_of(brief / "r.h5") == content_of(full / "r.h5");
    CHECK(same);
}

TEST_CASE("the resolved model of a run file makes the same numbers", "[run]") {
    const TemporaryFolder first, again;
    REQUIRE(apical_in(first, {"run", dni_b, "--steps", "60", "--seed", "5"}).code == 0);
    again.write("again.toml", in_file(first / "runs/dni_b.h5", "f.attrs['resolved']"));
    REQUIRE(apical_in(again, {"run", "again.toml"}).code == 0);
    const char* const compare = R"(
import h5py, numpy
a, b = (h5py.File(path, 'r') for path in argv[1:])
same = []
bits = lambda it: it[()].tolist() if h5py.check_string_dtype(it.dtype) else it[()].tobytes()
a.visititems(lambda name, it: same.append(bits(it) == bits(b[name]))
             if isinstance(it, h5py.Dataset) else None)
print(all(same), len(same) > 20)
)";
    CHECK(python(compare, {first / "runs/dni_b.h5", again / "runs/again.h5"}) == "True True\n");
}

TEST_CASE("stderr that is no terminal has no carriage return and no escape", "[run]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command(joined({"run", rflo}, endless)));
    CHECK(comes_true([&] { return exists(folder / "runs/rflo.h5"); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    running.interrupt();
    const Outcome outcome = running.wait();
    CHECK(outcome.err.find_first_of("\r\033") == std::string::npos);
    CHECK(outcome.out.find_first_of("\r\033") == std::string::npos);
}
