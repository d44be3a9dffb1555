// What holds of every kernel: zero pads, and the same bits on every instruction set that rounds
// alike.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <string>

#include "sim/engine/plan/plan.hpp"
#include "tests/sim/engine/kernels/kernel_shapes.hpp"
#include "tests/sim/engine/plan/lone_operation.hpp"

using namespace apical;
using namespace apical::kernel_shapes;

namespace {

// What a kernel takes and gives.
enum class Form { vectors, gated, forward, reverse, hebb, consolidate, jacobian, matrices, scalar };

struct Named {
    std::string name;
    KernelFunction run;
    Form form;
};

std::vector<Named> all_kernels(const Kernels& k) {
    std::vector<Named> all = {{"transmit_set", k.transmit_set, Form::forward},
                              {"transmit_add", k.transmit_add, Form::forward},
                              {"gather", k.gather, Form::forward},
                              {"transmit_reverse_set", k.transmit_reverse_set, Form::reverse},
                              {"transmit_reverse_add", k.transmit_reverse_add, Form::reverse},
                              {"scale_set", k.scale_set, Form::vectors},
                              {"scale_add", k.scale_add, Form::vectors},
                              {"part_set", k.part_set, Form::vectors},
                              {"part_add", k.part_add, Form::vectors},
                              {"gated_set", k.gated_set, Form::gated},
                              {"gated_add", k.gated_add, Form::gated},
                              {"relax", k.relax, Form::vectors},
                              {"softmax", k.softmax, Form::vectors},
                              {"product", k.product, Form::vectors},
                              {"sum", k.sum, Form::vectors},
                              {"difference", k.difference, Form::vectors},
                              {"copy of a vector", k.copy, Form::vectors},
                              {"copy of a matrix", k.copy, Form::matrices},
                              {"set_scalar", k.set_scalar, Form::scalar},
                              {"hebb_add", k.hebb_add, Form::hebb},
                              {"hebb_decay", k.hebb_decay, Form::hebb},
                              {"jacobian", k.jacobian, Form::jacobian},
                              {"consolidate", k.consolidate, Form::consolidate}};
    for (const Activation phi :
         {Activation::linear, Activation::tanh, Activation::rectified, Activation::logistic}) {
        const std::string number = std::to_string(static_cast<int>(phi));
        all.push_back({"fire " + number, kernel_of(k.fire, phi), Form::vectors});
        all.push_back({"slope " + number, kernel_of(k.slope, phi), Form::vectors});
    }
    return all;
}

// A set that is compared with itself says nothing.
#if defined(APICAL_OTHER_WIDTHS)
constexpr std::size_t fewest_sets = 2;
#else
constexpr std::size_t fewest_sets = 1;
#endif

// Whether a matrix has an entry there, or a pad.
bool is_entry(std::size_t at, Eigen::Index rows, Eigen::Index columns) {
    const std::size_t panel = panel_rows * std::size_t(columns), first = at / panel * panel_rows,
                      height = std::min(panel_rows, padded(std::size_t(rows)) - first);
    return first + at % panel % height < std::size_t(rows);
}

// The numbers that the kernel has written, with their pads.
PaddedNumbers result(const Named& kernel, const Arguments& o) {
    const Eigen::Index rows = o.S.rows(), columns = o.S.cols();
    const PaddedNumbers S = padded_matrix(o.S), post = padded_vector(o.post),
                        other = padded_vector(o.other), pre = padded_vector(o.pre),
                        gate = padded_vector(VectorXd::Constant(1, gain)), Q = padded_matrix(o.Q);
    PaddedNumbers vector = padded_vector(o.other), row = padded_vector(o.pre),
                  matrix = padded_matrix(o.T), square = Q, scalar(1);
    switch (kernel.form) {
        case Form::vectors:
            return run(kernel.run, vector, &post, &other, rows), vector;
        case Form::gated:
            return run(kernel.run, vector, &post, &gate, rows), vector;
        case Form::forward:
            return run(kernel.run, vector, &S, &pre, rows, columns), vector;
        case Form::reverse:
            return run(kernel.run, row, &S, &post, rows, columns), row;
        case Form::hebb:
            return run(kernel.run, matrix, &post, &pre, rows, columns), matrix;
        case Form::consolidate:
            return run(kernel.run, matrix, &post, &S, rows, columns), matrix;
        case Form::jacobian:
            return run(kernel.run, square, &Q, &post, rows, rows), square;
        case Form::matrices:
            return run(kernel.run, matrix, &S, nullptr, rows, columns), matrix;
        case Form::scalar:
            return run(kernel.run, scalar, nullptr, nullptr, 1), scalar;
    }
    return scalar;
}

}  // namespace

TEST_CASE("pads stay zero under every kernel", "[kernels]") {
    for_each_shape([](const Kernels& k, Eigen::Index rows, Eigen::Index columns) {
        const Arguments o(rows, columns);
        for (const Named& kernel : all_kernels(k)) {
            const PaddedNumbers out = result(kernel, o);
            const bool matrix = kernel.form == Form::hebb || kernel.form == Form::consolidate ||
                                kernel.form == Form::jacobian || kernel.form == Form::matrices;
            double pads = 0.0;
            for (std::size_t at = 0; at < out.padded_size(); ++at) {
                const Eigen::Index width = kernel.form == Form::jacobian ? rows : columns;
                const bool inside = matrix ? is_entry(at, rows, width) : at < out.size();
                if (!inside) pads += std::abs(out.data()[at]);
            }
            if (pads != 0.0) FAIL(kernel.name);
        }
        SUCCEED();
    });
}

TEST_CASE("every instruction set that rounds alike gives the same bits", "[kernels]") {
    const auto sets = kernels_that_round(GENERATE(Rounding::strict, Rounding::fused));
    REQUIRE(sets.size() >= fewest_sets);
    const std::vector<Named> reference = all_kernels(*sets.front());
    for (const auto& [rows, columns] : dimensions()) {
        const Arguments o(rows, columns);
        for (std::size_t which = 0; which < reference.size(); ++which) {
            const PaddedNumbers expected = result(reference[which], o);
            for (const Kernels* set : sets) {
                const PaddedNumbers found = result(all_kernels(*set)[which], o);
                const bool same = std::memcmp(found.data(), expected.data(),
                                              expected.padded_size() * sizeof(double)) == 0;
                INFO(reference[which].name << " of " << set->instruction_set << ", " << rows
                                           << " x " << columns);
                if (!same) FAIL();
            }
        }
    }
    SUCCEED();
}

TEST_CASE("the best kernels are the last of those that this processor can run", "[kernels]") {
    for (const Rounding rounding : {Rounding::strict, Rounding::fused}) {
        REQUIRE(&best_kernels(rounding) == available_kernels(rounding).back());
    }
    REQUIRE(available_kernels(Rounding::strict).front()->instruction_set == "baseline");
}

TEST_CASE(
    "every operation has the same bits on every instruction set that rounds alike, and "
    "leaves pads zero",
    "[kernels]") {
    const auto sets = kernels_that_round(GENERATE(Rounding::strict, Rounding::fused));
    REQUIRE(sets.size() >= fewest_sets);
    for (const lone::LoneOperation& op : lone::every_kind()) {
        INFO(listing_line(op.program, 0));
        std::vector<std::vector<double>> numbers;
        for (const Kernels* set : sets) {
            State state(op.program), clean(op.program);
            const std::size_t slots = op.program.slots.size();
            for (std::size_t k = 0; k < slots; ++k) state.write(SlotId(k), op.start(k).data());
            const Plan plan = Plan::compile(op.program, state, *set);
            plan.run_gates(0);
            plan.run_phase(0, 1);
            plan.run_step_end(1);
            std::vector<double>& all = numbers.emplace_back();
            for (std::size_t k = 0; k < slots; ++k) {
                Matrix entries = op.start(k);
                state.read(SlotId(k), entries.data());
                clean.write(SlotId(k), entries.data());
                const auto found = state.numbers(SlotId(k)), without = clean.numbers(SlotId(k));
                all.insert(all.end(), found.begin(), found.end());
                REQUIRE(std::equal(found.begin(), found.end(), without.begin(), without.end()));
            }
        }
        for (const std::vector<double>& one : numbers) REQUIRE(same_bits(one, numbers.front()));
    }
}
