// The authors' trajectories (tests/data/reference), from their initial values, inputs and labels,
// through shipped models.
#include <fmt/format.h>

#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/hdf5_file.hpp"
#include "sim/model.hpp"
#include "sim/run.hpp"

namespace {

using namespace apical;
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int n = 8, n_in = 2, n_out = 2, m = n + n_in + 1, steps = 60;
constexpr double alpha = 0.5, tolerance = 1e-9;

std::string data(const std::string& name) {
    return fmt::format("{}/tests/data/reference/{}.h5", APICAL_SOURCE_DIR, name);
}

std::string from_file(const std::string& name, const std::string& rest) {
    return fmt::format("{{ file = \"{}\", {} }}", data(name), rest);
}

// What every reference run has in common.
std::vector<std::string> common_overrides(const std::string& name) {
    const auto init = [&](const char* key, const char* dataset) {
        return fmt::format("{}.init={}", key,
                           from_file(name, fmt::format("dataset = \"{}\"", dataset)));
    };
    return {"population.hidden.size=8",
            init("population.hidden", "r0"),
            init("synapses.W_rec", "init_W_rec"),
            init("synapses.W_in", "init_W_in"),
            init("synapses.b", "init_b_rec"),
            init("synapses.W_out", "init_W_out"),
            init("synapses.b_out", "init_b_out"),
            "plasticity.readout.rate=0.05",
            fmt::format("task={{ kind = \"file\", path = \"{}\", x = \"x\", y = \"y_star\" }}",
                        data(name)),
            "record={ all = { what = \"*\" } }",
            "run.steps=60"};
}

std::vector<std::string> dni_overrides(const std::string& name) {
    const auto columns = [&](const char* set, int first, int end) {
        return fmt::format(
            "synapses.{}.init={}", set,
            from_file(name, fmt::format("dataset = \"init_A\", columns = [{}, {}]", first, end)));
    };
    return {columns("A_r", 0, n), columns("A_y", n, n + n_out),
            columns("A_1", n + n_out, n + n_out + 1), "plasticity.recurrent.rate=0.05",
            "plasticity.synthetic_gradient.rate=0.03"};
}

std::vector<std::string> learned_jacobian(const std::string& name) {
    return {"synapses.J.init=" + from_file(name, "dataset = \"init_J_approx\""),
            "plasticity.jacobian.rate=0.02"};
}

// c = transpose(W_out) e: the random feedback is silenced.
std::vector<std::string> mirrored() {
    return {
        "synapses.B_fb.init={ constant = 0.0 }",
        "synapses.W_out.back={ from = \"error\", to = \"hidden.feedback\", during = \"update\" }"};
}

std::vector<std::string> random_feedback(const std::string& name) {
    return {"synapses.B_fb.init=" + from_file(name, "dataset = \"W_FB\", transpose = true")};
}

const char* const jacobian_first = "plasticity.jacobian.during=\"forward\"";

class Comparison {
public:
    Comparison(const std::string& model, const std::string& name,
               std::vector<std::vector<std::string>> more)
        : name_(name) {
        namespace fs = std::filesystem;
        output_ = (fs::temp_directory_path() / fmt::format("apical_{}_{}.h5", name, std::rand()))
                      .string();
        std::vector<std::string> overrides = common_overrides(name);
        for (const auto& list : more) overrides.insert(overrides.end(), list.begin(), list.end());
        overrides.push_back("run.output=\"" + output_ + "\"");
        const Model loaded =
            load_model(fmt::format("{}/models/{}", APICAL_SOURCE_DIR, model), overrides);
        run(loaded, true, true);
    }
    ~Comparison() { std::filesystem::remove(output_); }

    // [steps, rest] of the reference.
    Matrix truth(const std::string& dataset) const { return flat(data(name_), dataset); }
    // [steps, rest] of a quantity sampled once a step.
    Matrix ours(const std::string& dataset) const { return flat(output_, dataset); }
    // [steps, n] of one phase of a quantity.
    Matrix ours(const std::string& dataset, int phase) const {
        const DataSet set = read_dataset(output_, dataset, {});
        const auto phases = static_cast<int>(set.shape[1]);
        const Matrix all = flat(output_, dataset);
        const Eigen::Index width = all.cols() / phases;
        return all.middleCols(phase * width, width);
    }
    // Columns of several sets beside each other, as the reference keeps W and A: [steps, rows *
    // columns].
    Matrix beside(const std::vector<std::string>& datasets, int rows) const {
        std::vector<Matrix> parts;
        Eigen::Index columns = 0;
        for (const std::string& dataset : datasets) {
            parts.push_back(ours(dataset));
            columns += parts.back().cols() / rows;
        }
        Matrix joined(steps, rows * columns);
        for (int i = 0; i < rows; ++i) {
            Eigen::Index at = i * columns;
            for (const Matrix& part : parts) {
                const Eigen::Index width = part.cols() / rows;
                joined.middleCols(at, width) = part.middleCols(i * width, width);
                at += width;
            }
        }
        return joined;
    }

    void same(const Matrix& found, const std::string& dataset) const {
        const Matrix expected = truth(dataset);
        INFO(name_ << ": " << dataset);
        REQUIRE(found.rows() == steps);
        REQUIRE(found.cols() == expected.cols());
        REQUIRE(expected.cwiseAbs().maxCoeff() > 0.0);
        CHECK((found - expected).cwiseAbs().maxCoeff() <=
              tolerance * expected.cwiseAbs().maxCoeff());
    }

    void same_forward_pass_and_readout() const {
        same(ours("/state/hidden/soma/voltage", 0), "v");
        same(ours("/state/hidden/rate", 0), "r");
        same(ours("/state/output/soma/voltage", 0), "z");
        same(ours("/state/output/rate", 0), "y");
        same(ours("/state/error/rate", 1), "error");
        same(ours("/signals/loss"), "loss");
        same(beside({"/synapses/W_rec/strength", "/synapses/W_in/strength", "/synapses/b/strength"},
                    n),
             "W");
        same(beside({"/synapses/W_out/strength", "/synapses/b_out/strength"}, n_out), "Wout");
        Matrix gradient(steps, n_out * (n + 1));
        const Matrix error = ours("/state/error/rate", 1), rate = ours("/state/hidden/rate", 0);
        for (int t = 0; t < steps; ++t) {
            for (int k = 0; k < n_out; ++k) {
                gradient.row(t).segment(k * (n + 1), n) = error(t, k) * rate.row(t);
                gradient(t, k * (n + 1) + n) = error(t, k);
            }
        }
        same(gradient, "grad_Wout");
    }

    // r^(t-1) = [r(t-1); x(t); 1]
    Matrix presynaptic() const {
        Matrix pre(steps, m);
        pre << ours("/state/hidden/previous_rate"), ours("/state/input/rate", 0),
            Matrix::Ones(steps, 1);
        return pre;
    }

    void same_dni() const {
        same_forward_pass_and_readout();
        same(ours("/state/hidden/feedback/voltage", 1), "q");
        same(ours("/state/hidden/feedback/previous_voltage"), "q_prev");
        same(ours("/plasticity/synthetic_gradient/target"), "sg_target");
        same(ours("/plasticity/synthetic_gradient/error"), "A_error");
        same(ours("/state/hidden/credit/voltage", 2), "sg");
        same(beside({"/synapses/A_r/strength", "/synapses/A_y/strength", "/synapses/A_1/strength"},
                    n),
             "A");
        const Matrix teaching = ours("/plasticity/recurrent/teaching"), pre = presynaptic();
        Matrix gradient(steps, n * m);
        for (int t = 0; t < steps; ++t) {
            for (int i = 0; i < n; ++i)
                gradient.row(t).segment(i * m, m) = alpha * teaching(t, i) * pre.row(t);
        }
        same(gradient, "grad_W");
    }

    void same_dni_b() const {
        same_dni();
        same(ours("/state/hidden/rate", 1), "sg_next");
        same(ours("/synapses/J/strength"), "J_approx");
    }

    void same_exact_dni() const {
        same_dni();
        same(ours("/state/hidden/apical/voltage", 1), "sg_next");
        same(ours("/synapses/J/strength"), "J");
    }

    void same_target_copy() const {
        same(beside({"/synapses/T_r/strength", "/synapses/T_y/strength", "/synapses/T_1/strength"},
                    n),
             "A_target");
    }

private:
    static Matrix flat(const std::string& path, const std::string& dataset) {
        const DataSet set = read_dataset(path, dataset, {});
        const auto rows = static_cast<Eigen::Index>(set.shape.at(0));
        return Eigen::Map<const Matrix>(set.numbers.data(), rows,
                                        static_cast<Eigen::Index>(set.numbers.size()) / rows);
    }

    std::string name_, output_;
};

}  // namespace

TEST_CASE("fixed W reproduces the authors' trajectory", "[reference]") {
    const Comparison c("fixed_w.toml", "fixedW", {});
    c.same_forward_pass_and_readout();
}

TEST_CASE("RFLO with mirrored feedback reproduces the authors' trajectory", "[reference]") {
    const Comparison c("variants/rflo_mirrored.toml", "RFLO", {{"plasticity.recurrent.rate=0.05"}});
    c.same_forward_pass_and_readout();
    c.same(c.ours("/state/hidden/feedback/voltage", 1), "q");
    const Matrix traces = c.beside(
        {"/synapses/W_rec/eligibility", "/synapses/W_in/eligibility", "/synapses/b/eligibility"},
        n);
    c.same(traces, "B");
    const Matrix credit = c.ours("/state/hidden/feedback/voltage", 1);
    Matrix gradient(steps, n * m);
    for (int i = 0; i < n; ++i) {
        gradient.middleCols(i * m, m) =
            traces.middleCols(i * m, m).array().colwise() * credit.col(i).array();
    }
    c.same(gradient, "grad_W");
}

TEST_CASE("replayed DNI(b) without target copy reproduces the authors' trajectory", "[reference]") {
    const std::string name = "DNIb_noFB_fix1";
    const Comparison c("variants/dni_b_replayed.toml", name,
                       {dni_overrides(name), learned_jacobian(name), mirrored(), {jacobian_first}});
    c.same_dni_b();
}

TEST_CASE("DNI(b) with a target copy and mirrored feedback reproduces the authors' trajectory",
          "[reference]") {
    const std::string name = "DNIb_noFB";
    const Comparison c("variants/dni_b_target_copy.toml", name,
                       {dni_overrides(name), learned_jacobian(name), mirrored(), {jacobian_first}});
    c.same_dni_b();
    c.same_target_copy();
}

TEST_CASE("DNI(b) with a target copy and random feedback reproduces the authors' trajectory",
          "[reference]") {
    const std::string name = "DNIb";
    const Comparison c(
        "variants/dni_b_target_copy.toml", name,
        {dni_overrides(name), learned_jacobian(name), random_feedback(name), {jacobian_first}});
    c.same_dni_b();
    c.same_target_copy();
}

TEST_CASE("DNI(b) whose Jacobian changes after its use reproduces the authors' trajectory",
          "[reference]") {
    const std::string name = "DNIb_2019";
    const Comparison c("variants/dni_b_target_copy.toml", name,
                       {dni_overrides(name), learned_jacobian(name), random_feedback(name)});
    c.same_dni_b();
    c.same_target_copy();
}

TEST_CASE("DNI with the exact Jacobian reproduces the authors' trajectory", "[reference]") {
    const std::string name = "DNI_fix1";
    const Comparison c("dni.toml", name, {dni_overrides(name)});
    c.same_exact_dni();
}

TEST_CASE("DNI with a target copy reproduces the authors' trajectory", "[reference]") {
    const std::string name = "DNI";
    const Comparison c("variants/dni_target_copy.toml", name, {dni_overrides(name)});
    c.same_exact_dni();
    c.same_target_copy();
}
