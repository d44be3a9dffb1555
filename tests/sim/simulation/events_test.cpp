// The events of a run, as its file tells them.
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/simulation/run_events.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string gated = hidden_lines + R"(
population.hidden = { size = 4, dendrites = ["apical"] }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.disinhibition = { opens = "hidden.apical", during = "update" }
synapses.A = { from = "input", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
)";

using Lines = std::vector<std::string>;

Lines events_with(const Recording& recording, std::int64_t steps,
                  const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    Model model = small_model(gated, overrides);
    NamedRecorder recorder(model.program, {recording}, two_phases(), folder / "run.h5",
                           Replacing::no);
    SteppedModel sim(std::move(model), &recorder);
    sim.step(steps);
    recorder.close(steps, 0.0);
    return events_of(folder / "run.h5");
}

// All events of the step that begins at this time. A gate closes at its beginning when it was open
// at the end of the step before; there is none before the first.
Lines step_at(int begin) {
    const auto at = [&](int ms, const std::string& what) {
        return std::to_string(begin + ms) + ' ' + what;
    };
    Lines lines{at(0, "input"), at(0, "phase begin forward"), at(0, "gate opens perisomatic")};
    if (begin > 0) lines.push_back(at(0, "gate closes disinhibition"));
    for (const std::string& line :
         {at(6, "phase end forward"), at(6, "phase begin update"), at(6, "gate closes perisomatic"),
          at(6, "gate opens disinhibition"), at(10, "phase end update"), at(10, "step end")})
        lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("a step of a gated circuit is input, phases with their gates, and the step's end",
          "[events]") {
    REQUIRE(events_with(watched("first", {"events"}, 1, 1, 1), 1) == step_at(0));
}

TEST_CASE("a gate that stays as it is makes no event", "[events]") {
    const Lines events = events_with(watched("second", {"events"}, 1, 2, 2), 2,
                                     {"gate.disinhibition.during=[\"forward\", \"update\"]",
                                      "gate.perisomatic.during=[\"forward\"]"});
    REQUIRE(events == Lines{"10 input", "10 phase begin forward", "10 gate opens perisomatic",
                            "16 phase end forward", "16 phase begin update",
                            "16 gate closes perisomatic", "20 phase end update", "20 step end"});
}

TEST_CASE("every event of consecutive steps is told once", "[events]") {
    Lines expected;
    for (int step = 0; step < 3; ++step) {
        for (const std::string& line : step_at(10 * step)) expected.push_back(line);
    }
    REQUIRE(events_with(watched("all", {"events"}, 1, 1, 3), 3) == expected);
}

TEST_CASE("events of steps that are not recorded are not told", "[events]") {
    Lines expected = step_at(10);
    for (const std::string& line : step_at(40)) expected.push_back(line);
    REQUIRE(events_with(watched("some", {"events"}, 3, 2, 7), 7) == expected);
}
