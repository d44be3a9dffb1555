// What a run file has of before the first step, and of the last one.
#include "sim/engine/known_at_start.hpp"
#include "sim/hdf5/dataset.hpp"
#include "sim/numbers/random.hpp"
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

using Numbers = std::vector<double>;
using Steps = std::vector<std::int64_t>;

struct Ends {
    TemporaryFolder folder;
    std::string path = folder / "run.h5";

    // `steps` of DNI(b) with six cells.
    StoredRun recorded(const std::string& record, const std::string& steps = "50",
                       std::vector<std::string> more = {}) {
        std::vector<std::string> overrides = {"population.hidden.size=6", "run.steps=" + steps,
                                              "record=" + record};
        overrides.insert(overrides.end(), more.begin(), more.end());
        Model model = load_model(path_of_shipped("dni_b"), overrides);
        model.output = path;
        run_model(model, {.force = true});
        return StoredRun(path);
    }
};

Steps steps_of(const StoredRun& run, const std::string& address) {
    const StoredQuantity& one = run.find(address);
    return run.steps(one.axis, 0, one.rows);
}

Numbers row_of(const StoredRun& run, const std::string& address, std::uint64_t row) {
    return run.read(run.find(address), row, 1);
}

bool all_nan(const Numbers& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double one) { return std::isnan(one); });
}

}  // namespace

TEST_CASE_METHOD(Ends, "a record of strengths begins with step 0 and ends with the last step",
                 "[endpoints]") {
    const StoredRun run = recorded("{ all = { what = [\"W_rec\", \"hidden.r\"], every = 20 } }");
    CHECK(steps_of(run, "W_rec") == Steps{0, 1, 21, 41, 50});
    CHECK(steps_of(run, "hidden.r") == Steps{0, 1, 21, 41, 50});
    CHECK(run.format() == 2);
    CHECK(recorded("{ all = { what = \"W_rec\", every = 7 } }").find("W_rec").rows == 8 + 1);
    CHECK(recorded("{ all = { what = \"W_rec\", every = 8 } }").find("W_rec").rows == 7 + 2);
}

// W_out is normal(0, 1/sqrt(pre)): entry k is draw k of its stream over the root of 6.
TEST_CASE_METHOD(Ends, "step 0 has the initial strengths, drawn as the file says", "[endpoints]") {
    const StoredRun run = recorded("{ all = { what = [\"A_r\", \"J\", \"W_rec\"], every = 20 } }",
                                   "50", {"run.seed=5"});
    const Numbers strengths = row_of(run, "A_r", 0);
    REQUIRE(strengths.size() == 36);
    const Stream stream(5, "init/A_r");
    for (std::size_t k = 0; k < strengths.size(); ++k)
        CHECK(strengths[k] == Approx(stream.normal(0, k) / std::sqrt(6.0)).epsilon(1e-15));
    CHECK(row_of(run, "J", 0) == row_of(run, "W_rec", 0));  // init = { copy = "W_rec" }
    CHECK(row_of(run, "J", 1) != row_of(run, "W_rec", 1));
}

TEST_CASE_METHOD(Ends, "step 0 has the rates that the first step begins with", "[endpoints]") {
    const StoredRun run = recorded(
        "{ all = { what = [\"hidden.r\", \"previous(hidden.r)\", \"output.r\", \"hidden.soma.v\", "
        "\"gate.disinhibition\", \"loss\", \"eligibility(*)\", \"one.r\"], every = 20 } }",
        "50",
        {"population.hidden.init={ constant = 0.25 }", "plasticity.recurrent.rule=\"eligibility\"",
         "plasticity.recurrent.credit=\"hidden.feedback\""});
    const Numbers rates = row_of(run, "hidden.r", 0);  // phases, then cells
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(rates[i] == 0.25);
        CHECK(std::isnan(rates[6 + i]));  // what the apical dendrite fires is not made yet
    }
    CHECK(row_of(run, "previous(hidden.r)", 0) == Numbers(6, 0.25));
    CHECK(row_of(run, "eligibility(W_rec)", 0) == Numbers(36, 0.0));
    CHECK(row_of(run, "one.r", 0) == Numbers(2, 1.0));
    for (const char* later : {"output.r", "hidden.soma.v", "gate.disinhibition", "loss"}) {
        INFO(later);
        CHECK(all_nan(row_of(run, later, 0)));
        CHECK_FALSE(all_nan(row_of(run, later, 1)));
    }
}

TEST_CASE_METHOD(Ends, "step 0 is at time 0, in every phase", "[endpoints]") {
    recorded("{ all = { what = \"hidden.r\", every = 20 } }");
    const Numbers times = read_dataset(path, "/axes/all/time_ms", {}).numbers;
    CHECK(times == Numbers{0, 0, 6, 10, 206, 210, 406, 410, 496, 500});
}

TEST_CASE_METHOD(Ends, "without strengths or rates a record has no step 0, but the last step",
                 "[endpoints]") {
    const StoredRun run = recorded(
        "{ loss = { what = \"loss\", every = 20 }, early = { what = \"hidden.soma.v\", "
        "to = 3 } }");
    CHECK(steps_of(run, "loss") == Steps{1, 21, 41, 50});
    CHECK(steps_of(run, "hidden.soma.v") == Steps{1, 2, 3, 50});
}

TEST_CASE_METHOD(Ends, "endpoints = false leaves out both rows", "[endpoints]") {
    const StoredRun run =
        recorded("{ all = { what = [\"W_rec\", \"hidden.r\"], every = 20, endpoints = false } }");
    CHECK(steps_of(run, "W_rec") == Steps{1, 21, 41});
    CHECK(steps_of(run, "W_in") == Steps{0, 50});
    CHECK(run.text(run_attribute::resolved).find("endpoints = false") != std::string::npos);
}

TEST_CASE_METHOD(Ends, "strengths that nothing records are there at both ends", "[endpoints]") {
    const StoredRun run = recorded("{ loss = { what = \"loss\" } }");
    const StoredRun whole = recorded("{ all = { what = \"*\" } }");
    for (const char* set : {"W_rec", "W_in", "b", "J", "A_r", "W_out", "b_out", "B_fb"}) {
        INFO(set);
        CHECK(steps_of(run, set) == Steps{0, 50});
        CHECK(row_of(run, set, 0) == row_of(whole, set, 0));
        CHECK(row_of(run, set, 1) == row_of(whole, set, 50));
    }
    CHECK(run.text(run_attribute::resolved).find("endpoints") == std::string::npos);
    const StoredRun without =
        recorded("{ loss = { what = \"loss\" } }", "50", {"run.record_endpoints=false"});
    CHECK_FALSE(without.has("W_rec"));
}

TEST_CASE("check says what the strengths at both ends take", "[endpoints]") {
    const std::string text = apical_with({"check", path_of_shipped("rflo"), "--set",
                                          "record={ l = { what = \"loss\" } }"})
                                 .out;
    CHECK_THAT(text, Catch::Contains("steps 0 and 100000: "));
    // W_rec 32 x 32, W_in 32 x 2, b 32, W_out 2 x 32, b_out 2, B_fb 32 x 2
    CHECK_THAT(
        text, Catch::Contains(fmt::format("2 x {:.3g} MB", 8e-6 * (1024 + 64 + 32 + 64 + 2 + 64))));
}

TEST_CASE_METHOD(Ends, "a fork begins with a row of its checkpoint", "[endpoints][fork]") {
    const std::string forked = folder / "fork.h5";
    run_model(saved_model(path_of_shipped("dni_b"), path));
    std::vector<std::string> notes;
    OpenCheckpoint checkpoint = checkpoint_at(path, 26);
    const Model model = branched_model(checkpoint.head, path, {}, forked);
    branch_run(model, path, std::move(checkpoint), {}, notes);
    const StoredRun before(path), after(forked);
    CHECK(steps_of(after, "W_rec").front() == 26);
    CHECK(row_of(after, "W_rec", 0) == row_of(before, "W_rec", 26));
    CHECK(row_of(after, "W_rec", 1) == row_of(before, "W_rec", 27));
    const Numbers times = read_dataset(forked, "/axes/all/time_ms", {}).numbers;
    CHECK(Numbers(times.begin(), times.begin() + 4) == Numbers{260, 260, 266, 270});
}

TEST_CASE("an interrupted run ends with its last step, and goes on as if it had never stopped",
          "[endpoints][checkpoint]") {
    const TemporaryFolder folder;
    const std::vector<std::string> command = {
        "run",
        path_of_shipped("dni_b"),
        "-q",
        "--steps",
        "20_000_000",
        "-o",
        "r.h5",
        "--set",
        "record={ all = { what = [\"hidden.r\", \"W_rec\", \"loss\"], every = 1_000_000 } }"};
    Running process(folder, apical_command(command));
    REQUIRE(comes_true([&] {
        return std::filesystem::exists(folder / "r.h5") &&
               StoredRun(folder / "r.h5").last_step() > 0;
    }));
    process.interrupt();
    CHECK(process.wait().code == 130);
    const StoredRun run(folder / "r.h5");
    const std::int64_t end = run.steps_completed();
    const Steps steps = steps_of(run, "W_rec");
    REQUIRE(steps.size() >= 2);
    CHECK(steps.front() == 0);
    CHECK(steps.back() == end);
    CHECK_FALSE(all_nan(row_of(run, "hidden.r", steps.size() - 1)));
    const bool due = (end - 1) % 1'000'000 == 0;
    std::vector<std::string> notes;
    const OpenCheckpoint checkpoint = checkpoint_to_resume(folder / "r.h5", notes);
    REQUIRE(checkpoint.head.axes == std::vector<std::string>{"all", "endpoints"});
    CHECK(checkpoint.head.rows[0] == steps.size() - (due ? 0 : 1));
    CHECK(checkpoint.head.rows[1] == 1);  // step 0
}

TEST_CASE("what the first step reads before it makes it is known at the start", "[endpoints]") {
    const Program program = load_model(path_of_shipped("rflo"), {}).program;
    const std::vector<bool> known = known_at_start(program);
    for (const char* name :
         {"W_rec", "hidden.r", "previous(hidden.r)", "eligibility(W_rec)", "one.r"}) {
        INFO(name);
        CHECK(known[program.find(name).value]);
    }
    for (const char* name : {"hidden.soma.v", "output.r", "error.r", "input.r", "loss"}) {
        INFO(name);
        CHECK_FALSE(known[program.find(name).value]);
    }
}

TEST_CASE("check names the last step where it is none of the samples", "[recorder]") {
    const auto sampled = [](const std::string& table) {
        const Outcome outcome =
            apical_with({"check", path_of_shipped("dni_b"), "--set", "run.steps=1000", "--set",
                         "record={ a = { " + table + " } }"});
        const std::size_t begin = outcome.out.find("  a  ");
        REQUIRE(begin != std::string::npos);
        const std::size_t steps = outcome.out.find("steps", begin);
        return outcome.out.substr(steps, outcome.out.find(':', steps) - steps);
    };
    CHECK(sampled("what = \"loss\"") == "steps 1 to 1000 every 1");
    CHECK(sampled("what = \"loss\", every = 3") == "steps 1 to 1000 every 3");  // 1 + 3 * 333
    CHECK(sampled("what = \"loss\", every = 50") == "steps 1 to 1000 every 50, and 1000");
    CHECK(sampled("what = \"loss\", to = 100") == "steps 1 to 100 every 1, and 1000");
    CHECK(sampled("what = \"hidden.r\"") == "steps 1 to 1000 every 1, and 0");
    CHECK(sampled("what = \"hidden.r\", every = 7") == "steps 1 to 1000 every 7, and 0 and 1000");
}
