// Local rules and synthetic gradients: fifty steps of shipped models beside their equations.
#include "tests/oracle.hpp"

using namespace apical;
using namespace apical::oracle;

TEST_CASE("fixed W is its equations", "[oracle]") { follows("fixed_w", {}); }

TEST_CASE("RFLO is its equations", "[oracle]") {
    follows("rflo", {});
    follows("variants/rflo_mirrored", {});
}

TEST_CASE("DNI with the exact Jacobian is its equations", "[oracle]") {
    follows("dni", {});
    follows("variants/dni_target_copy", {});
    follows("variants/dni_target_copy", {"plasticity.target_copy.every=3"});
}

TEST_CASE("DNI(b) is its equations, in each of its variants", "[oracle]") {
    follows("dni_b", {});
    follows("variants/dni_b_mirrored", {});
    follows("variants/dni_b_jacobian_first", {});
    follows("variants/dni_b_replayed", {});
    follows("variants/dni_b_target_copy", {});
}

TEST_CASE("what is compared of local rules and synthetic gradients is all that both have",
          "[oracle]") {
    const std::vector<std::string> network = {"v", "r", "z", "y", "L", "e"}, ends = {"W", "W_out"};
    const auto all = [&](const std::vector<std::string>& credit,
                         const std::vector<std::string>& own) {
        std::vector<std::string> symbols = network;
        for (const auto* part : {&credit, &ends, &own})
            symbols.insert(symbols.end(), part->begin(), part->end());
        return symbols;
    };
    const std::vector<std::string> taught = {"c_bar", "phi'", "G", "G_out"};
    REQUIRE(compared("fixed_w") == all({"G_out"}, {}));
    REQUIRE(compared("rflo") == all(taught, {"B"}));
    const std::vector<std::string> held = {"A",  "J",      "bootstrap", "c* - c_bar",
                                           "c*", "p - c*", "u"};
    REQUIRE(compared("dni_b") == all(taught, held));
    const std::vector<std::string> replayed = {"A",  "J", "bootstrap", "c* - c_bar",
                                               "c*", "p", "p - c*",    "u"};
    REQUIRE(compared("dni") == all(taught, replayed));
    REQUIRE(compared("variants/dni_b_replayed") == all(taught, replayed));
    const std::vector<std::string> copied = {"A",  "T", "J",      "bootstrap", "c* - c_bar",
                                             "c*", "p", "p - c*", "u"};
    REQUIRE(compared("variants/dni_target_copy") == all(taught, copied));
    REQUIRE(compared("variants/dni_b_target_copy") == all(taught, copied));
}
