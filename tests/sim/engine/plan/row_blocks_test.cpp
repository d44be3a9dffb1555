// Steps in blocks of rows, on one or several threads: the same bits, and those of the whole step
// but for the sums over rows.
#include "sim/engine/plan/row_blocks.hpp"

#include <atomic>
#include <cmath>
#include <utility>

#include "sim/runs/run.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

struct Strengths {
    std::vector<double> before, after;
    double change() const { return difference(before, after); }
    static double difference(const std::vector<double>& a, const std::vector<double>& b) {
        double largest = 0.0;
        for (std::size_t i = 0; i < a.size(); ++i)
            largest = std::max(largest, std::abs(a[i] - b[i]));
        return largest;
    }
};

Strengths strengths_after(const std::string& rule, const std::string& fuse, int threads) {
    // Enough that matrices are worth a thread: 2^19 entries. (To make them orthogonal would take
    // longer than the run.)
    const Model model = load_model(
        fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, rule),
        {"population.hidden.size=810", "synapses.W_rec.init={ normal = \"1/sqrt(pre)\" }",
         "run.steps=4", "record={}", "run.fuse=" + fuse});
    Run run(model, 1, threads);
    const auto strengths = [&] {
        const auto numbers = run.state().numbers(model.program.find("W_rec"));
        return std::vector<double>(numbers.begin(), numbers.end());
    };
    Strengths made{strengths(), {}};
    run.begin(nullptr);
    while (run.advance()) continue;
    run.finish();
    made.after = strengths();
    return made;
}

std::atomic<int> taken[40];
void take(const Step& step) { ++taken[step.operation]; }

}  // namespace

TEST_CASE("workers run each step once, round after round", "[threads]") {
    const int threads = GENERATE(1, 2, 3, 8);
    Workers workers(threads);
    for (const std::size_t count : {40, 1, 0, 7}) {
        std::vector<Step> steps(count);
        for (std::size_t k = 0; k < count; ++k) {
            taken[k] = 0;
            steps[k].run = take;
            steps[k].operation = static_cast<std::uint32_t>(k);
        }
        for (int round = 1; round <= 200; ++round) {
            workers.run(steps);
            for (std::size_t k = 0; k < count; ++k) REQUIRE(taken[k] == round);
        }
    }
}

TEST_CASE("a run makes the same bits on any number of threads, fused or not", "[threads]") {
    for (const std::string rule : {"rflo", "dni_b", "uoro", "dni", "kernl"}) {
        INFO(rule);
        const auto one = strengths_after(rule, "true", 1);
        for (const int threads : {2, 3}) {
            INFO(threads << " threads");
            REQUIRE(same_bits(one.after, strengths_after(rule, "true", threads).after));
        }
        const auto plain = strengths_after(rule, "false", 1);
        REQUIRE(same_bits(plain.after, strengths_after(rule, "false", 3).after));
        if (rule == "uoro" || rule == "dni") {  // their Jacobian is not formed
            REQUIRE(Strengths::difference(one.after, plain.after) <= 1e-9 * plain.change());
        } else {
            REQUIRE(same_bits(one.after, plain.after));
        }
    }
}

TEST_CASE("a step in blocks makes what the whole step makes", "[threads]") {
    constexpr std::size_t rows = 600, columns = 9;
    const Kernels& k = best_kernels();
    constexpr std::size_t matrix = padded(rows) * columns;
    PaddedNumbers start(4 * matrix);
    for (std::size_t i = 0; i < start.size(); ++i) start.data()[i] = std::sin(double(i + 1));
    const std::pair<KernelFunction, InBlocks> of_matrices[] = {
        {k.transmit_set, InBlocks::product},
        {k.transmit_add, InBlocks::product},
        {k.transmit_reverse_set, InBlocks::reverse_product},
        {k.transmit_reverse_add, InBlocks::reverse_product},
        {k.gather, InBlocks::product},
        {k.hebb_add, InBlocks::rank_one},
        {k.hebb_set, InBlocks::rank_one},
        {k.hebb_decay, InBlocks::rank_one},
        {k.hebb_modulated, InBlocks::rank_one},
        {k.hebb_cellwise, InBlocks::rank_one_cells},
        {k.consolidate, InBlocks::tag},
        {k.accumulate, InBlocks::tag_alone},
        {k.inner_set, InBlocks::inner_set},
        {k.inner_add, InBlocks::inner_add}};
    for (const auto& [run, split] : of_matrices) {
        PaddedNumbers made[] = {start, start};
        for (const bool in_blocks : {false, true}) {
            PaddedNumbers& numbers = made[in_blocks];
            Step step;
            step.run = run;
            step.in_blocks = split;
            step.rows = rows;
            step.columns = columns;
            step.retain = 0.75;
            step.out = numbers.data();
            step.a = numbers.data() + matrix;
            step.b = numbers.data() + 2 * matrix;
            step.c = numbers.data() + 3 * matrix;
            step.d = step.c + 8;
            RowBlockStore store;
            StepMemory memory;
            const Step made_step = in_blocks ? store.in_blocks(step, k, nullptr, memory) : step;
            REQUIRE((made_step.blocks != nullptr) == in_blocks);
            made_step.run(made_step);
        }
        double difference = 0.0, changed = 0.0;
        for (std::size_t i = 0; i < start.size(); ++i) {
            difference = std::max(difference, std::abs(made[0].data()[i] - made[1].data()[i]));
            changed = std::max(changed, std::abs(made[0].data()[i] - start.data()[i]));
        }
        REQUIRE(difference <= 1e-12);
        REQUIRE(changed > 0.01);
    }
}
