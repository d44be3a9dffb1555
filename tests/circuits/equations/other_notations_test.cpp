// Functions and letters of other notations, told with those of equations.
#include "circuits/equations/other_notations.hpp"

#include <catch2/catch.hpp>

#include "circuits/equations/parse.hpp"

using namespace apical;

TEST_CASE("a function of another notation is told with what it is called here", "[equations]") {
    const std::vector<std::string> known = {"logistic", "rectified", "step", "select", "log"};
    CHECK(did_you_mean_function("sigmoid", known) == " Did you mean \"logistic\"?");
    CHECK(did_you_mean_function("Heaviside", known) == " Did you mean \"step\"?");
    CHECK(did_you_mean_function("ln", known) == " Did you mean \"log\"?");
    CHECK(did_you_mean_function("pow", known) == " A power is written x^2.");
    CHECK(did_you_mean_function("logistik", known) == " Did you mean \"logistic\"?");
    CHECK(did_you_mean_function("fooo", known).empty());
}

TEST_CASE("what an equation lacks is not proposed", "[equations]") {
    const std::vector<std::string> known = {"logistic"};
    CHECK(did_you_mean_function("relu", known).empty());
    CHECK(did_you_mean_function("randn", known).empty());
}

TEST_CASE("a Greek letter is told with its name in letters", "[equations]") {
    const auto said = [](const std::string& text) -> std::string {
        try {
            parse_equations(Value{{"a", 1, 1}, text});
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    CHECK(said("w += \u03b7 * pre.r")
              .find("found \"\u03b7\"; expected a name of letters a to z, "
                    "digits and _, as in eta") != std::string::npos);
    CHECK(said("d\u03b8/dt = post.r").find("as in theta") != std::string::npos);
    CHECK(said("\u03c4 = post.r").find("as in tau") != std::string::npos);
    CHECK(greek_letter("w").empty());
}
