// Several populations that share one task's label: each is wired to, taught by or judged by a part.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Five labels: two of them are of one population, three of the other.
const std::string two_outputs = R"(
format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
task = { kind = "mimic", inputs = 3, outputs = 5, cells = 5, hold = 1 }
run = { steps = 1_000, seed = 3 }
population.input.role = "input"
population.label.role = "label"
population.near = { size = 2, activation = "linear", dendrites = ["target"] }
population.far = { size = 3, activation = "linear", dendrites = ["target"] }
synapses.W_near = { from = "input", to = "near.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_far = { from = "input", to = "far.soma", during = "forward", init = { normal = 1.0 } }
rule.towards = { parameters = { rate = 0.1 }, equations = "w += rate * (post.target.v - post.r) * pre.r" }
plasticity.near = { rule = "towards", synapses = ["W_near"] }
plasticity.far = { rule = "towards", synapses = ["W_far"] }
)";
const std::string wires = R"(
wire.near = { from = "label[0:2]", to = "near.target", gain = 0.5, during = "forward" }
wire.far = { from = "label[2:5]", to = "far.target", during = "forward" }
)";

void rejects_part(const std::string& lines, const std::vector<std::string>& phrases) {
    rejects_text(two_outputs + lines, phrases);
}

}  // namespace

TEST_CASE("a wire from a part of the label carries the numbers of these cells", "[wires][parts]") {
    SteppedModel sim(model_of_text(two_outputs + wires));
    for (int step = 0; step < 5; ++step) {
        const Matrix near = sim.matrix("W_near"), far = sim.matrix("W_far");
        sim.step();
        const Vector label = sim.vector("label.r"), x = sim.vector("input.r");
        REQUIRE((label.array() != 0.0).all());
        REQUIRE(sim.vector("near.target.v") == Vector(0.5 * label.head(2)));
        REQUIRE(sim.vector("far.target.v") == Vector(label.tail(3)));
        const Matrix learnt = near + 0.1 * (0.5 * label.head(2) - near * x) * x.transpose();
        REQUIRE(distance(sim.matrix("W_near"), learnt) <= 1e-14);
        const Matrix learnt_far = far + 0.1 * (label.tail(3) - far * x) * x.transpose();
        REQUIRE(distance(sim.matrix("W_far"), learnt_far) <= 1e-14);
    }
    const std::vector<std::string> lines = listed(sim.model.program, "wire.");
    CHECK(lines.size() == 2);
    for (const char* line : {"transmit near.target.v = 0.5 label.r[0:2] (one to one)",
                             "transmit far.target.v = label.r[2:5] (one to one)"})
        CHECK(std::count(lines.begin(), lines.end(), line) == 1);
}

// A part that ends within the eight numbers of a vector register must not reach what pads it.
TEST_CASE("two parts of the label add up in one compartment, and nothing else does",
          "[wires][parts]") {
    SteppedModel sim(model_of_text(two_outputs + R"(
wire.near = { from = "label[1:3]", to = "near.target", during = "forward" }
wire.too = { from = "label[3:5]", to = "near.target", gain = -2.0, during = "forward" }
wire.far = { from = "label[0:3]", to = "far.target", during = "forward" }
)"));
    sim.step(3);
    const Vector label = sim.vector("label.r");
    REQUIRE(distance(sim.vector("near.target.v"),
                     Vector(label.segment(1, 2) - 2.0 * label.segment(3, 2))) <= 1e-15);
    const SlotId slot = sim.find("near.target.v");
    const std::span<const double> all = sim.state.numbers(slot);
    REQUIRE(all.size() > 2);
    CHECK(std::all_of(all.begin() + 2, all.end(), [](double pad) { return pad == 0.0; }));
}

TEST_CASE("a part of the label of last step is carried with a delay", "[wires][parts]") {
    SteppedModel sim(model_of_text(two_outputs + R"(
wire.near = { from = "label[0:2]", to = "near.target", during = "forward", delay = 1 }
wire.far = { from = "label[2:5]", to = "far.target", during = "forward" }
)"));
    sim.step(2);
    const Vector label = sim.vector("label.r");
    sim.step();
    CHECK(sim.vector("near.target.v") == Vector(label.head(2)));
}

TEST_CASE("populations are taught by their parts of one label", "[teach][parts]") {
    SteppedModel sim(model_of_text(two_outputs + wires + R"(
teach.near = { cells = "near", from = "label[0:2]", as = "nudge", strength = 0.5, during = "update" }
teach.far = { cells = "far", from = "label[2:5]", as = "clamp", during = "update" }
)"));
    const Matrix near = sim.matrix("W_near");
    sim.step();
    const Vector label = sim.vector("label.r"), before = near * sim.vector("input.r");
    // strength (target - r), r the rate of before
    REQUIRE(distance(sim.vector("near.r"), Vector(0.5 * (label.head(2) - before))) <= 1e-15);
    REQUIRE(sim.vector("far.r") == Vector(label.tail(3)));
}

TEST_CASE("the loss of a population is taken against its part of the label", "[loss][parts]") {
    SteppedModel sim(model_of_text(two_outputs + wires +
                                   "loss = { of = \"far.r\", against = \"label[2:5]\" }\n"));
    for (int step = 0; step < 3; ++step) {
        const Matrix far = sim.matrix("W_far");
        sim.step();
        const Vector off = far * sim.vector("input.r") - sim.vector("label.r").tail(3);
        REQUIRE(std::abs(sim.matrix("loss")(0, 0) - 0.5 * off.squaredNorm() / 3.0) <= 1e-14);
    }
}

TEST_CASE("ranges of cells that cannot be are told at their column", "[wires][parts][model]") {
    const auto wire = [](const std::string& from, const std::vector<std::string>& phrases) {
        rejects_part("wire.near = { from = \"" + from +
                         "\", to = \"near.target\", during = \"forward\" }\n"
                         "wire.far = { from = \"label[2:5]\", to = \"far.target\", during = "
                         "\"forward\" }\n",
                     phrases);
    };
    wire("label@[0:3]", {"\"label[0:3]\" has 3 cells, \"near\" 2; a wire joins one to one"});
    wire("label@[4:6]", {"\"label[4:6]\" ends behind the last of 5 cells", "at most 5"});
    wire("label@[2:2]", {"\"label[2:2]\" has no cells"});
    wire("label@[3:1]", {"\"label[3:1]\" has no cells"});
    for (const char* range : {"[0]", "[0:2", "[:2]", "[0:]", "[-1:2]", "[0:2]x", "[a:b]", "[]",
                              "[0:99999999999999999999]"})
        wire(std::string("label@") + range, {"is no range of cells", "as in \"label[0:2]\""});
    wire("far@[0:2]", {"\"far[0:2]\" is a part of cells that the circuit makes"});
    rejects_part(
        "wire.near = { from = @\"lable[0:2]\", to = \"near.target\", during = \"forward\" }\n"
        "wire.far = { from = \"label[2:5]\", to = \"far.target\", during = \"forward\" }\n",
        {"no population \"lable\"", "Did you mean \"label\"?"});
    rejects_part(wires +
                     "teach.near = { cells = \"near\", from = \"label@[2:5]\", as = \"clamp\", "
                     "during = \"update\" }\n",
                 {"\"label[2:5]\" has 3 cells, \"near\" 2"});
    rejects_part(wires + "loss = { of = \"far.r\", against = \"label@[0:2]\" }\n",
                 {"\"far\" has 3 cells, \"label[0:2]\" 2; a loss compares one to one"});
    rejects_part(wires + "loss = { of = \"far.r\", against = \"label@[3:7]\" }\n",
                 {"ends behind the last of 5 cells"});
}

TEST_CASE("ranges that --set gives are told with their character", "[wires][parts][model]") {
    const auto error =
        error_of([] { model_of_text(two_outputs + wires, {"wire.near.from=\"label[0:9]\""}); });
    REQUIRE(error);
    CHECK_THAT(error->what(), Catch::Contains("\"label[0:9]\" ends behind the last of 5 cells"));
}
