// What `apical verify` finds of circuits that do what they declare, and of those that do not.
#include "sim/verify/verify.hpp"

#include <map>
#include <regex>

#include "sim/verify/approximations.hpp"
#include "sim/verify/circuit_run.hpp"
#include "sim/verify/comparison.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::int64_t steps = 30;
// The largest network of a test, so that RTRL is fast too.
const std::string size = "population.hidden.size=9";

struct Declared {
    std::string model;
    std::vector<std::string> approximations;
    std::vector<std::string> overrides = {};
};

Model loaded(const Declared& declared) {
    std::vector<std::string> names;
    for (const std::string& one : declared.approximations) names.push_back(toml_text(one));
    std::vector<std::string> overrides = declared.overrides;
    overrides.push_back(size);
    overrides.push_back(fmt::format("approximations=[{}]", list_of(names)));
    return load_model(path_of_shipped(declared.model), overrides);
}

// What is the first to be off, and when: "c_bar in step 1"; "" when nothing is.
std::string first_of(const Declared& declared) {
    const Verification found = verify(loaded(declared), steps);
    const Difference* first = found.declared.first();
    return first ? fmt::format("{} in step {}", first->symbol, first->first_step) : "";
}

void fails_with(const Declared& declared, ExitCode code, const std::vector<std::string>& phrases) {
    const std::optional<Error> error = error_of([&] { verify(loaded(declared), steps); });
    REQUIRE(error);
    CHECK(error->code() == code);
    for (const std::string& phrase : phrases) CHECK_THAT(error->what(), Catch::Contains(phrase));
}

// A word that is a name of the model's own.
std::string renamed(std::string text, const std::map<std::string, std::string>& names) {
    for (const auto& [from, to] : names)
        text = std::regex_replace(text, std::regex("\\b" + from + "\\b"), to);
    return text;
}

const std::string alpha_left_out = "plasticity.recurrent.leave_out_alpha=true";
const std::vector<std::string> with_alpha = {"rtrl", "bptt",    "bptt_window",
                                             "uoro", "kf_rtrl", "r_kf"};

}  // namespace

TEST_CASE("every shipped model is its equations with what it declares", "[verify]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Model model = load_model(path, {size});
        const Verification found = verify(model, steps);
        CHECK(found.declared.hold());
        CHECK(found.declared.largest() > 0.0);
        CHECK(found.paper.has_value() == !Approximations(model).none());
        if (found.paper) CHECK_FALSE(found.paper->hold());
    }
}

TEST_CASE("what a circuit approximates without declaring it is found", "[verify]") {
    CHECK(first_of({"dni_b", {"held", "random_feedback"}}).empty());
    CHECK(first_of({"dni_b", {"random_feedback"}}) == "u in step 1");
    CHECK(first_of({"dni_b", {"held"}}) == "c_bar in step 1");
    CHECK(first_of({"rflo", {}}) == "c_bar in step 1");
    CHECK(first_of({"variants/dni_b_jacobian_first", {"held", "random_feedback"}}) ==
          "c* - c_bar in step 1");
    // A copy lags behind from the second step on.
    CHECK(first_of({"variants/dni_target_copy", {}}) == "T in step 1");
    CHECK(first_of({"variants/dni_b_target_copy", {"random_feedback"}}) == "T in step 1");
    for (const std::string& model : with_alpha) {
        INFO(model);
        CHECK_FALSE(first_of({model, {}, {alpha_left_out}}).empty());
        CHECK(first_of({model, {"leave_out_alpha"}, {alpha_left_out}}).empty());
    }
    fails_with({"ladder/dni_b_learned_jacobian", {}}, ExitCode::bad_model,
               {"exact_jacobian", "predict_rate"});
}

TEST_CASE("what a circuit declares without doing it is found", "[verify]") {
    CHECK_FALSE(first_of({"variants/dni_b_replayed", {"held", "random_feedback"}}).empty());
    CHECK(first_of({"dni_b", {"held", "random_feedback", "jacobian_first"}}) ==
          "c* - c_bar in step 1");
    for (const std::string& model : with_alpha) {
        INFO(model);
        CHECK_FALSE(first_of({model, {"leave_out_alpha"}}).empty());
    }
    for (const char* model : {"dni", "rflo", "kernl", "rtrl"}) {
        INFO(model);
        const std::string mirrored =
            model == std::string("rflo") ? "variants/rflo_mirrored" : model;
        fails_with({mirrored, {"random_feedback"}}, ExitCode::verification_failed,
                   {"random_feedback", "hidden.feedback.v"});
    }
    fails_with({"dni", {"target_copy"}}, ExitCode::verification_failed, {"target_copy", "copy"});
    fails_with({"variants/dni_target_copy", {"target_copy"}, {"plasticity.target_copy.every=1"}},
               ExitCode::verification_failed, {"target_copy"});
    fails_with({"dni", {"learned_jacobian"}}, ExitCode::bad_model,
               {"predict_rate", "exact_jacobian"});
}

TEST_CASE("parts are found by role and by what rules are bound to, whatever their names",
          "[verify]") {
    const std::map<std::string, std::string> names = {
        {"W_rec", "lateral"},     {"W_in", "thalamic"},    {"b", "excitability"},
        {"A_r", "tuft_1"},        {"A_y", "tuft_2"},       {"A_1", "tuft_3"},
        {"J", "collaterals"},     {"B_fb", "descending"},  {"W_out", "projection"},
        {"b_out", "offset"},      {"feedback", "oblique"}, {"apical", "tuft"},
        {"hidden", "cortex"},     {"input", "stimulus"},   {"one", "tonic"},
        {"recurrent", "plastic"}, {"jacobian", "foresee"}, {"synthetic_gradient", "g"}};
    for (const char* model : {"dni_b", "variants/dni_b_target_copy", "kernl", "kf_rtrl", "bptt"}) {
        INFO(model);
        std::string text = renamed(drafted(model, {}), names);
        const std::string role = "role = \"stimulus\"";
        text.replace(text.find(role), role.size(), "role = \"input\"");
        const Model own = model_of_text(text), original = load_model(path_of_shipped(model), {});
        REQUIRE_FALSE(own.program.find("W_rec"));
        const Verification found = verify(own, steps), expected = verify(original, steps);
        CHECK(found.declared.hold());
        REQUIRE(found.declared.all.size() == expected.declared.all.size());
        for (std::size_t k = 0; k < found.declared.all.size(); ++k)
            CHECK(found.declared.all[k].symbol == expected.declared.all[k].symbol);
    }
}

TEST_CASE("where nothing differs between the equations with and without, both tables say so",
          "[verify]") {
    // With alpha = 1 leaving it out changes nothing.
    const Verification found =
        verify(loaded({"rtrl", {"leave_out_alpha"}, {alpha_left_out, "population.hidden.alpha=1"}}),
               steps);
    REQUIRE(found.paper);
    for (std::size_t k = 0; k < found.declared.all.size(); ++k)
        CHECK(found.paper->all[k].absolute == found.declared.all[k].absolute);
}

TEST_CASE("the gradient read from the factors of the changes is what the strengths change by",
          "[verify]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Model model = load_model(path, {size});
        CircuitRun run(model);
        for (int step = 0; step < 22; ++step) {
            const algebra::Matrix W = run.W(), W_out = run.W_out();
            run.step();
            CHECK(distance(W - run.rate() * run.G(), run.W()) <= 1e-15);
            CHECK(distance(W_out - run.rate_out() * run.G_out(), run.W_out()) <= 1e-15);
        }
        CHECK((run.rate() > 0.0) == (model.path.find("fixed_w") == std::string::npos));
        // The window of 10 is full in steps 10 and 20.
        const bool waits = model.path.find("bptt_window") != std::string::npos;
        if (run.rate() > 0.0) CHECK((run.G().norm() > 0.0) != waits);
    }
}

TEST_CASE(
    "a difference is its largest entry, alone and over the largest of the equations', and "
    "the step in which both exceed the tolerance",
    "[verify]") {
    SteppedModel sim(
        small_model("population.hidden = { size = 2, init = { constant = 4.0 } }" + hidden_lines));
    const SlotId r = sim.find("hidden.r");
    Differences found{.tolerance = 0.1};
    const auto compare = [&](std::int64_t step, double a, double b, double c, double d) {
        const Eigen::Vector2d circuit(a, b), equations(c, d);
        Comparison(sim.state, step, found).same("r", {r}, circuit, equations);
    };
    compare(1, 4.0, 2.0, 4.0, 2.0);
    CHECK(found.hold());
    compare(2, 4.0, 2.0, 5.0, 20.0);  // 18 of 20
    CHECK(found.all[0].absolute == 18.0);
    CHECK(found.all[0].relative == Approx(0.9).margin(1e-15));
    CHECK(found.all[0].first_step == 2);
    CHECK(found.all[0].error == Approx(0.9).margin(1e-15));
    CHECK(found.all[0].distance() ==
          Approx(std::sqrt((1.0 + 324.0) / (16.0 + 4.0 + 25.0 + 400.0))).margin(1e-15));
    CHECK(found.all[0].address == "hidden.r");
    CHECK(found.all[0].phase == "forward");

    // Either alone is no failure: 1 of 1000, 0.05 of 0.05.
    Differences small{.tolerance = 0.1};
    Comparison(sim.state, 1, small)
        .same("r", {r}, Eigen::Vector2d(1001, 0), Eigen::Vector2d(1000, 0));
    Comparison(sim.state, 2, small)
        .same("r", {r}, Eigen::Vector2d(0.05, 0), Eigen::Vector2d(0, 0.0));
    CHECK(small.hold());
    // No number is never the same.
    Comparison(sim.state, 3, small).same("r", {r}, Eigen::Vector2d(NAN, 0), Eigen::Vector2d(0, 0));
    CHECK_FALSE(small.hold());
    CHECK(small.first()->first_step == 3);
}

TEST_CASE("what an algorithm is made of and a model lacks is named, with what was found",
          "[verify][bad]") {
    const auto lacks = [](const std::string& model, const std::string& implements,
                          const std::vector<std::string>& phrases) {
        INFO(model << " as " << implements);
        fails_with({model, {}, {"implements=" + toml_text(implements)}}, ExitCode::bad_model,
                   phrases);
    };
    lacks("rflo", "rtrl", {"needs the rule \"rtrl\"", "eligibility, delta"});
    lacks("rtrl", "rflo", {"needs the rule \"eligibility\"", "rtrl, delta"});
    lacks("fixed_w", "kernl", {"needs the rule \"kernl\"", "delta"});
    lacks("rflo", "dni_b", {"needs the rule \"dendritic\""});
    lacks("dni", "dni_b", {"needs the rule \"predict_rate\""});
    // A circuit may be another algorithm's: the readout alone is in all of them.
    CHECK(first_of({"rflo", {}, {"implements=\"fixed_w\""}}) == "G in step 1");

    const auto without = [](const std::string& model, const std::string& found,
                            const std::string& put, const std::vector<std::string>& phrases) {
        rejects(model, {{found, put}}, phrases,
                [](const std::string& path) { verify(load_model(path, {}), steps); });
    };
    without("rflo", "synapses = [\"W_rec\", \"W_in\", \"b\"]", "synapses = [\"W_rec\"]",
            {"to change W_rec, W_in, b; [plasticity.recurrent] changes W_rec"});
    without("dni_b", "synapses   = [\"A_r\", \"A_y\", \"A_1\"]", "synapses   = [\"A_r\", \"A_y\"]",
            {"A = [A_r, A_y, A_1]", "changes A_r, A_y"});
    without("dni_b", "target     = [\"previous(hidden.feedback)\", \"hidden.bootstrap\"]",
            "target     = [\"hidden.feedback\", \"hidden.bootstrap\"]",
            {"previous(...)", "found 2 signals, 0 of them"});
}

TEST_CASE("an approximation that is none is rejected with the nearest", "[verify][bad]") {
    rejects("dni_b", {{"[\"held\", \"random_feedback\"]", "[@\"hold\", \"random_feedback\"]"}},
            {"the text \"hold\"", "jacobian_first", "Did you mean \"held\"?"});
    rejects("rflo", {{"[\"random_feedback\"]", "[@\"held\"]"}},
            {"RFLO has no approximation \"held\"", "known are random_feedback"});
    rejects(
        "fixed_w",
        {{"implements = \"fixed_w\"", "implements = \"fixed_w\"\napproximations = [@\"held\"]"}},
        {"known are none"});
    rejects("rflo", {{"implements = \"rflo\"\napproximations = [", "approximations = @["}},
            {"expected the key \"implements\""});
}

TEST_CASE("what stays below the tolerance in every step was not compared, and nothing holds",
          "[verify]") {
    const std::vector<std::string> small = {"synapses.W_out.init={ normal = 1e-13 }",
                                            "synapses.B_fb.init={ normal = 1e-13 }",
                                            "plasticity.readout.rate=0.0"};
    const Verification found = verify(loaded({"rflo", {}, small}), steps);
    CHECK(found.declared.first() == nullptr);
    CHECK_FALSE(found.declared.hold());
    std::vector<std::string> symbols;
    for (const Difference* one : found.declared.not_seen()) symbols.push_back(one->symbol);
    CHECK_THAT(symbols, Catch::VectorContains(std::string("c_bar")) &&
                            Catch::VectorContains(std::string("G")));
    // Seen by a tolerance below it, and found to be another feedback.
    CHECK(verify(loaded({"rflo", {}, small}), steps, 1e-14).declared.first()->symbol == "c_bar");
}

TEST_CASE("a tolerance that nothing can exceed is no tolerance", "[verify]") {
    const Model model = loaded({"rflo", {}, {size}});
    for (const double tolerance : {std::nan(""), 0.0, -1e-12, 0.1, HUGE_VAL})
        CHECK_THROWS_WITH(verify(model, steps, tolerance),
                          Catch::Contains("expected a positive number of at most 0.001"));
}

TEST_CASE("an approximation that makes no difference is reported", "[verify]") {
    // Feedback that is declared random and is the transpose of W_out's strengths, which stay.
    const Model original = load_model(path_of_shipped("rflo"), {size});
    const CircuitRun run(original);
    const algebra::Matrix W_out = numbers_of(run.state(), "W_out");
    const algebra::Matrix transposed = W_out.transpose();
    TemporaryHdf5 file;
    file.write("B", {9, 2}, {transposed.data(), transposed.data() + transposed.size()});
    file.close();
    const Model model = loaded({"rflo",
                                {"random_feedback"},
                                {"synapses.B_fb.init={ file = \"" + file.directory() + "/" +
                                     file.name() + "\", dataset = \"B\" }",
                                 "plasticity.readout.rate=0.0"}});
    const Verification found = verify(model, steps);
    CHECK(found.declared.hold());
    CHECK(found.paper->first() == nullptr);
    CHECK_THAT(verification_text(model, found, steps),
               Catch::Contains("random_feedback made no difference"));
}

TEST_CASE("a circuit is verified by the plan that runs have, too", "[verify]") {
    // The run's plan defers changes and forms no Jacobian that nobody looks at; what is compared
    // must be there all the same.
    for (const char* name : {"rtrl", "uoro", "dni", "dni_b", "rflo", "kernl"}) {
        INFO(name);
        const Model model = load_model(path_of_shipped(name), {size});
        CircuitRun plain(model);
        for (int step = 0; step < 20; ++step) plain.step();
        CircuitRun as_a_run(model, Performed::as_a_run);
        for (int step = 0; step < 20; ++step) as_a_run.step();
        for (std::size_t i = 0; i < model.program.slots.size(); ++i) {
            const SlotId slot(i);
            INFO(model.program[slot].name);
            if (model.program[slot].shape == Shape::tensor) continue;
            CHECK(distance(numbers_of(as_a_run.state(), slot), numbers_of(plain.state(), slot)) <
                  1e-12);
        }
    }
}

TEST_CASE("a circuit that keeps its strengths within bounds is its equations within them",
          "[verify][bounds]") {
    const std::string narrow_in = "synapses.W_in.bounds=[-0.2, 0.3]",
                      narrow = "synapses.W_rec.bounds=[-0.25, 0.2]",
                      sign = "population.hidden.sign=excitatory";
    for (const Declared& one :
         {Declared{"rflo", {"random_feedback"}, {narrow_in, narrow, sign}},
          Declared{"dni_b", {"held", "random_feedback"}, {narrow_in, narrow, sign}},
          Declared{"dni", {}, {narrow_in, narrow}}, Declared{"uoro", {}, {narrow_in, narrow}}}) {
        INFO(one.model);
        const Verification found = verify(loaded(one), steps);
        CHECK(found.declared.hold());
        CHECK(found.declared.largest() > 0.0);
    }
}
