// Matrices between cells that no synapses join: no rule in text hides one.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

const std::string cells_with_pairs = audited_lines + R"(
population.hidden = { size = 5, alpha = 0.5 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
plasticity.learning = { rule = "mine", synapses = ["W_in"] }
)";

// Hidden cells whose input strengths learn by a rule that keeps such matrices.
Model keeping_pairs(const std::string& equations) {
    return model_of_text(cells_with_pairs + R"(
[rule.mine]
state = { P = { at = "pairs", of = "pre", init = { identity = 0.1 } }, Q = { at = "pairs", of = "post", init = { identity = 0.1 } } }
equations = '''
)" + equations + "\n'''\n");
}

bool has_finding_of_pairs(const Audit& found, Criterion criterion, const std::string& subject) {
    return std::any_of(found.findings.begin(), found.findings.end(), [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject;
    });
}

// Changes of both matrices.
const std::string both_read =
    "P += 0.01 * outer(pre.r, pre.r)\nQ += 0.01 * outer(post.r, post.r)\n";

}  // namespace

TEST_CASE("a matrix between cells is no synapses, and what it multiplies is not transmitted",
          "[audit][pairs]") {
    const Model model = keeping_pairs(both_read + "w += 0.01 * dot(Q, post.r) * dot(P, pre.r)");
    const Audit found = audit(model);
    for (const char* matrix : {"learning.P(W_in)", "learning.Q"}) {
        INFO(matrix);
        CHECK(has_finding_of_pairs(found, Criterion::matrices_in_synapses, matrix));
        CHECK(has_finding_of_pairs(found, Criterion::rates_transmitted, matrix));
    }
    CHECK_FALSE(found.meets("ii"));
    CHECK_FALSE(found.meets("iii"));
    CHECK(found.meets("iv"));
}

TEST_CASE("a matrix between cells that no change reads is found where it stands",
          "[audit][pairs]") {
    const Audit found = audit(keeping_pairs(both_read + "w += 0.01 * post.r * pre.r"));
    CHECK(has_finding_of_pairs(found, Criterion::matrices_in_synapses, "learning.P(W_in)"));
    CHECK(has_finding_of_pairs(found, Criterion::matrices_in_synapses, "learning.Q"));
    CHECK(found.meets("iii"));
}

TEST_CASE("what a matrix between cells multiplies is measured as numbers of other cells",
          "[audit][pairs][influence]") {
    const MeasuredInfluence measured =
        measure_influence(keeping_pairs(both_read + "w += 0.01 * dot(Q, post.r) * dot(P, pre.r)"));
    const auto is_foreign = [&](const std::string& of) {
        return std::any_of(
            measured.foreign.begin(), measured.foreign.end(),
            [&](const ForeignInfluence& one) { return one.of == of && one.on == "W_in"; });
    };
    CHECK(is_foreign("learning.P(W_in)"));
    CHECK(is_foreign("learning.Q"));
    // Rates of other cells than the synapse's own reach it through the matrix.
    CHECK(is_foreign("input.r"));
    CHECK(is_foreign("hidden.r"));
}
