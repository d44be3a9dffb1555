// Mistakes in equations that --set gives: at which character of which statement.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string base = hidden_lines + R"(
population.hidden = { size = 2 }
rule.mine = { parameters = { rate = 0.1 }, state = { theta = "post" }, equations = ["theta = post.r", "w += rate * theta * pre.r"] }
plasticity.learning = { rule = "mine", synapses = ["W_in"] }
)";

// What is said behind "`override` ...: rule "mine": `.
std::string said(const std::string& equations) {
    const std::string option = "rule.mine.equations=" + equations;
    const std::optional<Error> error = error_of([&] { small_model(base, {option}); });
    if (!error) return "";
    const std::string what = error->what(), begin = ": rule \"mine\": ";
    INFO(what);
    CHECK(what.find("`override` rule.mine.equations=") == 0);
    return what.substr(what.find(begin) + begin.size());
}

std::string in_list(const std::string& statement) {
    return said("[\"theta = post.r\", '" + statement + "']");
}

}  // namespace

TEST_CASE("a mistake in equations of an option is told at its character", "[model][rules]") {
    CHECK_THAT(in_list("w += rate * theta * pre.rr"),
               Catch::Contains("there is no \"pre.rr\"") &&
                   Catch::EndsWith("Did you mean \"pre.r\"? At character 21 of \"w += rate * theta "
                                   "* pre.rr\""));
    CHECK_THAT(in_list("  w += rate * theta * pre.rr  # w"),
               Catch::EndsWith(" At character 21 of \"w += rate * theta * pre.rr\""));
    CHECK_THAT(in_list("w += rate * theta pre.r"),
               Catch::EndsWith("; at character 19 of \"w += rate * theta pre.r\""));
    CHECK_THAT(
        in_list("w += rate * theta * 1 / 0"),
        Catch::EndsWith("divides by \"0\", which is 0; at character 23 of \"w += rate * theta "
                        "* 1 / 0\""));
    CHECK_THAT(
        in_list("w += theta * (rate + step_ms)"),
        Catch::EndsWith("expected one unit for both; at character 20 of \"w += theta * (rate "
                        "+ step_ms)\""));
    CHECK_THAT(in_list("dw/dt = rate * theta * pre.r"),
               Catch::Contains("needs a change per ms") &&
                   Catch::EndsWith("; at character 9 of \"dw/dt = rate * theta * pre.r\""));
    CHECK_THAT(
        said("[\"theta = rate * pre.r\", \"w += theta\"]"),
        Catch::EndsWith("expected state at \"synapse\", or sum(...); at character 1 of \"theta "
                        "= rate * pre.r\""));
    CHECK_THAT(said("[\"w += rate * theta\", \"theta = w\"]"),
               Catch::Contains("that statement at the end; at character 9 of \"theta = w\"\n"));
    CHECK_THAT(in_list("w += rate * sum(theta)"), Catch::Contains("is no sum of products"));
}

TEST_CASE("mistakes in several statements of an option keep their order", "[model][rules]") {
    const std::string all = said("[\"theta = post.r * post.s\", \"w += rare * theta\"]");
    CHECK(all.find("\"post.s\"") < all.find("\"rare\""));
    CHECK(all.find("character 18 of \"theta = post.r * post.s\"") != std::string::npos);
    CHECK(all.find("character 6 of \"w += rare * theta\"") != std::string::npos);
}
