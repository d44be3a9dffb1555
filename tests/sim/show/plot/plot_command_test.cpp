// What the command writes, and what it refuses.
#include <map>

#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

TEST_CASE("the ending of the file decides what is made, and a figure of that name is replaced",
          "[plot]") {
    const PlotRuns runs;
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

TEST_CASE("a PNG says that it has 300 dots to the inch", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "20"});
    REQUIRE(runs.plot({"run.h5", "loss", "-o", "figure.png"}).code == 0);
    // All chunks, as the format has them: length, name, content, CRC of name and content.
    CHECK(python("import struct, zlib\nb, at, found = open(argv[1], 'rb').read(), 8, {}\n"
                 "while at < len(b):\n"
                 "    size, name = struct.unpack('>I4s', b[at:at + 8])\n"
                 "    found[name] = b[at + 8:at + 8 + size]\n"
                 "    crc, = struct.unpack('>I', b[at + 8 + size:at + 12 + size])\n"
                 "    assert crc == zlib.crc32(name + found[name])\n"
                 "    at += 12 + size\n"
                 "width, = struct.unpack('>I', found[b'IHDR'][:4])\n"
                 "x, y, unit = struct.unpack('>IIB', found[b'pHYs'])\n"
                 "print(unit, x == y == round(300 / 0.0254), round(width / x * 100, 2))",
                 {runs.folder / "figure.png"}) == "1 True 8.6\n");  // metres; cm
}

TEST_CASE("the script alone makes the figure", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "20"});
    runs.script({"run.h5", "loss", "W_out"});
    const Outcome outcome = Running(runs.folder, {"gnuplot", "-d", "figure.gp"}).wait();
    CHECK(outcome.code == 0);
    CHECK_THAT(content_of(runs.folder / "figure.svg"), Catch::Contains("</svg>"));
}

TEST_CASE("quotes and backquotes in a run's name are drawn, and nothing else", "[plot]") {
    const PlotRuns runs;
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
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "10"});
    const Outcome outcome = Running(runs.folder, {"/usr/bin/env", "PATH=", tested_program, "plot",
                                                  "run.h5", "loss", "-o", "figure.svg"})
                                .wait();
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.err, Catch::Contains("gnuplot-nox"));
    for (const auto& entry : std::filesystem::directory_iterator(runs.folder.path()))
        CHECK_THAT(entry.path().filename().string(), !Catch::StartsWith("figure"));
}

namespace {

struct PlotMistake {
    std::vector<std::string> arguments;
    int code;
    std::vector<std::string> phrases;
};

}  // namespace

TEST_CASE("what cannot be drawn is answered with what could", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "60"});
    runs.add("short.h5", {"--steps", "10"});
    runs.add("large.h5", {"--steps", "60", "--set", "population.hidden.size=33"});
    runs.folder.write("text.h5", "this is no run");
    std::filesystem::create_directory(runs.folder / "folder.h5");
    const std::vector<PlotMistake> mistakes{
        {{"run.h5", "hidden.apical.w"},
         65,
         {"\"hidden.apical.w\" was not recorded", "W_rec", "Did you mean \"hidden.apical.v\"?"}},
        {{"run.h5", "hidden.r", "--steps", "55:70"}, 2, {"--steps 55:70", "ends with step 60"}},
        {{"run.h5", "hidden.r", "--steps", "55:59"},
         2,
         {"was not sampled in steps 55 to 59", "steps 0 to 60"}},
        {{"run.h5", "hidden.r", "--steps", "50:40"},
         2,
         {"--steps 50:40: expected a range of steps"}},
        {{"run.h5", "hidden.r", "--steps", "-1:40"}, 2, {"--steps -1:40"}},
        {{"run.h5", "W_rec", "--at", "55"}, 2, {"--at 55", "50 before it"}},
        {{"run.h5", "loss", "--at", "5"}, 2, {"--at is the step of a matrix", "--steps A:B"}},
        {{"run.h5", "W_rec", "--steps", "1:5"}, 2, {"--steps is of curves", "--at STEP"}},
        {{"run.h5", "W_rec", "--cells", "0:4"}, 2, {"--cells: \"W_rec\" is a matrix"}},
        {{"run.h5", "loss", "--cells", "0:4"}, 2, {"--cells: nothing that is drawn has cells"}},
        {{"run.h5", "hidden.r", "--cells", "32:34"}, 2, {"--cells 32:34", "32 cells, 0 to 31"}},
        {{"run.h5", "hidden.r", "--cells", "0:32"}, 2, {"cannot be told apart", "fewer --cells"}},
        {{"run.h5", "hidden.r", "--block", "5"}, 2, {"--block"}},
        {{"run.h5", "loss", "--block", "61"}, 2, {"--block 61", "only 60 steps are drawn"}},
        {{"run.h5", "loss", "--steps", "7", "--block", "9223372036854775807"},
         2,
         {"only 1 steps are drawn"}},
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
        {{"folder.h5", "loss"}, 65, {"folder.h5: is a folder, and no run file"}},
        {{"none.h5", "loss"}, 66, {"none.h5: there is no such run file"}},
        {{"loss"}, 2, {"expected at least one run file"}},
        {{"run.h5"}, 2, {"expected an address"}},
        {{"run.h5", "loss", "--width", "2"}, 2, {"--width 2", "4 to 100"}},
        {{"run.h5", "loss", "--width", "4"}, 2, {"--width 4", "too little room"}},
        {{"short.h5", "run.h5", "loss", "--steps", "1:70"}, 2, {"run.h5 ends with step 60"}},
    };
    for (const PlotMistake& mistake : mistakes) {
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
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "3000"});
    const Outcome outcome = runs.plot({"run.h5", "hidden.r", "-o", "figure.svg"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("not sampled in every step from 1 to 3000") &&
                                Catch::Contains("--steps 1:50") && Catch::Contains("--phase"));
}

TEST_CASE("a figure that cannot be written, or of no known kind, is refused", "[plot]") {
    const PlotRuns runs;
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

TEST_CASE("more runs than colours and dashes are refused, and as many as these are not", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("0.h5", {"--steps", "10"});
    std::vector<std::string> words{"0.h5"};
    for (int k = 1; k < 25; ++k) {
        words.push_back(fmt::format("{}.h5", k));
        std::filesystem::create_hard_link(run, runs.folder / words.back());
    }
    words.insert(words.end(), {"loss", "-o", "figure.gp"});
    const Outcome outcome = runs.plot(words);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("25 curves of \"loss\"") &&
                                Catch::Contains("6 colours and 4 dashes") &&
                                Catch::Contains("--mean"));
    words.erase(words.begin());
    CHECK(runs.plot(words).code == 0);
}

TEST_CASE("a figure's name may be any that a file can have", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "10"});
    const std::string name = "f\t\xff.svg";
    const Outcome outcome = runs.plot({"run.h5", "loss", "-o", name});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(content_of(runs.folder / name), Catch::Contains("</svg>"));
    for (const auto& entry : std::filesystem::directory_iterator(runs.folder.path())) {
        const std::string found = entry.path().filename().string();
        CHECK((found == name || !found.starts_with("f")));
    }
}

TEST_CASE("a disk that is full is an output error, and nothing is left behind", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "10"});
    // At most 1 kB a file.
    const std::string limited =
        fmt::format("trap '' XFSZ; ulimit -f 1; exec env {} '{}' plot run.h5 loss -o figure.gp",
                    without_counts, tested_program);
    const Outcome outcome = Running(runs.folder, {"/bin/bash", "-c", limited}).wait();
    CHECK(outcome.code == 74);
    CHECK_THAT(outcome.err, Catch::Contains("cannot write \"figure.gp\": File too large"));
    for (const auto& entry : std::filesystem::directory_iterator(runs.folder.path()))
        CHECK_THAT(entry.path().filename().string(), !Catch::StartsWith("figure"));
}

TEST_CASE("a file whose steps cannot be is called damaged", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "10"});
    python(
        "import h5py, shutil\n"
        "for k, row, step in ((0, 0, -3), (1, 4, 2), (2, 9, 2**62)):\n"
        "    path = shutil.copy(argv[1], argv[1] + str(k))\n"
        "    h5py.File(path, 'r+')['signals/loss'].dims[0]['step'][row] = step\n",
        {run});
    for (const char* damaged : {"run.h50", "run.h51", "run.h52"}) {
        const Outcome outcome = runs.plot({damaged, "loss", "-o", "figure.gp"});
        INFO(damaged << ": " << outcome.err);
        CHECK(outcome.code == 65);
        CHECK_THAT(outcome.err, Catch::Contains(": is damaged: "));
    }
}

TEST_CASE("the answer that docs/plots.md quotes is what the program says", "[plot][docs]") {
    const PlotRuns runs;
    std::filesystem::create_directory(runs.folder / "runs");
    runs.add("runs/figures.h5", {});
    std::istringstream page(content_of(APICAL_SOURCE_DIR "/docs/plots.md"));
    int found = 0;
    for (std::string line, answer; std::getline(page, line);) {
        if (!line.starts_with("$ ./apical plot ")) continue;
        std::getline(page, answer);
        INFO(line);
        const std::string command = tested_program + line.substr(std::string("$ ./apical").size());
        const Outcome outcome = Running(runs.folder, {"/bin/bash", "-c", command}).wait();
        CHECK(outcome.err == answer + "\n");
        ++found;
    }
    CHECK(found == 1);
}

TEST_CASE("a file without the times of phases is called damaged, unless its model has them",
          "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "10"});
    python(
        "import h5py\nfile = h5py.File(argv[1], 'r+')\n"
        "for axis in file['axes'].values():\n"
        "    if isinstance(axis, h5py.Group) and 'time_ms' in axis: del axis['time_ms']\n",
        {run});
    const Outcome trace = runs.plot({"run.h5", "hidden.r", "-o", "figure.gp"});
    INFO(trace.err);
    CHECK((trace.code == 0 || trace.code == 65));
    if (trace.code == 65) CHECK_THAT(trace.err, Catch::Contains("how long its phases last"));
    CHECK(runs.plot({"run.h5", "loss", "-o", "figure.gp"}).code == 0);
}
