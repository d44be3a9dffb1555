// Rules in text that sum up over a cell's own synapses are what their texts say.

#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

struct GatherRule {
    const char* name;
    const char* sets;
    const char* text;
};

constexpr GatherRule gather_rules[] = {
    {"normalised Hebb", "\"W_rec\"",
     "parameters = { rate = 1e-3 }, equations = [\"total = gather(abs(w))\", "
     "\"lost = clip(rate * post.r * gather(pre.r) / total, 0, 0.5)\", "
     "\"w += rate * post.r * pre.r - lost * w\"]"},
    {"subtractive, over two sets", "\"W_in\", \"W_rec\"",
     "parameters = { rate = 1e-3 }, "
     "equations = \"w += rate * post.r * (pre.r - gather(pre.r) / gather(1))\""},
    {"a norm's goal, over two sets", "\"W_in\", \"W_rec\"",
     "parameters = { rate = 1e-3 }, "
     "equations = \"w += rate * (1 - gather(w^2)) * w\""},
    {"a sum of tags", "\"W_rec\"",
     "parameters = { rate = 1e-3 }, state = { e = \"synapse\", mean = \"post\" }, "
     "equations = [\"e = 0.8 * e + post.r * pre.r * (1 + tanh(gather(e)))\", "
     "\"total = gather(w * e) + 2\", "
     "\"mean += 0.1 * (gather(e * e) - mean)\", \"w += rate * e * tanh(total - mean)\"]"},
    {"sums in sums", "\"W_rec\"",
     "parameters = { rate = 1e-3 }, "
     "equations = [\"first = gather(tanh(w) * pre.r * post.r)\", "
     "\"second = gather(w * gather(w) + loss + step(pre.r))\", "
     "\"w += rate * tanh(first * second) * pre.r\"]"},
    {"cells of other sizes", "\"W_in\"",
     "parameters = { rate = 1e-3 }, "
     "equations = [\"chosen = gather(select(pre.r, w, post.r))\", "
     "\"w -= rate * tanh(chosen) * w\"]"},
};

// `keys`: more of W_rec.
Model learning_by_sums(const GatherRule& rule, int cells, const std::string& keys = "") {
    return small_model(hidden_lines + fmt::format(R"(
population.hidden = {{ size = {}, activation = "tanh", alpha = 0.5, init = {{ activated_normal = 1.0 }} }}
synapses.W_rec = {{ from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = {{ normal = 0.4 }}{} }}
plasticity.learning = {{ rule = "mine", synapses = [{}], rate = 0.02 }}
rule.mine = {{ {} }}
)",
                                                  cells, keys, rule.sets, rule.text));
}

// Whether the model differs from its text, or its numbers run away.
bool is_found_to_differ(const Model& mutant) {
    try {
        return !verify_text_rules(mutant, 30, 1e-12).hold();
    } catch (const Error& error) {
        return error.code() == ExitCode::numerical_failure;
    }
}

}  // namespace

TEST_CASE("rules that gather over synapses are their texts", "[verify][text_rule][gather]") {
    for (const GatherRule& rule : gather_rules) {
        for (const int cells : {1, 5, 33}) {
            INFO(rule.name << " of " << cells << " cells");
            const Differences found = verify_text_rules(learning_by_sums(rule, cells), 30, 1e-12);
            if (const Difference* first = found.first()) FAIL_CHECK(first->symbol);
            CHECK(found.hold());
        }
    }
}

TEST_CASE("rules gather over the synapses that exist, as their texts say",
          "[verify][text_rule][gather][connect]") {
    for (const GatherRule& rule : gather_rules) {
        for (const int cells : {5, 33}) {
            INFO(rule.name << " of " << cells << " cells");
            const Differences found = verify_text_rules(
                learning_by_sums(rule, cells, ", connect = { in_degree = 3 }"), 30, 1e-12);
            if (const Difference* first = found.first()) FAIL_CHECK(first->symbol);
            CHECK(found.hold());
        }
    }
}

// Each of five cells receives three synapses, whose tags alone count.
TEST_CASE("what is kept at synapses that do not exist is not gathered", "[gather][connect]") {
    const GatherRule rule = {"sums", "\"W_rec\"",
                             "parameters = { rate = 1e-3 }, state = { e = \"synapse\" }, "
                             "equations = [\"e = post.r * pre.r\", \"count = gather(1)\", "
                             "\"total = gather(e)\", \"w += rate * (count - total) * pre.r\"]"};
    SteppedModel sim(learning_by_sums(rule, 5, ", connect = { in_degree = 3 }"));
    sim.step(2);
    const Matrix exist = sim.matrix("connected(W_rec)"), e = sim.matrix("e(W_rec)");
    CHECK(sim.vector("learning.count") == Vector::Constant(5, 3.0));
    CHECK(distance(sim.vector("learning.total"), Vector(e.cwiseProduct(exist).rowwise().sum())) <=
          1e-15);
    CHECK(distance(sim.vector("learning.total"), Vector(e.rowwise().sum())) > 1e-3);
}

TEST_CASE("a sum over another matrix than the text's is found",
          "[verify][text_rule][gather][mutants]") {
    int mutants = 0;
    for (const GatherRule& rule : gather_rules) {
        const Program whole = learning_by_sums(rule, 5).program;
        for (std::size_t i = 0; i < whole.operations.size(); ++i) {
            const Operation& op = whole.operations[i];
            if (op.kind != Kind::gather) continue;
            const SlotId strength = whole.strength_of(whole[op.operands[1].slot].synapses);
            if (op.operands[1].slot == strength) continue;
            Model mutant = learning_by_sums(rule, 5);
            mutant.program.operations[i].operands[1].slot = strength;
            INFO(rule.name << ": " << listing_line(mutant.program, i));
            CHECK(is_found_to_differ(mutant));
            ++mutants;
        }
    }
    CHECK(mutants >= 8);
}
