// The key run.kernels: which instruction set computes a run.
#include "sim/runs/run.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string uoro = APICAL_SOURCE_DIR "/models/uoro.toml";

Model computed_by(std::string_view set, bool strict) {
    return load_model(uoro, {fmt::format("run.kernels=\"{}\"", set),
                             fmt::format("run.strict={}", strict), "run.steps=200"});
}

std::vector<double> memory_after(const Model& model) {
    Run run(model);
    run.begin(nullptr);
    while (run.advance()) {
    }
    const std::span<const double> memory = run.state().memory();
    return {memory.begin(), memory.end()};
}

}  // namespace

TEST_CASE("run.kernels chooses the instruction set of a run; without it the fastest is taken",
          "[model][kernels]") {
    for (const std::string_view set : available_instruction_sets()) {
        REQUIRE(computed_by(set, false).kernels->instruction_set == set);
        REQUIRE(computed_by(set, true).kernels->rounding == Rounding::strict);
    }
    REQUIRE(load_model(uoro, {}).kernels == &best_kernels(Rounding::fused));
    REQUIRE(load_model(uoro, {"run.strict=true"}).kernels == &best_kernels(Rounding::strict));
}

TEST_CASE("whichever set run.kernels names, a run has the same bits where it rounds alike",
          "[model][kernels]") {
    std::vector<double> fused;
    const std::vector<double> strict = memory_after(computed_by("baseline", true));
    for (const std::string_view set : available_instruction_sets()) {
        INFO(set);
        REQUIRE(memory_after(computed_by(set, true)) == strict);
        const Model model = computed_by(set, false);
        const std::vector<double> found = memory_after(model);
        if (model.kernels->rounding == Rounding::strict) {
            REQUIRE(found == strict);
        } else {
            if (fused.empty()) fused = found;
            REQUIRE(found == fused);
            REQUIRE(found != strict);
        }
    }
}

TEST_CASE(
    "an instruction set that is unknown or that the processor lacks is refused with those "
    "that it has",
    "[model][kernels][error]") {
    REQUIRE_THROWS_WITH(load_model(uoro, {"run.kernels=\"x86_64_v33\""}),
                        Catch::Contains("run.kernels") && Catch::Contains("x86_64_v3"));
    for (const std::string_view set : {"x86_64_v3", "x86_64_v4"}) {
        if (find_kernels(set, Rounding::fused)) continue;
        REQUIRE_THROWS_WITH(computed_by(set, false),
                            Catch::Contains(fmt::format("this processor has no {}", set)) &&
                                Catch::Contains("baseline"));
    }
}

TEST_CASE("run.kernels stands in the resolved model only where it was given", "[model][kernels]") {
    REQUIRE(load_model(uoro, {}).resolved.find("kernels") == std::string::npos);
    REQUIRE(computed_by("baseline", false).resolved.find("kernels = \"baseline\"") !=
            std::string::npos);
}
