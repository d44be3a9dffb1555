// The authors' trajectories of the algorithms that carry an influence or a credit through time.
#include "tests/reference_run.hpp"

using namespace apical::reference;

namespace {

const std::vector<std::string> sets = {"W_rec", "W_in", "b"};

std::vector<std::string> paths(const std::string& quantity) {
    std::vector<std::string> all;
    for (const std::string& set : sets) all.push_back("/synapses/" + set + "/" + quantity);
    return all;
}

std::string start(const char* key, const std::string& name, const char* dataset) {
    return fmt::format("plasticity.recurrent.{}={}", key,
                       from_file(name, fmt::format("dataset = \"{}\"", dataset)));
}

std::vector<std::string> replayed(const std::string& name, const char* dataset) {
    return {"plasticity.recurrent.noise=" +
            from_file(name, fmt::format("dataset = \"{}\"", dataset))};
}

const std::vector<std::string> rate = {"plasticity.recurrent.rate=0.05"};
const std::vector<std::string> without_alpha = {"plasticity.recurrent.leave_out_alpha=true"};

std::vector<std::string> option_of(const std::string& name) {
    return name.ends_with("_alpha") ? std::vector<std::string>{} : without_alpha;
}

std::vector<std::string> starts(const std::string& name) {
    return {start("A", name, "init_A"), start("B", name, "init_B")};
}

// change_ij = - rate post_i pre_j
Matrix outer(const Matrix& post, const Matrix& pre) {
    Matrix gradient(steps, n * m);
    for (int i = 0; i < n; ++i) {
        gradient.middleCols(i * m, m) = pre.array().colwise() * post.col(i).array();
    }
    return gradient;
}

// Each row of a matrix n x m, scaled by a number of its own.
Matrix rows_scaled(const Matrix& matrix, const Matrix& by) {
    Matrix scaled(steps, n * m);
    for (int i = 0; i < n; ++i) {
        const auto factor = by.col(by.cols() == 1 ? 0 : i).array();
        scaled.middleCols(i * m, m) = matrix.middleCols(i * m, m).array().colwise() * factor;
    }
    return scaled;
}

// Holds `found` to be the reference from the step after `first_step` on.
void same_after(const Comparison& c, int first_step, const Matrix& found,
                const std::string& dataset) {
    const Matrix expected = c.truth(dataset);
    INFO(dataset << " from step " << first_step + 1);
    REQUIRE(found.cols() == expected.cols());
    const Eigen::Index count = steps - first_step;
    CHECK((found - expected).bottomRows(count).cwiseAbs().maxCoeff() <=
          tolerance * expected.cwiseAbs().maxCoeff());
}

Matrix credit(const Comparison& c) { return c.ours("/state/hidden/feedback/voltage", 1); }

void same_network(const Comparison& c) {
    c.same_forward_pass_and_readout();
    c.same(credit(c), "q");
}

void same_jacobian(const Comparison& c) { c.same(c.ours("/plasticity/recurrent/jacobian"), "J"); }

// M_kij of all sets beside each other.
Matrix influence(const Comparison& c) {
    Matrix M(steps, n * n * m);
    int first = 0;
    for (const std::string& set : sets) {
        const Matrix part = c.ours("/synapses/" + set + "/influence");
        const int pre = static_cast<int>(part.cols()) / (n * n);
        for (int ki = 0; ki < n * n; ++ki)
            M.middleCols(ki * m + first, pre) = part.middleCols(ki * pre, pre);
        first += pre;
    }
    return M;
}

}  // namespace

TEST_CASE("RTRL reproduces the authors' trajectory", "[reference][rtrl]") {
    for (const std::string name : {"RTRL", "RTRL_alpha"}) {
        const Comparison c("rtrl.toml", name, {rate, option_of(name)});
        same_network(c);
        same_jacobian(c);
        c.same(influence(c), "M");
        c.same(c.beside(paths("gradient"), n), "grad_W");
    }
}

TEST_CASE("BPTT in a sliding window reproduces the authors' trajectory", "[reference][bptt]") {
    for (const std::string name : {"F_BPTT", "F_BPTT_alpha"}) {
        const Comparison c("bptt.toml", name, {rate, option_of(name)});
        same_network(c);
        constexpr int window = 10;
        same_after(c, window - 1, c.ours("/plasticity/recurrent/c"), "c");
        Matrix pre(steps, m);
        pre << c.ours("/plasticity/recurrent/presynaptic(W_rec)"),
            c.ours("/plasticity/recurrent/presynaptic(W_in)"), Matrix::Ones(steps, 1);
        c.same(outer(c.ours("/plasticity/recurrent/teaching"), pre), "grad_W");
    }
}

TEST_CASE("BPTT in windows side by side reproduces the authors' trajectory",
          "[reference][bptt_window]") {
    for (const std::string name : {"E_BPTT", "E_BPTT_alpha"}) {
        const Comparison c("bptt_window.toml", name, {rate, option_of(name)});
        same_network(c);
        // Between two windows' ends nothing is applied; what was stays recorded.
        Matrix gradient = c.beside(paths("gradient"), n);
        for (int t = 0; t < steps; ++t) {
            if ((t + 1) % 10 != 0) gradient.row(t).setZero();
        }
        c.same(gradient, "grad_W");
    }
}

TEST_CASE("UORO reproduces the authors' trajectory", "[reference][uoro]") {
    for (const std::string name : {"UORO", "UORO_alpha"}) {
        const Comparison c("uoro.toml", name,
                           {rate, option_of(name), starts(name), replayed(name, "nu")});
        same_network(c);
        same_jacobian(c);
        const Matrix A = c.ours("/plasticity/recurrent/A"), B = c.beside(paths("B"), n);
        c.same(c.ours("/plasticity/recurrent/nu"), "nu");
        c.same(c.ours("/plasticity/recurrent/rho0"), "rho0");
        c.same(c.ours("/plasticity/recurrent/rho1"), "rho1");
        c.same(A, "A");
        c.same(B, "B");
        c.same(rows_scaled(B, (credit(c).array() * A.array()).rowwise().sum().matrix()), "grad_W");
    }
}

TEST_CASE("KF-RTRL reproduces the authors' trajectory", "[reference][kf_rtrl]") {
    for (const std::string name : {"KF_RTRL", "KF_RTRL_alpha"}) {
        const Comparison c("kf_rtrl.toml", name,
                           {rate, option_of(name), starts(name), replayed(name, "nu")});
        same_network(c);
        same_jacobian(c);
        Matrix A(steps, m), nu(steps, 2);
        A << c.ours("/plasticity/recurrent/A(W_rec)"), c.ours("/plasticity/recurrent/A(W_in)"),
            c.ours("/plasticity/recurrent/A(b)");
        nu << c.ours("/plasticity/recurrent/nu0"), c.ours("/plasticity/recurrent/nu1");
        c.same(nu, "nu");
        c.same(c.ours("/plasticity/recurrent/rho0"), "rho0");
        c.same(c.ours("/plasticity/recurrent/rho1"), "rho1");
        c.same(A, "A");
        c.same(c.ours("/plasticity/recurrent/B"), "B");
        c.same(outer(c.ours("/plasticity/recurrent/teaching"), A), "grad_W");
    }
}

TEST_CASE("R-KF reproduces the authors' trajectory", "[reference][r_kf]") {
    for (const std::string name : {"R_KF", "R_KF_alpha"}) {
        const Comparison c("r_kf.toml", name,
                           {rate, option_of(name), starts(name), replayed(name, "nu")});
        same_network(c);
        same_jacobian(c);
        const Matrix A = c.ours("/plasticity/recurrent/A");
        c.same(c.ours("/plasticity/recurrent/nu"), "nu");
        c.same(c.ours("/plasticity/recurrent/rho0"), "rho0");
        c.same(c.ours("/plasticity/recurrent/rho1"), "rho1");
        c.same(A, "A");
        c.same(c.beside(paths("B"), n), "B");
        Matrix back(steps, m);
        back << c.ours("/plasticity/recurrent/credit_of_B(W_rec)"),
            c.ours("/plasticity/recurrent/credit_of_B(W_in)"),
            c.ours("/plasticity/recurrent/credit_of_B(b)");
        c.same(outer(A, back), "grad_W");
    }
}

TEST_CASE("KeRNL reproduces the authors' trajectory", "[reference][kernl]") {
    const std::vector<std::string> of_2019 = {"plasticity.recurrent.clip=false",
                                              "plasticity.recurrent.filter=\"mean\""};
    for (const std::string name : {"KeRNL", "KeRNL_2019"}) {
        const std::vector<std::string> options = {
            "population.twin.init=" + from_file(name, "dataset = \"init_noisy_r\""),
            "plasticity.recurrent.kernel_rate=0.5", "plasticity.recurrent.sigma=0.05",
            start("zeta", name, "init_zeta")};
        const Comparison c("kernl.toml", name,
                           {rate, options, replayed(name, "zeta"),
                            name == "KeRNL" ? std::vector<std::string>{} : of_2019});
        same_network(c);
        c.same(c.ours("/state/twin/rate", 0), "noisy_r");
        c.same(c.ours("/plasticity/recurrent/zeta"), "zeta");
        c.same(c.ours("/plasticity/recurrent/kernel"), "kernel");
        c.same(c.ours("/plasticity/recurrent/gamma"), "kernl_gamma");
        c.same(c.ours("/plasticity/recurrent/Gamma"), "Gamma");
        c.same(c.ours("/plasticity/recurrent/Omega"), "Omega");
        c.same(c.ours("/plasticity/recurrent/error"), "noise_error");
        c.same(c.ours("/plasticity/recurrent/A"), "A");
        const Matrix B = c.beside(paths("B"), n);
        c.same(B, "B");
        c.same(rows_scaled(B, c.ours("/plasticity/recurrent/teaching")), "grad_W");
    }
}
