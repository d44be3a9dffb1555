// Whole networks: fifty steps of shipped models beside a plain loop over the equations.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double tolerance = 1e-12, alpha = 0.5;
constexpr int steps = 50, n = 12;

// The recurrent network that all algorithms train, with the names of their equations.
class Network {
public:
    explicit Network(const Simulation& sim, double rate)
        : rate_(rate),
          W_rec(sim.matrix("W_rec")),
          W_in(sim.matrix("W_in")),
          b(sim.vector("b")),
          W_out(sim.matrix("W_out")),
          b_out(sim.vector("b_out")),
          r(sim.vector("hidden.r")) {}
    virtual ~Network() = default;

    // One step, with the inputs and the label that the simulation had in it.
    void step(const Vector& x, const Vector& label) {
        r_before = r;
        v = W_rec * r_before + W_in * x + b;
        r = (1 - alpha) * r_before + alpha * Vector(v.array().tanh());
        slope = 1.0 - v.array().tanh().square();
        z = W_out * r + b_out;
        const Vector exponential = (z.array() - z.maxCoeff()).exp();
        y = exponential / exponential.sum();
        loss = -(label.array() * y.array().log()).sum();
        e = y - label;
        learn(x, label);
        W_out -= rate_ * e * r.transpose();
        b_out -= rate_ * e;
    }

    virtual void compare(const Simulation& sim) const {
        same(sim, "hidden.soma.v", v);
        same(sim, "hidden.r", r);
        same(sim, "output.soma.v", z);
        same(sim, "output.r", y);
        same(sim, "loss", Vector::Constant(1, loss));
        same(sim, "W_rec", W_rec);
        same(sim, "W_in", W_in);
        same(sim, "b", b);
        same(sim, "W_out", W_out);
        same(sim, "b_out", b_out);
    }

protected:
    static void same(const Simulation& sim, const std::string& address, const Matrix& expected) {
        INFO(address);
        REQUIRE(distance(sim.matrix(address), expected) <= tolerance);
    }
    // The tensors of the algorithm, and the recurrent weights.
    virtual void learn(const Vector& x, const Vector& label) = 0;

    double rate_;
    Matrix W_rec, W_in;
    Vector b;
    Matrix W_out;
    Vector b_out, r, r_before, v, slope, z, y, e;
    double loss = 0.0;
};

class FixedW : public Network {
public:
    explicit FixedW(const Simulation& sim) : Network(sim, 1e-3) {}
    void learn(const Vector&, const Vector&) override {}
};

// B <- (1 - alpha) B + alpha phi' r^(t-1);  G = c B,  c = B_fb e
class Rflo : public Network {
public:
    explicit Rflo(const Simulation& sim)
        : Network(sim, 1e-3),
          B_fb(sim.matrix("B_fb")),
          B_rec(Matrix::Zero(n, n)),
          B_in(Matrix::Zero(n, W_in.cols())),
          B_1(Vector::Zero(n)) {}

    void learn(const Vector& x, const Vector&) override {
        c = B_fb * e;
        B_rec = (1 - alpha) * B_rec + alpha * slope * r_before.transpose();
        B_in = (1 - alpha) * B_in + alpha * slope * x.transpose();
        B_1 = (1 - alpha) * B_1 + alpha * slope;
        W_rec -= rate_ * (c.asDiagonal() * B_rec);
        W_in -= rate_ * (c.asDiagonal() * B_in);
        b -= rate_ * c.cwiseProduct(B_1);
    }

    void compare(const Simulation& sim) const override {
        Network::compare(sim);
        same(sim, "error.r", e);
        same(sim, "hidden.feedback.v", c);
        same(sim, "eligibility(W_rec)", B_rec);
        same(sim, "eligibility(W_in)", B_in);
        same(sim, "eligibility(b)", B_1);
    }

private:
    Matrix B_fb, B_rec, B_in;
    Vector B_1, c;
};

// u = A r~(t) with A before its change, held for a step as p;  c* = c(t-1) + tanh(u) J;
// A <- A - rate_A (p - c*) r~(t-1);  J <- J + rate_J (r - J r(t-1)) r(t-1);  G = alpha u phi'
// r^(t-1)
class HeldDniB : public Network {
public:
    explicit HeldDniB(const Simulation& sim)
        : Network(sim, 1e-3),
          B_fb(sim.matrix("B_fb")),
          A_r(sim.matrix("A_r")),
          A_y(sim.matrix("A_y")),
          A_1(sim.vector("A_1")),
          J(sim.matrix("J")),
          u(Vector::Zero(n)),
          c(Vector::Zero(n)) {}

    void learn(const Vector& x, const Vector& label) override {
        if (label_before.size() == 0) label_before = label;
        const Vector p = u, c_before = c;
        u = A_r * r + A_y * label + A_1;
        c = B_fb * e;
        fired = u.array().tanh();
        const Vector error = p - (c_before + J.transpose() * fired);
        A_r -= 1e-2 * error * r_before.transpose();
        A_y -= 1e-2 * error * label_before.transpose();
        A_1 -= 1e-2 * error;
        J += 1e-3 * (r - J * r_before) * r_before.transpose();
        const Vector gradient = alpha * u.cwiseProduct(slope);
        W_rec -= rate_ * gradient * r_before.transpose();
        W_in -= rate_ * gradient * x.transpose();
        b -= rate_ * gradient;
        label_before = label;
    }

    void compare(const Simulation& sim) const override {
        Network::compare(sim);
        same(sim, "hidden.apical.v", u);
        same(sim, "hidden.apical.r", fired);
        same(sim, "hidden.feedback.v", c);
        same(sim, "A_r", A_r);
        same(sim, "A_y", A_y);
        same(sim, "A_1", A_1);
        same(sim, "J", J);
    }

private:
    Matrix B_fb, A_r, A_y;
    Vector A_1;
    Matrix J;
    Vector u, c, fired, label_before;
};

// J = (1 - alpha) I + alpha phi' W_rec, c = e W_out;  p = A r~(t-1);  c* = c(t-1) + (A r~(t)) J;
// A <- A - rate_A (p - c*) r~(t-1);  u = A r~(t) with the changed A;  G = alpha u phi' r^(t-1)
class Dni : public Network {
public:
    explicit Dni(const Simulation& sim)
        : Network(sim, 1e-3),
          A_r(sim.matrix("A_r")),
          A_y(sim.matrix("A_y")),
          A_1(sim.vector("A_1")),
          c(Vector::Zero(n)) {}

    void learn(const Vector& x, const Vector& label) override {
        if (label_before.size() == 0) label_before = label;
        const Vector c_before = c, p = A_r * r_before + A_y * label_before + A_1,
                     bootstrap = A_r * r + A_y * label + A_1;
        c = W_out.transpose() * e;
        const Matrix J =
            (1 - alpha) * Matrix::Identity(n, n) + alpha * (slope.asDiagonal() * W_rec);
        const Vector error = p - (c_before + J.transpose() * bootstrap);
        A_r -= 1e-2 * error * r_before.transpose();
        A_y -= 1e-2 * error * label_before.transpose();
        A_1 -= 1e-2 * error;
        u = A_r * r + A_y * label + A_1;
        const Vector gradient = alpha * u.cwiseProduct(slope);
        W_rec -= rate_ * gradient * r_before.transpose();
        W_in -= rate_ * gradient * x.transpose();
        b -= rate_ * gradient;
        label_before = label;
    }

    void compare(const Simulation& sim) const override {
        Network::compare(sim);
        same(sim, "hidden.credit.v", u);
        same(sim, "hidden.feedback.v", c);
        same(sim, "A_r", A_r);
        same(sim, "A_y", A_y);
        same(sim, "A_1", A_1);
    }

private:
    Matrix A_r, A_y;
    Vector A_1, u, c, label_before;
};

Model shipped(const std::string& name, std::int64_t seed = 1) {
    return load_model(path_of_shipped(name), {fmt::format("population.hidden.size={}", n),
                                              fmt::format("run.seed={}", seed)});
}

template <class Equations>
void follows(const std::string& name) {
    for (const std::int64_t seed : {1, 2}) {
        Simulation sim(shipped(name, seed));
        Equations equations(sim);
        for (int step = 1; step <= steps; ++step) {
            sim.step();
            INFO("step " << step << " of " << name << ", seed " << seed);
            equations.step(sim.vector("input.r"), sim.vector("label.r"));
            equations.compare(sim);
        }
    }
}

}  // namespace

TEST_CASE("fixed W is its equations", "[oracle]") { follows<FixedW>("fixed_w"); }

TEST_CASE("RFLO is its equations", "[oracle]") { follows<Rflo>("rflo"); }

TEST_CASE("held DNI(b) is its equations", "[oracle]") { follows<HeldDniB>("dni_b"); }

TEST_CASE("DNI with the exact Jacobian is its equations", "[oracle]") { follows<Dni>("dni"); }
