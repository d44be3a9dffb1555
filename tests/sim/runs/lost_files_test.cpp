// What a command must not destroy, nor report as done when it is lost.
#include "tests/sim/runs/small_model.hpp"

namespace apical::file_tests {

namespace {

const std::string of_file = circuit +
                            "task = { kind = \"file\", path = \"data.h5\", readout = \"linear\" }\n"
                            "run.steps = 20\n";

Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

void check_refused(const TemporaryFolder& folder, const Words& command) {
    CAPTURE(command);
    const Outcome outcome = apical_in(folder, command);
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("it is what the command reads"));
}

// A run that goes on until something happens to its file, seen by its name.
struct GoingOn {
    TemporaryFolder folder;
    Running running;

    GoingOn()
        : running(folder, apical_command({"run", folder.write("m.toml", small), "-q", "-j", "1",
                                          "--steps", "10_000_000_000", "--set",
                                          "record.loss.every=1_000", "-o", "run.h5"})) {
        REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "run.h5"); }));
    }
    // It ends in the next second, not after the 10^10 steps.
    void check_ended(const std::string& sentence) {
        const Outcome outcome = running.wait();
        CHECK(outcome.code == 74);
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: ") && Catch::Contains(sentence));
    }
};

}  // namespace

TEST_CASE("option --force replaces no file that the model reads, whatever it is called",
          "[files]") {
    const TemporaryFolder folder;
    write_data(folder);
    folder.write("file.toml", of_file);
    folder.write("init.toml", small);
    std::filesystem::create_directory(folder / "d");
    std::filesystem::create_symlink("data.h5", folder / "link.h5");
    std::filesystem::create_hard_link(folder / "data.h5", folder / "hard.h5");
    const std::string before = content_of(folder / "data.h5");
    const Words init = {"run", "init.toml", "--set",
                        "synapses.W_out.init={ file = \"data.h5\", dataset = \"W\" }"};
    for (const char* output : {"data.h5", "d/../data.h5", "./link.h5", "hard.h5"}) {
        check_refused(folder, {"run", "file.toml", "--force", "-o", output});
        check_refused(folder, with(init, {"--force", "-o", output}));
        check_refused(folder, {"check", "file.toml", "--dot", output});
    }
    check_refused(folder, {"run", "file.toml", "--force", "-o", "./file.toml"});
    // What is called as a checkpoint of the output may be something else.
    std::filesystem::copy_file(folder / "data.h5", folder / "q.h5.10.checkpoint");
    folder.write("q.h5.7.checkpoint", "mine");
    const Words named = {"run", "file.toml", "--set", "task.path=q.h5.10.checkpoint", "--force"};
    check_refused(folder, with(named, {"-o", "q.h5"}));
    CHECK(apical_in(folder, {"run", "file.toml", "-q", "--force", "-o", "q.h5"}).code == 0);
    CHECK(content_of(folder / "q.h5.7.checkpoint") == "mine");
    for (const char* name : {"data.h5", "q.h5.10.checkpoint"})
        CHECK(content_of(folder / name) == before);
}

TEST_CASE("option --force replaces no noise that is replayed", "[files]") {
    const TemporaryFolder folder;
    python("import h5py, numpy\nh5py.File(argv[1], 'w')['nu'] = numpy.ones((10, 32))",
           {folder / "noise.h5"});
    std::filesystem::copy_file(path_of_shipped("uoro"), folder / "uoro.toml");
    const std::string key = "plasticity.recurrent.noise",
                      noise = "{ file = \"noise.h5\", dataset = \"nu\" }";
    const Words run = {"run", "uoro.toml", "--steps", "5", "--set"};
    const Outcome whole = apical_in(folder, with(run, {key + "=" + noise, "-o", "run.h5"}));
    INFO(whole.err);
    REQUIRE(whole.code == 0);
    check_refused(folder, with(run, {key + "=" + noise, "--force", "-o", "noise.h5"}));
}

TEST_CASE("a sweep replaces no file that one of its models reads", "[files]") {
    const TemporaryFolder folder;
    write_data(folder);
    folder.write("m.toml", small);
    folder.write(
        "s.toml",
        "format = 1\nseeds = [1]\n[model.m]\nfile = \"m.toml\"\n[task.t]\nkind = \"file\"\n"
        "path = \"data.h5\"\nreadout = \"linear\"\n");
    const std::string before = content_of(folder / "data.h5");
    check_refused(folder, {"sweep", "s.toml", "--force", "-o", "data.h5"});
    check_refused(folder, {"sweep", "s.toml", "--force", "-o", "m.toml"});
    // What is called as a part of the result may be data.
    const std::string part = "r.parts/00000000-0000-0000-0000-000000000000.h5";
    std::filesystem::create_directory(folder / "r.parts");
    std::filesystem::copy_file(folder / "data.h5", folder / part);
    folder.write("p.toml",
                 "format = 1\nseeds = [1]\n[model.m]\nfile = \"m.toml\"\n[task.t]\nkind = "
                 "\"file\"\npath = \"" +
                     part + "\"\nreadout = \"linear\"\n");
    check_refused(folder, {"sweep", "p.toml", "--force", "-o", "r.h5"});
    CHECK(content_of(folder / "data.h5") == before);
    CHECK(content_of(folder / part) == before);
    CHECK(apical_in(folder, {"sweep", "s.toml", "--force", "-o", "/dev/null"}).code == 73);
    CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("a fork removes no checkpoint that it begins with", "[files]") {
    const TemporaryFolder folder;
    const Words run = {"run",   folder.write("m.toml", small), "-o", "a.h5",
                       "--set", "checkpoint.every=10"};
    REQUIRE(apical_in(folder, run).code == 0);
    std::filesystem::remove(folder / "a.h5");
    check_refused(
        folder, {"fork", "a.h5", "--at", "20", "--set", "run.steps=30", "--force", "-o", "./a.h5"});
    CHECK(std::filesystem::exists(folder / "a.h5.20.checkpoint"));
}

TEST_CASE("a run whose file is removed or renamed ends, and says so", "[files]") {
    for (const bool renamed : {true, false}) {
        GoingOn run;
        if (renamed) {
            std::filesystem::rename(run.folder / "run.h5", run.folder / "kept.h5");
        } else {
            std::filesystem::remove(run.folder / "run.h5");
        }
        run.check_ended("\"run.h5\" was removed or renamed while the run went on");
        if (renamed) CHECK(apical_in(run.folder, {"inspect", "kept.h5"}).code == 0);
    }
}

TEST_CASE("a run whose file is replaced ends, and leaves the other file as it is", "[files]") {
    GoingOn run;
    const std::string other = run.folder.write("other.h5", "mine");
    std::filesystem::rename(other, run.folder / "run.h5");
    run.check_ended("\"run.h5\" was replaced by another file while the run went on");
    CHECK(content_of(run.folder / "run.h5") == "mine");
}

TEST_CASE("a run whose file is cut off ends", "[files]") {
    for (const std::uintmax_t size : {0, 1000, 5000}) {
        CAPTURE(size);
        GoingOn run;
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        std::filesystem::resize_file(run.folder / "run.h5", size);
        run.check_ended("run.h5");
    }
}

TEST_CASE("a short run whose file is replaced before its end does not end well", "[files]") {
    const TemporaryFolder folder;
    // The second that passes between two looks is longer than what is left of the run.
    Running running(folder, apical_command({"run", folder.write("m.toml", small), "-q", "--steps",
                                            "3_000_000", "-o", "run.h5"}));
    REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "run.h5"); }));
    std::filesystem::remove(folder / "run.h5");
    CHECK(running.wait().code == 74);
}

TEST_CASE("a second SIGTERM does not lose what the first one asked to save", "[files]") {
    GoingOn run;
    // All of them come while the run saves, not when it has ended.
    for (int k = 0; k < 4; ++k) {
        kill(run.running.id(), SIGTERM);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(run.running.wait().code == 143);
    std::size_t checkpoints = 0;
    for (const auto& entry : std::filesystem::directory_iterator(run.folder.path()))
        checkpoints += entry.path().extension() == ".checkpoint";
    CHECK(checkpoints == 1);
    CHECK(apical_in(run.folder, {"inspect", "run.h5"}).code == 0);
}

TEST_CASE("a name without room for a checkpoint's is refused before the first step", "[files]") {
    const TemporaryFolder folder;
    folder.write("m.toml", small);
    const auto outcome_of = [&](std::size_t size) {
        return apical_in(folder, {"run", "m.toml", "-o", std::string(size, 'y'), "--set",
                                  "checkpoint.every=10"});
    };
    const Outcome outcome = outcome_of(228);
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("expected at most 227"));
    CHECK(outcome_of(227).code == 0);
    CHECK(std::filesystem::exists(folder / (std::string(227, 'y') + ".20.checkpoint")));
}

TEST_CASE("an output without a name is a usage error", "[files]") {
    const TemporaryFolder folder;
    folder.write("m.toml", small);
    folder.write("s.toml", "format = 1\nseeds = [1]\n[model.m]\nfile = \"m.toml\"\n");
    REQUIRE(
        apical_in(folder, {"run", "m.toml", "-o", "run.h5", "--set", "checkpoint.every=10"}).code ==
        0);
    const std::vector<Words> commands = {
        {"run", "m.toml", "-o", ""},
        {"run", "m.toml", "--set", "run.output=\"\""},
        {"sweep", "s.toml", "-o", ""},
        {"check", "m.toml", "--dot", ""},
        {"view", "run.h5", "-o", ""},
        {"plot", "run.h5", "loss", "-o", ""},
        {"export", "run.h5", "--csv", ""},
        {"schema", ""},
        {"fork", "run.h5", "--at", "20", "--set", "run.steps=40", "-o", ""}};
    for (const Words& command : commands) {
        CAPTURE(command);
        CHECK(apical_in(folder, command).code == 2);
    }
}

TEST_CASE("a working directory that was removed is named", "[files]") {
    const TemporaryFolder folder;
    const std::string model = folder.write("m.toml", small);
    const Outcome outcome =
        Running(folder, {"/bin/sh", "-c",
                         "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" run \"$1\"",
                         tested_program, model})
            .wait();
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("the working directory was removed"));
}

TEST_CASE("a name that a row of events would cut off is refused", "[files]") {
    const TemporaryFolder folder;
    const auto outcome_of = [&](std::size_t size, const std::string& what) {
        const std::string gate(size, 'g');
        folder.write("m.toml", small + "gate." + gate +
                                   " = { opens = \"hidden.soma\", during = \"forward\" }\n");
        return apical_in(folder, {"run", "m.toml", "--force", "-o", "run.h5", "--set",
                                  "record.e={ what = \"" + what + "\" }"});
    };
    const Outcome outcome = outcome_of(49, "events");
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err,
               Catch::Contains("a name of 49 bytes") && Catch::Contains("expected at most 48"));
    CHECK(outcome_of(49, "*").code == 65);
    CHECK(outcome_of(49, "hidden.r").code == 0);
    CHECK(outcome_of(48, "events").code == 0);
}

TEST_CASE("a quantity that very many tables record is found", "[files]") {
    const TemporaryFolder folder;
    for (const int tables : {120, 1000}) {
        std::string text = small;
        for (int k = 0; k < tables; ++k)
            text += fmt::format("record.table_{:04} = {{ what = \"hidden.r\", every = {} }}\n", k,
                                k % 20 + 2);
        folder.write("m.toml", text);
        REQUIRE(apical_in(folder, {"run", "m.toml", "--force", "-o", "run.h5"}).code == 0);
        const Outcome outcome =
            apical_in(folder, {"export", "run.h5", "--csv", "-", "--what", "hidden.r"});
        CHECK(outcome.code == 0);
        // A header, step 0, and all steps but the second: k is sampled when a number up to 21
        // divides k - 1.
        CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 1 + 1 + 19);
    }
}

}  // namespace apical::file_tests
