// What fuzzing and its corpus found.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>

#include "sim/sweep/sweep.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

namespace {

const std::string hidden = "population.hidden.size = 2\n" + hidden_lines;

std::string repeated(int count, const char* line) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += fmt::format(fmt::runtime(line), i);
    return lines;
}

void refuses(const std::string& lines, const std::vector<std::string>& phrases) {
    rejects_text(common_lines + lines, phrases);
}

}  // namespace

TEST_CASE("a pipe in place of a dataset's file is refused, not waited for", "[model][fuzz]") {
    const TemporaryFolder folder;
    REQUIRE(mkfifo((folder / "pipe.h5").c_str(), 0600) == 0);
    const std::string task = R"(task = { kind = "file", path = "pipe.h5" })";
    std::string text = common_lines + hidden;
    const std::string mimic =
        text.substr(text.find("task ="), text.find("run =") - text.find("task ="));
    text.replace(text.find(mimic), mimic.size(), task + '\n');
    const std::string path = folder.write("model.toml", text);
    check_error(error_of([&] { load(path); }), ExitCode::bad_model, path + ":8:32",
                {"no ordinary file"});
}

TEST_CASE("a NUL in a text or a key is refused where it stands", "[model][fuzz]") {
    rejects("rflo", {{"\"hidden.soma\"", R"(@"hidden.soma\u0000")"}}, {"NUL"});
    rejects("rflo", {{"format ", R"(@"for\u0000mat")"}}, {"NUL"});
}

TEST_CASE("a character beyond ASCII is for comments and quotes", "[model][fuzz]") {
    CHECK(model_of_text(drafted("rflo", {{"RFLO", "RFLÖ \" # für"}, {"format ", "#ö\nformat "}}))
              .title == "RFLÖ ");
    rejects("rflo", {{"RFLO", "RF\", @ß"}}, {"beyond ASCII"});
    rejects("rflo", {{"format ", "f@örmat "}}, {"beyond ASCII"});
    rejects("rflo", {{"\"RFLO", "\"\"\"\\\n  @§\"\"\" #"}}, {"beyond ASCII", "backslash"});
    for (const char* text : {"format = 1\"@ä\"", "t = 1=\"@ﭷ\"", "t = 1[\"@ﭷ\"]",
                             "t = [2, 1={\"@ﭷ\"}]", "t = [\n-1=\"@ﭷ\"]", "t = { 1 = \"@ﭷ\" }"})
        rejects_text(text, {"beyond ASCII"});
    rejects_text("@1 = \"ﭷ\" # ﭷ\n2 = \"ﭷ\"", {"unknown key"});
    rejects_text("t = 1\n@é = 2", {"beyond ASCII"});
    CHECK_THROWS_WITH(load_model(path_of_shipped("rflo"), {"run.steps=1=\"ﭷ\""}),
                      Catch::Contains("run.steps"));
    rejects_text("[@\"1\".a.'ä']\n\"2\" = 3", {"unknown key"});
    CHECK(load_model(path_of_shipped("rflo"), {"title=Größe"}).title == "Größe");
}

TEST_CASE("an override of more parts than a model has is refused", "[model][fuzz]") {
    std::string key = "a";
    for (int part = 0; part < 100'000; ++part) key += ".a";
    const std::optional<Error> error =
        error_of([&] { load_model(path_of_shipped("rflo"), {key + "=1"}); });
    check_error(error, ExitCode::bad_model, "`override` " + shortened(key + "=1"),
                {"more than 64"});
}

TEST_CASE("a circuit of more parts than any has is refused at the first too many",
          "[model][fuzz]") {
    refuses(hidden + repeated(9995, "population.p{0}.role = \"constant\"\n") +
                "population.@last.role = \"constant\"\n",
            {"more than 10000 compartments"});
    refuses(hidden + "population.other = { size = 1, dendrites = [" + repeated(9994, "\"d{0}\", ") +
                "@\"last\"] }\n",
            {"more than 10000 compartments"});
    refuses(hidden +
                "synapses.x = { from = \"one\", to = \"hidden.soma\", init = { constant = 1 }, "
                "again = [" +
                repeated(9998, "{{ to = \"hidden.soma\", during = \"forward\" }}, ") +
                "{ to = @\"hidden.soma\", during = \"forward\" }] }\n",
            {"more than 10000 uses of synapse sets"});
}

TEST_CASE("a sweep of more combinations than can be listed is refused", "[sweep][fuzz]") {
    const TemporaryFolder folder;
    folder.write("model.toml", common_lines + hidden);
    std::string text = "format = 1\nseeds = [1]\nmodel.A.file = \"model.toml\"\n";
    for (int key = 0; key < 12; ++key)
        text += fmt::format("grid.key{} = [{}]\n", key, repeated(100, "{}, "));
    const std::string path = folder.write("sweep.toml", text);
    check_error(error_of([&] { load_sweep(path); }), ExitCode::bad_model, path + ":1:1",
                {"1e+24 combinations"});
}

TEST_CASE("a large teacher is drawn when a run begins, not when a model is checked",
          "[task][fuzz]") {
    const auto begin = std::chrono::steady_clock::now();
    small_model(hidden, {"task.cells=8000"});
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

}  // namespace apical
