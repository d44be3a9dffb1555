// A circuit and its equations (sim/algebra), step by step.
#pragma once

#include <array>

#include "sim/algebra/network.hpp"
#include "tests/small_circuit.hpp"

namespace apical::oracle {

inline constexpr int steps = 50;
inline constexpr double tolerance = 1e-12, rate = 0.002, rate_out = 0.003;

// What a model file is run with beside its own options.
struct Setting {
    int n;
    double alpha;
    algebra::Activation activation;
    bool mimic, random_feedback;
};

inline constexpr std::array activations = {"tanh", "linear", "rectified", "logistic"};

// Each size with each activation; each two values of two other choices meet as well.
inline std::vector<Setting> settings() {
    constexpr int sizes[] = {1, 2, 7, 8, 9, 20};
    constexpr double alphas[] = {0.1, 0.5, 1.0};
    std::vector<Setting> all;
    for (int i = 0; i < 6; ++i) {
        for (int j = 0; j < 4; ++j) {
            all.push_back({sizes[i], alphas[(i + j) % 3], static_cast<algebra::Activation>(j),
                           (i + j) % 2 == 1, (i / 2 + j / 2) % 2 == 1});
        }
    }
    return all;
}

using Overrides = std::vector<std::string>;

// Models of mirrored feedback can have random feedback in its place.
inline Model loaded(const std::string& name, const Setting& s, const Overrides& options) {
    const char* mirrored = "[synapses.W_out.back]";
    const bool change =
        s.random_feedback && content_of(path_of_shipped(name)).find(mirrored) != std::string::npos;
    const std::vector<Change> random = {
        {mirrored, "[synapses.B_fb]\ninit = { normal = \"1/sqrt(pre)\" }"}};
    Overrides overrides = {
        fmt::format("population.hidden.size={}", s.n),
        fmt::format("population.hidden.alpha={}", s.alpha),
        fmt::format("population.hidden.activation={}",
                    activations[static_cast<std::size_t>(s.activation)]),
        "synapses.W_rec.init={ orthogonal = 0.7 }",
        fmt::format("run.seed={}", s.n),
        fmt::format("plasticity.readout.rate={}", rate_out),
    };
    if (name != "fixed_w") overrides.push_back(fmt::format("plasticity.recurrent.rate={}", rate));
    if (s.mimic) overrides.push_back("task={ kind = \"mimic\", inputs = 3, outputs = 2 }");
    overrides.insert(overrides.end(), options.begin(), options.end());
    const TemporaryFolder folder;
    return load_model(
        folder.write("model.toml", drafted(name, change ? random : std::vector<Change>{})),
        overrides);
}

inline const std::string without_alpha = "plasticity.recurrent.leave_out_alpha=true";

// A shipped model that runs, with its numbers as the equations have them.
class Run : public Simulation {
public:
    Run(const std::string& name, const Setting& s, const Overrides& options)
        : Simulation(loaded(name, s, options)),
          settings{.alpha = s.alpha,
                   .rate = rate,
                   .rate_out = rate_out,
                   .activation = s.activation,
                   .loss = s.mimic ? algebra::Loss::mean_square : algebra::Loss::cross_entropy,
                   .leave_out_alpha =
                       std::find(options.begin(), options.end(), without_alpha) != options.end()} {}

    void advance() {
        W_before = W();
        W_out_before = W_out();
        step();
    }

    algebra::Start start() const {
        return {.W = W(),
                .W_out = W_out(),
                .r = vector("hidden.r"),
                .B_fb = has("B_fb") ? matrix("B_fb") : Matrix()};
    }
    Vector x() const { return vector("input.r"); }
    Vector label() const { return vector("label.r"); }
    bool has(const std::string& address) const { return bool(model.program.find(address)); }

    // Several sets of synapses beside each other: W = [W_rec, W_in, b].
    Matrix beside(const std::vector<std::string>& sets) const {
        Matrix all = matrix(sets[0]);
        for (std::size_t i = 1; i < sets.size(); ++i) {
            const Matrix left = all, right = matrix(sets[i]);
            all.resize(left.rows(), left.cols() + right.cols());
            all << left, right;
        }
        return all;
    }
    Matrix W() const { return beside({"W_rec", "W_in", "b"}); }
    Matrix W_out() const { return beside({"W_out", "b_out"}); }
    Matrix A(const std::string& name = "A") const {
        return beside({name + "_r", name + "_y", name + "_1"});
    }
    // "eligibility(W_rec)" and so on.
    Matrix tags(const std::string& name) const {
        return beside({name + "(W_rec)", name + "(W_in)", name + "(b)"});
    }
    // M_kij in row k at column i m + j.
    Matrix influence() const {
        const auto n = static_cast<int>(vector("hidden.r").size()),
                   m = static_cast<int>(W().cols());
        Matrix M(n, n * m);
        int first = 0;
        for (const char* set : {"W_rec", "W_in", "b"}) {
            const Matrix part = matrix(fmt::format("influence({})", set));
            const int pre = static_cast<int>(part.cols()) / n;
            for (int i = 0; i < n; ++i)
                M.middleCols(i * m + first, pre) = part.middleCols(i * pre, pre);
            first += pre;
        }
        return M;
    }

    void same(const std::string& what, const Matrix& found, const Matrix& expected) const {
        const double off = distance(found, expected);
        if (off <= tolerance) return;
        FAIL(fmt::format("{} is off by {} after {} steps", what, off, scheduler.step()));
    }
    void same(const std::string& address, const Matrix& expected) const {
        same(address, matrix(address), expected);
    }
    void same(const std::string& address, double expected) const {
        same(address, Vector::Constant(1, expected));
    }
    void same_network(const algebra::Network& network) const {
        same("hidden.soma.v", network.v);
        same("hidden.r", network.r);
        same("output.soma.v", network.z);
        same("output.r", network.y);
        same("error.r", network.e);
        same("loss", network.loss);
        // As it is seen in the strengths.
        same("gradient of W", (W_before - W()) / rate, network.G);
        same("gradient of W_out", (W_out_before - W_out()) / rate_out, network.G_out);
        same("W", W(), network.W);
        same("W_out", W_out(), network.W_out);
        if (has("hidden.feedback.v")) same("hidden.feedback.v", network.c_bar);
        if (has("slope(hidden.soma.v)")) same("slope(hidden.soma.v)", network.slope);
    }

    algebra::Settings settings;
    Matrix W_before, W_out_before;
};

// `Equations` are made of a run that has not begun, take a step with one that has taken it, and
// then compare.
template <class Equations, class... Options>
void follows(const std::string& name, const Overrides& overrides, const Options&... options) {
    for (const Setting& setting : settings()) {
        INFO(name << " {" << list_of(overrides) << "}, n = " << setting.n
                  << ", alpha = " << setting.alpha << ", "
                  << activations[static_cast<std::size_t>(setting.activation)]
                  << (setting.mimic ? ", mimic" : ", add")
                  << (setting.random_feedback ? ", random feedback" : ""));
        Run run(name, setting, overrides);
        Equations equations(run, options...);
        for (int step = 0; step < steps; ++step) {
            run.advance();
            equations.step(run);
            run.same_network(equations);
            equations.compare(run);
        }
    }
    SUCCEED();
}

}  // namespace apical::oracle
