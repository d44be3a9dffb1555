// The numbers of figures from runs of a shipped model are held against what h5py and numpy find in
// the run files.
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

TEST_CASE("a trace holds each phase's value over that phase, in ms", "[plot]") {
    const PlotRuns runs;
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
    CHECK_THAT(script, Catch::Contains("'voltage u'") && Catch::Contains("'rate r'"));
    CHECK_THAT(script, Catch::Contains("set xrange [390:500]") &&
                           Catch::Contains("set xlabel 'time (ms)'"));
}

TEST_CASE("the update phase is shaded, and each gate's bar lies where it is open", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "20"});
    const std::string script = runs.script({"run.h5", "hidden.r", "--steps", "3:4"});
    // Step 3 lasts from 20 to 30 ms; update is its last 4 ms.
    for (const char* from : {"26", "36"}) {
        const std::string shade =
            fmt::format("rectangle from first {}, graph 0 to first {}, graph 1 behind", from,
                        from[0] == '2' ? "30" : "40");
        CHECK(count(script, shade) == 2);  // under the traces and under the gates
    }
    CHECK_THAT(runs.script({"run.h5", "gate.perisomatic"}), Catch::Contains("'1: open'"));
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
    const PlotRuns runs;
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
    const PlotRuns runs;
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
               numpy("r = numpy.array([f['state/hidden/rate'][5, :, 1] for f in files])\n"
                     "y, error = r.mean(0), r.std(0, ddof=1) / numpy.sqrt(3)\n"
                     "low, high = y - error, y + error\n"
                     "show([[x, low[p], high[p]] for x, p in ((40, 0), (46, 0), (46, 1), (50, 1), "
                     "(50, 1))])",
                     paths));
}

TEST_CASE("a matrix is drawn as it was in the step that is asked for, else in the last", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "50"});
    const auto stored = [&](int row) {
        return numpy(fmt::format("show(files[0]['synapses/W_rec/strength'][{}])", row), {run});
    };
    const std::string script = runs.script({"run.h5", "W_rec", "--at", "7"});
    CHECK(data_of(script, "panel1") == stored(7));  // row 0 is of step 0
    CHECK(data_of(runs.script({"run.h5", "W_rec"}), "panel1") == stored(50));
    double largest = 0.0;
    for (const auto& line : stored(7))
        for (const double one : line) largest = std::max(largest, std::abs(one));
    CHECK_THAT(script, Catch::Contains(fmt::format("set cbrange [{}:{}]", -largest, largest)) &&
                           Catch::Contains("'W_rec, step 7'") &&
                           Catch::Contains("set yrange [31.5:-0.5]"));
}

TEST_CASE("the mean of matrices is that of numpy, and runs beside each other share their colours",
          "[plot]") {
    const PlotRuns runs;
    const std::string one = runs.add("one.h5", {"--steps", "10"});
    const std::string two = runs.add("two.h5", {"--steps", "10", "--seed", "2"});
    check_near(data_of(runs.script({"one.h5", "two.h5", "W_in", "--mean"}), "panel1"),
               numpy("show(sum(f['synapses/W_in/strength'][10] for f in files) / 2)", {one, two}));
    const std::string beside = runs.script({"one.h5", "two.h5", "W_in"});
    const Curves largest = numpy(
        "show([[max(abs(f['synapses/W_in/strength'][10]).max() for f in files)]])", {one, two});
    CHECK(count(beside, fmt::format("set cbrange [{}:{}]\n", -largest[0][0], largest[0][0])) == 2);
    CHECK(count(beside, "set xlabel 'presynaptic cell'") == 2);  // under two columns
    CHECK_THAT(beside,
               Catch::Contains("'W_in, one, step 10'") && Catch::Contains("'W_in, two, step 10'"));
}

TEST_CASE("what is read in several parts is drawn as one", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "66000"});
    check_near(data_of(runs.script({"run.h5", "loss", "--block", "500"}), "panel1_curve1"),
               numpy("mean = files[0]['signals/loss'][:].reshape(-1, 500).mean(1)\n"
                     "show(zip((250.5 + 500 * numpy.arange(132)) / 1000, mean))",
                     {run}));
}

TEST_CASE("a long trace is thinned and still reaches as high and as low as it was recorded",
          "[plot]") {
    const PlotRuns runs;
    const std::string run =
        runs.add("run.h5", {"--steps", "3000", "--set", "record.beginning.what='hidden.r'", "--set",
                            "record.beginning.to=3000"});
    const Curves points =
        data_of(runs.script({"run.h5", "hidden.r", "--cells", "5"}), "panel1_curve1");
    REQUIRE(points.size() < 1700);
    double low = INFINITY, high = -INFINITY;
    for (const auto& one : points) {
        low = std::min(low, one[1]);
        high = std::max(high, one[1]);
    }
    const Curves all = numpy(
        "r = files[0]['state/hidden/rate'][1:3001, :, 5]\nshow([[r.shape[0], r.min(), r.max()]])",
        {run});
    CHECK(all[0] == std::vector<double>{3000.0, low, high});
}

namespace {

// The lines of a curve that have a number.
Curves without_gaps(Curves lines) {
    std::erase_if(lines, [](const auto& line) { return std::isnan(line[1]); });
    return lines;
}

// The x of the others.
std::vector<double> gaps_of(const Curves& lines) {
    std::vector<double> all;
    for (const auto& line : lines)
        if (std::isnan(line[1])) all.push_back(line[0]);
    return all;
}

}  // namespace

TEST_CASE("one phase of what is sampled now and then is drawn over the steps", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "3001"});
    const std::string script = runs.script(
        {"run.h5", "hidden.r", "--phase", "update", "--cells", "3", "--steps", "40:3001"});
    const Curves curve = data_of(script, "panel1_curve1");
    const Curves expected = numpy(
        "steps = files[0]['state/hidden/rate'].dims[0]['step'][:]\n"
        "show(zip(steps[steps >= 40], files[0]['state/hidden/rate'][steps >= 40, 1, 3]))",
        {run});
    CHECK(without_gaps(curve) == expected);
    // Cells may do anything between two steps: only those that follow each other are joined.
    std::vector<double> gaps;
    for (std::size_t k = 1; k < expected.size(); ++k)
        if (expected[k][0] - expected[k - 1][0] > 1.0)
            gaps.push_back((expected[k][0] + expected[k - 1][0]) / 2.0);
    CHECK(gaps.size() > 2);
    CHECK(gaps_of(curve) == gaps);
    CHECK_THAT(script, Catch::Contains("'hidden.r in phase update'") &&
                           Catch::Contains("set xlabel 'step'"));
}

TEST_CASE("alignment before the first comparison is a gap, not a number", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "60", "--set", "diagnose.alignment=true"});
    const Curves points =
        data_of(runs.script({"run.h5", "cosine(recurrent)", "--steps", "1:50", "--block", "1"}),
                "panel1_curve1");
    REQUIRE(points.size() == 50);
    // F-BPTT looks ten steps ahead.
    CHECK(std::isnan(points[8][1]));
    CHECK(std::abs(points[9][1]) <= 1.0);
}

namespace {

// 1000 steps, with the loss in steps 1, 101, ..., 901.
std::string sparse_run(const PlotRuns& runs) {
    return runs.add("sparse.h5",
                    {"--steps", "1000", "--set",
                     "record.loss={ what = 'loss', every = 100, endpoints = false }", "--set",
                     "record.coarse.what='hidden.r'", "--set", "record.beginning.what='hidden.r'"});
}

}  // namespace

TEST_CASE("what is sampled now and then is drawn as it was sampled", "[plot]") {
    const PlotRuns runs;
    const std::string run = sparse_run(runs);
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{}, std::vector<std::string>{"--block", "50"}}) {
        std::vector<std::string> arguments{"sparse.h5", "loss"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const std::string script = runs.script(arguments);
        CHECK(data_of(script, "panel1_curve1") ==
              numpy("show(zip(range(1, 1000, 100), files[0]['signals/loss'][:]))", {run}));
        CHECK_THAT(script, Catch::Contains("set label 'loss' at"));
    }
}

TEST_CASE("samples more than twice as far apart as usual are not joined", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add(
        "dense.h5", {"--steps", "500", "--set",
                     "record={ coarse = { what = 'loss', every = 100, endpoints = false }, "
                     "dense = { what = 'loss', from = 301, to = 320, endpoints = false } }"});
    // Steps 1, 101, 201, 301, 302, ..., 320, 401: the usual distance is 1.
    const std::string script = runs.script({"dense.h5", "loss"});
    const Curves curve = data_of(script, "panel1_curve1");
    CHECK(without_gaps(curve) ==
          numpy("show(zip([1, 101, 201, *range(301, 321), 401], files[0]['signals/loss'][:]))",
                {run}));
    CHECK(gaps_of(curve) == std::vector<double>{51.0, 151.0, 251.0, 360.5});
    Curves lone = data_of(script, "panel1_lone1");
    REQUIRE(lone.size() == 4);
    for (std::size_t k = 0; k < 4; ++k)
        CHECK(lone[k][0] == std::vector<double>{1.0, 101.0, 201.0, 401.0}[k]);
}

TEST_CASE("blocks of what is sampled now and then stand where it was sampled, to the run's end",
          "[plot]") {
    const PlotRuns runs;
    const std::string run = sparse_run(runs);
    const Curves means = numpy(
        "mean = files[0]['signals/loss'][:].reshape(-1, 2).mean(1)\n"
        "show(zip(range(51, 1000, 200), mean))",
        {run});
    const std::string script = runs.script({"sparse.h5", "loss", "--block", "200"});
    check_near(data_of(script, "panel1_curve1"), means);
    CHECK_THAT(script, Catch::Contains("'loss, means of 200 steps'"));
    // The run has a thousand steps, so there is a block of as many, and none of more.
    CHECK(data_of(runs.script({"sparse.h5", "loss", "--block", "1000", "--steps", "1:1000"}),
                  "panel1_lone1")
              .size() == 1);
    CHECK(runs.plot({"sparse.h5", "loss", "--block", "1001", "-o", "figure.gp"}).code == 2);
    // Step 901 belongs to the block of 801, and is not drawn.
    const Curves cut = data_of(
        runs.script({"sparse.h5", "loss", "--block", "200", "--steps", "1:850"}), "panel1_curve1");
    check_near(cut, Curves(means.begin(), means.end() - 1));
}

TEST_CASE("one step of the loss is drawn", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "10"});
    const std::string script = runs.script({"run.h5", "loss", "--steps", "7", "--block", "1"});
    CHECK(data_of(script, "panel1_lone1") ==
          numpy("y = files[0]['signals/loss'][6]\nshow([[7, y, y, y]])", {run}));
    CHECK_THAT(script, Catch::Contains("set xrange [6:8]\nset xtics ('6' 6, '7' 7, '8' 8)"));
}

TEST_CASE("a run that diverged is drawn to its end, up to the largest numbers", "[plot]") {
    const PlotRuns runs;
    const Outcome failed =
        apical_in(runs.folder, {"run", path_of_shipped("dni_b"), "-q", "-o", "run.h5", "--steps",
                                "1000", "--set", "plasticity.synthetic_gradient.rate=1.0", "--set",
                                "plasticity.recurrent.rate=0.1"});
    REQUIRE(failed.code == 3);
    const std::string run = runs.folder / "run.h5";
    CHECK(data_of(runs.script({"run.h5", "loss", "--block", "1"}), "panel1_curve1") ==
          numpy("show(enumerate(files[0]['signals/loss'][:], 1))", {run}));
    python("import h5py\nh5py.File(argv[1], 'r+')['synapses/A_r/strength'][-1, 0, 0] = 1.7e308\n",
           {run});
    const Outcome matrix = runs.plot({"run.h5", "A_r", "-o", "figure.svg"});
    INFO(matrix.err);
    CHECK(matrix.code == 0);
    CHECK_THAT(content_of(runs.folder / "figure.svg"), Catch::Contains("(grey: no number)"));
}
