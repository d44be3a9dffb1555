// The noise that rules ask for: what is drawn, and what it depends on.
#include "sim/engine/noise.hpp"

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr int draws = 20'000, n = 70;  // more cells than a draw has bits

Model rule_of_many_cells(const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> overrides = {fmt::format("population.hidden.size={}", n)};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return load_model(path_of_shipped(name), overrides);
}

// One step in each row, from the engine's own noise.
Matrix drawn(const Model& model, const std::string& address, int count = draws) {
    State state(model.program);
    const SlotId slot = model.program.find(address);
    REQUIRE(slot);
    const Slot& at = model.program[slot];
    Matrix all(count, at.rows);
    for (int t = 0; t < count; ++t) {
        model.noise->draw(t + 1, state);
        state.read(slot, all.row(t).data());
    }
    return all;
}

// Five standard errors of a mean of `draws` numbers of deviation one.
const double five_errors = 5.0 / std::sqrt(draws);

double largest(const Matrix& numbers) { return numbers.cwiseAbs().maxCoeff(); }

// The largest of all pairs of cells `lag` steps apart; a cell is not paired with itself at no lag.
double largest_correlation(const Matrix& numbers, int lag) {
    const auto count = numbers.rows() - lag;
    Matrix products = numbers.topRows(count).transpose() * numbers.bottomRows(count) / count;
    if (lag == 0) products.diagonal().setZero();
    return largest(products);
}

void is_independent(const Matrix& numbers) {
    CHECK(largest(numbers.colwise().mean()) < five_errors);
    // The largest of n^2 correlations may be six standard errors.
    for (const int lag : {0, 1, 2, 7}) CHECK(largest_correlation(numbers, lag) < 1.2 * five_errors);
}

// A second population of cells that the input drives, with a rule of its own.
const char* other_cells = R"(
[population.deep]
size = 5
dendrites = ["feedback"]
[synapses.D_rec]
from = "deep"
to = "deep.soma"
during = "forward"
delay = 1
init = { normal = 0.5 }
[synapses.D_fb]
from = "error"
to = "deep.feedback"
during = "update"
init = { normal = 1.0 }
[plasticity.deep]
rule = "uoro"
synapses = ["D_rec"]
credit = "deep.feedback"
rate = 1e-3
[synapses.W_in])";

}  // namespace

TEST_CASE("signs are fair, and independent between cells and steps", "[noise]") {
    for (const char* name : {"uoro", "r_kf"}) {
        const Matrix nu = drawn(rule_of_many_cells(name), "recurrent.nu");
        REQUIRE((nu.array().abs() == 1.0).all());
        is_independent(nu);
    }
}

TEST_CASE("the two signs of KF-RTRL are fair, and independent of each other and between steps",
          "[noise][kf_rtrl]") {
    const Model model = rule_of_many_cells("kf_rtrl");
    Matrix nu(draws, 2);
    nu << drawn(model, "recurrent.nu0"), drawn(model, "recurrent.nu1");
    REQUIRE((nu.array().abs() == 1.0).all());
    is_independent(nu);
}

TEST_CASE("KeRNL's noise is normal with deviation sigma, and independent between cells and steps",
          "[noise][kernl]") {
    for (const double sigma : {1e-3, 2.0}) {
        const Model model =
            rule_of_many_cells("kernl", {fmt::format("plasticity.recurrent.sigma={}", sigma)});
        const Matrix zeta = drawn(model, "recurrent.zeta") / sigma;
        is_independent(zeta);
        const auto numbers = static_cast<double>(zeta.size());
        const double five = 5.0 / std::sqrt(numbers);
        CHECK(std::abs(zeta.array().square().mean() - 1.0) < five * std::sqrt(2.0));
        CHECK(std::abs(zeta.array().cube().mean()) < five * std::sqrt(15.0));
        CHECK(std::abs(zeta.array().pow(4).mean() - 3.0) < five * std::sqrt(96.0));
    }
}

TEST_CASE("KeRNL's first noise, before the first step, is a draw like the others",
          "[noise][kernl]") {
    const SteppedModel sim(rule_of_many_cells("kernl", {"plasticity.recurrent.sigma=2.0"}));
    const Vector zeta = sim.vector("recurrent.zeta") / 2.0;
    CHECK(std::abs(zeta.mean()) < 5.0 / std::sqrt(n));
    CHECK(std::abs(zeta.squaredNorm() / n - 1.0) < 5.0 * std::sqrt(2.0 / n));
    CHECK(zeta != Vector(drawn(sim.model, "recurrent.zeta", 1).row(0).transpose() / 2.0));
}

TEST_CASE("what a run draws is what its noise says, step by step", "[noise]") {
    SteppedModel sim(rule_of_many_cells("uoro"));
    const Matrix nu = drawn(sim.model, "recurrent.nu", 10);
    for (int t = 0; t < 10; ++t) {
        sim.step();
        REQUIRE(sim.vector("recurrent.nu") == Vector(nu.row(t)));
    }
}

TEST_CASE("the same seed draws the same noise, and another seed other noise", "[noise]") {
    for (const auto& [name, address] : {std::pair("uoro", "recurrent.nu"),
                                        {"kf_rtrl", "recurrent.nu0"},
                                        {"r_kf", "recurrent.nu"},
                                        {"kernl", "recurrent.zeta"}}) {
        const Matrix first = drawn(rule_of_many_cells(name), address, 1'000);
        CHECK(drawn(rule_of_many_cells(name), address, 1'000) == first);
        const Matrix other = drawn(rule_of_many_cells(name, {"run.seed=2"}), address, 1'000);
        const double deviation = std::sqrt(first.squaredNorm() / static_cast<double>(first.size()));
        const double correlation = first.cwiseProduct(other).mean() / (deviation * deviation);
        CHECK(std::abs(correlation) < 5.0 / std::sqrt(static_cast<double>(first.size())));
    }
}

TEST_CASE("a second rule that uses noise shifts no draw of the first", "[noise]") {
    for (const auto& [name, address] :
         {std::pair("uoro", "recurrent.nu"), {"kernl", "recurrent.zeta"}}) {
        const TemporaryFolder folder;
        SteppedModel alone(load_model(folder.write("alone.toml", drafted(name, {})), {})),
            beside(load_model(
                folder.write("beside.toml", drafted(name, {{"\n[synapses.W_in]", other_cells}})),
                {}));
        for (int t = 0; t < 20; ++t) {
            alone.step();
            beside.step();
            REQUIRE(alone.vector(address) == beside.vector(address));
            REQUIRE(alone.matrix("W_rec") == beside.matrix("W_rec"));
        }
        CHECK(beside.vector("deep.nu").size() == 5);
    }
}

TEST_CASE("two rules with noise of the same name draw independently", "[noise]") {
    const TemporaryFolder folder;
    const Model model = load_model(
        folder.write("model.toml", drafted("uoro", {{"\n[synapses.W_in]", other_cells}})), {});
    Matrix both(draws, 10);
    both << drawn(model, "recurrent.nu").leftCols(5), drawn(model, "deep.nu");
    is_independent(both);
}
