// Changes of sets stored by rows that end in bounds, or are made by formulas: the bits of the
// operations one by one, in passes that are known to make them, in blocks and on threads.
#include "sim/engine/plan/passes.hpp"
#include "sim/runs/simulation.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// How many passes of the plan keep strengths within bounds by themselves, and how many perform
// register programs by rows.
struct Passes {
    int bounded = 0, by_programs = 0, in_blocks = 0;
};
Passes passes_of(const Driven& run) {
    Passes found;
    for (std::size_t phase = 0; phase < run.phases(); ++phase) {
        for (const Step& step : run.plan.steps(phase)) {
            const bool defers = step.operation == Step::no_operation;
            if (defers || !step.pass || !step.pass->matrices->start) continue;
            found.bounded += step.pass->is_bounded;
            for (std::size_t m = 0; m < step.pass->matrix_count; ++m)
                found.by_programs += step.pass->matrices[m].tiles != nullptr;
            found.in_blocks += step.blocks != nullptr;
        }
    }
    return found;
}

// Recurrent cells whose synapses learn by these equations.
std::string learning(int cells, const std::string& connect, const std::string& equations,
                     const std::string& of_set = "") {
    return fmt::format(R"({}{}
population.hidden = {{ size = {}, activation = "tanh", alpha = 0.5 }}
synapses.W_rec = {{ from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = {{ normal = 0.02 }}, connect = {{ {}, storage = "rows" }}{} }}
rule.learn = {{ parameters = {{ rate = 0.01 }}, equations = "{}" }}
plasticity.rec = {{ rule = "learn", synapses = ["W_rec"], during = "update" }}
)",
                       common_lines, hidden_lines, cells, connect, of_set, equations);
}
const std::string softly = "w += rate * (0.5 - w) * post.r * pre.r";

}  // namespace

TEST_CASE("traces and bounds by rows are one pass that has the bits of its operations",
          "[rows][dale][fuse]") {
    struct Bounds {
        const char* exc;
        const char* inh;
    };
    const auto [exc, inh] =
        GENERATE(Bounds{nullptr, nullptr}, Bounds{"[0.0, 0.03]", "[-0.05, 0.0]"},
                 Bounds{"[0.01, 0.2]", "[-0.4, -0.01]"});
    const Kernels& kernels = *GENERATE(from_range(all_instruction_sets()));
    std::vector<std::string> keys = {"plasticity.excitatory.rate=0.05",
                                     "plasticity.inhibitory.rate=0.05"};
    for (const char* set : {"W_ee", "W_ie"}) {
        if (exc) keys.push_back(fmt::format("synapses.{}.bounds={}", set, exc));
        if (exc) keys.push_back(fmt::format("synapses.{}.init={{ constant = 0.02 }}", set));
    }
    for (const char* set : {"W_ei", "W_ii"}) {
        if (inh) keys.push_back(fmt::format("synapses.{}.bounds={}", set, inh));
        if (inh) keys.push_back(fmt::format("synapses.{}.init={{ constant = -0.02 }}", set));
    }
    const std::string path = path_of_shipped("circuits/excitation_inhibition");
    Driven fused(path, keys, all_plan_passes(), kernels), plain(path, keys, {}, kernels);
    CHECK(passes_of(fused).bounded == 2);  // into exc.soma and into inh.soma
    CHECK(passes_of(fused).by_programs == 0);
    int at_bounds = 0;
    for (int step = 0; step < 60; ++step) {
        fused.step();
        plain.step();
        if (step % 7 != 0) continue;
        fused.plan.flush();
        require_same(fused, plain, rounding_of(fused));
    }
    for (const double w : plain.state.numbers(plain.program.find("W_ee")))
        at_bounds +=
            w == plain.model.circuit.strength_range(plain.model.circuit.find_synapses("W_ee")).low;
    CHECK(at_bounds > 5);
}

TEST_CASE("a Hebbian change with bounds by rows is one pass that has the bits of its operations",
          "[rows][fuse]") {
    const std::string equations =
        GENERATE("w += rate * post.r * pre.r", "w += rate * (post.r * pre.r - w)");
    const TemporaryFolder folder;
    const std::string path = folder.write(
        "model.toml", learning(40, "in_degree = 9", equations, ", bounds = [-0.03, 0.03]"));
    const std::vector<std::string> keys = {"synapses.W_rec.init={ constant = 0.02 }"};
    Driven fused(path, keys, all_plan_passes()), plain(path, keys, {});
    CHECK(passes_of(fused).bounded == 1);
    for (int step = 0; step < 60; ++step) {
        fused.step();
        plain.step();
    }
    fused.plan.flush();
    require_same(fused, plain, rounding_of(fused));
}

TEST_CASE("a pass by formulas through rows has the same bits in blocks of any places",
          "[rows][fuse][threads]") {
    // Blocks of 256 rows begin at multiples of 8, 1, 3 and 7 times 256 synapses, and within rows.
    const int in_degree = GENERATE(1, 3, 7, 8, 33);
    const TemporaryFolder folder;
    for (const int cells : {257, 300, 700, 1025}) {
        INFO(cells << " cells of " << in_degree);
        const std::string path = folder.write(
            "model.toml", learning(cells, fmt::format("in_degree = {}", in_degree), softly));
        Driven split(path, {}, all_plan_passes()),
            whole(path, {}, passes_named({"eliminate_jacobians", "fuse"})), plain(path, {}, {});
        CHECK(passes_of(whole).by_programs == 1);
        CHECK(passes_of(split).in_blocks == 1);
        for (int step = 0; step < 6; ++step) {
            for (Driven* each : {&split, &whole, &plain}) each->step();
            if (step % 2 == 0) continue;  // the next pass finds nothing deferred
            for (Driven* each : {&split, &whole}) each->plan.flush();
        }
        require_same(split, plain, 0.0);
        require_same(whole, plain, 0.0);
    }
}

TEST_CASE("formulas of random synapses by rows have the same bits in blocks", "[rows][threads]") {
    const TemporaryFolder folder;
    for (const double p : {0.002, 0.01, 0.05}) {
        INFO(p);
        const std::string path =
            folder.write("model.toml", learning(800, fmt::format("probability = {}", p), softly));
        Driven split(path, {}, all_plan_passes()), plain(path, {}, {});
        CHECK(passes_of(split).in_blocks == 1);
        for (int step = 0; step < 8; ++step) {
            split.step();
            plain.step();
        }
        split.plan.flush();
        require_same(split, plain, 0.0);
    }
}

TEST_CASE("formula passes by rows make the same bits on any number of threads", "[rows][threads]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("model.toml", learning(1500, "in_degree = 360", softly));
    const Model model = load_model(path, {});  // 2^19 synapses are worth a thread
    Simulation one(model, 1);
    one.step(4);
    for (const int threads : {2, 3}) {
        Simulation many(model, threads);
        many.step(4);
        for (const char* set : {"W_rec", "W_in", "W_out"})
            CHECK(same_bits(one.read(set), many.read(set)));
    }
}
