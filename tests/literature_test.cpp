// Circuits of the literature, those of models/literature with the sizes, strengths and inputs of a
// data file and a few variants beside the data, against trajectories of public code and of numpy:
// every step, every iteration, every cell and every strength.
#include "tests/literature_run.hpp"

using namespace apical;

namespace {

// Columns of a set and of its thresholds beside each other, as code with an input of its own for
// thresholds keeps them: [steps, rows * (columns + 1)].
Matrix with_thresholds(const Matrix& strengths, const Matrix& thresholds) {
    const Eigen::Index rows = thresholds.cols(), columns = strengths.cols() / rows;
    Matrix both(strengths.rows(), rows * (columns + 1));
    for (Eigen::Index i = 0; i < rows; ++i) {
        both.middleCols(i * (columns + 1), columns) = strengths.middleCols(i * columns, columns);
        both.col(i * (columns + 1) + columns) = thresholds.col(i);
    }
    return both;
}

Matrix beside(const Matrix& left, const Matrix& right) {
    Matrix both(left.rows(), left.cols() + right.cols());
    both << left, right;
    return both;
}

}  // namespace

namespace {

const std::vector<std::string> six_sets = {"W1", "b1", "W2", "b2", "W3", "b3"};

// Two hidden layers of tanh cells, 4-6-5-2.
ReferenceCircuit aligned(const std::string& model, const std::string& group, int samples) {
    ReferenceCircuit circuit(model, "feedback_alignment", group);
    circuit.task("x", "y_target", samples).sizes({{"h1", 6}, {"h2", 5}}).starts(six_sets);
    return circuit.each("plasticity", {"first", "second", "readout"}, "rate", "0.05");
}

ReferenceCircuit settled(const std::string& model, const std::string& group,
                         const std::vector<std::string>& layers) {
    ReferenceCircuit circuit(model, "equilibrium_propagation", group);
    circuit.iterations().starts(six_sets);
    return circuit.sizes({{layers[0], 4}, {layers[1], 3}, {layers[2], 2}});
}

}  // namespace

TEST_CASE("feedback alignment through two hidden layers is that of the public code",
          "[reference][literature]") {
    ReferenceCircuit circuit = aligned("feedback_alignment_partners", "feedback_alignment/", 120);
    circuit.sizes({{"delta1", 6}, {"delta2", 5}});
    circuit.starts("B3", "B3", ", transpose = true").starts("B2", "B2", ", transpose = true");
    const Trajectories run(circuit);
    for (int k = 1; k <= 2; ++k) {
        run.same(fmt::format("v{}", k), fmt::format("h{}.soma.v", k));
        run.same(fmt::format("r{}", k), fmt::format("h{}.r", k));
    }
    run.same({{"v3", "output.r"}, {"error", "error.r"}});
    run.same_strengths(3);
}

TEST_CASE("hidden cells that emit their errors align feedback as in the public code",
          "[reference][literature][emits]") {
    ReferenceCircuit circuit = aligned("feedback_alignment_emitted", "feedback_alignment/", 120);
    circuit.starts("B3", "B3", ", transpose = true").starts("B2", "B2", ", transpose = true");
    const Trajectories run(circuit);
    for (int k = 1; k <= 2; ++k) run.same(fmt::format("v{}", k), fmt::format("h{}.soma.v", k));
    run.same({{"v3", "output.r"}, {"error", "error.r"}});
    run.same_strengths(3);
}

TEST_CASE("direct feedback alignment is that of its equations", "[reference][literature]") {
    ReferenceCircuit circuit = aligned("direct_feedback_alignment", "direct/", 60);
    circuit.starts("B1", "B1").starts("B2", "B2");
    const Trajectories run(circuit);
    run.same("error", "error.r");
    run.same_strengths(3);
}

TEST_CASE("equilibrium propagation in its discrete form is that of the public code",
          "[reference][literature][iterations]") {
    ReferenceCircuit circuit =
        settled("equilibrium_propagation_discrete", "discrete/", {"s1", "s2", "s3"});
    circuit.task("x", "y_target", 22)
        .add(
            "phase=[{ name = \"free\", ms = 1.0, repeat = 15, order = \"together\", begin = "
            "\"rest\" }, { name = \"nudged\", ms = 1.0, repeat = 8, order = \"together\" }]")
        .each("population", {"s1", "s2", "s3"}, "activation", "\"tanh\"")
        .each("plasticity", six_sets, "rate", "0.1");
    const Trajectories run(circuit);
    for (int k = 1; k <= 3; ++k)
        run.same(fmt::format("s{}", k), fmt::format("iterations(s{}.r)", k));
    run.same_strengths(3);
}

TEST_CASE("equilibrium propagation of potentials is that of the public code",
          "[reference][literature][iterations]") {
    ReferenceCircuit circuit =
        settled("equilibrium_propagation_energy", "energy/", {"u1", "u2", "u3"});
    // Each sample starts where the data say: behind the targets in the label.
    circuit.task("x", "target_and_start", 22)
        .add(
            "phase=[{ name = \"start\", ms = 1.0 }, { name = \"free\", ms = 1.0, repeat = 15, "
            "order = \"together\" }, { name = \"nudged\", ms = 1.0, repeat = 15, order = "
            "\"together\" }]")
        .add("wire.target.from=\"label[0:2]\"")
        .add("loss.against=\"label[0:2]\"")
        .add("wire.start_1={ from = \"label[2:6]\", to = \"u1.soma\", during = \"start\" }")
        .add("wire.start_2={ from = \"label[6:9]\", to = \"u2.soma\", during = \"start\" }")
        .add("wire.start_3={ from = \"label[9:11]\", to = \"u3.soma\", during = \"start\" }")
        .each("plasticity", six_sets, "rate", "0.2")
        .each("population", {"u1", "u2", "u3"}, "activation", "\"logistic\"")
        .each("dynamics", {"free_1", "free_2", "free_3", "nudged_1", "nudged_2", "nudged_3"},
              "parameters.rate", "0.3");
    const Trajectories run(circuit);
    for (int k = 1; k <= 3; ++k)  // the first iteration is the start
        run.same(fmt::format("u{}", k), fmt::format("iterations(u{}.soma.v)", k), 1);
    run.same_strengths(3);
}

TEST_CASE("predictive coding relaxes and learns as the public code does",
          "[reference][literature][iterations]") {
    ReferenceCircuit circuit("supervised_predictive_coding", "predictive_coding", "");
    circuit.iterations()
        .task("x", "y_target", 40)
        .sizes({{"x0", 3}, {"x1", 4}, {"x2", 4}, {"x3", 2}, {"e1", 4}, {"e2", 4}, {"e3", 2}})
        .starts(six_sets)
        .add(
            "phase=[{ name = \"predict\", ms = 1.0 }, { name = \"compare\", ms = 1.0 }, { name = "
            "\"relax\", ms = 1.0, repeat = 12 }]")
        .each("plasticity", {"first", "second", "third"}, "rate", "0.05");
    const Trajectories run(circuit);
    // Phases "predict" and "compare" are the code's start.
    for (int k = 1; k <= 2; ++k)
        run.same(fmt::format("x{}", k), fmt::format("iterations(x{}.soma.v)", k), 1);
    for (int k = 1; k <= 3; ++k) {  // the cells fire minus the paper's error
        const std::string address = fmt::format("iterations(e{}.r)", k);
        run.same(run.truth(fmt::format("e{}", k)), -run.ours(address, 2), address);
    }
    run.same_strengths(3);
}

TEST_CASE("a dendrite predicts its soma as in Urbanczik and Senn", "[reference][literature]") {
    ReferenceCircuit circuit("urbanczik_senn", "dendritic_prediction", "two_compartments/");
    const auto pairs = [&](const std::string& dataset) {
        return fmt::format(
            "{{ from = \"label\", to = \"cell.{}.gate\", during = \"step\", init = {{ constant = "
            "10.0 }}, connect = {{ file = \"{}\", dataset = \"{}{}_pairs\" }} }}",
            dataset == "excitatory" ? "excited" : "inhibited", circuit.file, circuit.group,
            dataset);
    };
    circuit.task("x", "g", 150)
        .sizes({{"current", 5}, {"psp", 5}, {"cell", 3}})
        .add("phase=[{ name = \"step\", ms = 0.4, order = \"together\" }]")
        .starts("w", "init_w")
        .add("synapses.w.bounds=[-100.0, 100.0]")
        .add("synapses.g_E=" + pairs("excitatory"))
        .add("synapses.g_I=" + pairs("inhibitory"))
        .add("plasticity.learning.rate_per_ms=0.5")
        .add("plasticity.learning.tau_ms=10.0");
    const Trajectories run(circuit);
    run.same({{"current", "current.r"},
              {"psp", "psp.r"},
              {"soma", "cell.soma.v"},
              {"V_star", "learning.V_star"},
              {"error", "learning.error"},
              {"Delta", "Delta(w)"},
              {"w", "w"}});
    // The file has the dendrite of behind the step, the model reads it in the next one.
    const Matrix dendrite = run.truth("dendrite"), found = run.ours("cell.dendrite.v");
    run.same(dendrite.topRows(149), found.bottomRows(149), "cell.dendrite.v");
}

TEST_CASE("segregated dendrites learn from plateaus as in the public code",
          "[reference][literature][iterations]") {
    ReferenceCircuit circuit("segregated_dendrites", "segregated_dendrites", "rate/");
    circuit.iterations()
        .task("x", "target", 40)
        .sizes({{"h1", 5}, {"h2", 4}, {"out", 3}})
        .starts(six_sets)
        .starts("Y1", "Y1")
        .starts("Y2", "Y2")
        .each("plasticity", {"W1", "b1", "W2", "b2"}, "rate", "21.0")
        .each("plasticity", {"W3", "b3"}, "rate", "105.0");
    const Trajectories run(circuit);
    const auto same = [&](const std::string& dataset, const std::string& address) {
        run.same(beside(run.truth(dataset + "_forward"), run.truth(dataset + "_target")),
                 run.ours("iterations(" + address + ")"), address);
    };
    const std::vector<std::string> cells{"h1", "h2", "out"};
    for (int k = 1; k <= 3; ++k) {
        same(fmt::format("basal{}", k), cells[k - 1] + ".basal.v");
        same(fmt::format("soma{}", k), cells[k - 1] + ".soma.v");
        same(fmt::format("rate{}", k), cells[k - 1] + ".r");
        if (k < 3) same(fmt::format("apical{}", k), cells[k - 1] + ".apical.v");
    }
    run.same_strengths(3);
}

TEST_CASE("the microcircuit that starts self-predicting is that of the public code",
          "[reference][literature][coupling]") {
    // Beside the data: thresholds, and the code's way with an output that has no teacher.
    const Trajectories run(
        ReferenceCircuit("microcircuit", "microcircuit", "self_predicting/", nullptr));
    REQUIRE(run.truth("nudging").bottomRows(20).maxCoeff() == 0.0);  // no teacher at the end
    run.same({{"pyr1_basal", "hidden.basal.v"},
              {"pyr1_apical", "hidden.apical.v"},
              {"pyr1_soma", "hidden.soma.v"},
              {"pyr2_basal", "out.basal.v"},
              {"pyr2_soma", "out.soma.v"},
              {"inter1_dendrite", "inter.dendrite.v"},
              {"inter1_soma", "inter.soma.v"}});
    const auto same = [&](const std::string& dataset, const std::string& set,
                          const std::string& thresholds) {
        run.same(run.truth(dataset), with_thresholds(run.ours(set), run.ours(thresholds)), set);
    };
    same("W_up1", "W_1", "b_1");
    same("W_up2", "W_2", "b_2");
    same("W_ip1", "IP", "b_I");
}

namespace {

// The label of the data has two targets, and then 1 where these are given.
ReferenceCircuit bursting(const std::string& model, const std::string& group) {
    ReferenceCircuit circuit(model, "burst", group);
    circuit.task("x", "label", 50)
        .sizes({{"h1", 4}, {"out", 2}})
        .starts({"W1", "W2"})
        .starts("Y1", "init_Y1", ", transpose = true")
        .add("wire.target.from=\"label[0:2]\"")
        .add("wire.lesson.from=\"label[2:3]\"")
        .add("loss.against=\"label[0:2]\"");
    return circuit.each("plasticity", {"up1", "up2"}, "rate", "0.05");
}

void same_bursts(const Trajectories& run, int layers) {
    for (int k = 1; k <= layers; ++k) {
        const std::string cells = k < layers ? fmt::format("h{}", k) : "out";
        const auto same = [&](const std::string& dataset, const std::string& address) {
            run.same(fmt::format("{}{}", dataset, k), cells + address);
        };
        same("soma", ".soma.v");
        same("event_rate", ".r");
        same("burst_rate", ".burst");
        same("burst_probability", ".burst_probability");
        same("event_rate_average", ".mean_e");
        same("burst_rate_average", ".mean_b");
        if (k < layers) same("apical", ".u");
    }
    run.same_strengths(layers);
}

}  // namespace

TEST_CASE("burstprop with random feedback is that of the public code",
          "[reference][literature][bursts]") {
    same_bursts(Trajectories(bursting("burstprop", "burstprop_random_feedback/")), 2);
}

TEST_CASE("BurstCCN with random feedback is that of the public code",
          "[reference][literature][bursts]") {
    ReferenceCircuit circuit = bursting("burstccn", "burstccn_random_feedback/");
    circuit.starts("Q1", "init_Q1", ", transpose = true");
    same_bursts(Trajectories(circuit), 2);
}

TEST_CASE("BurstCCN with tied feedback is that of the public code",
          "[reference][literature][bursts]") {
    // Beside the data: its mirrors of strengths begin as the code's.
    same_bursts(Trajectories(ReferenceCircuit("burstccn", "burst", "burstccn/", nullptr)), 3);
}
