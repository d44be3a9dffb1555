// Rules that the words of cells and synapses do not say, and the formulas that they come to.
#include <fmt/format.h>

#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

using Lines = std::vector<std::string>;

// Hidden cells of tanh with a dendrite, and sets of delay 0 and 1; a step is 10 ms.
const std::string cells_with_apical = hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, dendrites = ["apical"] }
gate.g_soma = { opens = "hidden.soma", during = "forward" }
gate.g_apical = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
)";

Lines lines_with_apical(const TextRule& rule, const std::string& options = "",
                        const std::string& sets = "\"W_in\"") {
    const Circuit circuit = small_model(cells_with_apical).circuit;
    return LoweredRule(circuit, rule, "rate = 0.1\nsynapses = [" + sets + "]\n" + options).lines();
}

Lines lines_of_text(const std::string& equations, std::vector<StateDeclaration> state = {}) {
    return lines_with_apical(rule_of_text(equations, {"rate"}, std::move(state)));
}

}  // namespace

// ---- limits

TEST_CASE("what passes a limit of formulas says which", "[lowering][formulas]") {
    const auto said = [](const std::string& equations, std::vector<StateDeclaration> state = {}) {
        return what_is_said([&] { lines_of_text(equations, std::move(state)); });
    };
    std::string slopes = "2 * post.r", waiting = "exp(w)", sum = "t1";
    for (int k = 0; k < 11; ++k) slopes = "slope(" + slopes + ")";
    CHECK_THAT(
        said("x = " + slopes + "\nw += rate * x * pre.r"),
        Catch::StartsWith("rule.toml:2:1: rule \"mine\": no operation can do \"x = slope(") &&
            Catch::EndsWith("written out, it has more than 1024 numbers, names and "
                            "functions"));
    for (int k = 2; k <= 17; ++k) waiting = fmt::format("exp({} * w) + ({})", k, waiting);
    CHECK_THAT(said("w += rate * (" + waiting + ")"),
               Catch::EndsWith("17 of its values wait for others; there are registers for 16"));
    std::vector<StateDeclaration> tags = {state_at(Place::synapse, "t1")};
    for (int k = 2; k <= 16; ++k) {
        tags.push_back(state_at(Place::synapse, fmt::format("t{}", k)));
        sum += fmt::format(" + t{}", k);
    }
    CHECK_THAT(said("w += rate * tanh(" + sum + ")", tags),
               Catch::EndsWith("it reads 16 numbers of cells and synapses; a formula reads 15 at "
                               "most"));
}

// ---- in cells

TEST_CASE("what the words do not say in cells is one formula", "[lowering][formulas]") {
    const auto first_of = [](const std::string& line) {
        return lines_of_text(line + "\nw += rate * x * pre.r").front();
    };
    CHECK(first_of("x = tanh(post.soma.v)") == "cellwise learning.x = tanh(hidden.soma.v)");
    CHECK(first_of("x = 0.2 - post.r") == "cellwise learning.x = 0.2 - hidden.r");
    CHECK(first_of("x = post.r / post.soma.v") == "cellwise learning.x = hidden.r / hidden.soma.v");
    CHECK(first_of("x = (post.r + 1)^-2 + post.r^0.5") ==
          "cellwise learning.x = (hidden.r + 1)^-2 + sqrt(hidden.r)");
    CHECK(first_of("x = abs(post.r) + sign(post.r) - step(post.r) * sqrt(post.r)") ==
          "cellwise learning.x = abs(hidden.r) + sign(hidden.r) - step(hidden.r) sqrt(hidden.r)");
    CHECK(first_of("x = select(post.r, exp(post.soma.v), log(post.soma.v))") ==
          "cellwise learning.x = select(hidden.r, exp(hidden.soma.v), log(hidden.soma.v))");
    CHECK(first_of("x = min(post.r, max(post.soma.v, rectified(post.r)))") ==
          "cellwise learning.x = min(hidden.r, max(hidden.soma.v, rectified(hidden.r)))");
    CHECK(first_of("x = clip(logistic(2 * post.r), 0.25, 0.75)") ==
          "cellwise learning.x = clip(logistic(2 hidden.r), 0.25, 0.75)");
    // No number is above 1 and below 0.
    CHECK(first_of("x = min(max(post.r, 1), 0)") ==
          "cellwise learning.x = min(max(hidden.r, 1), 0)");
}

TEST_CASE("phi and slope are those of the cells", "[lowering][formulas]") {
    CHECK(lines_of_text("x = phi(2 * post.soma.v)\nw += rate * x * pre.r").front() ==
          "cellwise learning.x = tanh(2 hidden.soma.v)");
    CHECK(lines_of_text("x = slope(2 * post.soma.v)\nw += rate * x * pre.r").front() ==
          "cellwise learning.x = 1 - tanh(2 hidden.soma.v) tanh(2 hidden.soma.v)");
}

TEST_CASE("a part that is written twice is one node", "[lowering][formulas]") {
    const Circuit circuit = small_model(cells_with_apical).circuit;
    const TextRule rule =
        rule_of_text("x = exp(post.r) / (1 + exp(post.r))\nw += rate * x * pre.r", {"rate"});
    const LoweredRule lowered(circuit, rule, "rate = 0.1\nsynapses = [\"W_in\"]");
    const Program& program = lowered.program();
    const Operation& op = program.operations[program.operations.size() - 2];
    CHECK(op.function == Function::formula);
    CHECK(op.formula.size() == 5);
    CHECK(op.operands.size() == 2);
}

TEST_CASE("states in cells follow what a formula says", "[lowering][formulas]") {
    const std::vector<StateDeclaration> x = {state_at(Place::post, "x")};
    const auto first_of = [&](const std::string& line) {
        return lines_of_text(line + "\nw += rate * x * pre.r", x).front();
    };
    CHECK(first_of("x += exp(x) / (1 + post.r)") ==
          "cellwise learning.x = learning.x + exp(learning.x) / (1 + hidden.r)");
    CHECK(first_of("x -= 0.5") == "cellwise learning.x = learning.x - 0.5");
    CHECK(first_of("x = 0.5") == "cellwise learning.x = 0.5");
    CHECK(first_of("dx/dt = (abs(post.r) - x) / (10 * step_ms)") ==
          "cellwise learning.x = 0.904837 learning.x + 0.0951626 abs(hidden.r)");
}

TEST_CASE("a division by what is at one place is made there, as a factor", "[lowering][formulas]") {
    CHECK(lines_of_text("w += rate * (1 + w) * post.r * pre.r / (1 + abs(post.soma.v))") ==
          Lines{"cellwise learning.w1 = 0.1 (hidden.r (1 / (1 + abs(hidden.soma.v))))",
                "synaptic W_in = W_in + learning.w1 x input.r (1 + W_in)"});
    CHECK(lines_of_text("w += rate * clip(post.r * pre.r / (2 + pre.r), 0, 1)") ==
          Lines{"cellwise learning.w1(W_in) = input.r (1 / (2 + input.r))",
                "synaptic W_in = W_in + 0.1 clip(hidden.r x learning.w1(W_in), 0, 1)"});
    // A division by what is at the synapse is made there.
    CHECK(lines_of_text("w += rate * pre.r * post.r / (1 + w^2)") ==
          Lines{"cellwise learning.w1 = 0.1 hidden.r",
                "synaptic W_in = W_in + learning.w1 x input.r / (1 + W_in^2)"});
}

TEST_CASE("Urbanczik and Senn's rule compares the soma with phi of its dendrite",
          "[lowering][formulas]") {
    const TextRule rule = rule_of_text(R"(
predicted = 0.5 * post.here.v
error = post.r - phi(predicted)
ddrift/dt = (error * pre.r - drift) / tau_ms
w += rate * drift)",
                                       {"rate", "tau_ms"}, {state_at(Place::synapse, "drift")});
    CHECK(lines_with_apical(rule, "tau_ms = 100.0") ==
          Lines{"cellwise learning.predicted = 0.5 hidden.soma.v",
                "cellwise learning.error = hidden.r - tanh(learning.predicted)",
                "hebb drift(W_in) = 0.904837 drift(W_in) + 0.0951626 learning.error x input.r",
                "consolidate W_in += 0.1 drift(W_in)"});
}

TEST_CASE("the burst-dependent rule keeps a bounded share of bursts", "[lowering][formulas]") {
    const TextRule rule = rule_of_text(
        R"(
burst = post.r * logistic(2 * post.apical.v)
devents/dt = (post.r - events) / tau_ms
dbursts/dt = (burst - bursts) / tau_ms
dtrace/dt = (pre.r - trace) / tau_ms
w += rate * (burst - clip(bursts / (events + 1e-6), 0, 1) * post.r) * trace)",
        {"rate", "tau_ms"},
        {state_at(Place::post, "events"), state_at(Place::post, "bursts"),
         state_at(Place::pre, "trace")});
    CHECK(lines_with_apical(rule, "tau_ms = 100.0") ==
          Lines{"cellwise learning.burst = hidden.r logistic(2 hidden.apical.v)",
                "cellwise learning.events = 0.904837 learning.events + 0.0951626 hidden.r",
                "cellwise learning.bursts = 0.904837 learning.bursts + 0.0951626 learning.burst",
                "cellwise learning.trace(W_in) = 0.904837 learning.trace(W_in) + 0.0951626 "
                "input.r",
                "cellwise learning.post = learning.burst - clip(learning.bursts / "
                "(learning.events + 1e-06), 0, 1) hidden.r",
                "hebb W_in += 0.1 learning.post x learning.trace(W_in)"});
}

// ---- at synapses

TEST_CASE("bounds, Dale's sign and decay are formulas at synapses", "[lowering][formulas]") {
    CHECK(lines_of_text("w = clip((1 - 0.25) * w + rate * post.r * pre.r, 0, 1)") ==
          Lines{"cellwise learning.w1 = 0.1 hidden.r",
                "synaptic W_in = clip(0.75 W_in + learning.w1 x input.r, 0, 1)"});
    CHECK(lines_of_text("w = max(0, w + rate * post.r * pre.r)") ==
          Lines{"cellwise learning.w1 = 0.1 hidden.r",
                "synaptic W_in = max(0, W_in + learning.w1 x input.r)"});
    CHECK(lines_of_text("w += rate * (1 - w) * post.r * pre.r") ==
          Lines{"cellwise learning.w1 = 0.1 hidden.r",
                "synaptic W_in = W_in + learning.w1 x input.r (1 - W_in)"});
    CHECK(lines_of_text("w -= rate * sign(w)") == Lines{"synaptic W_in = W_in - 0.1 sign(W_in)"});
    CHECK(lines_of_text("w -= rate * w") == Lines{"synaptic W_in = 0.9 W_in"});
    CHECK(lines_of_text("w += rate * post.r") ==
          Lines{"cellwise learning.w1 = 0.1 hidden.r", "synaptic W_in = W_in + learning.w1"});
}

TEST_CASE("what divides is made in the cells that it belongs to", "[lowering][formulas]") {
    const std::vector<StateDeclaration> own = {state_at(Place::post, "m"),
                                               state_at(Place::pre, "n")};
    const auto last_of = [&](const std::string& line) {
        return lines_of_text("m += post.r\nn += pre.r\n" + line, own).back();
    };
    const std::string by_cells = "hebb W_in += 0.1 learning.post x learning.w1(W_in)";
    CHECK(last_of("w += rate * post.r * pre.r / (1 + m)") ==
          "hebb W_in += 0.1 learning.post x input.r");
    CHECK(last_of("w += rate * post.r * pre.r / ((1 + m) * (1 + n))") == by_cells);
    CHECK(last_of("w += rate * post.r * pre.r / (m * n * (2 + m))") == by_cells);
    CHECK_THAT(last_of("w += rate / (m * n)"),
               Catch::StartsWith("hebb W_in += ") && Catch::Contains(" x learning.w1(W_in)"));
    // A sum of both is no product.
    CHECK_THAT(last_of("w += rate * post.r * pre.r / (m + n)"),
               Catch::StartsWith("synaptic W_in = "));
    CHECK_THAT(last_of("w += rate * post.r / (m * w)"), Catch::StartsWith("synaptic W_in = "));
}

TEST_CASE("homeostatic scaling multiplies the strengths of a cell", "[lowering][formulas]") {
    const TextRule rule = rule_of_text(R"(
dmean/dt = (post.r - mean) / tau_ms
w += rate * (0.5 - mean) * w)",
                                       {"rate", "tau_ms"}, {state_at(Place::post, "mean")});
    CHECK(lines_with_apical(rule, "tau_ms = 100.0") ==
          Lines{"cellwise learning.mean = 0.904837 learning.mean + 0.0951626 hidden.r",
                "cellwise learning.lost = -0.1 (0.5 - learning.mean)",
                "cellwise learning.keep = 1 - learning.lost",
                "synaptic W_in = learning.keep W_in"});
}

TEST_CASE("a chain of tags and a mean of squares are formulas", "[lowering][formulas]") {
    const TextRule chain = rule_of_text(
        R"(
dslow/dt = (w - slow) / tau_ms
w += rate * post.r * pre.r - 0.25 * (w - slow))",
        {"rate", "tau_ms"}, {state_at(Place::synapse, "slow")});
    CHECK(lines_with_apical(chain, "tau_ms = 100.0") ==
          Lines{"synaptic slow(W_in) = 0.904837 slow(W_in) + 0.0951626 W_in",
                "cellwise learning.w1 = 0.1 hidden.r",
                "synaptic W_in = W_in + (learning.w1 x input.r - 0.25 (W_in - slow(W_in)))"});
    CHECK(lines_of_text(R"(
g = post.r * pre.r
s = 0.9 * s + 0.1 * g^2
w -= rate * g / (sqrt(s) + 0.5))",
                        {state_at(Place::synapse, "s")}) ==
          Lines{"hebb g(W_in) = hidden.r x input.r",
                "synaptic s(W_in) = 0.9 s(W_in) + 0.1 g(W_in)^2",
                "synaptic W_in = W_in - 0.1 g(W_in) / (sqrt(s(W_in)) + 0.5)"});
}

TEST_CASE("the contrastive rule takes one outer product from another", "[lowering][formulas]") {
    TextRule rule = rule_of_text("w += rate / beta * (post.r * pre.r - free_post * free_pre)",
                                 {"rate", "beta"});
    rule.signals = {post_signal("free_post"), {.name = "free_pre", .of = Place::pre}};
    CHECK(lines_with_apical(rule,
                            "beta = 2.0\nfree_post = \"hidden.apical\"\nfree_pre = \"input.r\"") ==
          Lines{"synaptic W_in = W_in + 0.05 (hidden.r x input.r - hidden.apical.v x input.r)"});
}

TEST_CASE("parts at one place are made once for all sets", "[lowering][formulas]") {
    const TextRule rule = rule_of_text("w = max(w, tanh(post.r) * exp(pre.r) * rate)", {"rate"});
    CHECK(lines_with_apical(rule, "", "\"W_in\", \"W_rec\"") ==
          Lines{"cellwise learning.w1 = 0.1 tanh(hidden.r)",
                "cellwise learning.w1_(W_in) = exp(input.r)",
                "synaptic W_in = max(W_in, learning.w1 x learning.w1_(W_in))",
                "cellwise learning.w1_(W_rec) = exp(previous(hidden.r))",
                "synaptic W_rec = max(W_rec, learning.w1 x learning.w1_(W_rec))"});
}

// ---- one number for all

TEST_CASE("node perturbation is rewarded by a number for all", "[lowering][formulas]") {
    const TextRule rule = rule_of_text(
        R"(
deviation = post.soma.v - mean
dmean/dt = (post.soma.v - mean) / tau_ms
e = 0.75 * e + (pre.r * deviation)^3
surprise = -loss - baseline
dbaseline/dt = (-loss - baseline) / tau_ms
w += rate * surprise * e)",
        {"rate", "tau_ms"},
        {state_at(Place::post, "mean"), state_at(Place::synapse, "e"),
         state_at(Place::all, "baseline")});
    CHECK(lines_with_apical(rule, "tau_ms = 100.0") ==
          Lines{"cellwise learning.deviation = hidden.soma.v - learning.mean",
                "cellwise learning.mean = 0.904837 learning.mean + 0.0951626 hidden.soma.v",
                "cellwise learning.e1 = learning.deviation learning.deviation",
                "cellwise learning.e_post = learning.e1 learning.deviation",
                "cellwise learning.e1_(W_in) = input.r input.r",
                "cellwise learning.e2(W_in) = learning.e1_(W_in) input.r",
                "hebb e(W_in) = 0.75 e(W_in) + 1 learning.e_post x learning.e2(W_in)",
                "modulate learning.surprise = -1 loss - learning.baseline",
                "modulate learning.baseline = 0.904837 learning.baseline - 0.0951626 loss",
                "consolidate W_in += 0.1 learning.surprise . e(W_in)"});
}

TEST_CASE("a product of both cells is scaled by a number for all", "[lowering][formulas]") {
    CHECK(lines_of_text("x += loss\nw += rate * x * post.r * pre.r", {state_at(Place::all, "x")}) ==
          Lines{"modulate learning.x = learning.x + loss", "modulate learning.keep = 1",
                "hebb W_in = learning.keep W_in + 0.1 learning.x hidden.r x input.r"});
}

TEST_CASE("beside a keep of each cell a number for all is a factor of the cells",
          "[lowering][formulas]") {
    CHECK(lines_of_text("w += rate * loss * post.r * (pre.r - post.r * w)") ==
          Lines{"modulate learning.w1 = 0.1 loss",
                "cellwise learning.lost = learning.w1 hidden.r hidden.r",
                "cellwise learning.keep = 1 - learning.lost",
                "cellwise learning.post = hidden.r loss",
                "hebb W_in = learning.keep W_in + 0.1 learning.post x input.r"});
    CHECK(lines_of_text("w = loss * w + post.r * pre.r * rate") ==
          Lines{"hebb W_in = loss W_in + 0.1 hidden.r x input.r"});
}

TEST_CASE("sums and means over cells are inner products", "[lowering][formulas]") {
    CHECK(lines_of_text("x = mean(post.r^2) + 1\nw += rate / x * post.r * pre.r").front() ==
          "cellwise learning.x1 = 0.2 hidden.r");
    CHECK(lines_of_text("x = sum(post.r * post.soma.v)\nw += rate * x * post.r * pre.r").front() ==
          "modulate learning.x = sum(hidden.r hidden.soma.v)");
}

TEST_CASE("a signal for all is a gate", "[lowering][formulas]") {
    TextRule rule = rule_of_text("w += rate * open * post.r * pre.r", {"rate"});
    rule.signals = {{.name = "open", .of = Place::all}};
    CHECK(lines_with_apical(rule, "open = \"gate.g_apical\"").back() ==
          "hebb W_in = learning.keep W_in + 0.1 gate.g_apical hidden.r x input.r");
    CHECK(what_is_said([&] {
              lines_with_apical(rule, "open = \"gate.g_apikal\"");
          }).find("Did you mean \"gate.g_apical\"?") != std::string::npos);
}
