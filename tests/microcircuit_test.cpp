// The dendritic microcircuit of Sacramento et al. (2018) against the public code of Haider et al.
// (2021): every number of sixty steps.
#include "sim/hdf5/dataset.hpp"
#include "tests/small_circuit.hpp"

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

std::string start(const std::string& group, const std::string& dataset) {
    return fmt::format("init = {{ file = \"{}\", dataset = \"{}/init_{}\" }}", microcircuit_file,
                       group, dataset);
}

std::string set(const std::string& name, const std::string& from, const std::string& to,
                const std::string& begins) {
    return fmt::format("synapses.{} = {{ from = \"{}\", to = \"{}\", during = \"step\", {} }}\n",
                       name, from, to, begins);
}

// A potential that reaches its partners one to one.
std::string partner(const std::string& name, const std::string& cells, const std::string& of) {
    return fmt::format(
        "synapses.{0} = {{ from = \"{1}\", to = \"{2}.basal\", init = {{ identity = 1.0 }}, back = "
        "{{ from = \"{2}.soma\", to = \"{1}.teacher\", during = \"step\" }} }}\n",
        name, cells, of);
}

std::string cells(const std::string& name, int size, const std::string& dendrites,
                  const std::string& conductances) {
    return fmt::format(
        "population.{} = {{ size = {}, activation = \"soft\", dendrites = [{}], "
        "init = {{ constant = 0.6931471805599453 }}, coupling = {{ leak = 0.03, "
        "{}, solver = \"euler\" }} }}\n",
        name, size, dendrites, conductances);
}

std::string learning(const std::string& label, const std::string& rule, const std::string& of,
                     double rate) {
    return fmt::format(
        "plasticity.{} = {{ rule = \"{}\", synapses = [\"{}\"], rate_per_ms = {} }}\n", label, rule,
        of, rate);
}

const std::string rules = R"(
rule.predict_soma = { parameters = { rate_per_ms = { minimum = 0.0 } }, equations = "w += step_ms * rate_per_ms * (post.r - phi(post.here.share * post.here.v)) * pre.r" }
rule.silence = { parameters = { rate_per_ms = { minimum = 0.0 } }, equations = "w += -step_ms * rate_per_ms * post.here.v * pre.r" }
)";

const std::string group = "random_start";

// Two hidden layers, each with a partner interneuron for each cell of the layer above.
std::string random_start() {
    const std::string three = "\"basal\", \"apical\"", taught = "\"dendrite\", \"teacher\"";
    std::string text = fmt::format(
        "format = 1\nphase = [{{ name = \"step\", ms = 0.5, order = \"together\" }}]\n"
        "task = {{ kind = \"file\", path = \"{}\", x = \"{}/r_in\", y = \"{}/u_target\", readout = "
        "\"linear\" }}\nrun = {{ steps = 60, seed = 1 }}\n"
        "population.input.role = \"input\"\npopulation.label.role = \"label\"\n"
        "activation.soft.equation = \"log(1 + exp(x))\"\n",
        microcircuit_file, group, group);
    text += cells("hidden", 5, three, "basal = 0.1, apical = 0.06");
    text += cells("upper", 4, three, "basal = 0.1, apical = 0.06");
    text += cells("out", 2, "\"basal\", \"teacher\"", "basal = 0.1, teacher = 0.06");
    text += cells("inter", 4, taught, "dendrite = 0.1, teacher = 0.06");
    text += cells("upper_inter", 2, taught, "dendrite = 0.1, teacher = 0.06");
    const auto bounded = [](double most, const std::string& dataset) {
        return fmt::format("bounds = [{}, {}], {}", -most, most, start(group, dataset));
    };
    text += set("W_1", "input", "hidden.basal", bounded(4.0, "W_up1"));
    text += set("W_2", "hidden", "upper.basal", bounded(4.0, "W_up2"));
    text += set("W_3", "upper", "out.basal", bounded(5.0, "W_up3"));
    text += set("D_1", "upper", "hidden.apical", start(group, "W_down1"));
    text += set("D_2", "out", "upper.apical", start(group, "W_down2"));
    text += set("IP_1", "hidden", "inter.dendrite", start(group, "W_ip1"));
    text += set("IP_2", "upper", "upper_inter.dendrite", start(group, "W_ip2"));
    text += set("PI_1", "inter", "hidden.apical", start(group, "W_pi1"));
    text += set("PI_2", "upper_inter", "upper.apical", start(group, "W_pi2"));
    text += set("teach", "label", "out.teacher", "init = { identity = 1.0 }");
    text += partner("upper_partner", "inter", "upper") + partner("partner", "upper_inter", "out");
    text += rules + learning("up_1", "predict_soma", "W_1", 0.3) +
            learning("up_2", "predict_soma", "W_2", 0.2) +
            learning("up_3", "predict_soma", "W_3", 0.1) +
            learning("ip_1", "predict_soma", "IP_1", 0.25) +
            learning("ip_2", "predict_soma", "IP_2", 0.2) +
            learning("pi_1", "silence", "PI_1", 0.2) + learning("pi_2", "silence", "PI_2", 0.15);
    return text;
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

TEST_CASE("the microcircuit is that of the public code", "[reference][coupling]") {
    REQUIRE(truth(group + "/nudging").minCoeff() == 1.0);
    SteppedModel sim(model_of_text(random_start()));
    const Same same = {{"pyr1_basal", "hidden.basal.v"},
                       {"pyr1_apical", "hidden.apical.v"},
                       {"pyr1_soma", "hidden.soma.v"},
                       {"pyr2_basal", "upper.basal.v"},
                       {"pyr2_apical", "upper.apical.v"},
                       {"pyr2_soma", "upper.soma.v"},
                       {"pyr3_basal", "out.basal.v"},
                       {"pyr3_soma", "out.soma.v"},
                       {"inter1_dendrite", "inter.dendrite.v"},
                       {"inter1_soma", "inter.soma.v"},
                       {"inter2_dendrite", "upper_inter.dendrite.v"},
                       {"inter2_soma", "upper_inter.soma.v"},
                       {"W_up1", "W_1"},
                       {"W_up2", "W_2"},
                       {"W_up3", "W_3"},
                       {"W_ip1", "IP_1"},
                       {"W_ip2", "IP_2"},
                       {"W_pi1", "PI_1"},
                       {"W_pi2", "PI_2"}};
    compare(sim, group, same, 60);
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
