// Rules in text are what their texts say.
#include "sim/engine/state_matrices.hpp"
#include "sim/verify/followed_run.hpp"
#include "sim/verify/one_by_one.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/verify/learning_by_text.hpp"

using namespace apical;

TEST_CASE("every shipped rule in text is its text, in every shipped model", "[verify][text_rule]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Model model = load_model(path, {nine_cells});
        REQUIRE(has_text_rules(model));
        CHECK_FALSE(has_text_rules_of_its_own(model));
        const Differences found = verify_text_rules(model, text_steps, text_tolerance);
        CHECK(found.first() == nullptr);
        CHECK(found.all.size() >= 2);
    }
}

TEST_CASE("a model's own rule is its text, and so is what it keeps", "[verify][text_rule]") {
    for (const std::string* rule : own_rules) {
        INFO(*rule);
        const Model model = learning_by(*rule);
        CHECK(has_text_rules_of_its_own(model));
        const Differences found = verify_text_rules(model, text_steps, text_tolerance);
        CHECK(found.first() == nullptr);
        CHECK(found.hold());
    }
    const Differences found = verify_text_rules(learning_by(covariance_rule), text_steps, 1e-12);
    std::vector<std::string> symbols;
    for (const Difference& one : found.all) symbols.push_back(one.symbol);
    CHECK_THAT(symbols, Catch::VectorContains(std::string("learning.post_mean")) &&
                            Catch::VectorContains(std::string("learning.pre_mean(W_rec)")) &&
                            Catch::VectorContains(std::string("learning.w")) &&
                            Catch::VectorContains(std::string("learning.change of w")));
}

TEST_CASE("pre.alpha is one number where the cells of all sets share it", "[verify][text_rule]") {
    for (const char* rule :
         {"state = { m = \"post\" }, equations = [\"m = 0.5 * m + pre.alpha * "
          "post.r\", \"w += 0.01 * m * pre.r\"]",
          "equations = [\"m = pre.alpha * post.r\", \"w += 0.01 * m * pre.r\"]"}) {
        INFO(rule);
        const Model model = small_model(
            recurrent_cells + "rule.mine = { " + rule +
                " }\nplasticity.learning = { rule = \"mine\", synapses = [\"W_in\", \"W_rec\"] }\n",
            {"population.hidden.alpha=1.0"});
        CHECK(first_off(model).empty());
    }
}

TEST_CASE("a rule in text is its text in a circuit without a loss, and cannot read one",
          "[verify][text_rule][no_loss]") {
    const auto learning_alone = [](const std::string& rule) {
        return model_of_text(R"(
format = 1
phase = [{ name = "forward", ms = 10.0 }]
population.input.role = "input"
population.hidden = { size = 4, activation = "tanh" }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
plasticity.learning = { rule = "mine", synapses = ["W_in"], rate = 0.02 }
task = { kind = "add", lags = [3, 5] }
run = { steps = 200, seed = 1 }
)" + ("rule.mine = { " + rule + " }\n"));
    };
    CHECK(first_off(learning_alone(decay_rule)).empty());
    const std::optional<Error> error = error_of([&] {
        learning_alone("parameters = { rate = 1e-3 }, equations = \"w += rate * loss * pre.r\"");
    });
    REQUIRE(error);
    CHECK_THAT(error->what(),
               Catch::Contains("there is no \"loss\": the circuit has no output and no label"));
}

TEST_CASE("operations one by one make the numbers of the run that is followed",
          "[verify][text_rule]") {
    for (const char* name : {"rflo", "dni_b"}) {
        INFO(name);
        const Model model = load_model(path_of_shipped(name), {nine_cells});
        FollowedRun run(model);
        OneByOne plain(model.program, *model.kernels);
        for (std::int64_t step = 1; step <= 10; ++step) {
            plain.copy(run.state());
            run.run_phases();
            plain.copy_given(run.state());
            plain.perform(step, [](std::size_t) {});
            for (std::size_t i = 0; i < model.program.slots.size(); ++i) {
                const Slot& slot = model.program.slots[i];
                if (slot.what == What::loss || slot.what == What::measured) continue;
                INFO(slot.name << " in step " << step);
                CHECK(distance(numbers_of(plain.state(), SlotId(i)),
                               numbers_of(run.state(), SlotId(i))) < 1e-13);
            }
            run.end_step();
        }
    }
}

TEST_CASE("verify of a model without an algorithm holds its rules to their texts",
          "[verify][text_rule]") {
    Model model = learning_by(oja_rule);
    const Verification found = verify(model, text_steps);
    CHECK(found.hold());
    REQUIRE(found.texts);
    const std::string text = verification_text(model, found, text_steps);
    CHECK_THAT(text, Catch::Contains("circuit against the text of its rules") &&
                         Catch::Contains("learning.w ") && Catch::Contains("W_in, W_rec") &&
                         Catch::Contains("holds: no quantity is off by more than 1e-12"));
    CHECK_THAT(verification_json(model, found, text_steps),
               Catch::Contains("\"holds\": true") && Catch::Contains("learning.w"));
    for (const std::size_t i : of_texts(model)) model.program.operations[i].gain *= -1.0;
    const Verification wrong = verify(model, text_steps);
    CHECK_FALSE(wrong.hold());
    CHECK_THAT(verification_text(model, wrong, text_steps), Catch::Contains("fails: learning."));
}

TEST_CASE("verify of an algorithm says nothing new when its rules are the shipped ones",
          "[verify][text_rule]") {
    const Model model = load_model(path_of_shipped("rflo"), {nine_cells});
    const Verification found = verify(model, text_steps);
    CHECK_FALSE(found.texts);
    CHECK_THAT(verification_text(model, found, text_steps), !Catch::Contains("the text of its"));
}

TEST_CASE("verify of a model with neither algorithm nor rules in text says what it needs",
          "[verify][text_rule][bad]") {
    const std::optional<Error> error =
        error_of([] { verify(small_model(recurrent_cells), text_steps); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    CHECK_THAT(error->what(), Catch::Contains("implements") && Catch::Contains("kf_rtrl"));
}

TEST_CASE("strengths that bounds keep are what the text makes of them, within the bounds",
          "[verify][bounds]") {
    for (const std::string* rule : own_rules) {
        INFO(*rule);
        const Model model = small_model(
            recurrent_cells + "rule.mine = { " + *rule +
                " }\nplasticity.learning = { rule = \"mine\", synapses = [\"W_in\", \"W_rec\"], "
                "rate = 0.02 }\n",
            {"synapses.W_rec.bounds=[-0.1, 0.1]"});
        CHECK(first_off(model).empty());
    }
}

TEST_CASE("a rule is its text where a late gate draws another delay in each phase",
          "[verify][text_rule][gates]") {
    const Model model = small_model(hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"] }
gate.late = { opens = "hidden.apical", during = "update", latency_ms = 1.0, jitter_ms = 0.5, failure = 0.2 }
synapses.A = { from = "label", to = "hidden.apical", during = ["forward", "update"], init = { normal = 1.0 } }
plasticity.learning = { rule = "oja", synapses = ["W_in"], rate = 0.01, during = "forward" }
plasticity.apical = { rule = "oja", synapses = ["A"], rate = 0.01, during = "update" }
)");
    CHECK(first_off(model) == "");
    FollowedRun run(model);
    OneByOne plain(model);
    for (std::int64_t step = 1; step <= text_steps; ++step) {
        plain.copy(run.state());
        run.run_phases();
        plain.copy_given(run.state());
        plain.perform(step, [](std::size_t) {});
        const SlotId rate = model.program.find("hidden.r");
        REQUIRE(distance(numbers_of(plain.state(), rate), numbers_of(run.state(), rate)) < 1e-15);
        run.end_step();
    }
}
