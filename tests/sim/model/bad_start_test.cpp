// Tasks, recordings and initial values that a run could not begin with.
#include "sim/engine/initialize.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

constexpr hsize_t rows = 3;

// What a run does before its first step.
void start(const std::string& path) {
    const Model model = load_model(path, {});
    State state(model.program);
    initialize(state, model.circuit, model.seed, model.directory);
}

// A model whose task is a file of three rows: inputs of two numbers, labels of two.
struct FileTask {
    FileTask() {
        file.write("x", {rows, 2}, {1, 2, 3, 4, 5, 6});
        file.write("y", {rows, 2}, {1, 0, 1, 0, 1, 0});
        file.write("long", {rows + 1, 2}, {1, 0, 1, 0, 1, 0, 1, 0});
        file.close();
    }
    Change task(const std::string& more) const {
        return {"kind = \"add\"\nlags = [3, 5]\nhold = 2",
                fmt::format("kind = \"file\"\npath = \"{}\"\n{}", path(), more)};
    }
    std::string path() const {
        return (std::filesystem::path(file.directory()) / file.name()).string();
    }
    TemporaryHdf5 file;
};

Change initial(const std::string& init) {
    return {"init   = { orthogonal = 1.0 }", fmt::format("init = {{ {} }}", init)};
}

}  // namespace

TEST_CASE("an unknown task is reported with the known ones and the nearest", "[task]") {
    rejects({{"rflo",
              {"kind = \"add\"", "kind = @\"ad\""},
              {"no task \"ad\"", "add, mimic, file", "Did you mean \"add\"?"}}});
}

TEST_CASE("sizes that do not fit the task are reported", "[task]") {
    for (const char* role : {"input", "label", "output"}) {
        INFO(role);
        const std::string line = fmt::format("role = \"{}\"", role);
        rejects({{"rflo",
                  {line, line + "\nsize = @5"},
                  {fmt::format("[population.{}] has size 5", role), "the task has 2"}}});
    }
    rejects(
        {{"rflo", {"role   = \"error\"", "size = @1\nrole   = \"error\""}, {"the task has 2"}}});
}

TEST_CASE("a run longer than the rows of its file is reported", "[task]") {
    const FileTask file;
    const Change steps = {"steps = 100_000", "steps = @100_000"};
    rejects("rflo", {file.task(""), steps}, {"100000 steps long", "ends after 3", "repeat = true"});
    const TemporaryFolder folder;
    const std::string path = folder.write("model.toml", drafted("rflo", {file.task("")}));
    check_error(error_of([&] { load_model(path, {"run.steps=4"}); }), ExitCode::bad_model,
                "`override` run.steps=4", {"4 steps long", "ends after 3"});
    CHECK(load_model(path, {"run.steps=3"}).steps == 3);
    CHECK(load_model(path, {"task.repeat=true"}).steps == 100'000);
}

TEST_CASE("a file that a task cannot use is reported", "[task]") {
    const FileTask file;
    rejects("rflo", {file.task("x = @\"xx\"")}, {"no dataset \"xx\"", "Did you mean \"x\"?"});
    rejects("rflo", {file.task("y = \"long\"")}, {"3 x 2", "4 x 2", "as many rows"});
    rejects(
        "rflo",
        {{"kind = \"add\"\nlags = [3, 5]\nhold = 2", "kind = \"file\"\npath = @\"model.toml\""}},
        {"not an HDF5 file"});
    const TemporaryFolder folder;
    const std::string path = folder.write("model.toml", drafted("rflo", {file.task("")}));
    check_error(error_of([&] { load_model(path, {"task.path=none.h5"}); }), ExitCode::no_such_input,
                "`override` task.path=none.h5", {"none.h5"});
}

TEST_CASE("an address that cannot be recorded is reported when the model is loaded", "[record]") {
    rejects(
        {{"rflo", {"what = \"loss\"", "what = @\"los\""}, {"\"los\"", "Did you mean \"loss\"?"}},
         {"rflo",
          {"what = \"loss\"", "what = [\"loss\", @\"hidden.feedbak\"]"},
          {"\"hidden.feedbak\"", "Did you mean \"hidden.feedback.v\"?"}},
         {"rflo",
          {"what = \"loss\"", "what = @\"gate.disinhibition\""},
          {"\"gate.disinhibition\""}}});
}

TEST_CASE("a recording that ends before it begins, or has an impossible name, is reported",
          "[record]") {
    rejects({{"rflo",
              {"to   = 50", "from = 51\nto = @50"},
              {"[record.beginning] ends in step 50", "begins in step 51"}},
             {"rflo", {"[record.loss]", "[record.@\"a/b\"]"}, {"\"a/b\""}},
             {"rflo", {"[record.loss]", "[record.@\"a.b\"]"}, {"\"a.b\""}},
             {"rflo", {"[record.loss]", "[record.@\"a b\"]"}, {"\"a b\""}},
             {"rflo", {"[record.loss]", "[record.@phase]"}, {"\"phase\""}}});
}

TEST_CASE("an initial value is one of those there are", "[initialize]") {
    rejects({
        {"rflo", {"init   = { orthogonal = 1.0 }", "init = @{ }"}, {"[synapses.W_rec.init]"}},
        {"rflo", initial("normal = @1.0, constant = 0.0"), {"normal", "constant", "one of"}},
        {"rflo", initial("normal = 1.0, columns = @[0, 32]"), {"\"columns\" goes with \"file\""}},
        {"rflo", initial("file = \"a.h5\", dataset = \"W\", columns = @[3, 3]"), {"columns"}},
        {"rflo", {"init   = { orthogonal = 1.0 }", "init = @{ file = \"a.h5\" }"}, {"\"dataset\""}},
        {"rflo",
         {"init       = { activated_normal = 1.0 }", "init = @{ orthogonal = 1.0 }"},
         {"[population.hidden.init]", "rates"}},
        {"rflo",
         {"activated_normal = 1.0", "normal = @\"1/sqrt(pre)\""},
         {"is no scale", "a number"}},
    });
}

TEST_CASE("a scale is a finite number over a root", "[initialize]") {
    for (const char* scale :
         {"", "pre", "1/sqrt", "1/sqrt(pre) ", "1/sqrt(size)", "sqrt(pre)", "nan/sqrt(pre)",
          "inf/sqrt(post)", "-inf/sqrt(pre)", "1e400/sqrt(pre)"}) {
        INFO('"' << scale << '"');
        rejects({{"rflo", initial(fmt::format("normal = @\"{}\"", scale)), {"is no scale"}},
                 {"rflo", initial(fmt::format("uniform = [0, @\"{}\"]", scale)), {"is no scale"}}});
    }
}

TEST_CASE("an initial dataset of the wrong shape is reported with both shapes", "[initialize]") {
    const FileTask file;
    const std::string of = fmt::format("file = @\"{}\", ", file.path());
    rejects("rflo", {initial(of + "dataset = \"x\"")}, {"\"x\"", "3 x 2", "32 x 32", "\"W_rec\""},
            start);
    rejects("rflo", {initial(of + "dataset = \"x\", columns = [0, 9], transpose = true")},
            {"3 x 2, columns 0 to 8, transposed", "32 x 32"}, start);
    rejects("rflo", {initial(of + "dataset = \"z\"")}, {"no dataset \"z\""}, start);
    const TemporaryFolder folder;
    std::string text = drafted("rflo", {initial("file = @\"none.h5\", dataset = \"W\"")});
    const std::string mark = take_mark(text), path = folder.write("model.toml", text);
    check_error(error_of([&] { start(path); }), ExitCode::no_such_input, path + mark, {"none.h5"});
}

TEST_CASE("a set starts as a copy of one of its own size, and not in a circle", "[initialize]") {
    rejects("rflo", {initial("copy = @\"W_in\"")}, {"\"W_rec\" (32 x 32)", "\"W_in\" (32 x 2)"},
            start);
    rejects("rflo", {initial("copy = @\"W_rec\"")}, {"circle", "W_rec <- W_rec"}, start);
}

TEST_CASE("a matrix that no memory holds is reported with its size", "[initialize]") {
    rejects("rflo",
            {{"size       = 32", "size = 1_000_000"}, {"[synapses.W_rec]", "[synapses.@W_rec]"}},
            {"8000.0 GB", "\"W_rec\"", "1000000 x 1000000", "this machine has"}, start);
}
