// Circuits of the literature, written as model files in tests/data/literature, against trajectories
// of public code and of numpy: every step, every iteration, every cell and every strength.
#include "sim/hdf5/dataset.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string literature = APICAL_SOURCE_DIR "/tests/data/literature/";

// A model's run beside the trajectories of one group of a data file.
class Trajectories {
public:
    Trajectories(const std::string& model, const std::string& file, const std::string& group)
        : file_(literature + file + ".h5"), group_(group), run_(run_of(folder_, model)) {}

    // [steps, rest] of a dataset.
    Matrix truth(const std::string& dataset) const {
        const DataSet set = read_dataset(file_, group_ + dataset, {});
        const auto rows = static_cast<Eigen::Index>(set.shape[0]);
        const auto columns = static_cast<Eigen::Index>(set.numbers.size()) / rows;
        return Eigen::Map<const Matrix>(set.numbers.data(), rows, columns);
    }

    // [steps, rest] of an address, behind the last phase, or in all iterations from `first`.
    Matrix ours(const std::string& address, int first = 0) const {
        const StoredQuantity& quantity = run_.find(address);
        const std::vector<double> numbers = run_.read(quantity, 1, quantity.rows - 1);
        const auto rows = static_cast<Eigen::Index>(quantity.rows - 1),
                   width = static_cast<Eigen::Index>(numbers.size()) / rows;
        const Matrix all = Eigen::Map<const Matrix>(numbers.data(), rows, width);
        const auto cells = static_cast<Eigen::Index>(quantity.row.back());
        if (quantity.by_phase) return all.rightCols(cells);
        return quantity.by_iteration ? Matrix(all.rightCols(width - first * cells)) : all;
    }

    void same(const Matrix& expected, const Matrix& found, const std::string& name) const {
        INFO(file_ << ", " << name);
        REQUIRE(found.rows() == expected.rows());
        REQUIRE(found.cols() == expected.cols());
        REQUIRE((expected.rowwise() - expected.row(0)).cwiseAbs().maxCoeff() > 0.0);
        for (Eigen::Index step = 0; step < expected.rows(); ++step) {
            INFO("step " << step + 1);
            REQUIRE(distance(found.row(step), expected.row(step)) <= tolerance);
        }
    }
    void same(const std::string& dataset, const std::string& address, int first = 0) const {
        same(truth(dataset), ours(address, first), address);
    }
    // Strengths W1, b1, ... to so many layers.
    void same_strengths(int layers) const {
        for (int k = 1; k <= layers; ++k) {
            for (const char* set : {"W", "b"}) {
                const std::string name = fmt::format("{}{}", set, k);
                same(name, name);
            }
        }
    }

private:
    static constexpr double tolerance = 1e-9;

    static std::string run_of(const TemporaryFolder& folder, const std::string& model) {
        Model loaded = load_model(literature + model + ".toml", {});
        loaded.output = folder / "run.h5";
        run_model(loaded);
        return loaded.output;
    }

    TemporaryFolder folder_;
    std::string file_, group_;
    StoredRun run_;
};

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

TEST_CASE("feedback alignment through two hidden layers is that of the public code",
          "[reference][literature]") {
    const Trajectories run("feedback_alignment", "feedback_alignment", "feedback_alignment/");
    for (int k = 1; k <= 2; ++k) {
        run.same(fmt::format("v{}", k), fmt::format("h{}.soma.v", k));
        run.same(fmt::format("r{}", k), fmt::format("h{}.r", k));
    }
    run.same("v3", "output.r");
    run.same("error", "error.r");
    run.same_strengths(3);
}

TEST_CASE("hidden cells that emit their errors align feedback as in the public code",
          "[reference][literature][emits]") {
    const Trajectories run("feedback_alignment_emitted", "feedback_alignment",
                           "feedback_alignment/");
    for (int k = 1; k <= 2; ++k) run.same(fmt::format("v{}", k), fmt::format("h{}.soma.v", k));
    run.same("v3", "output.r");
    run.same("error", "error.r");
    run.same_strengths(3);
}

TEST_CASE("direct feedback alignment is that of its equations", "[reference][literature]") {
    const Trajectories run("direct_feedback_alignment", "feedback_alignment", "direct/");
    run.same("error", "error.r");
    run.same_strengths(3);
}

TEST_CASE("equilibrium propagation in its discrete form is that of the public code",
          "[reference][literature][iterations]") {
    const Trajectories run("equilibrium_propagation", "equilibrium_propagation", "discrete/");
    for (int k = 1; k <= 3; ++k)
        run.same(fmt::format("s{}", k), fmt::format("iterations(s{}.r)", k));
    run.same_strengths(3);
}

TEST_CASE("equilibrium propagation of potentials is that of the public code",
          "[reference][literature][iterations]") {
    const Trajectories run("equilibrium_propagation_energy", "equilibrium_propagation", "energy/");
    for (int k = 1; k <= 3; ++k)  // the first iteration is the start
        run.same(fmt::format("u{}", k), fmt::format("iterations(u{}.soma.v)", k), 1);
    run.same_strengths(3);
}

TEST_CASE("predictive coding relaxes and learns as the public code does",
          "[reference][literature][iterations]") {
    const Trajectories run("predictive_coding", "predictive_coding", "");
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
    const Trajectories run("dendritic_prediction", "dendritic_prediction", "two_compartments/");
    run.same("current", "current.r");
    run.same("psp", "psp.r");
    run.same("soma", "cell.soma.v");
    run.same("V_star", "learning.V_star");
    run.same("error", "learning.error");
    run.same("Delta", "Delta(w)");
    run.same("w", "w");
    // The file has the dendrite of behind the step, the model reads it in the next one.
    const Matrix dendrite = run.truth("dendrite"), found = run.ours("cell.dendrite.v");
    run.same(dendrite.topRows(149), found.bottomRows(149), "cell.dendrite.v");
}

TEST_CASE("segregated dendrites learn from plateaus as in the public code",
          "[reference][literature][iterations]") {
    const Trajectories run("segregated_dendrites", "segregated_dendrites", "rate/");
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
    const Trajectories run("microcircuit", "microcircuit", "self_predicting/");
    REQUIRE(run.truth("nudging").bottomRows(20).maxCoeff() == 0.0);  // no teacher at the end
    run.same("pyr1_basal", "hidden.basal.v");
    run.same("pyr1_apical", "hidden.apical.v");
    run.same("pyr1_soma", "hidden.soma.v");
    run.same("pyr2_basal", "out.basal.v");
    run.same("pyr2_soma", "out.soma.v");
    run.same("inter1_dendrite", "inter.dendrite.v");
    run.same("inter1_soma", "inter.soma.v");
    const auto same = [&](const std::string& dataset, const std::string& set,
                          const std::string& thresholds) {
        run.same(run.truth(dataset), with_thresholds(run.ours(set), run.ours(thresholds)), set);
    };
    same("W_up1", "W_1", "b_1");
    same("W_up2", "W_2", "b_2");
    same("W_ip1", "IP", "b_I");
}

TEST_CASE("LIF cells spike, and e-prop's traces are, as in the reading that NEST's losses confirm",
          "[reference][literature][spikes]") {
    const Trajectories run("eprop_lif", "eprop_lif", "");
    run.same("z", "rec.r");
    run.same("v", "rec.soma.v");
    run.same("psi", "rec.slope");
    run.same("pre_in", "recurrent.trace(W_in)");
    run.same("pre_rec", "recurrent.trace(W_rec)");
    for (const char* set : {"in", "rec"}) {
        run.same(fmt::format("e_{}", set), fmt::format("e(W_{})", set));
        run.same(fmt::format("ebar_{}", set), fmt::format("filtered(W_{})", set));
    }
}

TEST_CASE("ALIF cells spike, and e-prop's traces are, as in the reading that NEST's losses confirm",
          "[reference][literature][spikes]") {
    const Trajectories run("eprop_alif", "eprop_alif", "");
    run.same("z", "rec.r");
    run.same("v", "rec.soma.v");
    run.same("v_th", "rec.threshold");
    run.same("a", "rec.adapted");
    run.same("r", "rec.wait");
    run.same("psi", "rec.slope");
    run.same("pre_in", "recurrent.trace(W_in)");
    run.same("pre_rec", "recurrent.trace(W_rec)");
    for (const char* set : {"in", "rec"}) {
        run.same(fmt::format("e_{}", set), fmt::format("e(W_{})", set));
        run.same(fmt::format("eps_{}", set), fmt::format("slow(W_{})", set));
        run.same(fmt::format("ebar_{}", set), fmt::format("filtered(W_{})", set));
    }
}

TEST_CASE("events and bursts are those of the public code, with random and with tied feedback",
          "[reference][literature][bursts]") {
    const auto [group, layers] =
        GENERATE(std::pair("burstprop_random_feedback", 2),
                 std::pair("burstccn_random_feedback", 2), std::pair("burstccn", 3));
    const Trajectories run(group, "burst", std::string(group) + "/");
    for (int k = 1; k <= layers; ++k) {
        const std::string cells = k < layers ? fmt::format("h{}", k) : "out";
        run.same(fmt::format("soma{}", k), cells + ".soma.v");
        run.same(fmt::format("event_rate{}", k), cells + ".r");
        run.same(fmt::format("burst_rate{}", k), cells + ".burst");
        run.same(fmt::format("burst_probability{}", k), cells + ".burst_probability");
        run.same(fmt::format("event_rate_average{}", k), cells + ".mean_e");
        run.same(fmt::format("burst_rate_average{}", k), cells + ".mean_b");
        if (k < layers) run.same(fmt::format("apical{}", k), cells + ".u");
    }
    run.same_strengths(layers);
}

TEST_CASE("both trials of random feedback local online learning are those of the public code",
          "[reference][literature][trials]") {
    const Trajectories run("rflo_murray_online", "rflo_murray", "online/");
    run.same("u", "hidden.soma.v");
    run.same("h", "hidden.r");
    run.same("y", "output.r");
    run.same("p", "eligibility(W_rec)");
    run.same("w_rec", "W_rec");
    run.same("w_out", "W_out");
}

TEST_CASE("changes at the end of each trial are those of the notebook",
          "[reference][literature][trials]") {
    const Trajectories run("rflo_murray_trials", "rflo_murray", "end_of_trial/");
    run.same("u", "hidden.soma.v");
    run.same("h", "hidden.r");
    run.same("y", "output.r");
    run.same("p", "trace(W_rec)");
    run.same("q", "trace(W_in)");
    for (const std::string name : {"w_rec", "w_in", "w_out"}) {
        std::string set = name;
        set[0] = 'W';
        const Matrix all = run.ours(set), truth = run.truth(name + "_after_trial");
        Matrix ends(2, all.cols());
        ends << all.row(34), all.row(69);
        run.same(truth, ends, set);
    }
}

// The notebook's class, 6 seeds of its own: 0.0764 +- 0.0057 after 100 trials, 0.0247 +- 0.0021
// after 300.
TEST_CASE("losses of the sine task fall as those of the notebook",
          "[reference][literature][trials]") {
    constexpr int seeds = 6;
    Eigen::Array<double, seeds, 2> losses;
    for (int seed = 1; seed <= seeds; ++seed) {
        const TemporaryFolder folder;
        Model model =
            load_model(literature + "rflo_murray_sine.toml", {fmt::format("run.seed={}", seed)});
        model.output = folder / "run.h5";
        run_model(model);
        const StoredRun run(model.output);
        const std::vector<double> all = run.read(run.find("trial.loss"), 0, 300);
        losses(seed - 1, 0) = all[99];
        losses(seed - 1, 1) = all[299];
    }
    const double means[] = {0.0764, 0.0247}, errors[] = {0.0057, 0.0021};
    for (int k = 0; k < 2; ++k) {
        const double mean = losses.col(k).mean();
        const double variance = (losses.col(k) - mean).square().sum() / (seeds - 1);
        CHECK(std::abs(mean - means[k]) < 3.0 * std::hypot(errors[k], std::sqrt(variance / seeds)));
    }
}
