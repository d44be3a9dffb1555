// RTRL's gradient, as the engine makes it, against the slope of the loss.
#include "tests/sim/algebra/random_network.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr int circuits = 40, steps = 6;
constexpr double nudge = 1e-5, tolerance = 1e-6;

// What a circuit is shown, as a dataset that begins again after its last row.
struct Shown {
    explicit Shown(const RandomNetwork& network) {
        write("x", network.x);
        write("y", network.label);
        file.close();
    }
    void write(const std::string& name, const std::vector<Vector>& rows) {
        std::vector<double> numbers;
        for (const Vector& row : rows) numbers.insert(numbers.end(), row.begin(), row.end());
        file.write(name, {rows.size(), static_cast<hsize_t>(rows[0].size())}, numbers);
    }
    TemporaryHdf5 file;
};

// A random circuit that does not learn.
struct DrawnCircuit {
    DrawnCircuit(Draws& draws, int n, int n_in, int n_out)
        : network(draws, n, n_in, n_out, steps), shown(network) {
        const double alphas[] = {0.1, 0.5, 1.0};
        const char* activations[] = {"tanh", "linear", "rectified", "logistic"};
        overrides = {
            fmt::format("population.hidden.size={}", n),
            fmt::format("population.hidden.alpha={}", alphas[draws.whole(0, 2)]),
            fmt::format("population.hidden.activation={}", activations[draws.whole(0, 3)]),
            "plasticity.readout.rate=0",
            fmt::format("task={{ kind = \"file\", path = \"{}/{}\", repeat = true, readout = "
                        "\"{}\" }}",
                        shown.file.directory(), shown.file.name(),
                        draws.whole(0, 1) ? "softmax" : "linear")};
    }
    RandomNetwork network;
    Shown shown;
    std::vector<std::string> overrides;
};

struct GradientRun : SteppedModel {
    GradientRun(const std::string& name, const DrawnCircuit& circuit,
                std::vector<std::string> more = {})
        : SteppedModel(load_model(path_of_shipped(name), with(circuit.overrides, more))),
          start(circuit.network.start) {
        write_all(start.W);
    }
    static std::vector<std::string> with(std::vector<std::string> all,
                                         const std::vector<std::string>& more) {
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    // The circuit before its first step, with these strengths.
    void write_all(const Matrix& W) {
        const auto n = W.rows();
        write("W_rec", W.leftCols(n));
        write("W_in", W.middleCols(n, W.cols() - n - 1));
        write("b", W.rightCols(1));
        write("W_out", start.W_out.leftCols(n));
        write("b_out", start.W_out.rightCols(1));
        write("hidden.r", start.r);
        write("previous(hidden.r)", start.r);
    }
    algebra::Start start;
};

// Losses of each step. Training follows half the sum of squares, where half the mean is reported.
Vector losses(GradientRun& run, const Matrix& W) {
    run.write_all(W);
    const bool linear = run.model.task->shape().readout == Activation::linear;
    Vector all(steps);
    for (int t = 0; t < steps; ++t) {
        run.step();
        all(t) = run.scheduler.loss() * (linear ? run.model.task->shape().outputs : 1);
    }
    return all;
}

// dL(t) / dW_ij in row t, at column i m + j.
Matrix central_differences(GradientRun& run) {
    Matrix W = run.start.W, slopes(steps, W.size());
    for (Eigen::Index entry = 0; entry < W.size(); ++entry) {
        double& w = W.data()[entry];
        const double before = w;
        w = before + nudge;
        const Vector above = losses(run, W);
        w = before - nudge;
        slopes.col(entry) = (above - losses(run, W)) / (2.0 * nudge);
        w = before;
    }
    return slopes;
}

Matrix gradients_of_rtrl(GradientRun& run) {
    const auto n = run.start.W.rows(), m = run.start.W.cols();
    Matrix all(steps, n * m);
    for (int t = 0; t < steps; ++t) {
        run.step();
        Matrix G(n, m);
        G << run.matrix("gradient(W_rec)"), run.matrix("gradient(W_in)"), run.matrix("gradient(b)");
        all.row(t) = Eigen::Map<const Eigen::RowVectorXd>(G.data(), G.size());
    }
    return all;
}

}  // namespace

TEST_CASE("RTRL's gradient of each step is that of central differences of the circuit's own loss",
          "[gradient][rtrl]") {
    Draws draws(1);
    for (int i = 0; i < circuits; ++i) {
        const DrawnCircuit circuit(draws, draws.whole(1, 12), draws.whole(1, 4), draws.whole(2, 4));
        INFO(list_of(circuit.overrides));
        GradientRun rtrl("rtrl", circuit, {"plasticity.recurrent.rate=0"}),
            fixed("fixed_w", circuit);
        REQUIRE(distance(gradients_of_rtrl(rtrl), central_differences(fixed)) <= tolerance);
    }
}
