// Rules as text, and the operations that they come to.
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

using Lines = std::vector<std::string>;

// Hidden cells that fire by a dendrite in the update phase, with sets of delay 0 and 1.
const std::string circuit_lines = hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"] }
gate.g_soma = { opens = "hidden.soma", during = "forward" }
gate.g_apical = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
)";

Circuit small() { return small_model(circuit_lines).circuit; }

Lines lines_of(const TextRule& rule, const std::string& options) {
    const Circuit circuit = small();
    return LoweredRule(circuit, rule, options).lines();
}

const std::string on_W_in = "synapses = [\"W_in\"]\nrate = 0.1\n";

}  // namespace

TEST_CASE("Oja's rule is hebb that keeps by cell", "[lowering]") {
    const TextRule oja = rule_of_text("w += rate * post.r * (pre.r - post.r * w)", {"rate"});
    CHECK(lines_of(oja, "synapses = [\"W_in\", \"W_rec\"]\nrate = 0.1") ==
          Lines{"cellwise learning.lost = 0.1 hidden.r hidden.r",
                "cellwise learning.keep = 1 - learning.lost",
                "hebb W_in = learning.keep W_in + 0.1 hidden.r x input.r",
                "hebb W_rec = learning.keep W_rec + 0.1 hidden.r x previous(hidden.r)"});
}

TEST_CASE("Hebb with decay is hebb that keeps", "[lowering]") {
    const TextRule rule = rule_of_text("w += rate * post.r * pre.r - decay * w", {"rate", "decay"});
    CHECK(lines_of(rule, on_W_in + "decay = 0.25") ==
          Lines{"hebb W_in = 0.75 W_in + 0.1 hidden.r x input.r"});
    const TextRule less = rule_of_text("w -= rate * post.r * pre.r", {"rate"});
    CHECK(lines_of(less, on_W_in) == Lines{"hebb W_in += -0.1 hidden.r x input.r"});
    const TextRule anew = rule_of_text("w = rate * post.r * pre.r", {"rate"});
    CHECK(lines_of(anew, on_W_in) == Lines{"hebb W_in = 0.1 hidden.r x input.r"});
}

TEST_CASE("constants are folded from left to right into one gain", "[lowering]") {
    const Circuit circuit = small();
    const TextRule rule = rule_of_text("w += -rate * post.alpha / 3 * post.r * pre.r", {"rate"});
    const LoweredRule lowered(circuit, rule, on_W_in);
    CHECK(lowered.program().operations.back().gain == -0.1 * 0.5 / 3.0);
}

TEST_CASE("BCM has a threshold in each cell that follows the square of its rate", "[lowering]") {
    const TextRule bcm = rule_of_text(R"(
dtheta/dt = (post.r^2 - theta) / tau_ms
w += rate * post.r * (post.r - theta) * pre.r)",
                                      {"rate", "tau_ms"}, {state_at(Place::post, "theta")});
    const Circuit circuit = small();
    const LoweredRule rule(circuit, bcm, on_W_in + "tau_ms = 100.0");
    CHECK(rule.lines() ==
          Lines{"cellwise learning.theta1 = hidden.r hidden.r",
                "cellwise learning.theta = 0.904837 learning.theta + 0.0951626 learning.theta1",
                "cellwise learning.w1 = hidden.r - learning.theta",
                "cellwise learning.post = hidden.r learning.w1",
                "hebb W_in += 0.1 learning.post x input.r"});
    for (const Operation& op : rule.program().operations) {
        if (op.function != Function::sum || op.kind != Kind::cellwise) continue;
        CHECK(op.retain == std::exp(-10.0 / 100.0));
        CHECK(op.retain + op.gain == 1.0);
    }
    REQUIRE(rule.program().find("learning.theta"));
    CHECK(rule.program()[rule.program().find("learning.theta")].kept);
}

TEST_CASE("covariance keeps means of both sides, those of presynaptic cells for each set",
          "[lowering]") {
    const TextRule rule = rule_of_text(
        R"(
dpost_mean/dt = (post.r - post_mean) / tau_ms
dpre_mean/dt = (pre.r - pre_mean) / tau_ms
w += rate * (post.r - post_mean) * (pre.r - pre_mean))",
        {"rate", "tau_ms"}, {state_at(Place::post, "post_mean"), state_at(Place::pre, "pre_mean")});
    const std::string options = "rate = 0.1\ntau_ms = 100.0\nsynapses = [\"W_in\", \"W_rec\"]";
    CHECK(lines_of(rule, options) ==
          Lines{"cellwise learning.post_mean = 0.904837 learning.post_mean + 0.0951626 hidden.r",
                "cellwise learning.pre_mean(W_in) = 0.904837 learning.pre_mean(W_in) + 0.0951626 "
                "input.r",
                "cellwise learning.pre_mean(W_rec) = 0.904837 learning.pre_mean(W_rec) + "
                "0.0951626 previous(hidden.r)",
                "cellwise learning.post = hidden.r - learning.post_mean",
                "cellwise learning.w1(W_in) = input.r - learning.pre_mean(W_in)",
                "hebb W_in += 0.1 learning.post x learning.w1(W_in)",
                "cellwise learning.w1(W_rec) = previous(hidden.r) - learning.pre_mean(W_rec)",
                "hebb W_rec += 0.1 learning.post x learning.w1(W_rec)"});
}

TEST_CASE("traces at synapses step exactly and are consolidated", "[lowering]") {
    const TextRule rule = rule_of_text(R"(
dtrace/dt = (post.r * pre.r - trace) / tau_ms
w += rate * (post.r - post.soma.v) * trace)",
                                       {"rate", "tau_ms"}, {state_at(Place::synapse, "trace")});
    CHECK(lines_of(rule, on_W_in + "tau_ms = 100.0") ==
          Lines{"hebb trace(W_in) = 0.904837 trace(W_in) + 0.0951626 hidden.r x input.r",
                "cellwise learning.post = hidden.r - hidden.soma.v",
                "consolidate W_in += 0.1 learning.post . trace(W_in)"});
}

TEST_CASE("a rule of every fourth step steps by the time of four", "[lowering]") {
    const Circuit circuit = small();  // a step is 10 ms
    const TextRule rule = rule_of_text(
        R"(
dmean/dt = (post.r - mean) / tau_ms
dtrace/dt = (post.r * pre.r - trace) / tau_ms
w += rate * step_ms / tau_ms * post.r * pre.r)",
        {"rate", "tau_ms"}, {state_at(Place::post, "mean"), state_at(Place::synapse, "trace")});
    const LoweredRule lowered(circuit, rule, on_W_in + "tau_ms = 100.0", {}, 4);
    const std::vector<Operation>& all = lowered.program().operations;
    for (const std::size_t from_last : {3, 2}) {
        const Operation& op = all[all.size() - from_last];
        CHECK(op.every == 4);
        CHECK(op.retain == std::exp(-0.01 * 40.0));
        CHECK(op.gain == 1.0 - std::exp(-0.01 * 40.0));
    }
    CHECK(all.back().gain == 0.1 * 40.0 / 100.0);
}

TEST_CASE("PES is taught by a signal that the binding names", "[lowering]") {
    TextRule pes = rule_of_text("w += -rate * error * pre.r", {"rate"});
    pes.signals = {post_signal("error")};
    CHECK(lines_of(pes, on_W_in + "error = \"hidden.apical\"") ==
          Lines{"hebb W_in += -0.1 hidden.apical.v x input.r"});
}

TEST_CASE("a presynaptic signal is one of the cells that the synapses come from", "[lowering]") {
    TextRule rule = rule_of_text("w += rate * post.r * now", {"rate"});
    rule.signals = {{.name = "now", .of = Place::pre}};
    const std::string options = "synapses = [\"W_rec\"]\nrate = 0.1\nnow = \"hidden.r\"";
    CHECK(lines_of(rule, options) == Lines{"hebb W_rec += 0.1 hidden.r x hidden.r"});
    CHECK(what_is_said([&] { lines_of(rule, on_W_in + "now = \"hidden.r\""); }) ==
          "model.toml:3:7: rule \"mine\" needs a signal of the cells that its synapses come from; "
          "\"W_in\" comes from \"input\", \"hidden.r\" is one of \"hidden\"");
}

TEST_CASE("a name that is made at synapses is a tag, one of constants a constant", "[lowering]") {
    const TextRule rule = rule_of_text(R"(
small = rate / 4
pair = post.r * pre.r
w += small * pair)",
                                       {"rate"});
    CHECK(lines_of(rule, on_W_in) ==
          Lines{"hebb pair(W_in) = hidden.r x input.r", "consolidate W_in += 0.025 pair(W_in)"});
}

TEST_CASE("sums, scales and complements in cells are the words that there are", "[lowering]") {
    const TextRule rule = rule_of_text(R"(
a = 2 * post.r - 3 * post.soma.v
b = 1 - a
c = -(a + b)
d = post.r * a * b / 2
e = a^3
w += rate * (c + d - e) * pre.r)",
                                       {"rate"});
    CHECK(lines_of(rule, on_W_in) == Lines{"cellwise learning.a = 2 hidden.r + -3 hidden.soma.v",
                                           "cellwise learning.b = 1 - learning.a",
                                           "cellwise learning.c1 = learning.a + learning.b",
                                           "cellwise learning.c = -1 learning.c1",
                                           "cellwise learning.d1 = hidden.r learning.a",
                                           "cellwise learning.d = 0.5 learning.d1 learning.b",
                                           "cellwise learning.e1 = learning.a learning.a",
                                           "cellwise learning.e = learning.e1 learning.a",
                                           "cellwise learning.w1 = learning.c + learning.d",
                                           "cellwise learning.post = learning.w1 - learning.e",
                                           "hebb W_in += 0.1 learning.post x input.r"});
}

TEST_CASE("powers in cells are squares of squares", "[lowering]") {
    const auto lines_before_last = [](const std::string& equations) {
        Lines lines = lines_of(rule_of_text(equations, {"rate"}), on_W_in);
        lines.pop_back();  // what is at the synapses
        return lines;
    };
    const auto lines_of_power = [&](const std::string& power) {
        return lines_before_last("w += rate * post.r * " + power);
    };
    // 64 = 2^6: six multiplications; 7 = 2 (2 + 1) + 1: four; 3 = 2 + 1: two
    CHECK(lines_before_last("x = (post.r^8)^8\nw += rate * x * pre.r").size() == 6);
    CHECK(lines_of_power("pre.r^7") ==
          Lines{"cellwise learning.w1(W_in) = input.r input.r",
                "cellwise learning.w2(W_in) = learning.w1(W_in) input.r",
                "cellwise learning.w3(W_in) = learning.w2(W_in) learning.w2(W_in)",
                "cellwise learning.w4(W_in) = learning.w3(W_in) input.r"});
    CHECK(lines_of_power("pre.r^3").size() == 2);
    CHECK(lines_of_power("pre.r") == Lines{});
}

TEST_CASE("states in cells are set, added to and taken from", "[lowering]") {
    const std::vector<StateDeclaration> x = {state_at(Place::post, "x")};
    const auto of = [&](const std::string& line) {
        const Lines lines =
            lines_of(rule_of_text(line + "\nw += rate * x * pre.r", {"rate"}, x), on_W_in);
        return Lines(lines.begin(), lines.end() - 1);
    };
    CHECK(of("x += 10 * post.r") == Lines{"cellwise learning.x = learning.x + 10 hidden.r"});
    CHECK(of("x -= post.r") == Lines{"cellwise learning.x = learning.x + -1 hidden.r"});
    CHECK(of("x = post.r * post.r") == Lines{"cellwise learning.x = hidden.r hidden.r"});
    CHECK(of("x = 0.5 * x") == Lines{"cellwise learning.x = 0.5 learning.x"});
    const TextRule exact = rule_of_text("dx/dt = post.r / tau_ms", {"tau_ms"}, x);
    CHECK(lines_of(exact, "synapses = [\"W_in\"]\ntau_ms = 5.0") ==
          Lines{"cellwise learning.x = learning.x + 2 hidden.r"});
    CHECK(of("x += post.r * (post.r - x)") ==
          Lines{"cellwise learning.x1 = hidden.r - learning.x",
                "cellwise learning.x2 = hidden.r learning.x1",
                "cellwise learning.x = learning.x + learning.x2"});
}

TEST_CASE("names of the circuit are what its addresses say", "[lowering]") {
    const TextRule rule = rule_of_text(R"(
a = post.apical.r * post.apical.v * post.soma.v * post.here.v
w += rate * a * previous(post.r) * (pre.r - pre.soma.v))",
                                       {"rate"});
    CHECK(lines_of(rule, "synapses = [\"A\"]\nrate = 0.1") ==
          Lines{"cellwise learning.a1 = hidden.apical.r hidden.apical.v",
                "cellwise learning.a2 = learning.a1 hidden.soma.v",
                "cellwise learning.a = learning.a2 hidden.apical.v",
                "cellwise learning.post = learning.a previous(hidden.r)",
                "cellwise learning.w1(A) = hidden.r - hidden.soma.v",
                "hebb A += 0.1 learning.post x learning.w1(A)"});
}

TEST_CASE("pre.alpha is that of each set's own cells", "[lowering]") {
    const TextRule rule = rule_of_text("w += rate * pre.alpha * post.r * pre.r", {"rate"});
    CHECK(lines_of(rule, "rate = 0.1\nsynapses = [\"W_in\", \"W_rec\"]") ==
          Lines{"hebb W_in += 0.1 hidden.r x input.r",
                "hebb W_rec += 0.05 hidden.r x previous(hidden.r)"});
}

TEST_CASE("intermediate numbers take no name that the rule has", "[lowering]") {
    const TextRule rule = rule_of_text(R"(
post = post.r - post.soma.v
w += rate * post * post.r * pre.r)",
                                       {"rate"});
    CHECK(lines_of(rule, on_W_in) == Lines{"cellwise learning.post = hidden.r - hidden.soma.v",
                                           "cellwise learning.post_ = learning.post hidden.r",
                                           "hebb W_in += 0.1 learning.post_ x input.r"});
}

TEST_CASE("a statement's own slot is made last", "[lowering]") {
    const Circuit circuit = small();
    const TextRule rule = rule_of_text(R"(
x = x * 0.5 + post.r * slope(post.soma.v)
w += rate * x * pre.r)",
                                       {"rate"}, {state_at(Place::post, "x")});
    CHECK(LoweredRule(circuit, rule, on_W_in, PhaseId(0)).slots() ==
          Lines{"slope(hidden.soma.v)", "learning.x1", "learning.x"});
}

TEST_CASE("parameters are the constants of a rule, and have defaults", "[lowering]") {
    TextRule rule = rule_of_text("w += rate * scale * post.r * pre.r", {"rate", "scale"});
    rule.parameters[1].default_value = 4.0;
    const Circuit circuit = small();
    const LoweredRule lowered(circuit, rule, on_W_in);
    CHECK(lowered.parts.constant("scale") == 4.0);
    CHECK(lowered.parts.constant("rate") == 0.1);
    CHECK(lowered.program().operations.back().gain == 0.1 * 4.0);
}
