// What cannot be diagnosed is said before anything runs.
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

constexpr const char* section = "\n[diagnose]\nalignment = @true\n";

void rejected(const std::string& model, const Assignments& overrides,
              const std::vector<std::string>& phrases) {
    const auto error = error_of([&] { load_model(path_of_shipped(model), overrides); });
    INFO(model);
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    for (const std::string& phrase : phrases) CHECK_THAT(error->what(), Catch::Contains(phrase));
}

const std::string on = "diagnose.alignment=true";

}  // namespace

TEST_CASE("alignment needs a rule that changes W", "[diagnosis][bad]") {
    rejects_text(content_of(path_of_shipped("fixed_w")) + section,
                 {"a rule that changes W_rec, W_in, b", "there is none"});
}

TEST_CASE("alignment with the gradient of one layer needs the network of the equations",
          "[diagnosis][bad]") {
    const std::string bptt = "diagnose.exact=\"bptt\"";
    rejected("rflo", {on, bptt, "synapses.W_rec.delay=0"}, {"W_rec"});
    rejected("rflo", {on, bptt, "population.hidden.tau_ms={ soma = 3.0 }"}, {"tau_ms"});
    rejected("rflo",
             {on, bptt,
              "synapses.more={ from = \"input\", to = \"hidden.soma\", during = \"forward\", "
              "init = { constant = 0.0 } }"},
             {"diagnose.alignment needs a recurrent network", "\"more\" drives \"hidden.soma\""});
}

TEST_CASE("alignment divides by the rate, which must not be 0", "[diagnosis][bad]") {
    rejected("rflo", {on, "plasticity.recurrent.rate=0"}, {"plasticity.recurrent", "which is 0"});
}

TEST_CASE("an influence that fits into no memory is refused with what it needs and what to do",
          "[diagnosis][bad]") {
    // n^2 (n + n_in + 1) numbers, 8 x 20000^2 x 20003 = 6.401e13 bytes, and ten matrices.
    const Assignments large = {on, "population.hidden.size=20000"};
    rejected("rflo", large,
             {"RTRL's influence", "64041", "this machine has", "diagnose.exact = \"bptt\""});
    CHECK_NOTHROW(load_model(path_of_shipped("rflo"),
                             {on, "population.hidden.size=400", "diagnose.exact=bptt"}));
}

TEST_CASE("the exact window holds the rule's and fits into the run", "[diagnosis][bad]") {
    rejected("bptt", {on, "diagnose.window=9"}, {"9 steps", "[plasticity.recurrent], 10"});
    rejected("dni_b", {on, "diagnose.window=30", "run.steps=29"}, {"30 steps", "only 29"});
    CHECK_NOTHROW(load_model(path_of_shipped("dni_b"), {on, "diagnose.window=29", "run.steps=29"}));
}

TEST_CASE("a rule that acts now and then can be compared only then", "[diagnosis][bad]") {
    rejected("bptt_window", {on, "diagnose.every=15"}, {"every 10 steps", "1 or a multiple of 10"});
    CHECK_NOTHROW(load_model(path_of_shipped("bptt_window"), {on, "diagnose.every=20"}));
}

TEST_CASE("a rule called like a set that it changes cannot be measured beside it",
          "[diagnosis][bad]") {
    rejected("rflo",
             {on,
              "plasticity={ W_rec = { rule = \"eligibility\", synapses = [\"W_rec\"], credit "
              "= \"hidden.feedback\", rate = 0.1 } }"},
             {"\"cosine(W_rec)\", of a synapse set and of a rule", "another name"});
}

TEST_CASE("a misspelt key of the diagnosis is answered with the nearest", "[diagnosis][bad]") {
    rejected("rflo", {"diagnose.alignmnt=true"}, {"Did you mean \"alignment\"?"});
    rejected("rflo", {"diagnose.exact=rtl"}, {"one of rtrl, bptt"});
    rejected("rflo", {"diagnose.every=0"}, {"diagnose.every"});
}

TEST_CASE("a [diagnose] that switches nothing on measures nothing", "[diagnosis]") {
    const Model model = load_model(path_of_shipped("rflo"), {"diagnose.window=3"});
    CHECK_FALSE(model.diagnosed.any());
    CHECK_THAT(model.resolved, Catch::Contains("window = 3") && Catch::Contains("every = 1"));
    const Model plain = load_model(path_of_shipped("rflo"), {});
    CHECK(plain.program.slots.size() == model.program.slots.size());
    CHECK_THAT(plain.resolved, !Catch::Contains("diagnose"));
}
