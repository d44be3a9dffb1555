// Second networks kept like the first, however their start is spelled and whatever else drives
// them: criterion vi of Marschall, Cho & Savin (2019). What is the same is decided by numbers.
#include <random>

#include "sim/engine/initial_strengths.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"

using namespace apical;

namespace {

// A noisy copy of the hidden cells: their sets, and jitter of its own.
std::string twin(const std::string& recurrent, const std::string& input,
                 const std::string& more = "") {
    return "population.twin = { like = \"hidden\", dendrites = [] }\n"
           "synapses.V_rec = { from = \"twin\", to = \"twin.soma\", during = \"forward\", delay = "
           "1, init = " +
           recurrent +
           " }\n"
           "synapses.V_in = { from = \"input\", to = \"twin.soma\", during = \"forward\", init = " +
           input +
           " }\n"
           "population.jitter = { size = 5, activation = \"linear\" }\n"
           "synapses.jitter_in = { from = \"input\", to = \"jitter.soma\", during = \"forward\", "
           "init = { normal = 1.0 } }\n"
           "synapses.jitter = { from = \"jitter\", to = \"twin.soma\", during = \"forward\", init "
           "= "
           "{ identity = 0.001 } }\n" +
           more;
}

void is_twin(const std::string& lines, const std::vector<std::string>& overrides = {}) {
    Draft(lines, overrides).circuit_is_caught(Criterion::no_copy_of_network, "twin");
}

// Datasets of a folder that lives as long as the test.
struct Data {
    Data() {
        std::mt19937 draw(7);
        std::normal_distribution<double> normal;
        std::vector<double> W(25), W_in(25), near(25), scaled(25), offset(25);
        for (std::size_t k = 0; k < W.size(); ++k) {
            W[k] = normal(draw);
            W_in[k] = normal(draw);
            near[k] = W[k] + 1e-9 * normal(draw);
            scaled[k] = W[k] * (1.0 + 1e-6);
            offset[k] = W[k] + 1e-10;
        }
        std::vector<double> transposed(25), wide(50);
        for (std::size_t i = 0; i < 5; ++i) {
            for (std::size_t j = 0; j < 5; ++j) {
                transposed[5 * j + i] = W[5 * i + j];
                wide[10 * i + 5 + j] = W[5 * i + j];
            }
        }
        const std::vector<std::pair<std::string, std::vector<double>>> all = {
            {"W", W},
            {"again", W},
            {"W_in", W_in},
            {"near", near},
            {"scaled", scaled},
            {"offset", offset},
            {"transposed", transposed}};
        for (const auto& [name, numbers] : all) file.write(name, {5, 5}, numbers);
        file.write("wide", {5, 10}, wide);
        file.close();
    }

    std::string init(const std::string& dataset, const std::string& more = "") const {
        return "{ file = \"" + file.directory() + "/" + file.name() + "\", dataset = \"" + dataset +
               "\"" + more + " }";
    }
    std::vector<std::string> hidden() const {
        return {"synapses.W_rec.init=" + init("W"), "synapses.W_in.init=" + init("W_in")};
    }

    TemporaryHdf5 file;
};

}  // namespace

TEST_CASE("a twin is one whatever the original has besides, of any strength", "[audit][cheat]") {
    for (const char* strength : {"1e-12", "1e-3", "0.5", "100.0"}) {
        INFO(strength);
        is_twin(twin("{ copy = \"W_rec\" }", "{ copy = \"W_in\" }") +
                "population.tonic = { size = 3 }\n"
                "synapses.tonic_in = { from = \"one\", to = \"tonic.soma\", during = \"forward\", "
                "init = { constant = 1.0 } }\n"
                "synapses.tonic = { from = \"tonic\", to = \"hidden.soma\", during = \"forward\", "
                "init = { constant = " +
                strength + " } }\n");
    }
}

TEST_CASE("a twin is one whatever it receives besides, of any strength", "[audit][cheat]") {
    for (const char* strength : {"1e-9", "0.1", "10.0"}) {
        INFO(strength);
        is_twin(twin("{ copy = \"W_rec\" }", "{ copy = \"W_in\" }"),
                {"synapses.jitter.init={ normal = " + std::string(strength) + " }"});
    }
}

TEST_CASE("a twin that starts from the same numbers under another spelling is one",
          "[audit][cheat]") {
    const std::vector<std::string> simple = {"synapses.W_rec.init={ identity = 1.0 }",
                                             "synapses.W_in.init={ constant = 0.5 }"};
    is_twin(twin("{ identity = \"2.23606797749979/sqrt(pre)\" }", "{ copy = \"W_in\" }"), simple);
    is_twin(twin("{ identity = 1.0000000001 }", "{ uniform = [0.4999999999, 0.5000000001] }"),
            simple);
    is_twin(twin("{ identity = 1.0 }", "{ constant = 0.5 }",
                 "population.tonic = { size = 3 }\n"
                 "synapses.tonic_in = { from = \"one\", to = \"tonic.soma\", during = \"forward\", "
                 "init = { constant = 1.0 } }\n"
                 "synapses.tonic = { from = \"tonic\", to = \"hidden.soma\", during = \"forward\", "
                 "init = { constant = 0.01 } }\n"),
            simple);
}

TEST_CASE("a twin that starts from the same numbers of another dataset, or almost, is one",
          "[audit][cheat]") {
    const Data data;
    for (const char* dataset : {"W", "/W", "again", "near", "scaled", "offset"}) {
        INFO(dataset);
        is_twin(twin(data.init(dataset), data.init("/W_in")), data.hidden());
    }
    is_twin(twin(data.init("transposed", ", transpose = true"), data.init("W_in")), data.hidden());
    is_twin(twin(data.init("wide", ", columns = [5, 10]"), data.init("W_in")), data.hidden());
    // The recurrent strengths alone make the network.
    is_twin(twin(data.init("again"), "{ normal = 1.0 }"), data.hidden());
}

TEST_CASE("a twin whose numbers are in a file and the original's are drawn is one",
          "[audit][cheat]") {
    const Model model = load_model(path_of_shipped("rflo"), {"population.hidden.size=5"});
    TemporaryHdf5 file;
    file.write("W", {5, 5},
               initial_strengths(model.circuit, model.circuit.synapses[0], model.seed, ""));
    file.close();
    is_twin(twin("{ file = \"" + file.directory() + "/" + file.name() + "\", dataset = \"W\" }",
                 "{ copy = \"W_in\" }"),
            {"synapses.W_rec.init={ orthogonal = 1.0 }", "run.seed=1"});
}

TEST_CASE("a twin that receives the input by way of relays is one", "[audit][cheat]") {
    is_twin(twin("{ normal = 0.5 }", "{ copy = \"W_in\" }",
                 "population.relay = { size = 5, activation = \"linear\" }\n"
                 "synapses.relay = { from = \"input\", to = \"relay.soma\", during = \"forward\", "
                 "init = { identity = 1.0 } }\n"),
            {"synapses.V_rec.init={ copy = \"W_rec\" }", "synapses.V_in.from=\"relay\""});
}

TEST_CASE("twins of two populations that drive each other are found", "[audit][cheat]") {
    std::string lines;
    for (const std::string k : {"1", "2"}) {
        const bool original = k == "1";
        const auto init = [&](const std::string& set) {
            return original ? std::string("{ normal = 0.5 }") : "{ copy = \"" + set + "1\" }";
        };
        lines += "population.e" + k + " = { size = 5 }\npopulation.i" + k + " = { size = 5 }\n" +
                 "synapses.D" + k + " = { from = \"input\", to = \"e" + k +
                 ".soma\", during = \"forward\", init = { identity = 1.0 } }\n" + "synapses.EI" +
                 k + " = { from = \"e" + k + "\", to = \"i" + k +
                 ".soma\", during = \"forward\", init = " + init("EI") + " }\n" + "synapses.IE" +
                 k + " = { from = \"i" + k + "\", to = \"e" + k +
                 ".soma\", during = \"forward\", delay = 1, init = " + init("IE") + " }\n";
    }
    Draft(lines).circuit_is_caught(Criterion::no_copy_of_network, "e2");
}

namespace {

// A population of ten, five and five, from datasets "block" and "both".
struct Blocks {
    explicit Blocks(double between = 0.0, const std::vector<std::size_t>& order = {}) {
        std::mt19937 draw(11);
        std::normal_distribution<double> normal;
        std::vector<double> W(100), W_in(50);
        const auto at = [&](std::size_t cell) { return order.empty() ? cell : order[cell]; };
        for (std::size_t i = 0; i < 5; ++i) {
            for (std::size_t j = 0; j < 5; ++j) {
                const double w = normal(draw), x = normal(draw);
                for (const std::size_t first : {0, 5}) {
                    W[10 * at(first + i) + at(first + j)] = w;
                    W[10 * at(first + i) + at(5 - first + j)] = between * normal(draw);
                    W_in[5 * at(first + i) + j] = x;
                }
            }
        }
        file.write("block", {10, 10}, W);
        file.write("both", {10, 5}, W_in);
        file.close();
    }
    std::vector<std::string> overrides() const {
        const std::string from =
            "{ file = \"" + file.directory() + "/" + file.name() + "\", dataset";
        return {"population.hidden.size=10", "synapses.W_rec.init=" + from + " = \"block\" }",
                "synapses.W_in.init=" + from + " = \"both\" }"};
    }
    TemporaryHdf5 file;
};

}  // namespace

TEST_CASE("two copies of the network within one population are found", "[audit][cheat]") {
    for (const double between : {0.0, 1e-12, 1e-4}) {
        INFO(between);
        const Blocks blocks(between);
        Draft("", blocks.overrides()).circuit_is_caught(Criterion::no_copy_of_network, "hidden");
    }
    const Blocks mixed(0.0, {3, 8, 1, 0, 7, 5, 2, 9, 6, 4});
    Draft("", mixed.overrides()).circuit_is_caught(Criterion::no_copy_of_network, "hidden");
}

// ---- who is no twin

TEST_CASE("relays of the same cells are no copies of a network", "[audit][innocent]") {
    for (const char* init : {"{ identity = 1.0 }", "{ constant = 0.5 }"}) {
        std::string lines;
        for (const std::string name : {"left", "right"}) {
            lines += "population." + name + " = { size = 5 }\nsynapses.in_" + name +
                     " = { from = \"input\", to = \"" + name +
                     ".soma\", during = \"forward\", init = " + init + " }\nsynapses.out_" + name +
                     " = { from = \"" + name +
                     "\", to = \"hidden.soma\", during = \"forward\", init = { normal = 0.5 } }\n";
        }
        INFO(init);
        Draft(lines).is_innocent();
    }
}

TEST_CASE("excitatory and inhibitory cells one to one from the same cells pass",
          "[audit][innocent]") {
    Draft(R"(
population.E = { size = 5, activation = "rectified" }
population.I = { size = 5, activation = "rectified" }
synapses.to_E = { from = "hidden", to = "E.soma", during = "forward", init = { identity = 1.0 } }
synapses.to_I = { from = "hidden", to = "I.soma", during = "forward", init = { identity = 1.0 } }
synapses.excite = { from = "E", to = "hidden.feedback", during = "forward", init = { identity = 0.1 } }
synapses.inhibit = { from = "I", to = "hidden.feedback", during = "forward", init = { identity = -0.1 } }
)")
        .is_innocent();
}

TEST_CASE("two populations with the same recurrent inhibition and inputs of their own pass",
          "[audit][innocent]") {
    std::string lines;
    for (const std::string name : {"left", "right"}) {
        lines += "population." + name + " = { size = 5, alpha = 0.5 }\nsynapses.in_" + name +
                 " = { from = \"input\", to = \"" + name +
                 ".soma\", during = \"forward\", init = { normal = 0.5 } }\nsynapses.self_" + name +
                 " = { from = \"" + name + "\", to = \"" + name +
                 ".soma\", during = \"forward\", delay = 1, init = { constant = -0.1 } }\n";
    }
    Draft(lines).is_innocent();
}

TEST_CASE("two populations that share one projection and differ in another pass",
          "[audit][innocent]") {
    Draft(R"(
population.left = { size = 5, alpha = 0.5 }
population.right = { size = 5, alpha = 0.5 }
synapses.in_left = { from = "input", to = "left.soma", during = "forward", init = { normal = 0.5 } }
synapses.in_right = { from = "input", to = "right.soma", during = "forward", init = { copy = "in_left" } }
synapses.self_left = { from = "left", to = "left.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.self_right = { from = "right", to = "right.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
)")
        .is_innocent();
}

TEST_CASE("a ring of cells that each receive the same kernel passes", "[audit][innocent]") {
    std::vector<double> W(100), W_in(50);
    std::mt19937 draw(5);
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < 10; ++i) {
        W[10 * i + (i + 1) % 10] = 0.5;
        W[10 * i + (i + 9) % 10] = 0.3;
        W[10 * i + (i + 5) % 10] = -0.2;
    }
    for (double& x : W_in) x = normal(draw);
    TemporaryHdf5 file;
    file.write("W", {10, 10}, W);
    file.close();
    Draft("", {"population.hidden.size=10", "synapses.W_rec.init={ file = \"" + file.directory() +
                                                "/" + file.name() + "\", dataset = \"W\" }"})
        .is_innocent();
}
