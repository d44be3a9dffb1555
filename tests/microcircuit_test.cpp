// The dendritic microcircuit of Sacramento et al. (2018), full and steady, those of
// models/literature and variants of code: every number of every step.
#include "tests/literature_run.hpp"

using namespace apical;

namespace {

constexpr double reference_tolerance = 1e-9;

const std::string microcircuit_file = APICAL_SOURCE_DIR "/tests/data/literature/microcircuit.h5";

// [steps, rest] of a dataset.
Matrix truth(const std::string& dataset, const std::string& file = microcircuit_file) {
    const DataSet set = read_dataset(file, dataset, {});
    const auto rows = static_cast<Eigen::Index>(set.shape[0]);
    const auto columns = static_cast<Eigen::Index>(set.numbers.size()) / rows;
    return Eigen::Map<const Matrix>(set.numbers.data(), rows, columns);
}

// The sets of the shipped circuits, and what the data call them.
const std::vector<std::pair<std::string, std::string>> sets_of_microcircuit = {
    {"W_1", "W_up1"},  {"W_2", "W_up2"},  {"W_3", "W_up3"},  {"D_1", "W_down1"}, {"D_2", "W_down2"},
    {"IP_1", "W_ip1"}, {"IP_2", "W_ip2"}, {"PI_1", "W_pi1"}, {"PI_2", "W_pi2"}};

// The steady circuit that starts self-predicting, lambda = 0.1, 4-5-4-3.
ReferenceCircuit self_predicting_steady() {
    ReferenceCircuit circuit("dendritic_microcircuit_steady", "microcircuit_steady",
                             "self_predicting/");
    circuit.task("r_in", "u_target", 50)
        .sizes({{"lower", 5}, {"upper", 4}, {"out", 3}, {"lower_inter", 4}, {"upper_inter", 3}})
        .each("population", {"lower", "upper"}, "coupling",
              "{ basal = 0.9, apical = 0.1, solver = \"steady\" }")
        .each("population", {"lower_inter", "upper_inter"}, "coupling",
              "{ dendrite = 0.9, solver = \"steady\" }")
        .add("population.out.coupling={ basal = 0.9, solver = \"steady\" }")
        .each("teach", {"target", "lower_partner", "upper_partner"}, "strength", "0.1")
        .each("plasticity", {"W_1", "b_1"}, "rate", "1.0")
        .each("plasticity", {"W_2", "b_2"}, "rate", "0.5")
        .each("plasticity", {"W_3", "b_3"}, "rate", "0.2")
        .each("plasticity", {"IP_1", "b_I_1", "IP_2", "b_I_2"}, "rate", "0.3")
        .each("plasticity", {"PI_1", "PI_2"}, "rate", "0.0");
    for (const auto& [set, dataset] : sets_of_microcircuit)
        circuit.starts(set, (set[0] == 'D' ? "" : "init_") + dataset);
    for (const auto& [set, dataset] : {std::pair("b_1", "b1"),
                                       {"b_2", "b2"},
                                       {"b_3", "b3"},
                                       {"b_I_1", "b_inter1"},
                                       {"b_I_2", "b_inter2"}})
        circuit.starts(set, std::string("init_") + dataset);
    return circuit;
}

const std::string steady_group = "steady";

const std::string steady_cells = R"(
population.input.role = "input"
population.label.role = "label"
population.one.role = "constant"
population.hidden = { size = 4, activation = "logistic", dendrites = ["basal", "apical"], transient = ["apical"], coupling = { basal = 0.7, apical = 0.3, solver = "steady" } }
population.inter = { size = 2, activation = "logistic", dendrites = ["dendrite", "teacher"], coupling = { dendrite = 0.7, teacher = 0.3, solver = "steady" } }
population.out = { size = 2, activation = "logistic", dendrites = ["basal", "teacher"], coupling = { basal = 0.7, teacher = 0.3, solver = "steady" } }
gate.teacher = { opens = "out.teacher", during = "down" }
synapses.teach = { from = "label", to = "out.teacher", during = "down", init = { identity = 1.0 } }
synapses.partner = { from = "inter", to = "out.basal", init = { identity = 1.0 }, back = { from = "out.soma", to = "inter.teacher", during = "down" } }
rule.up = { parameters = { rate = 1.0 }, signals = { before = "post", now = "pre" }, equations = "w += rate * (post.r - before) * now" }
rule.ip = { parameters = { rate = 1.0 }, signals = { now = "pre" }, equations = "w += rate * (post.r - phi(post.here.v)) * now" }
rule.pi = { parameters = { rate = 1.0 }, equations = "w += -rate * post.here.v * pre.r" }
)";

// One hidden layer, bottom up without a teacher, then with one.
std::string steady() {
    std::string text = fmt::format(
        "format = 1\nphase = [{{ name = \"up\", ms = 1.0 }}, {{ name = \"down\", ms = 1.0 }}]\n"
        "task = {{ kind = \"file\", path = \"{}\", x = \"{}/r_in\", y = \"{}/u_target\", readout = "
        "\"linear\" }}\nrun = {{ steps = 50, seed = 1 }}\n",
        microcircuit_file, steady_group, steady_group);
    text += steady_cells;
    const auto add = [&](const std::string& name, const std::string& from, const std::string& to,
                         const std::string& phase, const std::string& dataset) {
        text += fmt::format(
            "synapses.{} = {{ from = \"{}\", to = \"{}\", during = \"{}\", init = {{ file = "
            "\"{}\", "
            "dataset = \"{}/{}\" }} }}\n",
            name, from, to, phase, microcircuit_file, steady_group, dataset);
    };
    add("W_1", "input", "hidden.basal", "up", "init_W_up1");
    add("b_1", "one", "hidden.basal", "up", "init_b1");
    add("W_2", "hidden", "out.basal", "up", "init_W_up2");
    add("b_2", "one", "out.basal", "up", "init_b2");
    add("IP", "hidden", "inter.dendrite", "up", "init_W_ip1");
    add("b_i", "one", "inter.dendrite", "up", "init_b_inter1");
    add("D", "out", "hidden.apical", "down", "W_down1");
    add("PI", "inter", "hidden.apical", "down", "init_W_pi1");
    const auto learns = [&](const std::string& name, const std::string& rule, double rate,
                            const std::string& more) {
        text += fmt::format(
            "plasticity.{0} = {{ rule = \"{1}\", synapses = [\"{0}\"], rate = {2}{3} }}\n", name,
            rule, rate, more);
    };
    const std::string hidden = ", before = \"at_end(up, hidden.r)\"",
                      out = ", before = \"at_end(up, out.r)\"", one = ", now = \"one.r\"";
    learns("W_1", "up", 0.5, hidden + ", now = \"input.r\"");
    learns("b_1", "up", 0.5, hidden + one);
    learns("W_2", "up", 0.2, out + ", now = \"hidden.r\"");
    learns("b_2", "up", 0.2, out + one);
    learns("IP", "ip", 0.3, ", now = \"hidden.r\"");
    learns("b_i", "ip", 0.3, one);
    learns("PI", "pi", 0.2, "");
    return text;
}

using Same = std::vector<std::pair<std::string, std::string>>;  // dataset, address

void compare(SteppedModel& sim, const std::string& of, const Same& same, int steps,
             const std::string& file = microcircuit_file) {
    std::vector<Matrix> expected;
    for (const auto& [dataset, address] : same) expected.push_back(truth(of + '/' + dataset, file));
    for (int step = 0; step < steps; ++step) {
        sim.step();
        for (std::size_t k = 0; k < same.size(); ++k) {
            const Matrix ours = sim.matrix(same[k].second);
            const Vector row = Eigen::Map<const Vector>(ours.data(), ours.size());
            INFO(same[k].second << " in step " << step + 1);
            REQUIRE(distance(row, Vector(expected[k].row(step).transpose())) <=
                    reference_tolerance);
        }
    }
}

}  // namespace

TEST_CASE("the microcircuit of two hidden layers is that of the public code",
          "[reference][literature][coupling]") {
    ReferenceCircuit circuit("dendritic_microcircuit", "microcircuit", "random_start/");
    const std::vector<std::string> cells = {"lower", "upper", "out", "lower_inter", "upper_inter"};
    circuit.task("r_in", "u_target", 60)
        .sizes({{"lower", 5}, {"upper", 4}, {"out", 2}, {"lower_inter", 4}, {"upper_inter", 2}})
        .add("phase=[{ name = \"step\", ms = 0.5, order = \"together\" }]")
        .add("activation.softplus.equation=\"log(1 + exp(x))\"")
        .each("population", cells, "activation", "\"softplus\"")
        .each("population", cells, "init", "{ constant = 0.6931471805599453 }");
    for (const auto& [set, dataset] : sets_of_microcircuit) circuit.starts(set, "init_" + dataset);
    for (const auto& [set, rate] : {std::pair("W_1", 0.3),
                                    {"W_2", 0.2},
                                    {"W_3", 0.1},
                                    {"IP_1", 0.25},
                                    {"IP_2", 0.2},
                                    {"PI_1", 0.2},
                                    {"PI_2", 0.15}})
        circuit.add(fmt::format("plasticity.{}.rate_per_ms={}", set, rate));
    const Trajectories run(circuit);
    REQUIRE(read_dataset(circuit.file, "random_start/nudging", {}).numbers ==
            std::vector<double>(60, 1.0));
    run.same({{"pyr1_basal", "lower.basal.v"},
              {"pyr1_apical", "lower.apical.v"},
              {"pyr1_soma", "lower.soma.v"},
              {"pyr2_basal", "upper.basal.v"},
              {"pyr2_apical", "upper.apical.v"},
              {"pyr2_soma", "upper.soma.v"},
              {"pyr3_basal", "out.basal.v"},
              {"pyr3_soma", "out.soma.v"},
              {"inter1_dendrite", "lower_inter.dendrite.v"},
              {"inter1_soma", "lower_inter.soma.v"},
              {"inter2_dendrite", "upper_inter.dendrite.v"},
              {"inter2_soma", "upper_inter.soma.v"}});
    for (const auto& [set, dataset] : sets_of_microcircuit)
        if (set[0] != 'D') run.same(dataset, set);
}

TEST_CASE("the steady microcircuit of two hidden layers is that of its two-step dynamics",
          "[reference][literature][coupling]") {
    const Trajectories run(self_predicting_steady());
    run.same({{"basal1", "lower.basal.v"},
              {"apical1", "lower.apical.v"},
              {"soma1", "lower.soma.v"},
              {"basal2", "upper.basal.v"},
              {"apical2", "upper.apical.v"},
              {"soma2", "upper.soma.v"},
              {"basal3", "out.basal.v"},
              {"soma3", "out.soma.v"},
              {"inter_dendrite1", "lower_inter.dendrite.v"},
              {"inter_soma1", "lower_inter.soma.v"},
              {"inter_dendrite2", "upper_inter.dendrite.v"},
              {"inter_soma2", "upper_inter.soma.v"},
              {"b1", "b_1"},
              {"b2", "b_2"},
              {"b3", "b_3"},
              {"b_inter1", "b_I_1"},
              {"b_inter2", "b_I_2"}});
    for (const auto& [set, dataset] : sets_of_microcircuit)
        if (set[0] == 'W' || set[0] == 'I') run.same(dataset, set);
}

TEST_CASE("the microcircuit with noise is that of the third-party code with its draws",
          "[reference][coupling][noise]") {
    const std::string path = APICAL_SOURCE_DIR "/tests/data/literature/microcircuit_noise";
    SteppedModel sim(load_model(path + ".toml", {}));
    const Same same = {{"pyr1_basal", "hidden.basal.v"},
                       {"pyr1_apical", "hidden.apical.v"},
                       {"pyr1_soma", "hidden.soma.v"},
                       {"pyr2_basal", "out.basal.v"},
                       {"pyr2_soma", "out.soma.v"},
                       {"inter1_dendrite", "inter.dendrite.v"},
                       {"inter1_soma", "inter.soma.v"},
                       {"W_up1", "W_1"},
                       {"W_up2", "W_2"},
                       {"W_pi1", "PI"}};
    compare(sim, "noise_and_filters", same, 80, path + ".h5");
}

TEST_CASE("the steady microcircuit is that of its two-step dynamics", "[reference][coupling]") {
    SteppedModel sim(model_of_text(steady()));
    const Same same = {{"basal1", "hidden.basal.v"},
                       {"apical1", "hidden.apical.v"},
                       {"soma1", "hidden.soma.v"},
                       {"basal2", "out.basal.v"},
                       {"soma2", "out.soma.v"},
                       {"inter_dendrite1", "inter.dendrite.v"},
                       {"inter_soma1", "inter.soma.v"},
                       {"W_up1", "W_1"},
                       {"W_up2", "W_2"},
                       {"W_ip1", "IP"},
                       {"W_pi1", "PI"},
                       {"b1", "b_1"},
                       {"b2", "b_2"},
                       {"b_inter1", "b_i"}};
    compare(sim, steady_group, same, 50);
}

TEST_CASE("self-predicting cells have silent apical dendrites", "[coupling]") {
    // The interneurons predict the output cells, and inhibit where these excite.
    const std::string lines = R"(
format = 1
phase = [{ name = "step", ms = 0.5, order = "together" }]
task = { kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 10 }
run = { steps = 1_000, seed = 3 }
population.input.role = "input"
population.label.role = "label"
population.output.role = "output"
population.hidden = { size = 4, activation = "logistic", dendrites = ["basal", "apical"], coupling = { leak = 0.03, basal = 0.1, apical = 0.06, solver = "euler" } }
population.inter = { size = 2, activation = "logistic", dendrites = ["dendrite"], coupling = { leak = 0.03, dendrite = 0.1, solver = "euler" } }
population.out = { size = 2, activation = "logistic", dendrites = ["basal"], coupling = { leak = 0.03, basal = 0.1, solver = "euler" } }
synapses.W_1 = { from = "input", to = "hidden.basal", during = "step", init = { normal = 1.0 } }
synapses.W_2 = { from = "hidden", to = "out.basal", during = "step", init = { normal = 1.0 } }
synapses.IP = { from = "hidden", to = "inter.dendrite", during = "step", init = { copy = "W_2" } }
synapses.D = { from = "out", to = "hidden.apical", during = "step", init = { constant = 0.7 } }
synapses.PI = { from = "inter", to = "hidden.apical", during = "step", init = { constant = -0.7 } }
synapses.read = { from = "out", to = "output.soma", during = "step", init = { identity = 1.0 } }
)";
    SteppedModel sim(model_of_text(lines));
    for (int step = 0; step < 200; ++step) {
        sim.step();
        REQUIRE(sim.vector("hidden.apical.v").cwiseAbs().maxCoeff() <= 1e-15);
    }
    CHECK(sim.vector("hidden.soma.v").cwiseAbs().maxCoeff() > 0.1);
}
