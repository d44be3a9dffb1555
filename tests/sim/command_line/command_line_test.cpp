// The program as a user meets it: commands, output, exit codes. Runs are in run_command_test.cpp.
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

const std::string rflo = path_of_shipped("rflo");

// Whether an instance obeys a schema, for what our schema uses of the language.
const char* const validator = R"(
import json, sys, tomllib

def kind_fits(schema, value):
    kinds = {'object': dict, 'array': list, 'string': str, 'boolean': bool, 'integer': int,
             'number': (int, float)}
    kind = schema.get('type')
    if kind is None: return True
    return isinstance(value, kinds[kind]) and (kind == 'boolean' or not isinstance(value, bool))

def obeys(schema, value):
    known = {'$schema', 'title', 'description', 'default', 'type', 'enum', 'minimum', 'maximum',
             'exclusiveMinimum', 'properties', 'required', 'additionalProperties', 'items', 'anyOf',
             'minItems', 'maxItems', '$id', 'if', 'then', 'propertyNames', 'examples'}
    assert set(schema) <= known, set(schema) - known
    if not kind_fits(schema, value): return False
    if 'enum' in schema and value not in schema['enum']: return False
    if 'if' in schema and obeys(schema['if'], value) and not obeys(schema['then'], value):
        return False
    if 'anyOf' in schema and not any(obeys(one, value) for one in schema['anyOf']): return False
    if value < schema['minimum'] if 'minimum' in schema else False: return False
    if value > schema['maximum'] if 'maximum' in schema else False: return False
    if value <= schema['exclusiveMinimum'] if 'exclusiveMinimum' in schema else False: return False
    if isinstance(value, list):
        if len(value) < schema.get('minItems', 0): return False
        if len(value) > schema.get('maxItems', len(value)): return False
        return all(obeys(schema.get('items', {}), one) for one in value)
    if not isinstance(value, dict): return True
    if any(name not in value for name in schema.get('required', [])): return False
    if not all(obeys(schema.get('propertyNames', {}), name) for name in value): return False
    properties, other = schema.get('properties', {}), schema.get('additionalProperties', True)
    return all(obeys(properties[name], one) if name in properties else
               other if isinstance(other, bool) else obeys(other, one)
               for name, one in value.items())

schema = json.load(open(argv[1]))
for path in argv[2:]:
    with open(path, 'rb') as file: print(obeys(schema, tomllib.load(file)))
)";

std::string repeated(const std::string& line, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += line;
    return all;
}

// Graphviz takes the text for a drawing.
void check_drawing(const std::string& dot) {
    const TemporaryFolder folder;
    const std::string path = folder.write("circuit.dot", dot);
    const Outcome drawn = Running(folder, {"dot", "-Tsvg", path}).wait();
    CHECK(drawn.code == 0);
    CHECK(drawn.err.empty());
    CHECK_THAT(drawn.out, Catch::Contains("</svg>"));
}

}  // namespace

TEST_CASE("check prints the circuit, the schedule and the listing of every shipped model",
          "[program]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Outcome outcome = apical_with({"check", path});
        CHECK(outcome.code == 0);
        CHECK(outcome.err.empty());
        const Model model = load_model(path, {});
        CHECK_THAT(outcome.out, Catch::Contains(model.title) && Catch::Contains("\ncircuit\n") &&
                                    Catch::Contains("\nschedule of a step\n") &&
                                    Catch::EndsWith("\nprogram\n" + listing(model.program)));
    }
}

TEST_CASE("check --dot writes a drawing that Graphviz takes", "[program]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Outcome outcome = apical_with({"check", path, "--dot", "-"});
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, Catch::StartsWith("digraph") && Catch::EndsWith("}\n"));
        check_drawing(outcome.out);
    }
    const TemporaryFolder folder;
    const Outcome outcome = apical_in(folder, {"check", rflo, "--dot", "rflo.dot"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(content_of(folder / "rflo.dot") == apical_with({"check", rflo, "--dot=-"}).out);
    CHECK(apical_in(folder, {"check", rflo, "--dot", "none/rflo.dot"}).code == 0);
    CHECK(content_of(folder / "none/rflo.dot") == content_of(folder / "rflo.dot"));
}

TEST_CASE("a title with quotes, backslashes and line ends can be drawn", "[program]") {
    const Outcome outcome = apical_with(
        {"check", rflo, "--dot", "-", "--set", R"(title="a \"b\" \\ \\N <c> {d} \n e\\")"});
    CHECK(outcome.code == 0);
    check_drawing(outcome.out);
}

TEST_CASE("the schema is the one in docs, byte for byte, and is JSON", "[program][schema]") {
    const Outcome outcome = apical_with({"schema"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    const std::string path = fmt::format("{}/docs/model.schema.json", APICAL_SOURCE_DIR);
    CHECK(outcome.out == content_of(path));
    const TemporaryFolder folder;
    CHECK(Running(folder, {"/usr/bin/python3", "-m", "json.tool", path}).wait().code == 0);
    CHECK(apical_in(folder, {"schema", "schema.json"}).code == 0);
    CHECK(content_of(folder / "schema.json") == outcome.out);
    CHECK(apical_in(folder, {"schema", "/proc/schema.json"}).code == 73);
}

TEST_CASE("schema replaces a file only with --force", "[program][schema]") {
    const TemporaryFolder folder;
    folder.write("m.toml", "precious");
    const Outcome outcome = apical_in(folder, {"schema", "m.toml"});
    CHECK(outcome.code == 73);
    CHECK_THAT(outcome.err, Catch::Contains("\"m.toml\" exists; use --force"));
    CHECK(content_of(folder / "m.toml") == "precious");
    CHECK(apical_in(folder, {"schema", "m.toml", "--force"}).code == 0);
    CHECK_THAT(content_of(folder / "m.toml"), Catch::StartsWith("{"));
}

TEST_CASE("a file that takes no more is exit code 74", "[program]") {
    CHECK(apical_with({"check", rflo, "--dot", "/dev/full"}).code == 74);
    CHECK(apical_with({"schema", "/dev/full", "--force"}).code == 74);
}

TEST_CASE("the schema takes shipped and resolved models, and no wrong ones", "[program][schema]") {
    const TemporaryFolder folder;
    std::vector<std::string> good = {folder.write("schema.json", apical_with({"schema"}).out)};
    for (const std::string& path : shipped_models()) {
        good.push_back(path);
        const std::string name = std::filesystem::path(path).filename().string();
        good.push_back(folder.write(name, load_model(path, {}).resolved));
    }
    // A rule of another name may be one of the model's own, with keys of its own.
    good.push_back(folder.write("own.toml", drafted("rflo", {{"\"eligibility\"", "\"own\""},
                                                             {"credit   = ", "teacher = "}})));
    // An activation of another name, too, where the model has some.
    good.push_back(folder.write(
        "fires.toml",
        drafted("rflo", {{"activation = \"tanh\"", "activation = \"own\""},
                         {"[population.hidden]",
                          "[activation.own]\nequation = \"x\"\n[population.hidden]"}})));
    CHECK(python(validator, good) == repeated("True\n", good.size() - 1));
    const std::vector<Change> wrong = {
        {"alpha      = 0.5", "alhpa = 0.5"},
        {"alpha      = 0.5", "alpha = 0"},
        {"size       = 32", "size = \"many\""},
        {"\"tanh\"", "\"tahn\""},
        {"credit   = ", "crdit = "},
        {"[run]\nsteps = 100_000", "[run]"},
        {"{ orthogonal = 1.0 }", "{ orthogonal = true }"},
        {"{ orthogonal = 1.0 }", "{ uniform = [1, 2, 3] }"},
        {"format     = 1", "format = 2"},
    };
    std::vector<std::string> bad = {good[0]};
    for (const Change& change : wrong) {
        bad.push_back(
            folder.write(fmt::format("bad{}.toml", bad.size()), drafted("rflo", {change})));
    }
    CHECK(python(validator, bad) == repeated("False\n", wrong.size()));
}

TEST_CASE("version says the version, the compiler and the instruction set", "[program]") {
    const Outcome outcome = apical_with({"version"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, Catch::StartsWith("apical " APICAL_VERSION "\n") &&
                                Catch::Contains("\ncompiler ") && Catch::Contains("\nkernels "));
}

TEST_CASE("a wrong use of the program is exit code 2, with nothing on stdout", "[program]") {
    const std::vector<std::vector<std::string>> uses = {
        {"fly"},
        {"--fly"},
        {"run"},
        {"check"},
        {"check", rflo, "--fly"},
        {"check", rflo, "more"},
        {"check", rflo, "--json"},
        {"check", rflo, "--set"},
        {"check", rflo, "--set", "x"},
        {"check", rflo, "--set", "=1"},
        {"run", rflo, "--seed"},
        {"help", "modell"},
        {"version", "more"},
    };
    for (const std::vector<std::string>& arguments : uses) {
        INFO("apical " << fmt::format("{}", fmt::join(arguments, " ")));
        const Outcome outcome = apical_with(arguments);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK_FALSE(outcome.err.empty());
    }
}

TEST_CASE("help that was asked for is on stdout", "[program]") {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                      {"-h"},
                                                      {"help"},
                                                      {"run", "--help"},
                                                      {"--help-all"}}) {
        const Outcome outcome = apical_with(arguments);
        CHECK(outcome.code == 0);
        CHECK(outcome.err.empty());
        CHECK_THAT(outcome.out, Catch::Contains("run"));
    }
}

TEST_CASE("a missing model is exit code 66", "[program]") {
    for (const char* command : {"check", "run"}) {
        const TemporaryFolder folder;
        const Outcome outcome = apical_in(folder, {command, "none.toml"});
        CHECK(outcome.code == 66);
        CHECK(outcome.out.empty());
        CHECK(outcome.err == "apical: none.toml: no such file\n");
    }
}

TEST_CASE("a bad model is exit code 65, with one line on stderr and nothing on stdout",
          "[program]") {
    const TemporaryFolder folder;
    folder.write("bad.toml", drafted("rflo", {{"format     = 1", "format     = 2"}}));
    for (const char* command : {"check", "run"}) {
        const Outcome outcome = apical_in(folder, {command, "bad.toml"});
        CHECK(outcome.code == 65);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: bad.toml:2:14: format is the number 2"));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
    const Outcome outcome = apical_with({"check", rflo, "--set", "population.hidden.size=0"});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Catch::StartsWith("apical: --set population.hidden.size=0: "));
}

TEST_CASE("check rejects what a run could not begin with", "[program]") {
    const std::vector<std::pair<std::string, int>> causes = {
        {"population.hidden.size=1_000_000", 65},
        {"record.loss.what=los", 65},
        {"synapses.W_rec.init={ copy = \"W_in\" }", 65},
        {"synapses.W_rec.init={ file = \"none.h5\", dataset = \"W\" }", 66}};
    for (const auto& [cause, code] : causes) {
        INFO(cause);
        const Outcome outcome = apical_with({"check", rflo, "--set", cause});
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
    }
}

TEST_CASE("check takes --seed, --steps and --output for what --set does", "[program]") {
    const Outcome brief =
        apical_with({"check", rflo, "--seed", "7", "--steps=60", "-o", "a \"b\"/c.h5"});
    const Outcome full = apical_with({"check", rflo, "--set", "run.seed=7", "--set", "run.steps=60",
                                      "--set", R"(run.output='a "b"/c.h5')"});
    CHECK(brief.code == 0);
    CHECK(brief.out == full.out);
    CHECK(brief.err == full.err);
    CHECK_THAT(brief.out,
               Catch::Contains("recorded to a \"b\"/c.h5") && Catch::Contains("steps 1 to 60"));
    CHECK(brief.err.empty());  // [record.end] begins beyond what was asked for
    CHECK(apical_with({"check", rflo, "--seed", "many"}).code == 65);
    CHECK(apical_with({"check", rflo, "--steps", "0"}).code == 65);
    CHECK(apical_with({"check", rflo, "--seed=-1"}).code == 65);
}

TEST_CASE("an empty value is not taken for none", "[program]") {
    for (const char* option : {"--seed=", "--steps=", "--output="}) {
        INFO(option);
        CHECK(apical_with({"check", rflo, option}).code == 2);
    }
}

TEST_CASE("text that stdout does not take is exit code 74", "[program]") {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"check", rflo},
                                                      {"check", rflo, "--dot", "-"},
                                                      {"help", "model"},
                                                      {"schema"},
                                                      {"version"},
                                                      {"run", rflo, "--steps", "50"}}) {
        INFO(arguments[0]);
        const TemporaryFolder folder;
        CHECK(Running(folder, apical_command(arguments), "/dev/full", "").wait().code == 74);
    }
}
