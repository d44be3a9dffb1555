// Alignment of rules whose changes are formulas, read from the strengths before and after a step.
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

// RFLO's recurrent rule as one whose change is a formula; bounds that nothing reaches change
// nothing.
const Assignments as_formula = {
    "rule.mine={ facing = \"past\", parameters = { rate = { minimum = 0.0 } }, signals = { credit "
    "= "
    "\"post\" }, state = { e = \"synapse\" }, equations = [\"e = (1 - post.alpha) * e + post.alpha "
    "* "
    "slope(post.soma.v) * pre.r\", \"w = clip(w - rate * credit * e, -1000, 1000)\"] }",
    "plasticity.recurrent.rule=\"mine\""};

// A step of the run with the rule that is built in, of the same strengths.
void agree(const DiagnosedRun& formula, const DiagnosedRun& built_in) {
    for (const char* name : {"W_rec", "W_in", "b", "recurrent"}) {
        INFO(name);
        for (const char* measure : {"cosine", "norm_ratio", "bias", "variance"}) {
            INFO(measure);
            CHECK(formula(measure, name) == Approx(built_in(measure, name)).epsilon(1e-8));
        }
    }
}

}  // namespace

TEST_CASE("a change by a formula is compared with the gradient as an addition is",
          "[diagnosis][alignment][formula]") {
    DiagnosedRun formula(diagnosed("rflo", small_add, as_formula));
    CHECK(formula.model.diagnosed.options.exact == Exact::by_rtrl);
    CHECK(formula.model.diagnosed.rules.front().sets.front().by_difference);
    DiagnosedRun built_in(diagnosed("rflo", small_add));
    CHECK_FALSE(built_in.model.diagnosed.rules.front().sets.front().by_difference);
    for (int steps = 0; steps < 6; ++steps) {
        formula.step(5);
        built_in.step(5);
        agree(formula, built_in);
    }
}

TEST_CASE("a change that scales the strength is read from before and after it",
          "[diagnosis][alignment][formula]") {
    const Assignments decay = {
        "rule.mine={ facing = \"past\", parameters = { rate = { minimum = 0.0 } }, signals = { "
        "credit = \"post\" }, equations = \"w += -rate * w + 0 * credit\" }",
        "plasticity.recurrent={ rule = \"mine\", synapses = [\"W_rec\", \"W_in\"], rate = 1e-3, "
        "credit "
        "= \"hidden.feedback\" }"};
    DiagnosedRun run(diagnosed("rflo", small_add, decay));
    run.step(10);
    // The estimate is the strength itself: over - rate, - rate w.
    const Matrix W = run.matrix("W_rec") / (1.0 - 1e-3);
    const Matrix estimate =
        run.diagnosis.alignments().front().pairing().estimate().leftCols(W.cols());
    CHECK((estimate - W).cwiseAbs().maxCoeff() < 1e-10);
    CHECK(W.norm() > 0.1);
}

TEST_CASE("a rule without a rate is left out, and the note says why", "[diagnosis][adjoint]") {
    const Model model = diagnosed(
        "rflo", small_add,
        {"diagnose.exact=\"adjoint\"",
         "rule.mine={ signals = { credit = \"post\" }, equations = \"w += -0.001 * credit * "
         "pre.r\" }",
         "plasticity.recurrent={ rule = \"mine\", synapses = [\"W_rec\", \"W_in\"], credit = "
         "\"hidden.feedback\" }"});
    const bool is_said = std::ranges::any_of(model.notes, [](const std::string& note) {
        return note.find("leaves out W_rec, W_in: it divides changes by the parameter \"rate\"") !=
               std::string::npos;
    });
    CHECK(is_said);
}
