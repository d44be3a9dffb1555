// Passes through a matrix stored by rows: the engine's kernels, loops by hand, and the engine's
// kernels of a full matrix with a mask, as sets stored as matrices have them, by instruction set.
// Compare figures of one run only: machines drift. The second argument is the density in
// thousandths.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "bench/hand/row_loops.hpp"
#include "circuits/program/synapse_rows.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/numbers/random.hpp"

namespace {

using namespace apical;

enum class Way { product, change, trace, back };

// Lines of the cache, as kernels of full matrices take them.
class Aligned {
public:
    explicit Aligned(std::size_t count) : lines_((count + 7) / 8 + 1) {
        for (std::size_t k = 0; k < count; ++k) data()[k] = 1e-3 * std::sin(double(k % 1009));
    }
    double* data() { return lines_.front().of; }

private:
    struct alignas(64) Line {
        double of[8];
    };
    std::vector<Line> lines_;
};

struct Numbers {
    std::size_t n;
    SynapseRows places;
    Aligned strengths, tags, post, credit, pre, x, y;

    Numbers(std::size_t cells, double density, bool full)
        : n(cells),
          places(drawn(cells, density)),
          strengths(full ? padded(cells) * cells : places.count()),
          tags(full ? padded(cells) * cells : places.count()),
          post(cells),
          credit(cells),
          pre(cells),
          x(cells),
          y(cells) {}
    static SynapseRows drawn(std::size_t cells, double density) {
        const Stream stream(1, "bench/rows");
        SynapseCollector all(cells);
        for (std::size_t i = 0; i < cells; ++i) {
            for (std::size_t j = 0; j < cells; ++j) {
                if (stream.uniform(0, i * cells + j) < density) all.join(i, j);
            }
        }
        return std::move(all).rows();
    }
};

Numbers numbers_of(const benchmark::State& measured, bool full) {
    return {static_cast<std::size_t>(measured.range(0)), double(measured.range(1)) * 1e-3, full};
}

// A pass that makes the change, if there is one, and the product.
struct OnePass {
    PassMatrix matrix;
    Pass pass;
    bool due = true;
    Step step;

    OnePass(Numbers& n, Way way, bool by_rows, const Kernels& k) {
        matrix.matrix = n.strengths.data();
        matrix.columns = n.n;
        if (by_rows) {
            matrix.start = n.places.start.data();
            matrix.column = n.places.column.data();
        }
        matrix.pre = n.pre.data();
        pass.matrices = &matrix;
        pass.matrix_count = 1;
        pass.post = n.post.data();
        pass.credit_cells = n.credit.data();
        pass.retain = 0.5;
        pass.gain = 1e-9;
        Changed changed = Changed::nothing;
        if (way == Way::change) changed = Changed::matrix;
        if (way == Way::trace) {
            changed = Changed::tag;
            matrix.tag = n.tags.data();
        }
        const bool back = way == Way::back;
        if (back) {
            pass.back_rows = n.x.data();
            pass.back = n.y.data();
        } else {
            matrix.forward[0] = n.x.data();
            pass.sum[0] = n.y.data();
        }
        step.pass = &pass;
        step.due = &due;
        step.rows = n.n;
        const Kernels::Passes& passes = by_rows ? k.by_rows.pass : k.pass;
        step.run = passes.by[static_cast<std::size_t>(changed)][back ? 0 : 1][back ? 1 : 0];
    }
    void run() {
        due = true;
        step.run(step);
    }
};

void rows(benchmark::State& measured, Way way, const Kernels& kernels) {
    Numbers n = numbers_of(measured, false);
    OnePass pass(n, way, true, kernels);
    for (auto _ : measured) pass.run();
    measured.SetItemsProcessed(measured.iterations() * std::int64_t(n.places.count()));
}

// The mask is what a set stored as a matrix has behind its change, as an operation of its own: it
// goes through W and the places once more, W <- select(places, W, 0).
void dense(benchmark::State& measured, Way way, const Kernels& kernels) {
    Numbers n = numbers_of(measured, true);
    Aligned places(padded(n.n) * n.n);
    OnePass pass(n, way, false, kernels);
    const bool changes = way == Way::change || way == Way::trace;
    for (auto _ : measured) {
        pass.run();
        double *const w = n.strengths.data(), *const exist = places.data();
        for (std::size_t k = 0; changes && k < padded(n.n) * n.n; ++k)
            w[k] = exist[k] > 0.0 ? w[k] : 0.0;
        benchmark::ClobberMemory();
    }
}

void by_hand(benchmark::State& measured, Way way) {
    Numbers n = numbers_of(measured, false);
    const hand::RowMatrix s{int(n.n), n.places.start.data(), n.places.column.data(),
                            n.strengths.data(), n.tags.data()};
    for (auto _ : measured) {
        switch (way) {
            case Way::product:
                hand::multiply(s, n.x.data(), n.y.data());
                break;
            case Way::change:
                hand::change_and_multiply(s, n.post.data(), n.pre.data(), n.x.data(), n.y.data());
                break;
            case Way::trace:
                hand::trace_and_multiply(s, 0.5, n.post.data(), n.credit.data(), n.pre.data(),
                                         n.x.data(), n.y.data());
                break;
            case Way::back:
                hand::multiply_back(s, n.x.data(), n.y.data(), int(n.n));
                break;
        }
        benchmark::ClobberMemory();
    }
}

const int registered = [] {
    const std::pair<const char*, Way> ways[] = {{"product", Way::product},
                                                {"change", Way::change},
                                                {"trace", Way::trace},
                                                {"back", Way::back}};
    const std::vector<std::int64_t> sizes = {256, 512, 1024, 4096};
    for (const auto& [name, way] : ways) {
        const std::string of = name;
        const auto add = [&](const std::string& title, const std::vector<std::int64_t>& densities,
                             auto run, auto... rest) {
            benchmark::RegisterBenchmark(title.c_str(), run, rest...)
                ->ArgsProduct({sizes, densities});
        };
        for (const Kernels* kernels : available_kernels(Rounding::fused)) {
            const std::string set = std::string(kernels->instruction_set) + "/";
            add(set + "dense/" + of, {1000},
                [=, w = way](benchmark::State& measured) { dense(measured, w, *kernels); });
            add(set + "rows/" + of, {10, 50, 100, 200, 300},
                [=, w = way](benchmark::State& measured) { rows(measured, w, *kernels); });
        }
        add("by_hand/" + of, {10, 50, 100, 200, 300}, by_hand, way);
    }
    return 0;
}();

}  // namespace
