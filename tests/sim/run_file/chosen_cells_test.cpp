// Some cells of what is recorded, and wildcards in what is.
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

using Numbers = std::vector<double>;
using Cells = std::vector<std::size_t>;

Model recording(const std::string& record, const std::string& path) {
    Model model = load_model(path_of_shipped("dni_b"), {"run.steps=30", "record=" + record});
    model.output = path;
    return model;
}

std::string refusal(const std::string& record) {
    const Outcome outcome =
        apical_with({"check", path_of_shipped("dni_b"), "--set", "record=" + record});
    CHECK(outcome.code == 65);
    return outcome.err;
}

std::vector<std::string> chosen_by(const std::string& pattern) {
    const TemporaryFolder folder;
    const std::string path = folder / "run.h5";
    run_model(recording("{ one = { what = \"" + pattern + "\", endpoints = false } }", path));
    const StoredRun run(path);
    std::vector<std::string> addresses;
    for (const StoredQuantity& one : run.quantities())
        if (run.axes()[one.axis].name == "one") addresses.push_back(one.address);
    std::sort(addresses.begin(), addresses.end());
    return addresses;
}

struct Chosen {
    TemporaryFolder folder;
    std::string path = folder / "some.h5", all_path = folder / "all.h5";
    const std::string what =
        "what = [\"hidden.r\", \"hidden.apical.v\", \"W_rec\", \"W_in\", \"loss\"]";
    const std::string some = "{ some = { " + what +
                             ", every = 3, cells = { hidden = [30, 0, 5, \"10:13\"] }, pre = { "
                             "hidden = [1, \"8:10\"] } } }";
    const Cells cells{0, 5, 10, 11, 12, 30}, pre{1, 8, 9};

    Chosen() {
        run_model(recording(some, path));
        run_model(recording("{ some = { " + what + ", every = 3 } }", all_path));
    }
};

}  // namespace

TEST_CASE("wildcards choose what they name", "[recorder][wildcards]") {
    using Names = std::vector<std::string>;
    CHECK(chosen_by("W_*") == Names{"W_in", "W_out", "W_rec"});
    CHECK(chosen_by("gate.*") == Names{"gate.disinhibition", "gate.perisomatic"});
    CHECK(chosen_by("hidden.*") == Names{"hidden.apical.v", "hidden.bootstrap.v",
                                         "hidden.feedback.v", "hidden.forecast.v", "hidden.r",
                                         "hidden.soma.v"});
    CHECK(chosen_by("*.r") ==
          Names{"error.r", "hidden.r", "input.r", "label.r", "one.r", "output.r"});
}

TEST_CASE("a wildcard that names nothing is refused, with the nearest name",
          "[recorder][wildcards]") {
    CHECK_THAT(refusal("{ a = { what = \"hiden.*\" } }"),
               Catch::Contains("\"hiden.*\" is nothing that can be recorded") &&
                   Catch::Contains("Did you mean \"hidden."));
}

TEST_CASE_METHOD(Chosen, "of chosen cells are recorded the numbers that all have there",
                 "[recorder][cells]") {
    const StoredRun run(path), all(all_path);
    const StoredQuantity& rate = run.find("hidden.r");
    CHECK(rate.row == Cells{2, 6});
    CHECK(rate.chosen == std::vector<Cells>{{}, cells});
    const Numbers there = run.read(rate, 0, rate.rows),
                  whole = all.read(all.find("hidden.r"), 0, rate.rows);
    for (std::uint64_t row = 1; row < rate.rows; ++row) {
        for (std::size_t p = 0; p < 2; ++p) {
            for (std::size_t k = 0; k < cells.size(); ++k)
                CHECK(there[(row * 2 + p) * 6 + k] == whole[(row * 2 + p) * 32 + cells[k]]);
        }
    }
}

TEST_CASE_METHOD(Chosen, "of a matrix are recorded the rows of chosen cells and chosen columns",
                 "[recorder][cells]") {
    const StoredRun run(path), all(all_path);
    const StoredQuantity& chosen = run.find("W_rec");
    CHECK(chosen.row == Cells{6, 3});
    CHECK(chosen.chosen == std::vector<Cells>{cells, pre});
    CHECK(run.find("W_in").row == Cells{6, 2});
    const Numbers numbers = run.read(chosen, 0, chosen.rows),
                  whole = all.read(all.find("W_rec"), 0, chosen.rows);
    for (std::uint64_t row = 0; row < chosen.rows; ++row) {
        for (std::size_t i = 0; i < 6; ++i) {
            for (std::size_t j = 0; j < 3; ++j)
                CHECK(numbers[(row * 6 + i) * 3 + j] == whole[(row * 32 + cells[i]) * 32 + pre[j]]);
        }
    }
}

TEST_CASE_METHOD(Chosen, "h5py finds the numbers of chosen cells in their scale",
                 "[recorder][cells]") {
    const std::string out = python(
        "import h5py\n"
        "run = h5py.File(argv[1])\n"
        "print(list(run['state/hidden/rate'].dims[2]['cell'][:]))\n"
        "print(list(run['synapses/W_rec/strength'].dims[1]['post'][:]))\n"
        "print(list(run['synapses/W_rec/strength'].dims[2]['pre'][:]))\n",
        {path});
    CHECK(out == "[0, 5, 10, 11, 12, 30]\n[0, 5, 10, 11, 12, 30]\n[1, 8, 9]\n");
}

TEST_CASE_METHOD(Chosen, "readers name chosen cells as the model does", "[inspect][cells]") {
    const std::string table = apical_in(folder, {"export", "some.h5", "--csv", "-", "--what",
                                                 "hidden.r", "--cells", "5,30"})
                                  .out;
    CHECK(table.starts_with("step,phase,hidden.r[5],hidden.r[30]\n"));
    const Outcome missing = apical_in(
        folder, {"export", "some.h5", "--csv", "-", "--what", "hidden.r", "--cells", "4"});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, Catch::Contains("has recorded cells 0, 5, 10, 11, 12, 30"));
    const Outcome twice =
        apical_in(folder, {"inspect", "some.h5", "--at", "4", "--cells", "5,0:6"});
    CHECK(twice.code == 2);
    CHECK_THAT(twice.err, Catch::Contains("the cell 5 is named twice"));
    CHECK(apical_in(folder, {"inspect", "some.h5", "--at", "4", "--cells", "5,30"}).code == 0);
    CHECK(apical_in(folder, {"view", "some.h5", "-o", "page.html"}).code == 0);
    CHECK(apical_in(folder, {"export", "some.h5", "--sonata", "folder"}).code == 0);
}

TEST_CASE_METHOD(Chosen, "a cell of a matrix that was not recorded is told by its side",
                 "[inspect][cells]") {
    const auto refused = [&](const char* cell) {
        const Outcome outcome = apical_in(
            folder, {"export", "some.h5", "--csv", "-", "--what", "W_rec", "--cells", cell});
        CHECK(outcome.code == 2);
        return outcome.err;
    };
    CHECK_THAT(refused("5"), Catch::Contains("\"W_rec\" has recorded presynaptic cells 1, 8, 9"));
    CHECK_THAT(refused("1"),
               Catch::Contains("\"W_rec\" has recorded postsynaptic cells 0, 5, 10, 11, 12, 30"));
}

TEST_CASE_METHOD(Chosen, "inspect --at names the recorded cells, and refuses others",
                 "[inspect][cells]") {
    const auto at_4 = [&](const std::vector<std::string>& more) {
        std::vector<std::string> all{"inspect", "some.h5", "--at", "4"};
        all.insert(all.end(), more.begin(), more.end());
        return apical_in(folder, all);
    };
    const Outcome none = at_4({"--cells", "6"});
    CHECK(none.code == 2);
    CHECK(none.out.empty());
    CHECK_THAT(none.err, Catch::Contains("--cells 6: \"hidden.") &&
                             Catch::Contains("\" has recorded cells 0, 5, 10, 11, 12, 30"));
    CHECK(at_4({"--cells", "5,6"}).code == 2);
    const std::string heading = fmt::format("  {:<34}{:>10}{:>10}\n", "cell", 5, 30);
    CHECK_THAT(at_4({"--cells", "5,30"}).out, Catch::Contains(heading + "  hidden."));
    const std::string all =
        fmt::format("  {:<34}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "cell", 0, 5, 10, 11, 12, 30);
    CHECK_THAT(at_4({}).out, Catch::Contains(all));
    CHECK_THAT(at_4({"--json"}).out, Catch::Contains("\"cells\": {"));
    CHECK_THAT(apical_in(folder, {"inspect", "all.h5", "--at", "4"}).out,
               !Catch::Contains(" cell "));
}

TEST_CASE_METHOD(Chosen, "a figure and a page number chosen cells as the model does",
                 "[plot][view][cells]") {
    REQUIRE(apical_in(folder, {"plot", "some.h5", "W_rec", "-o", "m.svg"}).code == 0);
    const std::string figure = content_of(folder / "m.svg");
    std::size_t at = 0;  // rows from above, then columns
    for (const int cell : {0, 5, 10, 11, 12, 30, 1, 8, 9}) {
        INFO(cell);
        at = figure.find(fmt::format(">{}</text>", cell), at + 1);
        CHECK(at != std::string::npos);
    }
    REQUIRE(apical_in(folder, {"view", "some.h5", "--cells", "11:31", "-o", "part.html"}).code ==
            0);
    const std::string page = content_of(folder / "part.html");
    CHECK_THAT(page, Catch::Contains("\"first_cell\": 3,") && Catch::Contains("\"cells\": 3,"));
    CHECK_THAT(apical_in(folder, {"view", "some.h5", "--cells", "31:40", "-o", "-"}).err,
               Catch::Contains("the largest has 31 cells"));
}

TEST_CASE("inspect --at shows as many of the recorded cells as of all", "[inspect][cells]") {
    const TemporaryFolder folder;
    run_model(recording(
        "{ a = { what = [\"hidden.r\", \"input.r\"], cells = { hidden = [\"20:32\"] } } }",
        folder / "run.h5"));
    const std::string out = apical_in(folder, {"inspect", "run.h5", "--at", "4"}).out;
    std::string first, two;
    for (int cell = 20; cell < 28; ++cell) first += fmt::format(" {:>9}", cell);
    for (int cell = 0; cell < 2; ++cell) two += fmt::format(" {:>9}", cell);
    CHECK_THAT(out, Catch::Contains(first + "\n  hidden.r "));
    CHECK_THAT(out, Catch::Contains(two + "\n  input.r "));  // all of them are there
    const Outcome other = apical_in(folder, {"inspect", "run.h5", "--at", "4", "--cells", "1"});
    CHECK(other.code == 0);
    CHECK_THAT(other.out,
               Catch::Contains(fmt::format("  {:<28} {:<5} not recorded\n", "hidden.r", "r")));
}

TEST_CASE("cells that cannot be recorded are refused", "[recorder][cells]") {
    const auto table = [](const std::string& cells) {
        return "{ a = { what = \"hidden.r\", " + cells + " } }";
    };
    CHECK_THAT(refusal(table("cells = { hidden = [32] }")),
               Catch::Contains("has the cells 0 to 31"));
    CHECK_THAT(refusal(table("cells = { hidden = [\"30:40\"] }")),
               Catch::Contains("has the cells 0 to 31"));
    CHECK_THAT(refusal(table("cells = { hidden = [-1] }")),
               Catch::Contains("has the cells 0 to 31"));
    CHECK_THAT(refusal(table("cells = { hidden = [3, 3] }")),
               Catch::Contains("names the cell 3 twice"));
    CHECK_THAT(refusal(table("cells = { hidden = [3, \"2:5\"] }")),
               Catch::Contains("names the cell 3 twice"));
    CHECK_THAT(refusal(table("cells = { hidden = [] }")), Catch::Contains("names no cell"));
    CHECK_THAT(refusal(table("cells = { hidden = [1.5] }")),
               Catch::Contains("expected a list of cells"));
    CHECK_THAT(refusal(table("cells = { hiden = [1] }")),
               Catch::Contains("Did you mean \"hidden\"?"));
    CHECK_THAT(refusal(table("cells = { output = [0] }")),
               Catch::Contains("records nothing that has its cells in \"output\""));
    CHECK_THAT(refusal(table("pre = { hidden = [0] }")),
               Catch::Contains("records nothing that has its presynaptic cells in \"hidden\""));
    CHECK_THAT(refusal("{ a = { what = \"hidden.r\", cells = { hidden = [1] } }, b = { what = "
                       "\"hidden.r\" } }"),
               Catch::Contains("[record.a] and [record.b] choose different cells of \"hidden.r\""));
}

TEST_CASE("a run of chosen cells goes on as if it had never stopped", "[checkpoint][cells]") {
    const TemporaryFolder folder;
    Model model =
        load_model(path_of_shipped("dni_b"),
                   {"run.steps=60", "checkpoint={ every = 13, minutes = 0, keep = 99 }",
                    "record={ a = { what = \"*\", every = 4, cells = { hidden = [2, 9] } } }"});
    model.output = folder / "whole.h5";
    run_model(model);
    leave_killed(model.output, 26, folder / "killed.h5");
    resumed(folder / "killed.h5");
    CHECK(content_of(folder / "killed.h5") == content_of(model.output));
}
