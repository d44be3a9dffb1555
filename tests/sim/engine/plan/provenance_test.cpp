// Which step of a plan performs which operation of its program, in every model that comes with the
// program.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A compiled model and the lists of its steps.
struct Compiled {
    explicit Compiled(const std::string& path)
        : model(load_model(path, {})),
          state(model.program),
          plan(Plan::compile(model.program, state)) {}

    const Operation& of(const Step& step) const { return model.program.operations[step.operation]; }
    std::size_t phases() const { return model.circuit.phases.size(); }

    std::vector<std::span<const Step>> lists() const {
        std::vector<std::span<const Step>> all{plan.step_end()};
        for (std::size_t p = 0; p < phases(); ++p) {
            all.push_back(plan.gates(p));
            all.push_back(plan.steps(p));
        }
        return all;
    }

    Model model;
    State state;
    Plan plan;
};

template <class Check>
void for_each_model(Check check) {
    REQUIRE_FALSE(shipped_models().empty());
    for (const std::string& path : shipped_models()) {
        INFO(path);
        check(Compiled(path));
    }
}

}  // namespace

TEST_CASE("every operation but inject and noise is performed by a step", "[plan][provenance]") {
    for_each_model([](const Compiled& compiled) {
        std::vector<int> steps(compiled.model.program.operations.size());
        for (const auto& list : compiled.lists()) {
            for (const Step& step : list) {
                REQUIRE(step.run);
                REQUIRE(step.operation < steps.size());
                ++steps[step.operation];
            }
        }
        for (std::size_t i = 0; i < steps.size(); ++i) {
            INFO(listing_line(compiled.model.program, i));
            const Kind kind = compiled.model.program.operations[i].kind;
            REQUIRE((steps[i] == 0) == (kind == Kind::inject || kind == Kind::noise));
        }
    });
}

TEST_CASE("gates move at the beginning of their phase, and nothing else does",
          "[plan][provenance]") {
    for_each_model([](const Compiled& compiled) {
        for (std::size_t p = 0; p < compiled.phases(); ++p) {
            for (const Step& step : compiled.plan.gates(p)) {
                REQUIRE(compiled.of(step).kind == Kind::gate);
                REQUIRE(compiled.of(step).phase == PhaseId(p));
            }
            for (const Step& step : compiled.plan.steps(p)) {
                REQUIRE(compiled.of(step).kind != Kind::gate);
            }
        }
    });
}

TEST_CASE("an operation is performed in its phase, in the order of the program",
          "[plan][provenance]") {
    for_each_model([](const Compiled& compiled) {
        for (std::size_t p = 0; p < compiled.phases(); ++p) {
            std::uint32_t last = 0;
            for (const Step& step : compiled.plan.steps(p)) {
                REQUIRE(compiled.of(step).phase == PhaseId(p));
                REQUIRE(step.operation >= last);
                last = step.operation;
            }
        }
    });
}

TEST_CASE("last step's values are remembered at the step's end, after all that happens then",
          "[plan][provenance]") {
    for_each_model([](const Compiled& compiled) {
        bool remembering = false;
        for (const Step& step : compiled.plan.step_end()) {
            const bool remembers = compiled.of(step).kind == Kind::remember;
            REQUIRE((remembers || !remembering));
            remembering = remembers;
        }
        for (const Operation& op : compiled.model.program.operations) {
            const bool lag = op.kind == Kind::remember && op.function != Function::history;
            if (lag) REQUIRE_FALSE(op.phase);
        }
    });
}

TEST_CASE("an operation of every k steps is performed in the steps that k divides", "[plan]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 4 }
population.error.role = "error"
synapses.T = { from = "hidden", to = "output.soma", during = "update", init = { constant = 7.0 } }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.1 }
plasticity.copy = { rule = "copy", synapses = ["T"], of = ["W_out"], every = 3, during = "forward" }
)"));
    Matrix expected = sim.matrix("T");
    for (int step = 1; step <= 10; ++step) {
        if (step % 3 == 0) expected = sim.matrix("W_out");
        sim.step();
        INFO("step " << step);
        REQUIRE(sim.matrix("T") == expected);
    }
}

TEST_CASE("a run has the same bits on every instruction set that rounds alike", "[plan]") {
    const std::vector<std::string> overrides = {"population.hidden.size=13"};
    const Rounding rounding = GENERATE(Rounding::strict, Rounding::fused);
    const auto sets = available_kernels(rounding);
    for (const std::string& path : shipped_models()) {
        SteppedModel reference(load_model(path, overrides), nullptr, *sets[0]);
        reference.step(200);
        for (const Kernels* set : sets.subspan(1)) {
            INFO(path << ", " << set->instruction_set);
            SteppedModel other(load_model(path, overrides), nullptr, *set);
            other.step(200);
            REQUIRE(same_bits(other.numbers(), reference.numbers()));
        }
    }
}
