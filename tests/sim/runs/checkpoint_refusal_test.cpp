// What no run goes on from, and what is said about it.
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/runs/checksum.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

struct Saved {
    TemporaryFolder folder;
    std::string path = folder / "run.h5";

    Saved() { run_model(saved_model(path_of_shipped("dni_b"), path)); }
    std::string checkpoint(std::int64_t step) const { return checkpoint_path(path, step); }
};

void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

void replace(std::string& text, const std::string& what, const std::string& with) {
    REQUIRE(what.size() == with.size());
    REQUIRE(text.find(what) != std::string::npos);
    text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE_METHOD(Saved, "a damaged checkpoint is passed over for the one before", "[checkpoint]") {
    std::string bytes = content_of(checkpoint(52));
    bytes[bytes.size() / 2] ^= 1;
    write(checkpoint(52), bytes);
    write(checkpoint(39), content_of(checkpoint(39)).substr(0, 1000));
    std::vector<std::string> notes;
    CHECK(checkpoint_to_resume(path, notes).head.step == 26);
    REQUIRE(notes.size() == 2);
    CHECK(notes[0] == checkpoint(52) + ": it is damaged, or was not written to its end");
    CHECK(notes[1] == checkpoint(39) + ": it is damaged, or was not written to its end");
}

TEST_CASE_METHOD(Saved, "without a checkpoint there is nothing to go on from", "[checkpoint]") {
    remove_checkpoints(path, 0);
    std::vector<std::string> notes;
    CHECK_THROWS_WITH(checkpoint_to_resume(path, notes),
                      "\"" + path +
                          "\" has no checkpoint that it can be resumed from: there is "
                          "no \"" +
                          path +
                          ".STEP.checkpoint\"; `recover()` keeps its rows, `run_model()` "
                          "with `force` begins anew");
    CHECK_THROWS_WITH(checkpoint_at(path, 13),
                      "\"" + path + "\" has no checkpoint at step 13; there is no \"" + path +
                          ".STEP.checkpoint\"");
}

TEST_CASE_METHOD(Saved, "a checkpoint of another run or another engine is refused",
                 "[checkpoint]") {
    std::vector<std::string> notes;
    const std::string other = folder / "other.h5";
    run_model(saved_model(path_of_shipped("rflo"), other));
    std::filesystem::copy_file(checkpoint(52), checkpoint_path(other, 53));
    std::filesystem::rename(checkpoint(52), checkpoint_path(path, 53));
    CHECK(checkpoint_to_resume(path, notes).head.step == 39);
    CHECK_THAT(notes.at(0), Catch::Contains("it is of step 52, not of 53"));
    std::filesystem::copy_file(checkpoint(39), checkpoint_path(other, 52),
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(checkpoint_path(other, 53));
    std::filesystem::copy_file(checkpoint(26), checkpoint_path(other, 26),
                               std::filesystem::copy_options::overwrite_existing);
    for (const int step : {13, 39, 52}) std::filesystem::remove(checkpoint_path(other, step));
    CHECK_THROWS_WITH(checkpoint_to_resume(other, notes),
                      Catch::Contains("it is of another run than \"" + other + "\""));
    std::string bytes = content_of(checkpoint(26));
    replace(bytes, APICAL_VERSION "+", "9.9.9+");
    write(checkpoint(26), with_checksum(bytes));
    std::filesystem::remove(checkpoint_path(path, 53));
    std::filesystem::remove(checkpoint(39));
    CHECK_THROWS_WITH(checkpoint_to_resume(path, notes),
                      Catch::Contains("it was made by the engine 9.9.9+"));
}

TEST_CASE_METHOD(Saved, "what a run file has lost is not gone on with", "[checkpoint]") {
    const Model model = saved_model(path_of_shipped("dni_b"), folder / "cut.h5");
    Run run(model);
    {
        NamedRecorder recorder(model.program, model.recordings, description_of(model), model.output,
                               Replacing::no);
        run.begin(&recorder);
    }
    std::filesystem::copy_file(checkpoint(26), checkpoint_path(model.output, 26));
    std::vector<std::string> notes;
    CHECK_THROWS_WITH(checkpoint_to_resume(model.output, notes),
                      Catch::Contains("has no checkpoint that it can be resumed from"));
    CHECK_THAT(notes.at(0), Catch::Contains("does not have all rows of its steps"));
}

TEST_CASE_METHOD(Saved, "whatever bytes a checkpoint has, it is read or refused", "[checkpoint]") {
    const std::string whole = content_of(checkpoint(13));
    std::mt19937_64 random(7);
    int refused = 0;
    // tests/fuzz/fuzz_checkpoint.cpp goes on where these end.
    const int turns = fewer_if_sanitized(500);
    for (int turn = 0; turn < turns; ++turn) {
        std::string bytes = whole;
        const std::size_t changes = 1 + random() % 4;
        for (std::size_t k = 0; k < changes; ++k) {
            // Most often where sizes and texts are, before the matrices.
            const std::size_t room = random() % 2 ? bytes.size() : 12000;
            bytes[32 + random() % (std::min(room, bytes.size()) - 32)] =
                random() % 2 ? char(random()) : char(0xff);
        }
        if (random() % 8 == 0) bytes.resize(32 + random() % (bytes.size() - 32));
        write(checkpoint(13), with_checksum(bytes));
        try {
            OpenCheckpoint found = checkpoint_at(path, 13);
            const Model model = resumed_model(found.head, path);
            Run run(model, 1, 1, Run::Start::to_resume);
            run.begin(nullptr);
            run.resume(found.rest, 13);
            CHECK(run.steps() == 13);
            while (run.advance()) {
            }
        } catch (const Error&) {
            ++refused;
        }
    }
    CHECK(refused > turns / 3);
}

TEST_CASE_METHOD(Saved, "a run does not silently take the place of one that can be resumed",
                 "[checkpoint]") {
    std::filesystem::remove(path);
    const Model model = saved_model(path_of_shipped("dni_b"), path);
    CHECK_THROWS_WITH(run_model(model), "\"" + checkpoint(52) +
                                            "\" exists, of a run that can be resumed; use "
                                            "`force` to give it up");
    CHECK_FALSE(std::filesystem::exists(path));
    run_model(model, {.force = true});
    CHECK(checkpoint_steps(path) == std::vector<std::int64_t>{13, 26, 39, 52});
}

TEST_CASE("a run whose data were changed meanwhile is not gone on with", "[checkpoint][task]") {
    const TemporaryFolder folder;
    const std::string script =
        "import sys, h5py, numpy\nlast = float(sys.argv[1])\n"
        "with h5py.File('data.h5', 'w') as f:\n"
        "    f['x'] = f['y'] = numpy.append(numpy.arange(99.0), last)\n";
    std::ofstream(folder / "data.py") << script;
    const auto write_data = [&](const char* last) {
        REQUIRE(Running(folder, {"/usr/bin/python3", "data.py", last}).wait().code == 0);
    };
    write_data("1");
    const std::string path = folder / "run.h5";
    const Model model = saved_model(path_of_shipped("rflo"), path,
                                    {"task={ kind = \"file\", path = \"" + (folder / "data.h5") +
                                     "\", readout = \"linear\" }"});
    run_model(model);
    const std::string whole = content_of(path);
    const auto go_on = [&] {
        leave_killed(path, 26, folder / "killed.h5");
        return resumed(folder / "killed.h5");
    };
    go_on();
    CHECK(content_of(folder / "killed.h5") == whole);
    write_data("2");  // in a step that the run does not reach
    CHECK_THROWS_WITH(go_on(), Catch::Contains("it is of a run whose task or noise read other data "
                                               "than there is now in ") &&
                                   Catch::Contains("data.h5:x"));
    const Outcome fork = apical_in(folder, {"fork", "run.h5", "--at", "26", "-o", "fork.h5"});
    CHECK(fork.code == 0);
    CHECK_THAT(fork.err, Catch::Contains("read other data in ") && Catch::Contains("data.h5:x"));
}
