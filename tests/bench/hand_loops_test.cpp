// What the engine's speed is measured against computes the engine's numbers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "bench/engine.hpp"
#include "bench/hand/started.hpp"

using namespace apical;

namespace {

// Largest difference of a rate in 300 steps on the engine's inputs.
template <class Loop>
double difference(const hand::Loops& loops, const std::string& rule, std::int64_t cells) {
    Engine engine(rule, cells);
    hand::Started<Loop> loop(loops, engine.model, engine.state);
    const double* const x = engine.state.data(engine.program.find("input.r"));
    const double* const label = engine.state.data(engine.program.find("label.r"));
    const double* const r = engine.state.data(engine.program.find("hidden.r"));
    double largest = 0.0;
    for (int step = 0; step < 300; ++step) {
        engine.scheduler.run_to(engine.scheduler.step() + 1);
        loop.step(x, label);
        for (std::int64_t i = 0; i < cells; ++i)
            largest = std::max(largest, std::abs(loop.rates()[i] - r[i]));
    }
    return largest;
}

template <class Loop>
void require_the_engines_numbers(const std::string& rule) {
    for (const hand::Loops* loops : hand::available_loops()) {
        for (const std::int64_t cells : {32, 128}) {
            INFO(loops->instruction_set << ", " << cells << " cells");
            CHECK(difference<Loop>(*loops, rule, cells) < 1e-12);
        }
    }
}

}  // namespace

TEST_CASE("the loop of RFLO by hand computes the engine's rates", "[bench]") {
    require_the_engines_numbers<hand::Rflo>("rflo");
}

TEST_CASE("the loop of UORO by hand computes the engine's rates", "[bench]") {
    require_the_engines_numbers<hand::Uoro>("uoro");
}

TEST_CASE("the loop of DNI(b) by hand computes the engine's rates", "[bench]") {
    require_the_engines_numbers<hand::DniB>("dni_b");
}
