// Matrices between the cells of a population in equations: dot(P, x), outer(a, b).
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

using Lines = std::vector<std::string>;
using States = std::vector<StateDeclaration>;

const States P_of_pre = {state_at(Place::pairs_of_pre, "P")};
const States Q_of_post = {state_at(Place::pairs_of_post, "Q")};

const std::string cells_with_dendrite = hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"] }
gate.g_soma = { opens = "hidden.soma", during = "forward" }
gate.g_apical = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
)";

Circuit circuit_with_dendrite() { return small_model(cells_with_dendrite).circuit; }

Lines lines_of_pairs(const TextRule& rule, const std::string& options) {
    const Circuit circuit = circuit_with_dendrite();
    return LoweredRule(circuit, rule, options).lines();
}

Lines lines_of_text_of_pairs(const std::string& equations, const States& state = P_of_pre,
                             const std::string& sets = "\"W_in\"") {
    return lines_of_pairs(rule_of_text(equations, {"rate"}, state),
                          "synapses = [" + sets + "]\nrate = 0.1\n");
}

std::string said_of_pairs(const std::string& equations, States state = P_of_pre) {
    return said_of(rule_of_text(equations, {}, std::move(state)));
}

std::string said_of_lowered_pairs(const std::string& equations, const States& state = P_of_pre,
                                  const std::string& sets = "\"W_in\"") {
    return what_is_said([&] { lines_of_text_of_pairs(equations, state, sets); });
}

}  // namespace

TEST_CASE("recursive least squares is multiply, a sum over cells and two hebb",
          "[lowering][pairs]") {
    TextRule rule = rule_of_text(R"(k = dot(P, pre.r)
c = 1 / (1 + sum(pre.r * k))
P -= c * outer(k, k)
w += -error * c * k)",
                                 {}, P_of_pre);
    rule.signals = {post_signal("error")};
    const std::string options = "synapses = [\"W_in\"]\nerror = \"hidden.apical\"";
    CHECK(lines_of_pairs(rule, options) ==
          Lines{"multiply learning.k(W_in) = learning.P(W_in) input.r",
                "modulate learning.c1 = sum(input.r learning.k(W_in))",
                "modulate learning.c = 1 / (1 + learning.c1)", "modulate learning.P_keep = 1",
                "hebb learning.P(W_in) = learning.P_keep learning.P(W_in) + -1 learning.c "
                "learning.k(W_in) x learning.k(W_in)",
                "modulate learning.keep = 1",
                "hebb W_in = learning.keep W_in + -1 learning.c hidden.apical.v x "
                "learning.k(W_in)"});
    const Circuit circuit = circuit_with_dendrite();
    const LoweredRule lowered(circuit, rule, options);
    const Program& program = lowered.program();
    const Slot& P = program[program.find("learning.P(W_in)")];
    CHECK(P.shape == Shape::per_pair);
    CHECK(P.kept);
    CHECK(circuit[P.cells].name == "input");
    CHECK(P.cells == P.pre);
    CHECK(P.rows == 3);
    CHECK(P.columns == 3);
    CHECK(program[program.find("learning.k(W_in)")].cells == P.cells);
}

TEST_CASE("a matrix between cells keeps and adds as strengths do", "[lowering][pairs]") {
    const auto change = [](const std::string& statement) {
        return lines_of_text_of_pairs(statement + "\nw += rate * post.r * dot(P, pre.r)");
    };
    const Lines changes_w = {"multiply learning.w1(W_in) = learning.P(W_in) input.r",
                             "hebb W_in += 0.1 hidden.r x learning.w1(W_in)"};
    const auto with = [&](Lines lines) {
        lines.insert(lines.end(), changes_w.begin(), changes_w.end());
        return lines;
    };
    CHECK(change("P += 2 * outer(pre.r, pre.r)") ==
          with({"hebb learning.P(W_in) += 2 input.r x input.r"}));
    CHECK(change("P = 0.5 * P - outer(pre.r, pre.r) / 4") ==
          with({"hebb learning.P(W_in) = 0.5 learning.P(W_in) + -0.25 input.r x input.r"}));
    CHECK(change("P = outer(pre.r, pre.r)") == with({"hebb learning.P(W_in) = input.r x input.r"}));
    CHECK(change("P = (P - outer(pre.r, pre.r)) / 2") ==
          with({"hebb learning.P(W_in) = 0.5 learning.P(W_in) + -0.5 input.r x input.r"}));
}

TEST_CASE("each outer product of a statement is a hebb, and the first one keeps",
          "[lowering][pairs]") {
    CHECK(lines_of_text_of_pairs("m = 2 * pre.r\nP = 0.5 * P + outer(m, pre.r) - 3 * "
                                 "outer(pre.r, m)\nw += rate * post.r * m") ==
          Lines{"cellwise learning.m(W_in) = 2 input.r",
                "hebb learning.P(W_in) = 0.5 learning.P(W_in) + 1 learning.m(W_in) x input.r",
                "hebb learning.P(W_in) += -3 input.r x learning.m(W_in)",
                "hebb W_in += 0.1 hidden.r x learning.m(W_in)"});
}

TEST_CASE("a matrix between cells loses what decays between two changes", "[lowering][pairs]") {
    const Circuit circuit = circuit_with_dendrite();
    const TextRule rule =
        rule_of_text("dP/dt = (outer(pre.r, pre.r) - P) / tau_ms\nw += post.r * dot(P, pre.r)",
                     {"tau_ms"}, P_of_pre);
    for (const int every : {1, 4}) {
        const LoweredRule lowered(circuit, rule, "synapses = [\"W_in\"]\ntau_ms = 20.0\n", {},
                                  every);
        const Program& program = lowered.program();
        const SlotId P = program.find("learning.P(W_in)");
        const auto change = std::find_if(
            program.operations.begin(), program.operations.end(),
            [&](const Operation& op) { return op.kind == Kind::hebb && op.operands[0].slot == P; });
        REQUIRE(change != program.operations.end());
        CHECK(change->retain == std::exp(-10.0 * every / 20.0));
        CHECK(change->retain + change->gain == 1.0);
    }
}

TEST_CASE("a product with a matrix is made before what reads it, once", "[lowering][pairs]") {
    CHECK(lines_of_text_of_pairs("x = 2 * dot(P, pre.r) + pre.r\nw += rate * post.r * x") ==
          Lines{"multiply learning.x1(W_in) = learning.P(W_in) input.r",
                "cellwise learning.x(W_in) = 2 learning.x1(W_in) + input.r",
                "hebb W_in += 0.1 hidden.r x learning.x(W_in)"});
    CHECK(lines_of_text_of_pairs("x = tanh(dot(P, pre.r)) / (2 + dot(P, pre.r))\n"
                                 "w += rate * post.r * x") ==
          Lines{"multiply learning.x1(W_in) = learning.P(W_in) input.r",
                "cellwise learning.x(W_in) = tanh(learning.x1(W_in)) / (2 + learning.x1(W_in))",
                "hebb W_in += 0.1 hidden.r x learning.x(W_in)"});
    States states = P_of_pre;
    states.push_back(state_at(Place::pre, "x"));
    CHECK(lines_of_text_of_pairs("x = dot(P, x)\nw += rate * post.r * x", states) ==
          Lines{"multiply learning.x1(W_in) = learning.P(W_in) learning.x(W_in)",
                "cellwise learning.x(W_in) = learning.x1(W_in)",
                "hebb W_in += 0.1 hidden.r x learning.x(W_in)"});
}

TEST_CASE("pairs of postsynaptic cells are one matrix for a binding, of presynaptic one a set",
          "[lowering][pairs]") {
    CHECK(lines_of_text_of_pairs("q = dot(Q, post.r)\nQ += rate * outer(q, post.r)\n"
                                 "w += q * pre.r",
                                 Q_of_post, "\"W_in\", \"W_rec\"") ==
          Lines{"multiply learning.q = learning.Q hidden.r",
                "hebb learning.Q += 0.1 learning.q x hidden.r",
                "hebb W_in += 1 learning.q x input.r",
                "hebb W_rec += 1 learning.q x previous(hidden.r)"});
    CHECK(lines_of_text_of_pairs("P += rate * outer(pre.r, pre.r)\nw += post.r * dot(P, pre.r)",
                                 P_of_pre, "\"W_in\", \"W_rec\"") ==
          Lines{"hebb learning.P(W_in) += 0.1 input.r x input.r",
                "hebb learning.P(W_rec) += 0.1 previous(hidden.r) x previous(hidden.r)",
                "multiply learning.w1(W_in) = learning.P(W_in) input.r",
                "hebb W_in += 1 hidden.r x learning.w1(W_in)",
                "multiply learning.w1(W_rec) = learning.P(W_rec) previous(hidden.r)",
                "hebb W_rec += 1 hidden.r x learning.w1(W_rec)"});
}

TEST_CASE("dot multiplies a matrix between cells and a number in each of them",
          "[equations][pairs]") {
    CHECK(said_of_pairs("k = dot(P, pre.r)\nw += post.r * k") == "");
    CHECK(said_of_pairs("k = dot(w, pre.r)\nw += k * dot(P, pre.r)") ==
          "rule.toml:2:9: rule \"mine\": \"dot\" multiplies a matrix between cells, by name; \"w\" "
          "is one at each synapse; expected a state that is at = \"pairs\"");
    CHECK(said_of_pairs("w += dot(2 * P, pre.r)") ==
          "rule.toml:2:10: rule \"mine\": \"dot\" multiplies a matrix between cells, by name; \"2 "
          "* P\" is one of each pair of presynaptic cells; expected a state that is at = "
          "\"pairs\"");
    CHECK(said_of_pairs("k = dot(P, post.r)\nw += k") ==
          "rule.toml:2:12: rule \"mine\": \"P\" is one of each pair of presynaptic cells, "
          "\"post.r\" a number in each postsynaptic cell; expected a number in each presynaptic "
          "cell");
    CHECK(said_of_pairs("w += dot(P)").find("\"dot\" takes 2 arguments; found 1") !=
          std::string::npos);
}

TEST_CASE("outer is of two numbers in the same cells", "[equations][pairs]") {
    CHECK(said_of_pairs("P += outer(pre.r, post.r)") ==
          "rule.toml:2:6: rule \"mine\": \"outer\" is of two numbers in the same cells; \"pre.r\" "
          "is a number in each presynaptic cell, \"post.r\" a number in each postsynaptic cell; "
          "expected both in one population, or a product, as in a * b");
    CHECK(said_of_pairs("P += outer(2, pre.r)") ==
          "rule.toml:2:6: rule \"mine\": \"outer\" is of two numbers in the same cells; \"2\" is a "
          "constant, \"pre.r\" a number in each presynaptic cell; expected both in one "
          "population");
    CHECK(said_of_pairs("P += outer(post.r, post.r)") ==
          "rule.toml:2:1: rule \"mine\": \"P\" is one of each pair of presynaptic cells, "
          "\"outer(post.r, post.r)\" one of each pair of postsynaptic cells; expected outer(a, b) "
          "of two numbers in these cells");
}

TEST_CASE("a matrix between cells is a state that outer products change", "[equations][pairs]") {
    CHECK(said_of_pairs("w += outer(pre.r, pre.r)") ==
          "rule.toml:2:1: rule \"mine\": \"w\" is one at each synapse, \"outer(pre.r, pre.r)\" one "
          "of each pair of presynaptic cells; expected state at \"pairs\", or dot(P, x)");
    CHECK(said_of_pairs("Q = outer(pre.r, pre.r)\nw += post.r * dot(P, pre.r)") ==
          "rule.toml:2:1: rule \"mine\": \"Q\" would be one of each pair of presynaptic cells, "
          "which is a state; expected state = { Q = { at = \"pairs\", of = \"pre\" } }");
    CHECK(said_of_pairs("P += pre.r") ==
          "rule.toml:2:1: rule \"mine\": \"P\" is one of each pair of presynaptic cells, \"pre.r\" "
          "a number in each presynaptic cell; expected outer(a, b) of two numbers in these cells");
}

TEST_CASE("dot alone reads a matrix between cells", "[equations][pairs]") {
    const std::string takes_none =
        "\"P\" is one of each pair of presynaptic cells, of which \"{}\" takes none; expected "
        "dot(P, x), which alone reads a matrix between cells";
    const auto takes = [&](const std::string& equations, const std::string& place,
                           const std::string& function) {
        CHECK(said_of_pairs(equations) == "rule.toml:" + place + ": rule \"mine\": " +
                                              fmt::format(fmt::runtime(takes_none), function));
    };
    takes("P = tanh(P)", "2:10", "tanh");
    takes("w += sum(P)", "2:10", "sum");
    takes("w += previous(P)", "2:15", "previous");
    takes("P = outer(P, pre.r)", "2:11", "outer");
    takes("P = P^2", "2:5", "^");
    CHECK(said_of_pairs("P += P * outer(pre.r, pre.r)") ==
          "rule.toml:2:8: rule \"mine\": \"P\" is one of each pair of presynaptic cells, "
          "\"outer(pre.r, pre.r)\" one of each pair of presynaptic cells; a matrix between cells "
          "takes factors that are numbers for all; expected outer(a, b), or dot(P, x)");
    CHECK(said_of_pairs("P += pre.r * P").find("rule.toml:2:12: ") == 0);
    CHECK(said_of_pairs("P += 1 / P").find("rule.toml:2:8: ") == 0);
    CHECK(
        said_of_pairs("dP/dt = (outer(dot(P, pre.r), pre.r) - P) / (2 * step_ms)") ==
        "rule.toml:2:1: rule \"mine\": \"dP/dt\" has P within \"outer(dot(P, pre.r), pre.r)\", so "
        "it has no exact step; expected P += step_ms * (...)");
}

TEST_CASE("what is no sum of outer products changes no matrix between cells", "[lowering][pairs]") {
    const auto says = [](const std::string& statement) {
        CHECK(said_of_lowered_pairs(statement + "\nw += rate * post.r * dot(P, pre.r)") ==
              "rule.toml:2:1: rule \"mine\": no operation can do \"" + statement +
                  "\": a matrix between cells changes by outer products alone; expected P = number "
                  "* P + number * outer(a, b)");
    };
    says("P = 0.5 * P");
    says("P += 1");
    says("P += outer(pre.r, pre.r) + 1");
}

TEST_CASE("a sum over presynaptic cells is of one set", "[lowering][pairs]") {
    CHECK(
        said_of_lowered_pairs("k = dot(P, pre.r)\nc = sum(pre.r * k)\nw += rate * c * post.r * k",
                              P_of_pre, "\"W_in\", \"W_rec\"") ==
        "model.toml:1:12: rule \"mine\": \"c = sum(pre.r * k)\" is made once for all sets, but is "
        "another for \"W_rec\" than for \"W_in\"; expected a [plasticity.*] table for each set, "
        "whose presynaptic cells are summed over");
}
