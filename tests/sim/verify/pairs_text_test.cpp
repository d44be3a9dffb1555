// Rules that keep matrices between cells are what their texts say, and wrong lowerings are found.
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::int64_t steps_of_pairs = 30;

// Two sets of one binding, of delay 0 and 1; no matrix is symmetric.
Model learning_by_pairs() {
    return small_model(hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.4 } }
plasticity.learning = { rule = "mine", synapses = ["W_in", "W_rec"], rate = 0.02 }
[rule.mine]
parameters = { rate = 1e-3, tau_ms = 50.0 }
equations  = '''
k = 2 * dot(P, pre.r)
dP/dt = (outer(k, pre.r) - P) / tau_ms
q = dot(Q, post.r)
c = 1 / (8 + sum(post.r * q))
Q = Q - c * outer(q, post.r) + rate * outer(post.r, q)
w += rate * c * (q + dot(Q, q)) * tanh(k)
'''
[rule.mine.state]
P = { at = "pairs", of = "pre", init = { normal = 0.5 } }
Q = { at = "pairs", of = "post", init = { normal = 0.5 } }
)");
}

Model least_squares() {
    return small_model(R"(
population.error.role = "error"
synapses.W_out = { from = "input", to = "output.soma", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { rule = "rls", synapses = ["W_out"] }
[rule.rls]
signals   = { error = "@error.r" }
state     = { P = { at = "pairs", of = "pre", init = { identity = 0.25 } } }
equations = '''
k = dot(P, pre.r)
c = 1 / (1 + sum(pre.r * k))
P -= c * outer(k, k)
w += -error * c * k
'''
)");
}

std::string first_off_of_pairs(const Model& model) {
    const Differences found = verify_text_rules(model, steps_of_pairs, 1e-12);
    const Difference* first = found.first();
    return first ? first->symbol : "";
}

// Changes each operation of the rule by itself, where `change` says that it can; every mutant must
// be found. Returns how many there were.
template <class Load, class Change>
int mutants_of_pairs(Load load, Change change) {
    int mutants = 0;
    const std::size_t count = load().program.operations.size();
    for (std::size_t i = 0; i < count; ++i) {
        Model mutant = load();
        Operation& op = mutant.program.operations[i];
        if (op.asked_by.find("plasticity.learning") != 0 || !change(mutant.program, op)) continue;
        ++mutants;
        INFO(listing_line(mutant.program, i));
        CHECK_FALSE(first_off_of_pairs(mutant).empty());
    }
    return mutants;
}

}  // namespace

TEST_CASE("a rule that keeps matrices between cells is its text", "[verify][pairs]") {
    const Differences found = verify_text_rules(learning_by_pairs(), steps_of_pairs, 1e-12);
    CHECK(found.hold());
    std::vector<std::string> symbols;
    for (const Difference& one : found.all) symbols.push_back(one.symbol);
    for (const char* symbol : {"learning.P(W_in)", "learning.P(W_rec)", "learning.Q",
                               "learning.k(W_rec)", "learning.q", "learning.w"}) {
        INFO(symbol);
        CHECK_THAT(symbols, Catch::VectorContains(std::string(symbol)));
    }
    CHECK(verify_text_rules(least_squares(), steps_of_pairs, 1e-12).hold());
}

TEST_CASE("a matrix between cells that is multiplied the other way round is found",
          "[verify][pairs][mutants]") {
    CHECK(mutants_of_pairs(learning_by_pairs, [](const Program&, Operation& op) {
              op.reverse = !op.reverse;
              return op.kind == Kind::multiply;
          }) == 4);
}

TEST_CASE("a wrong change of a matrix between cells is found", "[verify][pairs][mutants]") {
    const auto changed = [](const auto& load, const auto& change) {
        return mutants_of_pairs(load, [&](const Program& program, Operation& op) {
            const bool is_ours = program[op.operands[0].slot].shape == Shape::per_pair;
            return is_ours && change(op);
        });
    };
    CHECK(changed(learning_by_pairs, [](Operation& op) {
              op.gain = -op.gain;
              return true;
          }) == 4);
    CHECK(changed(learning_by_pairs, [](Operation& op) {
              op.gain *= 1.0 + 1e-6;
              return true;
          }) == 4);
    CHECK(changed(learning_by_pairs, [](Operation& op) {
              std::swap(op.operands[1], op.operands[2]);
              return true;
          }) == 4);
    CHECK(changed(learning_by_pairs, [](Operation& op) {
              const bool keeps = op.retain != 1.0;
              op.retain = 1.0;
              return keeps;
          }) == 2);
    // Takes away the number that scales the product.
    CHECK(changed(least_squares, [](Operation& op) {
              op.operands.resize(3);
              return true;
          }) == 1);
}

TEST_CASE("a change of the strengths before that of the matrix is found",
          "[verify][pairs][mutants]") {
    Model model = learning_by_pairs();
    std::vector<Operation>& all = model.program.operations;
    const SlotId Q = model.program.find("learning.Q");
    const auto changes_Q = [&](const Operation& op) { return op.operands[0].slot == Q; };
    const auto change = std::find_if(all.begin(), all.end(), changes_Q);
    const auto product = std::find_if(change, all.end(), [&](const Operation& op) {
        return op.kind == Kind::multiply && op.operands[1].slot == Q;
    });
    REQUIRE(product != all.end());
    std::rotate(change, product, product + 1);
    CHECK_FALSE(first_off_of_pairs(model).empty());
}
