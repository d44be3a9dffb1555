// Products of matrices that are split over phases, copies and relays, and circuits that send one
// vector many times: criterion iv of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

constexpr int split_columns = 5;

// The phases of the honest circuit, and one more for each column.
std::string phases(const std::string& more, int count = split_columns) {
    std::string text = "phase=[{ name = \"forward\", ms = 6.0 }";
    for (int k = 0; k < count; ++k)
        text += ", { name = \"" + more + std::to_string(k) + "\", ms = 1.0 }";
    return text + ", { name = \"update\", ms = 4.0 }]";
}

std::string set(const std::string& name, const std::string& from, const std::string& to,
                const std::string& during, const std::string& init) {
    return "synapses." + name + " = { from = \"" + from + "\", to = \"" + to +
           ".soma\", during = \"" + during + "\", init = " + init + " }\n";
}

std::string cells(const std::string& name, const std::string& more = "") {
    return "population." + name + " = { size = 5" + more + " }\n";
}

const std::string drawn = "{ normal = 0.5 }", one_to_one = "{ identity = 1.0 }";

}  // namespace

TEST_CASE("a product of matrices split over a set and its copy is found", "[audit][cheat]") {
    for (const char* start : {"{ copy = \"S\" }", "{ copy = \"T\" }"}) {
        std::string lines = cells("x") + cells("z") + cells("y", ", activation = \"linear\"");
        for (int k = 0; k < split_columns; ++k) {
            const std::string step = std::to_string(k);
            lines += set("I" + step, "input", "x", "p" + step, drawn);
        }
        lines += "synapses.S = { from = \"x\", to = \"z.soma\", during = \"p0\", init = " + drawn +
                 ", again = [{ to = \"z.soma\", during = \"p1\" }] }\n";
        lines += "synapses.T = { from = \"x\", to = \"y.soma\", during = \"p2\", init = " +
                 std::string("{ copy = \"S\" }") +
                 ", again = [{ to = \"y.soma\", during = \"p3\" }] }\n";
        lines += "synapses.U = { from = \"x\", to = \"y.soma\", during = \"p4\", init = " +
                 std::string(start) + " }\n";
        Draft(lines, {phases("p")}).circuit_is_caught(Criterion::no_matrix_product, "S");
    }
}

TEST_CASE("a product of matrices split over cells that one matrix reaches by relays is found",
          "[audit][cheat]") {
    std::string lines = cells("x");
    for (int k = 0; k < split_columns; ++k) {
        const std::string i = std::to_string(k);
        lines +=
            cells("u" + i) + cells("relay" + i, ", activation = \"linear\"") +
            cells("y" + i, ", activation = \"linear\"") +
            set("I" + i, "input", "u" + i, "forward", drawn) +
            set("R" + i, "u" + i, "relay" + i, "forward", one_to_one) +
            set("S" + i, "relay" + i, "y" + i, "forward", k == 0 ? drawn : "{ copy = \"S0\" }");
    }
    lines += set("X", "input", "x", "forward", drawn);
    Draft(lines).circuit_is_caught(Criterion::no_matrix_product, "S0");
}

TEST_CASE("columns that leave a little of the last one in cells that leak are distinct",
          "[audit][cheat]") {
    std::string lines = cells("x", ", alpha = 0.9") + cells("z"), again;
    for (int k = 0; k < split_columns; ++k) {
        const std::string i = std::to_string(k);
        lines += set("I" + i, "input", "x", "p" + i, drawn);
        if (k > 0)
            again +=
                std::string(k > 1 ? ", " : "") + "{ to = \"z.soma\", during = \"p" + i + "\" }";
    }
    lines += "synapses.S = { from = \"x\", to = \"z.soma\", during = \"p0\", init = " + drawn +
             ", again = [" + again + "] }\n";
    Draft(lines, {phases("p")}).circuit_is_caught(Criterion::no_matrix_product, "S");
}

// ---- one vector, many times

namespace {

std::string repeated(const std::string& to, int count) {
    std::string again;
    for (int k = 0; k < count; ++k) {
        again += std::string(k ? ", " : "") + "{ to = \"" + to + "\", during = \"s" +
                 std::to_string(k) + "\" }";
    }
    return "again = [" + again + "]";
}

}  // namespace

TEST_CASE("a vector that is sent in many phases is one vector", "[audit][innocent]") {
    Draft(cells("pc") + "synapses.hp = { from = \"hidden\", to = \"pc.soma\", init = " + drawn +
              ", " + repeated("pc.soma", 9) + " }\n",
          {phases("s", 9),
           "gate.perisomatic.during=[\"forward\", \"s0\", \"s1\", \"s2\", \"s3\", "
           "\"s4\", \"s5\", \"s6\", \"s7\", \"s8\"]"})
        .is_innocent();
}

TEST_CASE("cells that settle through the same synapses for many phases pass", "[audit][innocent]") {
    // Two populations that excite and inhibit each other until they rest.
    Draft(cells("e", ", alpha = 0.3") + cells("i", ", alpha = 0.3") +
              "synapses.X = { from = \"input\", to = \"e.soma\", during = \"forward\", init = " +
              drawn + ", " + repeated("e.soma", 9) + " }\n" +
              "synapses.EI = { from = \"e\", to = \"i.soma\", during = \"forward\", init = " +
              drawn + ", " + repeated("i.soma", 9) + " }\n" +
              "synapses.IE = { from = \"i\", to = \"e.soma\", during = \"forward\", delay = 1, "
              "init = "
              "{ normal = 0.1 } }\n",
          {phases("s", 9)})
        .is_innocent();
}
