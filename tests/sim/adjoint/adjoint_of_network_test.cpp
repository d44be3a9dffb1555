// The program run backwards beside the exact gradients of the algebra, which share nothing with it.
#include "circuits/adjoint/make_adjoint.hpp"
#include "circuits/anatomy/recurrent_network.hpp"
#include "sim/adjoint/adjoint_run.hpp"
#include "sim/algebra/bptt.hpp"
#include "sim/algebra/rtrl.hpp"
#include "sim/diagnosis/network_numbers.hpp"
#include "sim/runs/simulation.hpp"
#include "tests/oracle.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double tolerance = 1e-12;

// A run of a model that learns, its dynamics beside it, and its numbers for the algebra.
struct Followed {
    Model model;
    AdjointProgram program;
    AdjointRun adjoint;
    Simulation simulation;
    RecurrentNetwork network;

    Followed(Model loaded, std::size_t rows, StrengthsOf strengths)
        : model(std::move(loaded)),
          program(make_adjoint(model.program, model.circuit)),
          adjoint(program, *model.kernels, rows, strengths),
          simulation(model),
          network(recurrent_network_of(model.circuit, "this test")) {
        simulation.begin();
    }
    NetworkNumbers numbers() const { return {model.circuit, network, simulation.state()}; }
    template <class Algorithm>
    void step(Algorithm& beside) {
        simulation.scheduler().flush();
        beside.W = numbers().W();
        beside.W_out = numbers().W_out();
        beside.r = numbers().r();
        adjoint.take(simulation.state());
        const std::int64_t step = simulation.steps() + 1;
        adjoint.begin_step(step);
        simulation.step();
        for (std::size_t phase = 0; phase < model.circuit.phases.size(); ++phase)
            adjoint.follow_phase(simulation.state(), phase);
        adjoint.end_step();
        beside.step(numbers().x(), numbers().label());
    }
    Matrix gradient(const std::string& name) const {
        for (std::size_t k = 0; k < program.sets.size(); ++k) {
            const Slot& slot = model.program[program.sets[k].strength];
            if (slot.name != name) continue;
            const std::vector<double> all = adjoint.read_gradient(k);
            return Eigen::Map<const Matrix>(all.data(), slot.rows, slot.columns);
        }
        FAIL("no gradient of " << name);
        return {};
    }
    // Of W_rec, W_in and b beside each other, as the algebra has them.
    double distance_to(const algebra::Matrix& G) const {
        Matrix all(G.rows(), G.cols());
        all << gradient("W_rec"), gradient("W_in"), gradient("b");
        return (all - G).cwiseAbs().maxCoeff() / G.cwiseAbs().maxCoeff();
    }
};

algebra::Settings without_rates(const Followed& run) {
    algebra::Settings settings =
        settings_of(run.model.circuit, run.model.task->shape().readout, run.network);
    return settings;
}

}  // namespace

TEST_CASE("the past of a loss, with the strengths of then, is RTRL's gradient while it learns",
          "[adjoint]") {
    for (const oracle::Setting& setting : oracle::settings()) {
        INFO("n = " << setting.n << ", activation " << setting.activation);
        Followed run(oracle::loaded("rflo", setting, {}), 40, StrengthsOf::then);
        algebra::Rtrl rtrl(
            without_rates(run),
            {.W = run.numbers().W(), .W_out = run.numbers().W_out(), .r = run.numbers().r()});
        for (int step = 0; step < 40; ++step) {
            run.step(rtrl);
            run.adjoint.past();
            REQUIRE(run.distance_to(rtrl.G) <= tolerance);
            const Matrix G_out = run.gradient("W_out");
            const auto n = rtrl.n;
            REQUIRE((G_out - rtrl.G_out.leftCols(n)).cwiseAbs().maxCoeff() <=
                    tolerance * std::max(1e-3, rtrl.G_out.cwiseAbs().maxCoeff()));
        }
    }
}

TEST_CASE("gradients over steps to come are F-BPTT's when strengths stay", "[adjoint]") {
    constexpr std::size_t window = 10;
    const oracle::Setting setting{20, 0.5, 0, false, false};
    Followed run(oracle::loaded("fixed_w", setting, {"plasticity.readout.rate=0.0"}), window,
                 StrengthsOf::now);
    algebra::Bptt bptt(
        without_rates(run),
        {.W = run.numbers().W(), .W_out = run.numbers().W_out(), .r = run.numbers().r()}, window);
    for (std::size_t step = 1; step <= 60; ++step) {
        run.step(bptt);
        if (step < window) continue;
        run.adjoint.future();
        REQUIRE(run.distance_to(bptt.G) <= tolerance);
    }
}

TEST_CASE("the dynamics alone make the run's numbers, bit for bit", "[adjoint]") {
    const Model model = load_model(path_of_shipped("dni_b"), {"population.hidden.size=9"});
    const AdjointProgram program = make_adjoint(model.program, model.circuit);
    AdjointRun adjoint(program, *model.kernels, 3, StrengthsOf::then);
    Simulation simulation(model);
    simulation.begin();
    const SlotId hidden = model.program.find("hidden.r"), out = model.program.find("output.soma.v");
    for (int step = 1; step <= 30; ++step) {
        simulation.scheduler().flush();
        adjoint.take(simulation.state());
        adjoint.begin_step(step);
        simulation.step();
        for (std::size_t phase = 0; phase < 2; ++phase)
            adjoint.follow_phase(simulation.state(), phase);
        adjoint.end_step();
        for (const SlotId slot : {hidden, out})
            REQUIRE(std::ranges::equal(std::as_const(simulation.state()).numbers(slot),
                                       std::as_const(adjoint.state()).numbers(slot)));
    }
}
