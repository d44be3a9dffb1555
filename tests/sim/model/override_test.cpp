// KEY=VALUE on the command line, which overrides a key of the model file.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

Model overridden(const std::string& model, const std::vector<std::string>& overrides) {
    return load_model(path_of_shipped(model), overrides);
}

const Population& population(const Model& model, const char* name) {
    const PopulationId id = model.circuit.find_population(name);
    REQUIRE(id);
    return model.circuit[id];
}

void rejects_override(const std::string& assignment, const std::vector<std::string>& phrases,
                      ExitCode code = ExitCode::bad_model) {
    INFO(assignment);
    check_error(error_of([&] { overridden("rflo", {assignment}); }), code,
                "`override` " + assignment, phrases);
}

}  // namespace

TEST_CASE("a number, a text, a truth, a list and a table can be overridden", "[override]") {
    const Model model =
        overridden("dni_b", {"population.hidden.size=48", "population.hidden.alpha=0.25",
                             "population.hidden.activation=\"logistic\"", "task.lags=[7, 9]",
                             "synapses.W_rec.init={ identity = 0.5 }", "run.seed=4_294_967_295"});
    CHECK(population(model, "hidden").size == 48);
    CHECK(population(model, "hidden").alpha == 0.25);
    CHECK(population(model, "hidden").activation == Activation::logistic);
    CHECK(model.task->bounds()[1].name == "only lag 9 known");
    CHECK(model.circuit.synapses[0].init.kind == Initializer::Kind::identity);
    CHECK(model.circuit.synapses[0].init.scale.factor == 0.5);
    CHECK(model.seed == 4'294'967'295u);
}

TEST_CASE("steps that are asked for take the place of a file's trials and the other way round",
          "[override][trials]") {
    CHECK(overridden("tasks/delayed_match", {"run.trials=3"}).steps == 75);
    CHECK(overridden("tasks/delayed_match", {"run.steps=80"}).steps == 100);  // whole trials
    CHECK(overridden("tasks/flip_flop", {"trial.steps=10", "run.trials=3"}).steps == 30);
    CHECK_THROWS(overridden("tasks/delayed_match", {"run.steps=80", "run.trials=3"}));
}

TEST_CASE("a text needs no quotes", "[override]") {
    CHECK(population(overridden("rflo", {"population.hidden.activation=linear"}), "hidden")
              .activation == Activation::linear);
    CHECK(overridden("rflo", {"run.output=here/my run-1.h5"}).output == "here/my run-1.h5");
    CHECK(overridden("rflo", {"title=RFLO (again): a = b, 2nd"}).title ==
          "RFLO (again): a = b, 2nd");
    CHECK_THAT(
        overridden("rflo", {"plasticity.recurrent.credit=previous(hidden.feedback)"}).resolved,
        Catch::Contains("credit = \"previous(hidden.feedback)\""));
}

TEST_CASE("a new table can be set, key by key or whole", "[override]") {
    for (const std::vector<std::string>& overrides :
         {std::vector<std::string>{"record.weights.what=W_rec", "record.weights.every=10"},
          {"record.weights={ what = \"W_rec\", every = 10 }"}}) {
        const Model model = overridden("rflo", overrides);
        REQUIRE(model.recordings.size() == 5);
        const Recording& weights = model.recordings.back();
        CHECK(weights.name == "weights");
        REQUIRE(weights.what.size() == 1);
        CHECK(weights.what[0].text == "W_rec");
        CHECK(weights.every == 10);
    }
    const Model mirrored = overridden("rflo", {"synapses.W_out.back={ from = \"error\", to = "
                                               "\"hidden.feedback\", during = \"update\" }"});
    CHECK(mirrored.circuit.uses.size() == 7);
    const Model bare = overridden("rflo", {"record={}"});  // strengths at both ends, and no more
    REQUIRE(bare.recordings.size() == 1);
    CHECK(bare.recordings[0].name == "endpoints");
    CHECK(overridden("rflo", {"record={}", "run.record_endpoints=false"}).recordings.empty());
}

TEST_CASE("later overrides win, and the file stays what it is", "[override]") {
    const Model model = overridden("rflo", {"run.steps=5", "run={ steps = 7 }", "run.seed=3"});
    CHECK(model.steps == 7);
    CHECK(model.seed == 3);
    CHECK(model.text == content_of(path_of_shipped("rflo")));
    CHECK_THAT(model.resolved, Catch::Contains("steps = 7\nseed = 3"));
}

TEST_CASE("an override that is malformed is a wrong use of the program", "[override]") {
    for (const char* assignment : {"x", "", "=3", "=", "a.=3", "run.seed="}) {
        rejects_override(assignment, {}, ExitCode::usage);
    }
    for (const char* value : {"{ steps", "[1, 2", "\"abc", "[[[[", "{ a = 1, }"}) {
        rejects_override(fmt::format("run.seed={}", value), {"TOML value"}, ExitCode::usage);
    }
}

TEST_CASE("an override is one value, not several lines", "[override]") {
    for (const char* value : {"1\nsteps = 5", "1\n[task]", "{ a = 1 }\nb = 2"}) {
        INFO(value);
        const std::string assignment = fmt::format("run.seed={}", value);
        const auto error = error_of([&] { overridden("rflo", {assignment}); });
        CHECK((error && error->code() == ExitCode::usage));
    }
}

TEST_CASE("an override of an unknown key is reported by itself with the nearest key",
          "[override]") {
    rejects_override("populaton.hidden.size=3", {"\"populaton\"", "Did you mean \"population\"?"});
    rejects_override("population.hidden.siz=3",
                     {"unknown key \"siz\" in [population.hidden]", "Did you mean \"size\"?"});
    rejects_override("run.stesp=3", {"unknown key \"stesp\" in [run]", "Did you mean \"steps\"?"});
    rejects_override("run.steps.x=3", {"\"steps\" is the number 100000, not a table"});
    rejects_override("title.x=3", {"\"title\" is the text", "not a table"});
    rejects_override("phase.ms=3", {"\"phase\" is the list", "not a table"});
    rejects_override(".x=3", {"unknown key \"\""});
    rejects_override("population..size=3", {"\"\" cannot be a name"});
}

TEST_CASE("an override of a name that the file does not have is reported by itself", "[override]") {
    rejects_override("population.hiden.size=3", {"hiden", "Did you mean \"hidden\"?"});
    rejects_override("synapses.W_rek.delay=0", {"W_rek", "Did you mean \"W_rec\"?"});
    rejects_override("plasticity.readuot.rate=0.1", {"readuot", "Did you mean \"readout\"?"});
    rejects_override("gate.perisomatik.during=update", {"perisomatik"});
}

TEST_CASE("an override of a wrong value is reported by itself", "[override]") {
    rejects_override("run.steps=many", {"run.steps is the text \"many\"", "a whole number from 1"});
    rejects_override("run.steps=1e3", {"run.steps is the number 1000.0", "a whole number"});
    rejects_override("run.seed=-1", {"run.seed is the number -1", "from 0 to 4294967295"});
    rejects_override("population.hidden.alpha=nan", {"is the number nan", "above 0 to 1"});
    rejects_override("run=3", {"run is the number 3", "expected a table"});
    rejects_override("population.hidden.activation=tahn", {"Did you mean \"tanh\"?"});
    rejects_override("synapses.W_rec.to=hidden.somma", {"Did you mean \"hidden.soma\"?"});
    rejects_override("plasticity.recurrent.synapses=[\"W_rec\", \"W_inn\"]", {"\"W_in\"?"});
    rejects_override("record.loss.what=los", {"Did you mean \"loss\"?"});
    rejects_override("population.input.size=5", {"has size 5", "the task has 2"});
    rejects_override("title=1979-05-27", {"date or time"});
}

TEST_CASE("an override without end is rejected in a few words", "[override]") {
    constexpr int parts = 10'000;
    constexpr std::size_t few_words = 1'000;
    std::string brackets, dots, list;
    for (int i = 0; i < parts; ++i) {
        brackets += '[';
        dots += "a.";
        list += "1, ";
    }
    for (const std::string& assignment :
         {"run.seed=" + brackets, dots + "a=1", "population." + dots + "a=1",
          fmt::format("task.lags=[{}1]", list), fmt::format("title=[{}1]", list)}) {
        const std::string begin = assignment.substr(0, 20);
        INFO(begin << "...");
        const std::optional<Error> error = error_of([&] { overridden("rflo", {assignment}); });
        REQUIRE(error);
        const std::string message = error->what();
        CHECK_THAT(message.substr(0, few_words), Catch::StartsWith("`override` " + begin));
        CHECK(message.size() < few_words);
    }
}

TEST_CASE("an override keeps its text, and one that was made has a text that parses back",
          "[override]") {
    const Overrides given = {"title=Größe", "run.seed=4_294"};
    REQUIRE(given.changes.size() == 2);
    CHECK(assignment_of(given.changes[0]) == "title=Größe");
    CHECK(assignment_of(given.changes[1]) == "run.seed=4_294");
    const std::vector<std::pair<Override, std::string>> made = {
        {{"title", value_of(std::string("a \"b\""))}, "title=\"a \\\"b\\\"\""},
        {{"run.seed", value_of(std::int64_t{7})}, "run.seed=7"},
        {{"run.fuse", value_of(false)}, "run.fuse=false"}};
    for (const auto& [one, assignment] : made) {
        CHECK(assignment_of(one) == assignment);
        CHECK(parse_override(assignment).value.content.index() == one.value.content.index());
    }
}

TEST_CASE("overrides that were made load the model that their texts load", "[override]") {
    const Override seed{"run.seed", value_of(std::int64_t{7})},
        size{"population.hidden.size", value_of(std::int64_t{9})};
    Overrides made = std::vector<Override>{seed};
    made.append(std::vector<Override>{size});
    const std::string path = path_of_shipped("rflo");
    CHECK(load_model(path, made).resolved ==
          load_model(path, {"run.seed=7", "population.hidden.size=9"}).resolved);
}

TEST_CASE("a model is loaded from what was read, whatever becomes of its file", "[model]") {
    const TemporaryFolder folder;
    const std::string text = drafted("rflo", {}), path = folder.write("model.toml", text);
    const ModelSource read(path);
    folder.write("model.toml", "changed");
    CHECK(read.text == text);
    const Model model = load_model(read, {"run.steps=5"}),
                again = load_model(ModelSource(path, text), {"run.steps=5"});
    CHECK(model.path == path);
    CHECK(model.text == text);
    CHECK(model.resolved == again.resolved);
    CHECK_THROWS_AS(load_model(path), Error);
}
