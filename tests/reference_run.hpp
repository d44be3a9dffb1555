#pragma once

#include <fmt/format.h>

#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/hdf5/dataset.hpp"
#include "sim/model/model.hpp"
#include "sim/runs/run_model.hpp"

namespace apical::reference {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline constexpr int n = 8, n_in = 2, n_out = 2, m = n + n_in + 1, steps = 60;
inline constexpr double alpha = 0.5, tolerance = 1e-9;

inline std::string data(const std::string& name) {
    return fmt::format("{}/tests/data/reference/{}.h5", APICAL_SOURCE_DIR, name);
}

inline std::string from_file(const std::string& name, const std::string& rest) {
    return fmt::format("{{ file = \"{}\", {} }}", data(name), rest);
}

// What every reference run has in common.
inline std::vector<std::string> common_overrides(const std::string& name) {
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
        run_model(loaded, {.force = true});
    }
    ~Comparison() { std::filesystem::remove(output_); }

    // [steps, rest] of the reference.
    Matrix truth(const std::string& dataset) const { return flat(data(name_), dataset); }
    // [steps, rest] of a quantity sampled once a step. Its first row is of step 0, before the first
    // step of the reference.
    Matrix ours(const std::string& dataset) const {
        return flat(output_, dataset).bottomRows(steps);
    }
    // [steps, n] of one phase of a quantity.
    Matrix ours(const std::string& dataset, int phase) const {
        const DataSet set = read_dataset(output_, dataset, {});
        const auto phases = static_cast<int>(set.shape[1]);
        const Matrix all = ours(dataset);
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

private:
    static Matrix flat(const std::string& path, const std::string& dataset) {
        const DataSet set = read_dataset(path, dataset, {});
        const auto rows = static_cast<Eigen::Index>(set.shape.at(0));
        return Eigen::Map<const Matrix>(set.numbers.data(), rows,
                                        static_cast<Eigen::Index>(set.numbers.size()) / rows);
    }

    std::string name_, output_;
};

}  // namespace apical::reference
