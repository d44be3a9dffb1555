// Events of an experiment as marks in figures and on the page.
#include <regex>

#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

constexpr const char* experiment = R"(format = 1
phase = [{ name = "a", ms = 2.0 }, { name = "b", ms = 3.0 }]
population.one.role = "constant"
population.cell = { size = 3, activation = "tanh" }
synapses.W = { from = "one", to = "cell.soma", during = "a", init = { normal = 1.0 } }
run = { steps = 40, seed = 1 }
record.all = { what = ["cell.r", "cell.soma.v", "W"] }
)";

struct Experiment : PlotRuns {
    explicit Experiment(const std::string& events) {
        folder.write("model.toml", experiment + events);
        const Outcome outcome = apical_in(folder, {"run", "model.toml", "-q", "-o", "run.h5"});
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
    }
};

// Where lines cross a panel from below to above, and whether each is dotted.
using Marks = std::vector<std::pair<double, bool>>;
Marks marks_of(const std::string& script, std::size_t panel) {
    std::size_t begin = 0;
    for (std::size_t k = 0; k < panel; ++k) begin = script.find("unset object\n", begin) + 1;
    const std::string part = script.substr(begin, script.find("plot ", begin) - begin);
    static const std::regex line(
        "set arrow from first ([0-9.e+-]+), graph 0 to first ([0-9.e+-]+), graph 1 nohead back "
        "lw 0.8 lc rgb '#8C2D04' dt (.*)");
    Marks all;
    for (std::sregex_iterator one(part.begin(), part.end(), line), end; one != end; ++one) {
        CHECK((*one)[1].str() == (*one)[2].str());
        all.emplace_back(std::stod((*one)[1].str()), (*one)[3].str() != "1");
    }
    return all;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("events are marked where they begin and end, in all curves", "[plot][events]") {
    const Experiment runs(
        "event.shut = { at = 5, for = 10, every = 15, silence = \"cell\" }\n"
        "event.cut = { at_ms = 33.0, lesion = \"W\" }\n");
    // A step takes 5 ms: shut from 20 to 70, 95 to 145 and 170 ms on.
    const std::string script = runs.script({"run.h5", "cell.r", "cell.soma.v"});
    const Marks expected = {{20.0, false}, {70.0, true},   {95.0, false},
                            {145.0, true}, {170.0, false}, {33.0, false}};
    CHECK(marks_of(script, 0) == expected);
    CHECK(marks_of(script, 1) == expected);
    CHECK(count_of(script, "set label 'shut'") == 1);
    CHECK(count_of(script, "set label 'cut'") == 1);
    // Over the steps: an event stands where the step before it ends.
    const std::string steps = runs.script({"run.h5", "cell.r", "--phase", "b", "--steps", "6:20"});
    CHECK(marks_of(steps, 0) == Marks{{14.0, true}, {19.0, false}, {6.6, false}});
    CHECK(runs.plot({"run.h5", "cell.r", "-o", "figure.svg"}).code == 0);
}

TEST_CASE("names of events that follow each other closely stand in lines of their own",
          "[plot][events]") {
    const Experiment runs(
        "event.first = { at = 20, lesion = \"W\" }\n"
        "event.second = { at = 21, silence = \"cell\" }\n"
        "event.far = { at = 2, for = 1, silence = \"cell\" }\n");
    const std::string script = runs.script({"run.h5", "cell.r"});
    const auto stands = [&](const std::string& name) {
        const std::size_t at = script.find("set label '" + name + "'");
        REQUIRE(at != std::string::npos);
        const std::size_t offset = script.find("offset character 0.4,", at) + 21;
        return std::stod(script.substr(offset));
    };
    CHECK(stands("first") == -0.6);
    CHECK(stands("second") == -1.6);
    CHECK(stands("far") == -0.6);
}

TEST_CASE("an event that sets several things is marked once, and a matrix never",
          "[plot][events]") {
    const Experiment runs(
        "event.held = { at = 10, for = 5, set = { \"cell.r\" = 0.5, \"W\" = 0.0 } }\n");
    CHECK(marks_of(runs.script({"run.h5", "cell.r"}), 0) == Marks{{45.0, false}, {70.0, true}});
    CHECK(runs.script({"run.h5", "W"}).find("#8C2D04") == std::string::npos);
}

TEST_CASE("events that come too often are noted and not marked", "[plot][events]") {
    const Experiment runs(
        "event.tick = { at_ms = 1.0, for_ms = 0.5, every_ms = 2.0, silence = "
        "\"cell\" }\n");
    const Outcome outcome = runs.plot({"run.h5", "cell.r", "-o", "figure.gp"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out + outcome.err, Catch::Contains("[event.tick] comes 100 times"));
    CHECK(marks_of(content_of(runs.folder / "figure.gp"), 0).empty());
    CHECK(marks_of(runs.script({"run.h5", "cell.r", "--steps", "3:4"}), 0).size() == 10);
}

TEST_CASE("a page has when events are on, in steps", "[view][events]") {
    const Experiment runs(
        "event.shut = { at = 5, for = 10, every = 15, silence = \"cell\" }\n"
        "event.cut = { at_ms = 33.0, set = { \"W\" = 0.0, \"cell.r\" = 0.5 } }\n");
    REQUIRE(apical_in(runs.folder, {"view", "run.h5", "-o", "page.html"}).code == 0);
    CHECK(python("import json, re\n"
                 "page = open(argv[1]).read()\n"
                 "found = re.search(r'\"interventions\": (\\[.*?\\])', page, re.S).group(1)\n"
                 "for one in json.loads(found): print(*one.values())\n",
                 {runs.folder / "page.html"}) == "shut 4.0 10.0 15.0\ncut 6.6 -1.0 0.0\n");
    const Experiment none("");
    REQUIRE(apical_in(none.folder, {"view", "run.h5", "-o", "page.html"}).code == 0);
    CHECK(content_of(none.folder / "page.html").find("\"interventions\"") == std::string::npos);
}

TEST_CASE("a run file whose spiking cells have an activation that was not used is read",
          "[inspect][spikes]") {
    const TemporaryFolder folder;
    folder.write("model.toml", R"(format = 1
phase = [{ name = "step", ms = 1.0 }]
population.one.role = "constant"
population.rec = { size = 4, tau_ms = { soma = 20.0 }, spikes = { threshold = 0.6, reset = 0.0 } }
synapses.W = { from = "one", to = "rec.soma", during = "step", init = { constant = 1.0 } }
run = { steps = 30, seed = 1 }
record.all.what = "rec.spikes"
)");
    REQUIRE(apical_in(folder, {"run", "model.toml", "-q", "-o", "run.h5"}).code == 0);
    python(
        "import h5py\n"
        "with h5py.File(argv[1], 'r+') as file:\n"
        "    text = file.attrs['resolved']\n"
        "    text = text.decode() if isinstance(text, bytes) else text\n"
        "    assert '[population.rec]\\n' in text and 'activation' not in text\n"
        "    file.attrs['resolved'] = text.replace('[population.rec]\\n', "
        "'[population.rec]\\nactivation = \"tanh\"\\n')\n",
        {folder / "run.h5"});
    const Outcome outcome = apical_in(folder, {"inspect", "run.h5"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("rec.spikes"));
}
