// Sweep files that say what cannot be: each is answered with the place, what stands there, what was
// expected and the nearest name, before any job begins.
#include "sim/sweep/jobs.hpp"
#include "sim/sweep/run_sweep.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

void list(const std::string& path) { list_jobs(load_sweep(path)); }

// "@" marks the place.
void rejects_sweep(const std::string& text, const std::vector<std::string>& phrases) {
    INFO(text);
    rejects_text(text, phrases, list);
}

void rejects_after_three_jobs(const std::string& more, const std::vector<std::string>& phrases) {
    rejects_sweep(three_jobs() + more, phrases);
}

std::string with_seeds(const std::string& seeds) {
    return "format = 1\nseeds = " + seeds + "\n" + small_set + model_lines("RFLO", "rflo");
}

}  // namespace

TEST_CASE("an unknown key of a sweep is rejected with the nearest known", "[sweep][bad_sweep]") {
    rejects_sweep("format = 1\n@sedes = \"1:3\"\n" + small_set + model_lines("RFLO", "rflo"),
                  {"sedes", "seeds"});
    rejects_after_three_jobs("@sett = { run.steps = 3 }\n", {"sett", "Did you mean \"set\"?"});
    rejects_after_three_jobs("[@gird]\nrun.steps = [3, 4]\n", {"gird", "Did you mean \"grid\"?"});
    rejects_after_three_jobs("[[@leaveout]]\nseed = 1\n",
                             {"leaveout", "Did you mean \"leave_out\"?"});
}

TEST_CASE("a key that no model has is rejected where it is set or swept", "[sweep][bad_sweep]") {
    const std::vector<std::string> phrases{"plasticity.recurent", "recurrent"};
    rejects_after_three_jobs("[grid]\nplasticity.recurent.rate = [@1e-3, 1e-2]\n", phrases);
    rejects_after_three_jobs("[[zip]]\nplasticity.recurent.rate = [@1e-3, 1e-2]\n", phrases);
    rejects_after_three_jobs("set = { plasticity.recurent.rate = @1e-3 }\n", phrases);
    rejects_after_three_jobs("[grid]\nplasticity.recurrent.rat = [@1e-3, 1e-2]\n",
                             {"rat", "Did you mean \"rate\"?"});
    rejects_after_three_jobs("[task.one]\nlgas = @[2, 4]\n", {"lgas", "Did you mean \"lags\"?"});
    rejects_sweep(few_seeds + "[set]\nrun.step = @200\n" + model_lines("RFLO", "rflo"),
                  {"step", "Did you mean \"steps\"?"});
}

TEST_CASE("a value that a model cannot have is rejected where it stands in the sweep, with the job",
          "[sweep][bad_sweep]") {
    rejects_after_three_jobs("[grid]\nplasticity.recurrent.rate = [1e-3, @-1.0]\n",
                             {"plasticity.recurrent.rate is the number -1", "the job RFLO"});
    rejects_after_three_jobs("[grid]\nplasticity.readout.rate = [4, @\"high\"]\n",
                             {"plasticity.readout.rate is the text \"high\"", "a number"});
    rejects_after_three_jobs("[task.one]\nkind = @\"ad\"\n", {"ad", "Did you mean \"add\"?"});
}

TEST_CASE("a task that is named as a kind of task says that it is of this kind",
          "[sweep][bad_sweep]") {
    rejects_after_three_jobs("@[task.mimic]\nhold = 1\n", {"task.mimic", "kind = \"mimic\""});
    list_jobs(load_sweep(TemporaryFolder().write(
        "s.toml", three_jobs() + "[task.one]\nhold = 1\n[task.mimic]\nkind = \"mimic\"\n")));
}

TEST_CASE("a key has one meaning in a sweep", "[sweep][bad_sweep]") {
    const std::string rate = "plasticity.recurrent.rate";
    const std::string grid = "[grid]\n" + rate + " = [1e-3, 1e-2]\n";
    rejects_after_three_jobs(grid + "@" + rate + " = [1e-4]\n", {"rate"});
    rejects_after_three_jobs(grid + "[[zip]]\n" + rate + " = [@1e-4, 1e-5]\n",
                             {"the key \"" + rate + "\" is swept twice"});
    rejects_after_three_jobs("[[zip]]\n" + rate + " = [1e-3]\n[[zip]]\n" + rate + " = [@1e-4]\n",
                             {"the key \"" + rate + "\" is swept twice"});
    const std::string set_elsewhere = "the key \"" + rate + "\" is swept here and set elsewhere";
    const std::string marked = "[grid]\n" + rate + " = [@1e-3, 1e-2]\n";
    rejects_after_three_jobs("set = { plasticity.recurrent.rate = 2e-3 }\n" + marked,
                             {set_elsewhere});
    rejects_sweep(few_seeds + small_set + rate + " = 2e-3\n" + model_lines("RFLO", "rflo") + marked,
                  {set_elsewhere});
    rejects_after_three_jobs("[task.one]\nhold = 2\n[grid]\ntask.hold = [@2, 3]\n",
                             {"the key \"task.hold\" is swept here and set elsewhere"});
    rejects_sweep(few_seeds + small_set + rate + " = 2e-3\n@\"" + rate + "\" = 1e-3\n" +
                      model_lines("RFLO", "rflo"),
                  {"the key \"" + rate + "\" has a value already"});
}

TEST_CASE("the lists of a zip are of equal length", "[sweep][bad_sweep]") {
    rejects_after_three_jobs(
        "[[zip]]\nplasticity.recurrent.rate = [1e-3, 1e-2]\npopulation.hidden.alpha = @[0.5]\n",
        {"zip.population.hidden.alpha has 1 value", "zip.plasticity.recurrent.rate has 2",
         "equal length"});
    rejects_after_three_jobs("@[[zip]]\n", {"zip has no key"});
}

TEST_CASE("what is swept has a list of values", "[sweep][bad_sweep]") {
    for (const char* section : {"[grid]", "[[zip]]"}) {
        rejects_after_three_jobs(
            fmt::format("{}\nplasticity.recurrent.rate = @1e-3\n", section),
            {"plasticity.recurrent.rate is the number 0.001", "expected a list of values"});
        rejects_after_three_jobs(fmt::format("{}\nplasticity.recurrent.rate = @[]\n", section),
                                 {"plasticity.recurrent.rate is empty", "list of values"});
    }
    rejects_sweep("grid = @3\n" + three_jobs(), {"grid is the number 3", "table"});
    rejects_after_three_jobs("[zip]\nplasticity.recurrent.rate = [1e-3]\n", {"zip"});
}

TEST_CASE("seeds are whole numbers, each once", "[sweep][bad_sweep]") {
    rejects_sweep(with_seeds("@[]"), {"seeds is empty"});
    rejects_sweep(with_seeds("@[3, 1, 3]"), {"the seed 3 stands twice"});
    for (const char* range : {"5:1", "", "3", "1:", ":3", "1:2:3", "-1:2", "a:b", "0:4294967296",
                              "1:99999999999999999999", "1.5:3", "1 : 3"})
        rejects_sweep(with_seeds(fmt::format("@\"{}\"", range)),
                      {fmt::format("seeds = \"{}\"", range), "expected \"FIRST:LAST\""});
    rejects_sweep(with_seeds("@\"0:4294967295\""), {"more than 1000000 seeds"});
    rejects_sweep(with_seeds("@[1, -2]"), {"-2", "from 0 to 4294967295"});
    rejects_sweep(with_seeds("@[1, 4294967296]"), {"4294967296", "from 0 to 4294967295"});
    rejects_sweep(with_seeds("@[1, \"2\"]"), {"\"2\""});
    rejects_sweep(with_seeds("@7"), {"seeds"});
    rejects_sweep("format = 1\n" + small_set + model_lines("RFLO", "rflo"), {"seeds"});
}

TEST_CASE("other keys of a sweep are checked as those of a model", "[sweep][bad_sweep]") {
    rejects_sweep("format = @2\nseeds = [1]\n" + model_lines("RFLO", "rflo"),
                  {"format is the number 2", "1"});
    for (const char* blocks : {"0", "-1", "10001", "1.5", "\"10\""})
        rejects_sweep(fmt::format("format = 1\nseeds = [1]\nblocks = @{}\n", blocks) +
                          model_lines("RFLO", "rflo"),
                      {"blocks is"});
    rejects_sweep("format = 1\nseeds = [1]\ntitle = @3\n" + model_lines("RFLO", "rflo"),
                  {"title is"});
    rejects_sweep("format = 1\nseeds = [1\n", {});
}

TEST_CASE("a sweep has a model", "[sweep][bad_sweep]") {
    rejects_sweep(few_seeds + small_set, {"model"});
    rejects_sweep(few_seeds + small_set + "[model]\n", {"no model"});
    rejects_sweep(few_seeds + "[model.@RFLO]\n", {"file"});
    rejects_sweep(few_seeds + "[model.RFLO]\nfile = @3\n", {"file"});
}

TEST_CASE("a model file that is not there is no such input, named where the sweep names it",
          "[sweep][bad_sweep]") {
    const TemporaryFolder folder;
    std::string text = few_seeds + "[model.M]\nfile = @\"nowhere.toml\"\n";
    const std::string mark = take_mark(text), path = folder.write("s.toml", text);
    check_error(error_of([&] { list(path); }), ExitCode::no_such_input, path + mark,
                {folder / "nowhere.toml"});
    check_error(error_of([&] { list(folder / "none.toml"); }), ExitCode::no_such_input,
                folder / "none.toml", {});
}

TEST_CASE("a model that is invalid is rejected in its own file, with the job",
          "[sweep][bad_sweep]") {
    const TemporaryFolder folder;
    std::string model = drafted("rflo", {{"\"hidden.soma\"", "@\"hiden.soma\""}});
    const std::string mark = take_mark(model), path = folder.write("m.toml", model);
    const std::string sweep = folder.write(
        "s.toml", few_seeds + model_lines("good", "rflo") + "[model.bad]\nfile = \"m.toml\"\n");
    check_error(error_of([&] { list(sweep); }), ExitCode::bad_model, path + mark,
                {"hiden", "the job bad"});
}

TEST_CASE("a sweep of which everything is left out is rejected", "[sweep][bad_sweep]") {
    rejects_after_three_jobs("[[leave_out]]\nseed = [1, 2, 3]\n", {"left out"});
    rejects_after_three_jobs("[[leave_out]]\nmodel = \"RFLO\"\n", {"left out"});
    rejects_after_three_jobs("[[leave_out]]\n", {"left out"});
}

TEST_CASE("a condition names a column and its values", "[sweep][bad_sweep]") {
    for (const char* section : {"leave_out", "keep"}) {
        const std::string begin =
            fmt::format("[grid]\nplasticity.recurrent.rate = [1e-3, 1e-2]\n[[{}]]\n", section);
        rejects_after_three_jobs(begin + "modle = @\"RFLO\"\n",
                                 {"modle", "\"model\"", "Did you mean \"model\"?"});
        rejects_after_three_jobs(
            begin + "plasticity.readout.rate = @1e-3\n",
            {"no job has a \"plasticity.readout.rate\"", "\"plasticity.recurrent.rate\""});
        rejects_after_three_jobs(begin + "model = @\"RFL\"\n",
                                 {"\"RFL\"", "Did you mean \"RFLO\"?"});
        rejects_after_three_jobs(begin + "model = [\"RFLO\", @\"DNI\"]\n", {"\"DNI\"", "RFLO"});
        rejects_after_three_jobs(begin + "seed = @4\n", {"seed = 4"});
        rejects_after_three_jobs(begin + "plasticity.recurrent.rate = @2e-3\n",
                                 {"plasticity.recurrent.rate = 0.002"});
        rejects_after_three_jobs(begin + "seed = @[]\n", {"seed"});
    }
}

TEST_CASE("the task of a sweep without tasks is no condition of two tasks", "[sweep][bad_sweep]") {
    const std::string tasks = "[task.add]\nkind = \"add\"\n[task.mimic]\nkind = \"mimic\"\n";
    rejects_after_three_jobs(tasks + "[[leave_out]]\ntask = @\"mimi\"\n",
                             {"\"mimi\"", "Did you mean \"mimic\"?"});
}

TEST_CASE("the seed is set by the sweep's seeds alone", "[sweep][bad_sweep]") {
    rejects_sweep(few_seeds + "[set]\nrun.seed = @3\n" + model_lines("RFLO", "rflo"),
                  {"run.seed", "\"seeds\""});
    rejects_after_three_jobs("set = { run.seed = @3 }\n", {"run.seed", "\"seeds\""});
    rejects_after_three_jobs("[grid]\nrun.seed = [@3, 4]\n", {"run.seed", "\"seeds\""});
    rejects_after_three_jobs("[[zip]]\nrun.seed = [@3, 4]\n", {"run.seed", "\"seeds\""});
    rejects_sweep(
        few_seeds + "[set]\nrun = { seed = @3, steps = 20 }\n" + model_lines("RFLO", "rflo"),
        {"run.seed"});
}

TEST_CASE("two jobs that are the same run are rejected", "[sweep][bad_sweep]") {
    rejects_after_three_jobs("[grid]\nplasticity.recurrent.rate = [1e-3, 1e-3]\n", {"same run"});
    rejects_after_three_jobs(model_lines("again", "rflo"), {"RFLO", "again", "same run"});
}

TEST_CASE("a model file is no sweep file, nor is a sweep file a model file", "[sweep][bad_sweep]") {
    check_error(error_of([] { list(path_of_shipped("rflo")); }), ExitCode::bad_model,
                path_of_shipped("rflo"), {"model file", "expected a sweep file"});
    const SweepFolder sweep(three_jobs());
    const Outcome outcome = apical_in(sweep.folder, {"run", "s.toml"});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Catch::Contains("sweep"));
}

TEST_CASE("a bad sweep leaves nothing", "[sweep][bad_sweep]") {
    const std::vector<std::string> bad{
        "[grid]\nplasticity.recurrent.rate = [1e-3, -1.0]\n", "[model.bad]\nfile = \"none.toml\"\n",
        "[model.bad]\nfile = \"bad.toml\"\n", "[[leave_out]]\nmodel = \"RFLO\"\n",
        "[[keep]]\nmodel = \"RFL\"\n"};
    for (const std::string& more : bad) {
        INFO(more);
        const SweepFolder sweep(three_jobs() + more);
        sweep.folder.write("bad.toml", "format = 1\n");
        const Outcome outcome = sweep.sweep();
        CHECK(outcome.code == (more.find("none") == std::string::npos ? 65 : 66));
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: "));
        CHECK(outcome.out.empty());
        CHECK_FALSE(exists(sweep.folder / "runs"));
    }
}

TEST_CASE("options of a sweep that say nothing are bad usage", "[sweep][bad_sweep]") {
    const auto refuses = [&](const std::vector<std::string>& options, const std::string& phrase) {
        INFO(phrase);
        const SweepFolder sweep(three_jobs());
        const Outcome outcome = sweep.sweep(options);
        CHECK(outcome.code == 2);
        CHECK_THAT(outcome.err, Catch::Contains(phrase));
        CHECK_FALSE(exists(sweep.folder / "runs"));
    };
    refuses({"--shard="}, "--shard");
    for (const char* threads : {"0", "-1", "1.5", "1025"})
        refuses({fmt::format("--threads={}", threads)}, "--threads");
    refuses({"--merge", "--shard", "1/3"}, "--shard");
    refuses({"--merge", "--force"}, "--force");
    refuses({"--merge", "--dry-run"}, "--dry-run");
    refuses({"--shard", "0/3"}, "--shard 0/3: expected I/N with I from 1 to N");
}

TEST_CASE("a shard is a whole number of a whole number", "[sweep][bad_sweep]") {
    const Shard shard = shard_of("2/8");
    CHECK(shard.index == 2);
    CHECK(shard.count == 8);
    CHECK(shard_of("1/1").count == 1);
    for (const char* text :
         {"0/3", "4/3", "x", "1", "1/", "/3", "1/0", "-1/3", "1/-3", "1/3x", "1/2/3", " 1/3",
          "+1/3", "1/ 3", "1 /3", "0x1/3", "99999999999999999999/99999999999999999999"}) {
        INFO(text);
        const std::optional<Error> error = error_of([&] { shard_of(text); });
        CHECK(error);
        if (error) CHECK(error->code() == ExitCode::usage);
    }
}

TEST_CASE("a folder that cannot be written is said before the first job", "[sweep][bad_sweep]") {
    const SweepFolder sweep(three_jobs());
    sweep.folder.write("file", "");
    for (const char* output : {"/proc/x.h5", "/proc/x/x.h5", "file/x.h5"}) {
        INFO(output);
        const Outcome outcome = sweep.sweep({"-o", output});
        CHECK(outcome.code == 73);
        CHECK_THAT(outcome.err, Catch::Contains(std::filesystem::path(output).parent_path()));
        CHECK(outcome.out.empty());
    }
    std::filesystem::create_directory(sweep.folder / "runs");
    sweep.folder.write("runs/s.parts", "");
    CHECK(sweep.sweep().code == 73);
}

TEST_CASE("a result takes the place of no sweep, model or folder, by force neither",
          "[sweep][bad_sweep]") {
    for (const bool forced : {false, true}) {
        for (const char* output : {"s.toml", "m.toml", ".", "models"}) {
            INFO(output << (forced ? ", by force" : ""));
            const std::string text = few_seeds + small_set + "[model.M]\nfile = \"m.toml\"\n";
            const SweepFolder sweep(text);
            const std::string model = content_of(path_of_shipped("rflo"));
            sweep.folder.write("m.toml", model);
            std::filesystem::create_directory(sweep.folder / "models");
            sweep.folder.write("models/file", "precious");
            std::vector<std::string> options{"-o", output};
            if (forced) options.push_back("--force");
            const Outcome outcome = sweep.sweep(options);
            CHECK(outcome.code == 73);
            CHECK_THAT(outcome.err, Catch::Contains("apical: "));
            CHECK(exists(sweep.folder / "s.toml"));
            if (exists(sweep.folder / "s.toml"))
                CHECK((content_of(sweep.folder / "s.toml") == text));
            CHECK(exists(sweep.folder / "m.toml"));
            if (exists(sweep.folder / "m.toml"))
                CHECK((content_of(sweep.folder / "m.toml") == model));
            CHECK(exists(sweep.folder / "models/file"));
        }
    }
}
