// The mean over the engine's own noise of what UORO, KF-RTRL and R-KF hold is RTRL's influence.
#include "tests/sim/algebra/random_network.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr int repetitions = 20'000, of_control = 4'000, n = 3, n_in = 2, m = n + n_in + 1,
              steps = 3;

// Three rows that are shown over and over, and signs that are not independent.
struct Written {
    Written() {
        Draws draws(1);
        const Matrix x = draws.normals(steps, n_in), y = draws.normals(steps, 2);
        file.write("x", {steps, n_in}, {x.data(), x.data() + x.size()});
        file.write("y", {steps, 2}, {y.data(), y.data() + y.size()});
        std::vector<double> by_cells, by_steps;
        for (int t = 0; t < of_control * steps; ++t) {
            const bool second = t % steps == 1;
            by_cells.insert(by_cells.end(), n, draws.sign());
            by_steps.insert(by_steps.end(), {1.0, second ? by_steps.back() : draws.sign()});
        }
        file.write("shared by cells", {of_control * steps, n}, by_cells);
        file.write("shared by steps", {of_control * steps, 2}, by_steps);
        file.close();
    }
    std::string path() const { return file.directory() + '/' + file.name(); }
    TemporaryHdf5 file;
};

Model model_of(const std::string& name, const Written& written,
               const std::vector<std::string>& more = {}) {
    std::vector<std::string> overrides = {
        fmt::format("population.hidden.size={}", n), "plasticity.recurrent.rate=0",
        "plasticity.readout.rate=0",
        fmt::format(
            "task={{ kind = \"file\", path = \"{}\", repeat = true, readout = \"linear\" }}",
            written.path()),
        fmt::format("run.steps={}", of_control * steps)};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return load_model(path_of_shipped(name), overrides);
}

// A slot that is read and written often.
struct Tensor {
    Tensor(SteppedModel& run, const std::string& address)
        : state(run.state), slot(run.find(address)), numbers(run.matrix(address)) {}
    const Matrix& read() {
        state.read(slot, numbers.data());
        return numbers;
    }
    void clear() {
        numbers.setZero();
        state.write(slot, numbers.data());
    }
    State& state;
    SlotId slot;
    Matrix numbers;
};

const std::vector<std::string> sets = {"W_rec", "W_in", "b"};

// M_kij in row k at column i m + j, as a rule estimates it from A and B.
struct Factors {
    Factors(SteppedModel& run, const std::vector<std::string>& of_A,
            const std::vector<std::string>& of_B) {
        for (const std::string& address : of_A) A.emplace_back(run, address);
        for (const std::string& address : of_B) B.emplace_back(run, address);
    }
    void clear() {
        for (Tensor& part : A) part.clear();
        for (Tensor& part : B) part.clear();
    }
    static Matrix beside(std::vector<Tensor>& parts, int rows) {
        Matrix all(rows, 0);
        for (Tensor& part : parts) {
            const Matrix& one = part.read();
            const auto before = all.cols();
            const auto columns = one.size() / rows;
            all.conservativeResize(Eigen::NoChange, before + columns);
            all.rightCols(columns) = Eigen::Map<const Matrix>(one.data(), rows, columns);
        }
        return all;
    }
    std::vector<Tensor> A, B;
};

struct Uoro : Factors {
    static constexpr const char *name = "uoro", *not_independent = "shared by cells";
    explicit Uoro(SteppedModel& run)
        : Factors(run, {"recurrent.A"}, {"B(W_rec)", "B(W_in)", "B(b)"}) {}
    Matrix estimate() {
        const Matrix a = beside(A, n), b = beside(B, n);
        Matrix M(n, n * m);
        for (int i = 0; i < n; ++i) M.middleCols(i * m, m) = a * b.row(i);
        return M;
    }
};

struct RKf : Factors {
    static constexpr const char *name = "r_kf", *not_independent = "shared by cells";
    explicit RKf(SteppedModel& run)
        : Factors(run, {"recurrent.A"}, {"B(W_rec)", "B(W_in)", "B(b)"}) {}
    Matrix estimate() {
        const Matrix a = beside(A, n), b = beside(B, n);
        Matrix M(n, n * m);
        for (int i = 0; i < n; ++i) M.middleCols(i * m, m) = a(i) * b;
        return M;
    }
};

struct KfRtrl : Factors {
    static constexpr const char *name = "kf_rtrl", *not_independent = "shared by steps";
    explicit KfRtrl(SteppedModel& run)
        : Factors(run, {"recurrent.A(W_rec)", "recurrent.A(W_in)", "recurrent.A(b)"},
                  {"recurrent.B"}) {}
    Matrix estimate() {
        const Matrix a = beside(A, 1), b = beside(B, n);
        Matrix M(n, n * m);
        for (int i = 0; i < n; ++i) M.middleCols(i * m, m) = b.col(i) * a;
        return M;
    }
};

Matrix influence_of_rtrl(const Written& written) {
    SteppedModel rtrl(model_of("rtrl", written));
    rtrl.step(steps);
    Matrix M(n, n * m);
    int first = 0;
    for (const std::string& set : sets) {
        const Matrix part = rtrl.matrix("influence(" + set + ")");
        const auto pre = static_cast<int>(part.cols()) / n;
        for (int i = 0; i < n; ++i)
            M.middleCols(i * m + first, pre) = part.middleCols(i * pre, pre);
        first += pre;
    }
    return M;
}

// How many standard errors the mean of `count` estimates is off, at the entry where it is worst.
template <class Rule>
double worst_error(const Written& written, int count, const std::vector<std::string>& more) {
    const Matrix truth = influence_of_rtrl(written);
    SteppedModel run(model_of(Rule::name, written, more));
    Rule rule(run);
    const SlotId rate = run.find("hidden.r"), before = run.find("previous(hidden.r)");
    const Vector start = run.vector("hidden.r");
    Matrix sum = Matrix::Zero(n, n * m), sum_of_squares = sum;
    for (int i = 0; i < count; ++i) {
        run.state.write(rate, start.data());
        run.state.write(before, start.data());
        rule.clear();
        run.step(steps);
        const Matrix off = rule.estimate() - truth;
        sum += off;
        sum_of_squares += off.cwiseAbs2();
    }
    const Matrix mean = sum / count;
    const Matrix variance = sum_of_squares / count - mean.cwiseAbs2();
    REQUIRE(variance.minCoeff() > 0.0);
    return mean.cwiseAbs().cwiseQuotient((variance / count).cwiseSqrt()).maxCoeff();
}

template <class Rule>
void is_unbiased() {
    const Written written;
    CHECK(worst_error<Rule>(written, repetitions, {}) <= 5.0);
    CHECK(worst_error<Rule>(written, repetitions,
                            {"plasticity.recurrent.rho0=1.1", "plasticity.recurrent.rho1=1.3"}) <=
          5.0);
    // Fewer draws tell signs that are shared from independent ones.
    const std::string shared =
        fmt::format("plasticity.recurrent.noise={{ file = \"{}\", dataset = \"{}\" }}",
                    written.path(), Rule::not_independent);
    CHECK(worst_error<Rule>(written, of_control, {shared}) >= 20.0);
}

}  // namespace

TEST_CASE("UORO's influence, over the circuit's own noise, is RTRL's in the mean",
          "[noise][uoro]") {
    is_unbiased<Uoro>();
}

TEST_CASE("KF-RTRL's influence, over the circuit's own noise, is RTRL's in the mean",
          "[noise][kf_rtrl]") {
    is_unbiased<KfRtrl>();
}

TEST_CASE("R-KF's influence, over the circuit's own noise, is RTRL's in the mean",
          "[noise][r_kf]") {
    is_unbiased<RKf>();
}
