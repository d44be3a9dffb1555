// Figures from runs of shipped models: the numbers that gnuplot gets are held against what h5py and
// numpy find in the run files.
#include <cmath>
#include <map>

#include "tests/sim/program_run.hpp"

using namespace apical;

namespace {

using Numbers = std::vector<std::vector<double>>;  // lines

// A folder with run files of DNI(b).
struct Runs {
    TemporaryFolder folder;

    std::string add(const std::string& name, const std::vector<std::string>& options) const {
        std::vector<std::string> all{"run", path_of_shipped("dni_b"), "-q", "-o", name};
        all.insert(all.end(), options.begin(), options.end());
        const Outcome outcome = apical_in(folder, all);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return folder / name;
    }
    Outcome plot(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "plot");
        return apical_in(folder, arguments);
    }
    std::string script(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"-o", "figure.gp"});
        const Outcome outcome = plot(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return content_of(folder / "figure.gp");
    }
};

Numbers numbers_of(const std::string& text) {
    Numbers all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        all.emplace_back();
        std::istringstream words(line);
        for (std::string word; words >> word;)
            all.back().push_back(std::strtod(word.c_str(), nullptr));
    }
    return all;
}

// The lines of a block of data in a script.
Numbers data_of(const std::string& script, const std::string& block) {
    const std::string head = "$" + block + " << EOD\n";
    const std::size_t begin = script.find(head);
    INFO(block);
    REQUIRE(begin != std::string::npos);
    const std::size_t from = begin + head.size();
    return numbers_of(script.substr(from, script.find("EOD\n", from) - from));
}

Numbers numpy(const std::string& script, const std::vector<std::string>& paths) {
    return numbers_of(
        python("import h5py, numpy\nfiles = [h5py.File(p) for p in argv[1:]]\n"
               "def show(a):\n"
               "    for line in a: print(*[repr(float(x)) for x in line])\n" +
                   script,
               paths));
}

// Within a rounding error or two of sums in another order.
void check_near(const Numbers& found, const Numbers& expected) {
    REQUIRE(found.size() == expected.size());
    REQUIRE_FALSE(found.empty());
    for (std::size_t k = 0; k < found.size(); ++k) {
        REQUIRE(found[k].size() == expected[k].size());
        for (std::size_t c = 0; c < found[k].size(); ++c) {
            INFO("line " << k << ", column " << c);
            REQUIRE(std::abs(found[k][c] - expected[k][c]) <=
                    1e-13 * std::max(1.0, std::abs(expected[k][c])));
        }
    }
}

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++found;
    return found;
}

}  // namespace

TEST_CASE("a trace holds each phase's value over that phase, in ms", "[plot]") {
    const Runs runs;
    const std::string run = runs.add("run.h5", {"--steps", "60"});
    const std::string script = runs.script(
        {"run.h5", "hidden.apical.v", "hidden.r", "--steps", "40:50", "--cells", "2:4"});
    const auto expected = [&](const std::string& path, int cell) {
        return numpy(
            fmt::format("steps = list(files[0]['state/hidden/rate'].dims[0]['step'][:])\n"
                        "v = files[0]['{}']\n"
                        "begins = [(s - 1) * 10 + b for s in range(40, 51) for b in (0, 6)]\n"
                        "ys = [v[steps.index(s), p, {}] for s in range(40, 51) for p in (0, 1)]\n"
                        "show(zip(begins + [500], ys + [ys[-1]], begins[1:] + [500, 500]))",
                        path, cell),
            {run});
    };
    CHECK(data_of(script, "panel1_curve1") == expected("state/hidden/apical/voltage", 2));
    CHECK(data_of(script, "panel1_curve2") == expected("state/hidden/apical/voltage", 3));
    CHECK(data_of(script, "panel2_curve1") == expected("state/hidden/rate", 2));
    CHECK_THAT(script, Catch::Contains("set label 'cell 2'") &&
                           Catch::Contains("set label 'cell 3'") &&
                           !Catch::Contains("set label 'cell 4'") && !Catch::Contains("curve3"));
    CHECK_THAT(script, Catch::Contains("set xrange [390:500]") &&
                           Catch::Contains("set xlabel 'time (ms)'"));
}

TEST_CASE("the update phase is shaded, and each gate's bar lies where it is open", "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "20"});
    const std::string script = runs.script({"run.h5", "hidden.r", "--steps", "3:4"});
    // Step 3 lasts from 20 to 30 ms; update is its last 4 ms.
    for (const char* from : {"26", "36"}) {
        const std::string shade =
            fmt::format("rectangle from first {}, graph 0 to first {}, graph 1 behind", from,
                        from[0] == '2' ? "30" : "40");
        CHECK(count(script, shade) == 2);  // under the traces and under the gates
    }
    CHECK_THAT(script, Catch::Contains("set label 'perisomatic'") &&
                           Catch::Contains("set label 'disinhibition'"));
    for (const char* bar : {"first 20, first 1.2 to first 26, first 1.8",
                            "first 30, first 1.2 to first 36, first 1.8",
                            "first 26, first 0.2 to first 30, first 0.8",
                            "first 36, first 0.2 to first 40, first 0.8"})
        CHECK(count(script, bar) == 1);
    CHECK(count(script, "fc rgb '#4D4D4D'") == 4);
}

TEST_CASE("the loss is drawn as the means of blocks that numpy finds, of each run, with the bounds",
          "[plot]") {
    const Runs runs;
    const std::string one = runs.add("one.h5", {"--steps", "1000"});
    const std::string two = runs.add("two.h5", {"--steps", "1000", "--seed", "2"});
    const std::string script = runs.script({"one.h5", "two.h5", "loss", "--block", "50"});
    for (const int k : {0, 1}) {
        check_near(data_of(script, fmt::format("panel1_curve{}", k + 1)),
                   numpy(fmt::format("mean = files[{}]['signals/loss'][:].reshape(-1, 50).mean(1)\n"
                                     "show(zip(25.5 + 50 * numpy.arange(20), mean))",
                                     k),
                         {one, two}));
    }
    CHECK_THAT(script, Catch::Contains("'loss, means of 50 steps'") &&
                           Catch::Contains("set label 'one'") &&
                           Catch::Contains("set label 'two'"));
    // Nothing known of y = 0.5 + 0.5 x - 0.25 x', each x 0 or 1 with the same chance: the entropy
    // of its mean, 0.625.
    const double entropy = -0.625 * std::log(0.625) - 0.375 * std::log(0.375);
    const std::string level = "set arrow from graph 0, first ";
    double highest = 0.0;
    for (std::size_t at = script.find(level); at != std::string::npos;
         at = script.find(level, at + 1))
        highest = std::max(highest, std::strtod(script.c_str() + at + level.size(), nullptr));
    CHECK(count(script, level) == 4);
    CHECK(highest == Approx(entropy).epsilon(1e-12));
    CHECK_THAT(script, Catch::Contains("set label 'both known (the floor)'"));
}

TEST_CASE("the mean over runs has one standard error to each side", "[plot]") {
    const Runs runs;
    std::vector<std::string> paths;
    for (const char* seed : {"1", "2", "3"})
        paths.push_back(
            runs.add(std::string("run") + seed + ".h5", {"--steps", "200", "--seed", seed}));
    const std::string loss =
        runs.script({"run1.h5", "run2.h5", "run3.h5", "loss", "--mean", "--block", "20"});
    const std::string means =
        "m = numpy.array([f['signals/loss'][:].reshape(-1, 20).mean(1) for f in files])\n"
        "x, y = 10.5 + 20 * numpy.arange(10), m.mean(0)\n"
        "error = m.std(0, ddof=1) / numpy.sqrt(3)\n";
    check_near(data_of(loss, "panel1_curve1"), numpy(means + "show(zip(x, y))", paths));
    check_near(data_of(loss, "panel1_band1"),
               numpy(means + "show(zip(x, y - error, y + error))", paths));
    // A held trace's band has a step in it wherever the trace has one.
    const std::string trace = runs.script(
        {"run1.h5", "run2.h5", "run3.h5", "hidden.r", "--mean", "--steps", "5:5", "--cells", "1"});
    check_near(data_of(trace, "panel1_band1"),
               numpy("r = numpy.array([f['state/hidden/rate'][4, :, 1] for f in files])\n"
                     "y, error = r.mean(0), r.std(0, ddof=1) / numpy.sqrt(3)\n"
                     "low, high = y - error, y + error\n"
                     "show([[x, low[p], high[p]] for x, p in ((40, 0), (46, 0), (46, 1), (50, 1), "
                     "(50, 1))])",
                     paths));
}

TEST_CASE("a matrix is drawn as it was in the step that is asked for, else in the last", "[plot]") {
    const Runs runs;
    const std::string run = runs.add("run.h5", {"--steps", "50"});
    const auto stored = [&](int row) {
        return numpy(fmt::format("show(files[0]['synapses/W_rec/strength'][{}])", row), {run});
    };
    const std::string script = runs.script({"run.h5", "W_rec", "--at", "7"});
    CHECK(data_of(script, "panel1") == stored(6));
    CHECK(data_of(runs.script({"run.h5", "W_rec"}), "panel1") == stored(49));
    double largest = 0.0;
    for (const auto& line : stored(6))
        for (const double one : line) largest = std::max(largest, std::abs(one));
    CHECK_THAT(script, Catch::Contains(fmt::format("set cbrange [{}:{}]", -largest, largest)) &&
                           Catch::Contains("'W_rec, step 7'") &&
                           Catch::Contains("set yrange [31.5:-0.5]"));
}

TEST_CASE("the mean of matrices is that of numpy, and runs beside each other share their colours",
          "[plot]") {
    const Runs runs;
    const std::string one = runs.add("one.h5", {"--steps", "10"});
    const std::string two = runs.add("two.h5", {"--steps", "10", "--seed", "2"});
    check_near(data_of(runs.script({"one.h5", "two.h5", "W_in", "--mean"}), "panel1"),
               numpy("show(sum(f['synapses/W_in/strength'][9] for f in files) / 2)", {one, two}));
    const std::string beside = runs.script({"one.h5", "two.h5", "W_in"});
    const Numbers largest = numpy(
        "show([[max(abs(f['synapses/W_in/strength'][9]).max() for f in files)]])", {one, two});
    CHECK(count(beside, fmt::format("set cbrange [{}:{}]\n", -largest[0][0], largest[0][0])) == 2);
    CHECK_THAT(beside,
               Catch::Contains("'W_in, one, step 10'") && Catch::Contains("'W_in, two, step 10'"));
}

TEST_CASE("what is read in several parts is drawn as one", "[plot]") {
    const Runs runs;
    const std::string run = runs.add("run.h5", {"--steps", "66000"});
    check_near(data_of(runs.script({"run.h5", "loss", "--block", "500"}), "panel1_curve1"),
               numpy("mean = files[0]['signals/loss'][:].reshape(-1, 500).mean(1)\n"
                     "show(zip((250.5 + 500 * numpy.arange(132)) / 1000, mean))",
                     {run}));
}

TEST_CASE("of several runs cells differ in colour and runs in dash; one curve a run has a colour",
          "[plot]") {
    const Runs runs;
    runs.add("one.h5", {"--steps", "10"});
    runs.add("two.h5", {"--steps", "10", "--seed", "2"});
    const std::string both =
        runs.script({"one.h5", "two.h5", "hidden.r", "loss", "--cells", "0:2", "--width", "17.2"});
    const auto style_of = [&](const std::string& curve) {
        const std::size_t begin = both.find("$" + curve + " using 1:2:(");
        const std::size_t from = both.find("lc rgb", begin);
        return both.substr(from, both.find_first_of(",\n", both.find("dt ", from)) - from);
    };
    CHECK(style_of("panel1_curve1") == "lc rgb '#0072B2' dt solid");
    CHECK(style_of("panel1_curve2") == "lc rgb '#D55E00' dt solid");
    CHECK_THAT(style_of("panel1_curve3"), Catch::StartsWith("lc rgb '#0072B2' dt (9"));
    CHECK_THAT(style_of("panel1_curve4"), Catch::StartsWith("lc rgb '#D55E00' dt (9"));
    CHECK_THAT(both, Catch::Contains("set label 'two, cell 1'"));
    // 17.2 cm at 96 dots to the inch.
    CHECK_THAT(both, Catch::StartsWith("set terminal svg size 650,"));
}

TEST_CASE("a long trace is thinned and still reaches as high and as low as it was recorded",
          "[plot]") {
    const Runs runs;
    const std::string run =
        runs.add("run.h5", {"--steps", "3000", "--set", "record.beginning.what='hidden.r'", "--set",
                            "record.beginning.to=3000"});
    const Numbers points =
        data_of(runs.script({"run.h5", "hidden.r", "--cells", "5"}), "panel1_curve1");
    REQUIRE(points.size() < 1700);
    double low = INFINITY, high = -INFINITY;
    for (const auto& one : points) {
        low = std::min(low, one[1]);
        high = std::max(high, one[1]);
    }
    const Numbers all = numpy(
        "r = files[0]['state/hidden/rate'][:3000, :, 5]\nshow([[r.shape[0], r.min(), r.max()]])",
        {run});
    CHECK(all[0] == std::vector<double>{3000.0, low, high});
}

TEST_CASE("one phase of what is sampled now and then is drawn over the steps", "[plot]") {
    const Runs runs;
    const std::string run = runs.add("run.h5", {"--steps", "3001"});
    const std::string script = runs.script(
        {"run.h5", "hidden.r", "--phase", "update", "--cells", "3", "--steps", "40:3001"});
    CHECK(data_of(script, "panel1_curve1") ==
          numpy("steps = files[0]['state/hidden/rate'].dims[0]['step'][:]\n"
                "show(zip(steps[steps >= 40], files[0]['state/hidden/rate'][steps >= 40, 1, 3]))",
                {run}));
    CHECK_THAT(script, Catch::Contains("'hidden.r in phase update'") &&
                           Catch::Contains("set xlabel 'step'"));
}

TEST_CASE("alignment before the first comparison is a gap, not a number", "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "60", "--set", "diagnose.alignment=true"});
    const Numbers points =
        data_of(runs.script({"run.h5", "cosine(recurrent)", "--steps", "1:50", "--block", "1"}),
                "panel1_curve1");
    REQUIRE(points.size() == 50);
    // F-BPTT looks ten steps ahead.
    CHECK(std::isnan(points[8][1]));
    CHECK(std::abs(points[9][1]) <= 1.0);
}

TEST_CASE("the ending of the file decides what is made, and a figure of that name is replaced",
          "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "20"});
    const std::map<std::string, std::string> magic{
        {"svg", "<?xml"}, {"pdf", "%PDF-"}, {"png", "\x89PNG\r\n\x1a\n"}};
    for (const auto& [ending, begin] : magic) {
        runs.folder.write("figure." + ending, "an earlier figure");
        const Outcome outcome = runs.plot({"run.h5", "hidden.r", "loss", "W_rec", "b", "--steps",
                                           "1:10", "-o", "figure." + ending});
        INFO(ending << ": " << outcome.err);
        CHECK(outcome.code == 0);
        CHECK((outcome.out.empty() && outcome.err.empty()));
        CHECK_THAT(content_of(runs.folder / ("figure." + ending)), Catch::StartsWith(begin));
    }
    CHECK_THAT(content_of(runs.folder / "figure.svg"), Catch::Contains("</svg>"));
}

TEST_CASE("the script alone makes the figure", "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "20"});
    runs.script({"run.h5", "loss", "W_out"});
    const Outcome outcome = Running(runs.folder, {"gnuplot", "-d", "figure.gp"}).wait();
    CHECK(outcome.code == 0);
    CHECK_THAT(content_of(runs.folder / "figure.svg"), Catch::Contains("</svg>"));
}

TEST_CASE("quotes and backquotes in a run's name are drawn, and nothing else", "[plot]") {
    const Runs runs;
    const std::string name = "it's \"a\" `touch made` <&>";
    runs.add(name + ".h5", {"--steps", "10"});
    runs.add("b.h5", {"--steps", "10"});
    const Outcome outcome = runs.plot({name + ".h5", "b.h5", "loss", "-o", name + ".svg"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(content_of(runs.folder / (name + ".svg")),
               Catch::Contains("it's \"a\" `touch made` &lt;&amp;"));
    CHECK_FALSE(std::filesystem::exists(runs.folder / "made"));
}

TEST_CASE("without gnuplot the message names its package, and nothing is left behind", "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "10"});
    const Outcome outcome = Running(runs.folder, {"/usr/bin/env", "PATH=", APICAL_PROGRAM, "plot",
                                                  "run.h5", "loss", "-o", "figure.svg"})
                                .wait();
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.err, Catch::Contains("gnuplot-nox"));
    for (const auto& entry : std::filesystem::directory_iterator(runs.folder.path()))
        CHECK_THAT(entry.path().filename().string(), !Catch::StartsWith("figure"));
}

namespace {

struct Mistake {
    std::vector<std::string> arguments;
    int code;
    std::vector<std::string> phrases;
};

}  // namespace

TEST_CASE("what cannot be drawn is answered with what could", "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "60"});
    runs.add("large.h5", {"--steps", "60", "--set", "population.hidden.size=33"});
    runs.folder.write("text.h5", "this is no run");
    const std::vector<Mistake> mistakes{
        {{"run.h5", "hidden.apical.w"},
         65,
         {"\"hidden.apical.w\" was not recorded", "W_rec", "Did you mean \"hidden.apical.v\"?"}},
        {{"run.h5", "hidden.r", "--steps", "55:70"}, 2, {"--steps 55:70", "ends with step 60"}},
        {{"run.h5", "hidden.r", "--steps", "55:60"},
         2,
         {"was not sampled in steps 55 to 60", "steps 1 to 50"}},
        {{"run.h5", "hidden.r", "--steps", "50:40"},
         2,
         {"--steps 50:40: expected a range of steps"}},
        {{"run.h5", "hidden.r", "--steps", "0:40"}, 2, {"--steps 0:40"}},
        {{"run.h5", "W_rec", "--at", "55"}, 2, {"--at 55", "50 before it"}},
        {{"run.h5", "loss", "--at", "5"}, 2, {"--at is the step of a matrix", "--steps A:B"}},
        {{"run.h5", "W_rec", "--steps", "1:5"}, 2, {"--steps is of curves", "--at STEP"}},
        {{"run.h5", "W_rec", "--cells", "0:4"}, 2, {"--cells: \"W_rec\" is a matrix"}},
        {{"run.h5", "loss", "--cells", "0:4"}, 2, {"--cells: nothing that is drawn has cells"}},
        {{"run.h5", "hidden.r", "--cells", "32:34"}, 2, {"--cells 32:34", "cells 0 to 31"}},
        {{"run.h5", "hidden.r", "--cells", "0:32"}, 2, {"cannot be told apart", "fewer --cells"}},
        {{"run.h5", "hidden.r", "--block", "5"}, 2, {"--block"}},
        {{"run.h5", "loss", "--block", "0"}, 2, {"--block 0: expected a number of steps"}},
        {{"run.h5", "hidden.r", "--phase", "updat"},
         2,
         {"--phase updat", "forward, update", "Did you mean \"update\"?"}},
        {{"run.h5", "loss", "--phase", "update"},
         2,
         {"--phase: nothing that is drawn is sampled by phase"}},
        {{"run.h5", "loss", "--mean"}, 2, {"--mean is over runs"}},
        {{"run.h5", "large.h5", "hidden.r"}, 2, {"2 x 32 a step in run.h5", "2 x 33 in large.h5"}},
        {{"text.h5", "loss"}, 65, {"text.h5: is not an HDF5 file"}},
        {{"none.h5", "loss"}, 66, {"none.h5: there is no such run file"}},
        {{"loss"}, 2, {"expected at least one run file"}},
        {{"run.h5"}, 2, {"expected an address"}},
        {{"run.h5", "loss", "--width", "2"}, 2, {"--width 2", "4 to 100"}},
    };
    for (const Mistake& mistake : mistakes) {
        std::vector<std::string> arguments = mistake.arguments;
        arguments.insert(arguments.end(), {"-o", "figure.svg"});
        const Outcome outcome = runs.plot(arguments);
        INFO(fmt::format("{}: {}", fmt::join(arguments, " "), outcome.err));
        CHECK(outcome.code == mistake.code);
        for (const std::string& phrase : mistake.phrases)
            CHECK_THAT(outcome.err, Catch::Contains(phrase));
        CHECK(count(outcome.err, "\n") == 1);
        CHECK_FALSE(std::filesystem::exists(runs.folder / "figure.svg"));
    }
}

TEST_CASE(
    "phases that were not sampled step by step are not joined: the message says where they were",
    "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "3000"});
    const Outcome outcome = runs.plot({"run.h5", "hidden.r", "-o", "figure.svg"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("not sampled in every step from 1 to 2001") &&
                                Catch::Contains("--steps 1:50") && Catch::Contains("--phase"));
}

TEST_CASE("a figure that cannot be written, or of no known kind, is refused", "[plot]") {
    const Runs runs;
    runs.add("run.h5", {"--steps", "10"});
    std::filesystem::create_directory(runs.folder / "folder.svg");
    const Outcome folder = runs.plot({"run.h5", "loss", "-o", "folder.svg"});
    CHECK(folder.code == 73);
    CHECK_THAT(folder.err, Catch::Contains("folder.svg"));
    const Outcome nowhere = runs.plot({"run.h5", "loss", "-o", "/proc/none/figure.svg"});
    CHECK(nowhere.code == 73);
    for (const char* name : {"figure.eps", "figure", "run.h5", "-"}) {
        const Outcome unknown = runs.plot({"run.h5", "loss", "-o", name});
        INFO(name);
        CHECK(unknown.code == 2);
        CHECK_THAT(unknown.err, Catch::Contains(".svg, .pdf or .png") && Catch::Contains(".gp"));
    }
}
