// Phases that a group carries out in turn: closed forms, who takes place in each iteration and who
// once, the clock, events.
#include "sim/command_line/describe.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/sim/simulation/run_events.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

struct InTurn {
    int times = 5;
    std::string of_down = {}, of_up = {};  // keys
};

// "down" of 2 ms and "up" of 1 ms, in turn; "update" of 4 ms.
std::string in_turn(const InTurn& keys, const std::string& lines) {
    return with_phases(
        common_lines + lines,
        fmt::format("phase = [{{ name = \"down\", ms = 2.0{} }}, {{ name = \"up\", ms = 1.0{} }}, "
                    "{{ name = \"update\", ms = 4.0 }}]\n"
                    "group = [{{ phases = [\"down\", \"up\"], repeat = {} }}]",
                    keys.of_down, keys.of_up, keys.times));
}

// x = 2 + y / 2 in "down", by the y of the last iteration, and y = 0.8 x in "up".
const std::string layers_in_turn = R"(
population.x = { size = 1, activation = "linear" }
population.y = { size = 1, activation = "linear" }
synapses.c = { from = "one", to = "x.soma", during = "down", init = { constant = 2.0 } }
synapses.w1 = { from = "y", to = "x.soma", during = "down", delay = "iteration", init = { constant = 0.5 } }
synapses.w2 = { from = "x", to = "y.soma", during = "up", init = { constant = 0.8 } }
synapses.W_out = { from = "y", to = "output.soma", during = "update", init = { constant = 1.0 } }
)";

// x after so many iterations from y = 0: the sum of 2 0.4^k, k from 0.
double settled(int iterations) { return 2.0 * (1.0 - std::pow(0.4, iterations)) / 0.6; }

// A linear cell that fires w in "down", taught to fire 1.
std::string taught_in_turn(const std::string& keys) {
    return R"(
population.cell = { size = 1, activation = "linear" }
population.other = { size = 1, activation = "linear" }
synapses.w = { from = "one", to = "cell.soma", during = "down", init = { constant = 0.0 } }
synapses.on = { from = "cell", to = "other.soma", during = "up", init = { constant = 1.0 } }
synapses.W_out = { from = "other", to = "output.soma", during = "up", init = { constant = 1.0 } }
rule.approach = { parameters = { rate = 0.1 }, equations = "w += rate * (1 - post.r) * pre.r" }
plasticity.learning = { rule = "approach", synapses = ["w"], during = "down")" +
           keys + " }\n";
}

const std::string of_iterations = ", each = \"iteration\"";

// Two layers of cells that settle, with traces, equations inside cells and a gate; what is learned
// in each of the two phases is learned once, or in each iteration.
std::string learning_in_turn(const std::string& keys) {
    return R"toml(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"], tau_ms = { apical = 20.0 }, init = { activated_normal = 1.0 } }
population.top = { size = 4, alpha = { tau_ms = 6.0 } }
gate.apical = { opens = "hidden.apical", during = "down" }
synapses.W_in = { from = "input", to = "hidden.soma", during = ["down", "up"], init = { normal = 0.5 } }
synapses.B = { from = "top", to = "hidden.apical", during = "down", delay = "iteration", init = { normal = 0.5 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "up", delay = "iteration", init = { normal = 0.3 } }
synapses.W_top = { from = "hidden", to = "top.soma", during = "up", init = { normal = 0.5 } }
synapses.W_out = { from = "top", to = "output.soma", during = "update", init = { normal = 1.0 } }
dynamics.adaptation = { cells = "top", during = "up", parameters = { tau_ms = 50.0 }, state = { a = "cell" }, equations = ["da/dt = (r - a) / tau_ms", "soma.v += -0.3 * a"] }
rule.traced = { parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { trace = "synapse" }, equations = ["dtrace/dt = (post.r * pre.r - trace) / tau_ms", "w += rate * trace"] }
rule.plain = { parameters = { rate = 1e-3 }, equations = "w -= rate * post.r * pre.r" }
plasticity.above = { rule = "traced", synapses = ["W_top"], during = "up")toml" +
           keys + R"( }
plasticity.input = { rule = "plain", synapses = ["W_in"], during = "up")" +
           keys + R"( }
plasticity.readout = { rule = "plain", synapses = ["W_out"], during = "update" }
)";
}

}  // namespace

TEST_CASE("phases of a group are carried out in turn, each iteration upon the last", "[groups]") {
    SteppedModel sim(model_of_text(in_turn({}, layers_in_turn)));
    sim.step();
    CHECK(sim.vector("x.r")[0] == as_closed_form(settled(5)));
    CHECK(sim.vector("y.r")[0] == as_closed_form(0.8 * settled(5)));
    CHECK(sim.vector("output.r")[0] == sim.vector("y.r")[0]);
    sim.step();
    CHECK(sim.vector("x.r")[0] == as_closed_form(settled(10)));
}

TEST_CASE("a group begins at rest once, and all its phases are skipped together", "[groups]") {
    SteppedModel rest(model_of_text(in_turn({.of_down = ", begin = \"rest\""}, layers_in_turn)));
    for (int step = 0; step < 3; ++step) {
        rest.step();
        CHECK(rest.vector("x.r")[0] == as_closed_form(settled(5)));
    }
    const std::string second = ", every = 2";
    SteppedModel skipped(model_of_text(in_turn({5, second, second}, layers_in_turn)));
    const int iterations[] = {0, 5, 5, 10, 10};
    for (const int so_many : iterations) {
        skipped.step();
        CHECK(skipped.vector("x.r")[0] == as_closed_form(settled(so_many)));
    }
}

// w <- w + 0.1 (1 - w) in each of five iterations makes 1 - 0.9^5; one makes 0.1.
TEST_CASE("a rule in a group acts once when all is over, or in each iteration", "[groups]") {
    SteppedModel once(model_of_text(in_turn({}, taught_in_turn("")))),
        each(model_of_text(in_turn({}, taught_in_turn(of_iterations))));
    for (SteppedModel* sim : {&once, &each}) sim->step();
    CHECK(once.vector("w")[0] == as_closed_form(0.1));
    CHECK(once.vector("other.r")[0] == 0.0);
    CHECK(each.vector("w")[0] == as_closed_form(0.40951));
    CHECK(each.vector("other.r")[0] == as_closed_form(0.3439));  // before the last change
    for (SteppedModel* sim : {&once, &each}) sim->step();
    CHECK(once.vector("w")[0] == as_closed_form(0.19));
    CHECK(each.vector("w")[0] == as_closed_form(0.6513215599));  // 1 - 0.9^10
}

TEST_CASE("what acts once in a group finds what its last phase left", "[groups]") {
    const std::string lines = layers_in_turn + R"toml(
rule.kept = { signals = { there = "post" }, equations = "w += 0.01 * there" }
plasticity.kept = { rule = "kept", synapses = ["w2"], there = "at_end(down, y.r)", during = "down" }
rule.fired = { signals = { above = "pre" }, equations = "w += 0.01 * above" }
plasticity.fired = { rule = "fired", synapses = ["w1"], above = "y.r", during = "down" }
)toml";
    SteppedModel sim(model_of_text(in_turn({}, lines)));
    sim.step();
    CHECK(sim.vector("at_end(down, y.r)")[0] == as_closed_form(0.8 * settled(4)));
    CHECK(sim.vector("w2")[0] == as_closed_form(0.8 + 0.01 * 0.8 * settled(4)));
    CHECK(sim.vector("w1")[0] == as_closed_form(0.5 + 0.01 * 0.8 * settled(5)));
    CHECK(sim.vector("before(y.r)")[0] == as_closed_form(0.8 * settled(4)));
}

// alpha = 1 - exp(-T / tau), T = 3 ms from one firing to the next; in iterations of 3 ms the drive
// stays, and the 4 ms of "update" pass too.
TEST_CASE("time passes in a group by its iterations", "[groups]") {
    std::string lines = layers_in_turn;
    const std::string x = "population.x = { size = 1, activation = \"linear\"";
    lines.replace(lines.find(x), x.size(), x + ", alpha = { tau_ms = 20.0 }");
    const std::string c = "constant = 0.5";
    lines.replace(lines.find(c), c.size(), "constant = 0.0");
    SteppedModel rate(model_of_text(in_turn({}, lines)));
    rate.step();
    CHECK(rate.vector("x.r")[0] == as_closed_form(2.0 * (1.0 - std::exp(-15.0 / 20.0))));
    CHECK(rate.model.circuit.phase_end_ms() == std::vector<double>{14.0, 15.0, 19.0});
    std::string slow = layers_in_turn;
    slow.replace(slow.find(x), x.size(), x + ", tau_ms = { soma = 20.0 }");
    slow.replace(slow.find(c), c.size(), "constant = 0.0");
    SteppedModel voltage(model_of_text(in_turn({}, slow)));
    voltage.step();
    CHECK(voltage.vector("x.soma.v")[0] == as_closed_form(2.0 * (1.0 - std::exp(-19.0 / 20.0))));
}

TEST_CASE("each iteration of a group has its events, and gates move in each", "[groups][events]") {
    const TemporaryFolder folder;
    const std::string gated = layers_in_turn + R"(
population.z = { size = 1, dendrites = ["apical"] }
gate.open = { opens = "z.apical", during = "up" }
synapses.d = { from = "one", to = "z.apical", during = "down", init = { constant = 1.0 } }
synapses.e = { from = "one", to = "z.soma", during = "down", init = { constant = 1.0 } }
)";
    const Model model = model_of_text(in_turn({.times = 2}, gated));
    RunDescription run;
    run.step_ms = model.circuit.step_ms();
    run.phase_end_ms = model.circuit.phase_end_ms();
    const std::string path = folder / "run.h5";
    {
        NamedRecorder recorder(model.program, {watched("events", {"events"}, 1, 1, 1)}, run, path,
                               Replacing::no);
        SteppedModel sim(model_of_text(in_turn({.times = 2}, gated)), &recorder);
        sim.step();
        CHECK(sim.scheduler.events() == 2 + 4 * 2 + 2);
        recorder.close(1, 0.0);
    }
    CHECK(events_of(path) ==
          std::vector<std::string>{
              "0 input", "0 phase begin down", "2 phase end down", "2 phase begin up",
              "2 gate opens open", "3 phase end up", "3 phase begin down", "3 gate closes open",
              "5 phase end down", "5 phase begin up", "5 gate opens open", "6 phase end up",
              "6 phase begin update", "6 gate closes open", "10 phase end update", "10 step end"});
}

TEST_CASE("the listing and the schedule say what is carried out in turn", "[groups]") {
    const Model model = model_of_text(in_turn({}, taught_in_turn("")));
    const auto is_iterated = Catch::EndsWith(", in each of 5 iterations");
    for (const char* asker : {"synapses.w", "synapses.on", "population.other"})
        CHECK_THAT(listed(model.program, asker).front(), is_iterated);
    CHECK_THAT(listed(model.program, "plasticity").front(), !is_iterated);
    // What is iterated of all phases stands before what acts once.
    std::vector<std::string> order;
    for (const Operation& op : model.program.operations) {
        const std::string part = op.asked_by.substr(0, 10);
        if (op.phase < PhaseId(2) && (order.empty() || order.back() != part)) order.push_back(part);
    }
    CHECK(order.back() == "plasticity");
    const std::string text = describe_model(model);
    CHECK_THAT(text, Catch::Contains("    12 to     14 ms  down       5 times, in turn with up\n"));
    CHECK_THAT(text,
               Catch::Contains("    14 to     15 ms  up         5 times, in turn with down\n"));
}

TEST_CASE("a fused plan carries phases out in turn as the listed operations do", "[groups][fuse]") {
    const std::string lines = learning_in_turn(GENERATE("", ", each = \"iteration\""));
    const std::string text = in_turn({.times = 4}, lines);
    const Model model = model_of_text(text);
    SteppedModel plain(model_of_text(text));
    same_by_passes(model, plain, 12, 3);
}

TEST_CASE("rules and cells of a group are held to their text", "[groups][verify]") {
    const std::string each = GENERATE("", ", each = \"iteration\"");
    for (const std::string& lines : {taught_in_turn(each), learning_in_turn(each)}) {
        const Differences found =
            verify_text_rules(model_of_text(in_turn({.times = 3}, lines)), 20, 1e-12);
        INFO((found.first() ? found.first()->symbol : ""));
        CHECK_FALSE(found.first());
    }
}

TEST_CASE("a run with groups is the same on two threads, resumed and with each iteration recorded",
          "[groups][checkpoint]") {
    const TemporaryFolder folder;
    const std::string path =
        folder.write("groups.toml", in_turn({.times = 3}, learning_in_turn("")));
    const Model model = saved_model(path, folder / "whole.h5");
    run_model(model);
    const std::string killed = folder / "killed.h5";
    for (const std::int64_t step : {13, 26}) {
        leave_killed(model.output, step, killed);
        resumed(killed, 2);
        CHECK(content_of(killed) == content_of(model.output));
    }
    SteppedModel plain(load_model(path, {"population.hidden.size=6"}));
    plain.step(20);
    const Model watched_model = load_model(path, {"population.hidden.size=6"});
    RunDescription run;
    run.step_ms = watched_model.circuit.step_ms();
    run.phase_end_ms = watched_model.circuit.phase_end_ms();
    Recording all = watched("all", {"hidden.*", "top.*", "W_*"}, 1, 1, 20);
    all.each_iteration = true;
    NamedRecorder recorder(watched_model.program, {all}, run, folder / "watched.h5", Replacing::no);
    SteppedModel seen(load_model(path, {"population.hidden.size=6"}), &recorder);
    seen.step(20);
    CHECK(same_bits(seen.numbers(), plain.numbers()));
}

TEST_CASE("wrong groups are rejected at their place", "[groups]") {
    const auto grouped = [](const std::string& group, const InTurn& keys = {}) {
        std::string text = in_turn(keys, layers_in_turn);
        const std::size_t begin = text.find("group = ");
        return text.replace(begin, text.find('\n', begin) - begin, "group = [" + group + "]");
    };
    rejects_text(grouped(R"({ phases = @["down"], repeat = 3 })"),
                 {"a group has two phases or more; one phase is iterated by its own key repeat"});
    rejects_text(grouped(R"({ phases = ["down", @"upp"], repeat = 3 })"),
                 {"there is no phase \"upp\"", "Did you mean \"up\"?"});
    rejects_text(grouped(R"({ phases = ["down", @"update"], repeat = 3 })"),
                 {"phase \"update\" does not follow \"down\" in a step"});
    rejects_text(grouped(R"({ phases = ["up", @"down"], repeat = 3 })"),
                 {"phase \"down\" does not follow \"up\""});
    rejects_text(grouped(R"({ phases = ["down", "up"], repeat = @1 })"),
                 {"group.repeat is the number 1; expected a whole number from 2 to 100000"});
    rejects_text(grouped(R"(@{ phases = ["down", "up"] })"), {"is missing its key \"repeat\""});
    rejects_text(
        grouped(
            R"({ phases = ["down", "up"], repeat = 3 }, { phases = [@"up", "update"], repeat = 2 })"),
        {"phase \"up\" is in two groups"});
    rejects_text(grouped(R"({ phases = ["down", @"up"], repeat = 3 })", {.of_up = ", repeat = 2"}),
                 {"phase \"up\" is iterated by itself, repeat = 2"});
    rejects_text(grouped(R"({ phases = ["down", @"up"], repeat = 3 })", {.of_up = ", every = 2"}),
                 {"phase \"up\" is not carried out in the same steps as \"down\""});
    rejects_text(
        grouped(R"({ phases = ["down", @"up"], repeat = 3 })", {.of_up = ", begin = \"rest\""}),
        {"phase \"up\" sets cells back, which a group does once"});
    std::string reading = in_turn({}, layers_in_turn);
    const std::string late = ", delay = \"iteration\"";
    reading.erase(reading.find(late), late.size());
    const std::size_t target = reading.find("\"x.soma\"", reading.find("synapses.w1"));
    reading.insert(target, "@");
    rejects_text(reading,
                 {"[synapses.w1] reads \"y.r\" in phase \"down\", before this step has made it",
                  "or last iteration's value by delay = \"iteration\" or before(...)"});
}
