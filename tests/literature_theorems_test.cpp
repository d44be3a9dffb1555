// What papers prove of their circuits, of the files in models/literature: limits and invariants.
#include <map>

#include "tests/literature_run.hpp"

using namespace apical;

namespace {

using Strengths = std::map<std::string, Matrix>;

Strengths strengths_of(const SteppedModel& sim, const std::vector<std::string>& sets) {
    Strengths all;
    for (const std::string& set : sets) all[set] = sim.matrix(set);
    return all;
}

const std::vector<std::string> sets_of_three_layers = {"W1", "b1", "W2", "b2", "W3", "b3"};

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(2.0 - 4.0 * x)); }

// Half the squared error of the network that has settled, s_l = sigmoid(W_l s_(l-1) + b_l +
// W_(l+1)^T s_(l+1)).
double settled_loss(const Strengths& w, const Vector& x, const Vector& y) {
    Vector s1 = Vector::Zero(w.at("b1").rows()), s2 = Vector::Zero(w.at("b2").rows()),
           s3 = Vector::Zero(w.at("b3").rows());
    for (int k = 0; k < 300; ++k) {
        const Vector u1 = w.at("W1") * x + w.at("b1").col(0) + w.at("W2").transpose() * s2,
                     u2 = w.at("W2") * s1 + w.at("b2").col(0) + w.at("W3").transpose() * s3,
                     u3 = w.at("W3") * s2 + w.at("b3").col(0);
        s1 = u1.unaryExpr(&sigmoid);
        s2 = u2.unaryExpr(&sigmoid);
        s3 = u3.unaryExpr(&sigmoid);
    }
    return 0.5 * (s3 - y).squaredNorm();
}

// Its gradient by central differences.
Strengths settled_gradient(const Strengths& w, const Vector& x, const Vector& y) {
    constexpr double h = 1e-5;
    Strengths gradient = w;
    for (const auto& [set, strengths] : w) {
        for (Eigen::Index k = 0; k < strengths.size(); ++k) {
            Strengths more = w, less = w;
            more.at(set).data()[k] += h;
            less.at(set).data()[k] -= h;
            gradient.at(set).data()[k] =
                (settled_loss(more, x, y) - settled_loss(less, x, y)) / (2.0 * h);
        }
    }
    return gradient;
}

// |change + gradient| / |gradient| over all strengths, in the first step of a circuit that is
// nudged by beta and has the rate 1.
double off_gradient(const std::string& model, const std::vector<std::string>& keys, double beta) {
    ReferenceCircuit circuit(model, "equilibrium_propagation", "");
    circuit.keys = keys;
    circuit.sizes({{"s1", 5}, {"s2", 4}})
        .each("plasticity", sets_of_three_layers, "rate", "1.0")
        .each("plasticity", sets_of_three_layers, "beta", fmt::format("{}", beta))
        .each("synapses", {"W1", "W2", "W3"}, "init.normal", "\"0.5/sqrt(pre)\"")
        .add(fmt::format("teach.output.strength={}", beta));
    SteppedModel sim(circuit.load());
    const Strengths before = strengths_of(sim, sets_of_three_layers);
    sim.step();
    const Strengths after = strengths_of(sim, sets_of_three_layers),
                    gradient =
                        settled_gradient(before, sim.vector("input.r"), sim.vector("label.r"));
    double off = 0.0, all = 0.0;
    for (const auto& [set, exact] : gradient) {
        off += (after.at(set) - before.at(set) + exact).squaredNorm();
        all += exact.squaredNorm();
    }
    REQUIRE(all > 1e-4);
    return std::sqrt(off / all);
}

std::string phase(const std::string& name, const std::string& begin) {
    return fmt::format(
        "{{ name = \"{}\", ms = 1.0, repeat = 300, order = \"together\", begin = \"{}\" }}", name,
        begin);
}

}  // namespace

TEST_CASE("the change of equilibrium propagation comes to the gradient as the nudge gets weak",
          "[literature][theorem]") {
    const std::vector<std::string> keys = {
        fmt::format("phase=[{}, {}]", phase("free", "rest"), phase("nudged", "keep"))};
    const auto off = [&](double beta) {
        return off_gradient("equilibrium_propagation_discrete", keys, beta);
    };
    const double tenth = off(0.1), hundredth = off(0.01), thousandth = off(0.001);
    CHECK(tenth < 0.2);
    CHECK(tenth / hundredth == Approx(10.0).epsilon(0.2));
    CHECK(hundredth / thousandth == Approx(10.0).epsilon(0.2));
}

TEST_CASE("nudged both ways, equilibrium propagation is off the gradient by the nudge's square",
          "[literature][theorem]") {
    const std::vector<std::string> keys = {fmt::format("phase=[{}, {}, {}]", phase("free", "rest"),
                                                       phase("towards", "keep"),
                                                       phase("away", "free"))};
    const auto off = [&](double beta) {
        std::vector<std::string> all = keys;
        all.push_back(fmt::format("wire.target.gain={}", -beta));
        all.push_back(fmt::format("wire.self.gain={}", beta));
        return off_gradient("equilibrium_propagation_symmetric", all, beta);
    };
    const double tenth = off(0.1), hundredth = off(0.01);
    CHECK(tenth < 0.05);
    CHECK(tenth / hundredth == Approx(100.0).epsilon(0.3));
}

TEST_CASE("strengths on the way up align with random feedback", "[literature][theorem]") {
    SteppedModel sim(load_model(path_of_shipped("literature/feedback_alignment_emitted")));
    const auto cosine = [&](const std::string& up, const std::string& down) {
        const Matrix a = sim.matrix(up), b = sim.matrix(down).transpose();
        return a.cwiseProduct(b).sum() / (a.norm() * b.norm());
    };
    const double third = cosine("W3", "B3"), second = cosine("W2", "B2");
    sim.step(2000);
    CHECK(cosine("W3", "B3") > third + 0.2);
    CHECK(cosine("W2", "B2") > second + 0.05);
}

TEST_CASE("a microcircuit that predicts itself stays so and learns nothing without a teacher",
          "[literature][theorem]") {
    ReferenceCircuit circuit("dendritic_microcircuit_steady", "microcircuit_steady",
                             "self_predicting/");
    circuit.task("r_in", "u_target", 50)
        .sizes({{"lower", 5}, {"upper", 4}, {"out", 3}, {"lower_inter", 4}, {"upper_inter", 3}})
        .each("population", {"lower", "upper"}, "coupling",
              "{ basal = 0.9, apical = 0.1, solver = \"steady\" }");
    for (const auto& [set, dataset] : {std::pair("W_1", "init_W_up1"),
                                       {"W_2", "init_W_up2"},
                                       {"W_3", "init_W_up3"},
                                       {"D_1", "W_down1"},
                                       {"D_2", "W_down2"},
                                       {"IP_1", "init_W_ip1"},
                                       {"IP_2", "init_W_ip2"},
                                       {"PI_1", "init_W_pi1"},
                                       {"PI_2", "init_W_pi2"},
                                       {"b_1", "init_b1"},
                                       {"b_2", "init_b2"},
                                       {"b_3", "init_b3"},
                                       {"b_I_1", "init_b_inter1"},
                                       {"b_I_2", "init_b_inter2"}})
        circuit.starts(set, dataset);
    const std::vector<std::string> learned = {"W_1", "W_2", "W_3", "IP_1", "IP_2", "PI_1", "PI_2"};
    for (const bool taught : {true, false}) {
        INFO((taught ? "taught" : "not taught"));
        if (!taught) circuit.add("teach.target.strength=0.0");
        SteppedModel sim(circuit.load());
        const Strengths before = strengths_of(sim, learned);
        double apical = 0.0, change = 0.0;
        for (int step = 0; step < 50; ++step) {
            sim.step();
            for (const char* cells : {"lower", "upper"})
                apical = std::max(
                    apical, sim.vector(std::string(cells) + ".apical.v").cwiseAbs().maxCoeff());
        }
        for (const auto& [set, strengths] : before)
            change = std::max(change, (sim.matrix(set) - strengths).cwiseAbs().maxCoeff());
        if (taught) {
            CHECK(apical > 1e-3);
            CHECK(change > 1e-3);
        } else {
            CHECK(apical < 1e-13);
            CHECK(change < 1e-12);
        }
    }
}
