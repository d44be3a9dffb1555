// Loops by hand, against which the speed of rules in text is measured, compute the engine's
// numbers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "bench/engine.hpp"
#include "bench/hand/rule_started.hpp"

using namespace apical;

TEST_CASE("the loops of rules in text by hand compute the engine's voltages", "[bench]") {
    for (const hand::RuleSteps* steps : hand::available_rule_steps()) {
        for (const hand::RuleTable& rule : hand::rule_tables()) {
            for (const std::int64_t cells : {32, 128}) {
                INFO(steps->instruction_set << ", " << rule.name << ", " << cells << " cells");
                Engine engine(hand::model_of_rule(rule.name, cells), {});
                hand::StartedRule loop(*steps, rule.name, engine.state);
                const double* const x = engine.state.data(engine.program.find("input.r"));
                const double* const v = engine.state.data(engine.program.find("cell.apical.v"));
                double difference = 0.0, largest = 0.0;
                for (int step = 0; step < 300; ++step) {
                    engine.scheduler.run_to(engine.scheduler.step() + 1);
                    loop.step(x);
                    for (std::int64_t i = 0; i < cells; ++i) {
                        difference = std::max(difference, std::abs(loop.product()[i] - v[i]));
                        largest = std::max(largest, std::abs(v[i]));
                    }
                }
                CHECK(difference < 1e-12 * std::max(1.0, largest));
                CHECK(largest > 0.1);
            }
        }
    }
}
