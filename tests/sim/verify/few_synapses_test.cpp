// Rules at sets that are stored by rows are held to their texts synapse by synapse.
#include "sim/verify/verify.hpp"
#include "tests/sim/verify/learning_by_text.hpp"

using namespace apical;

namespace {

struct SparseRule {
    const char* name;
    const char* text;
    const char* sets = "\"W_in\", \"W_rec\"";
};

constexpr SparseRule sparse_rules[] = {
    {"Oja",
     "parameters = { rate = 1e-3 }, equations = \"w += rate * post.r * (pre.r - post.r * w)\""},
    {"a trace",
     "parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { e = \"synapse\" }, "
     "equations = [\"de/dt = (slope(post.soma.v) * previous(post.r) * pre.r - e) / tau_ms\", "
     "\"w += rate * post.r * e\"]"},
    {"a norm",
     "parameters = { rate = 1e-3 }, "
     "equations = [\"total = gather(abs(w))\", \"w += rate * (1 - total) * w * pre.r\"]",
     "\"W_rec\""},
    {"too fast for its bounds",
     "parameters = { rate = 1e-3 }, equations = \"w += 20 * rate * post.r * pre.r\""},
};

// Hidden cells of which each receives three synapses from others, and those of the input.
Model sparse_model(const SparseRule& rule, const std::string& storage, const std::string& keys = "",
                   int cells = 30) {
    return small_model(hidden_lines + fmt::format(R"(
population.hidden = {{ size = {}, activation = "tanh", alpha = 0.5, init = {{ activated_normal = 1.0 }}{} }}
synapses.W_rec = {{ from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = {{ normal = 0.4 }}, bounds = [-0.6, 0.6], connect = {{ in_degree = 3, storage = "{}" }} }}
plasticity.learning = {{ rule = "mine", synapses = [{}], rate = 0.02 }}
rule.mine = {{ {} }}
)",
                                                  cells, keys, storage, rule.sets, rule.text));
}

constexpr const char* scaled_keys =
    ", scale_incoming = { to = 1.0, norm = 2, of = [\"W_rec\"], tau_ms = 40.0 }";

// Turns the sign of what changes a strength or tag of W_rec with a gain; whether there was some.
bool turn_signs(Model& model) {
    const SynapseSetId set = model.circuit.find_synapses("W_rec");
    bool any = false;
    for (const std::size_t i : of_texts(model)) {
        Operation& op = model.program.operations[i];
        const bool has_gain = op.kind == Kind::hebb || op.kind == Kind::consolidate;
        if (!has_gain || model.program[op.operands[0].slot].synapses != set) continue;
        op.gain *= -1.0;
        any = true;
    }
    return any;
}

}  // namespace

TEST_CASE("rules of sets by rows are their texts, and so they are of the same sets as matrices",
          "[verify][text_rule][connect]") {
    for (const SparseRule& rule : sparse_rules) {
        for (const char* keys : {"", scaled_keys}) {
            INFO(rule.name << keys);
            const Model rows = sparse_model(rule, "rows", keys),
                        matrix = sparse_model(rule, "dense", keys);
            REQUIRE(
                rows.program[rows.program.strength_of(rows.circuit.find_synapses("W_rec"))].places);
            const Differences a = verify_text_rules(rows, text_steps, text_tolerance),
                              b = verify_text_rules(matrix, text_steps, text_tolerance);
            CHECK(a.hold());
            CHECK(b.hold());
            REQUIRE(a.all.size() == b.all.size());
            for (std::size_t k = 0; k < a.all.size(); ++k) {
                INFO(a.all[k].symbol);
                CHECK(a.all[k].symbol == b.all[k].symbol);
                CHECK(a.all[k].address == b.all[k].address);
                // A matrix has tags of all pairs.
                if (a.all[k].symbol == "learning.e") continue;
                CHECK(a.all[k].largest == Approx(b.all[k].largest).epsilon(1e-12));
            }
        }
    }
}

TEST_CASE("a rule of a set by rows that is not its text is found as of a matrix",
          "[verify][text_rule][connect][mutants]") {
    int turned = 0;
    for (const SparseRule& rule : sparse_rules) {
        INFO(rule.name);
        Model rows = sparse_model(rule, "rows"), matrix = sparse_model(rule, "dense");
        if (!turn_signs(rows) || !turn_signs(matrix)) continue;
        ++turned;
        const Differences a = verify_text_rules(rows, text_steps, text_tolerance),
                          b = verify_text_rules(matrix, text_steps, text_tolerance);
        REQUIRE(a.first());
        REQUIRE(b.first());
        CHECK(a.first()->symbol == b.first()->symbol);
        CHECK(a.first()->first_step == b.first()->first_step);
    }
    CHECK(turned == 3);
}

TEST_CASE("a number at a set by rows that runs away is told with its synapse",
          "[verify][text_rule][connect]") {
    const SparseRule rule = {"runaway",
                             "parameters = { rate = 1e-3 }, state = { e = \"synapse\" }, "
                             "equations = \"e = 1e200 * rate * (e + pre.r)\""};
    const auto error = error_of(
        [&] { verify_text_rules(sparse_model(rule, "rows"), text_steps, text_tolerance); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::numerical_failure);
    CHECK_THAT(error->what(), Catch::Contains("e(W_"));
}

TEST_CASE("verify of many cells takes memory as there are synapses", "[verify][memory][connect]") {
    // A matrix of all pairs would be 12.8 GB; the texts have several.
    const Model model = sparse_model(sparse_rules[0], "rows", "", 40'000);
    CHECK(verify(model, 4).texts->hold());
}
