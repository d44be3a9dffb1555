// Units, places and arguments of single parts of equations, where a slip would be accepted.
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

const std::vector<StateDeclaration> states = {state_at(Place::post, "theta"),
                                              state_at(Place::pairs_of_pre, "P")};

std::string said_of_line(const std::string& line, const std::vector<std::string>& parameters = {},
                         const std::vector<StateDeclaration>& state = states) {
    return said_of(rule_of_text(line + "\nw += theta * pre.r * dot(P, pre.r)", parameters, state));
}

// What is said of equations inside cells, of which theta is a state.
std::string said_inside_cells(const std::string& equations) {
    const Table file = parse_toml("equations = '''\n" + equations + "\n'''", "rule.toml");
    TextRule rule;
    rule.name = "mine";
    rule.of_cells = true;
    rule.equations = parse_equations(*file.find("equations"), {}, Targets::with_points);
    rule.state = {state_at(Place::post, "theta")};
    return said_of(rule);
}

}  // namespace

TEST_CASE("a power has its base's unit as often as it says", "[equations]") {
    CHECK(said_of_line("theta = post.r * tau_ms^2 / (tau_ms * tau_ms)", {"tau_ms"}) == "");
    CHECK(said_of_line("theta = post.r * tau_ms^2 / tau_ms", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"theta\" needs a number, \"post.r * tau_ms^2 / tau_ms\" "
          "is a time");
    CHECK(said_of_line("theta = post.r * tau_ms^2", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"theta\" needs a number, \"post.r * tau_ms^2\" is a "
          "number of ms^2");
}

TEST_CASE("powers go from -8 to 8", "[equations]") {
    for (const char* power : {"8", "-8", "0.5", "0"}) {
        INFO(power);
        CHECK(said_of_line(fmt::format("theta = post.r^{}", power)) == "");
    }
    for (const char* power : {"9", "-9", "1.5", "8.5"}) {
        INFO(power);
        CHECK(said_of_line(fmt::format("theta = post.r^{}", power)) ==
              fmt::format("rule.toml:2:16: rule \"mine\": found the power {0}; expected a whole "
                          "number from -8 to 8, or 0.5; where x is above 0, x^{0} is exp({0} * "
                          "log(x))",
                          power));
    }
}

TEST_CASE("a product with a matrix between cells has both units", "[equations]") {
    CHECK(said_of_line("x = dot(P, pre.r * tau_ms) / tau_ms", {"tau_ms"}).find("unread") ==
          std::string::npos);
    CHECK(said_of_line("theta = sum(dot(P, pre.r * tau_ms))", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"theta\" needs a number, \"sum(dot(P, pre.r * tau_ms))\" "
          "is a time");
    CHECK(said_of_line("theta = sum(dot(P, pre.r * tau_ms)) / tau_ms", {"tau_ms"}) == "");
}

TEST_CASE("both choices of a select, and all arguments of clip, have one unit", "[equations]") {
    CHECK(said_of_line("theta = select(post.r, theta, tau_ms)", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"theta\" is a number, \"tau_ms\" a time; expected one "
          "unit for both");
    CHECK(said_of_line("theta = clip(post.r, tau_ms, 1)", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"post.r\" is a number, \"tau_ms\" a time; expected one "
          "unit for both");
    CHECK(said_of_line("theta = max(post.r, tau_ms)", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"post.r\" is a number, \"tau_ms\" a time; expected one "
          "unit for both");
    CHECK(said_of_line("theta = select(tau_ms * post.r, 1, 0)", {"tau_ms"}) == "");
}

TEST_CASE("an activation is of a voltage, which is no time", "[equations]") {
    CHECK(said_of_line("theta = phi(post.soma.v)") == "");
    CHECK(said_of_line("theta = phi(post.soma.v * tau_ms)", {"tau_ms"})
              .starts_with("rule.toml:2:13: rule \"mine\": \"phi\" is of cells with an activation; "
                           "\"post.soma.v * tau_ms\" is a number in each postsynaptic cell"));
}

TEST_CASE("a signal that nothing reads is told", "[equations]") {
    TextRule rule = rule_of_text("w += pre.r * post.r", {});
    rule.signals = {{.name = "taught", .where = {"rule.toml", 32, 1}}};
    CHECK(said_of(rule) ==
          "rule.toml:32:1: rule \"mine\" has the signal \"taught\", which its "
          "equations do not read");
}

TEST_CASE("inside cells nothing is gathered, and voltages are only added to", "[equations]") {
    CHECK(said_inside_cells("theta = r\nsoma.v += theta") == "");
    CHECK(said_inside_cells("theta = r\nsoma.v -= theta") == "");
    CHECK(said_inside_cells("theta = gather(r)") ==
          "rule.toml:2:9: rule \"mine\": \"gather\" is over the synapses of a rule's set; "
          "equations inside cells have none; expected the state of a rule, read by its address");
    CHECK(said_inside_cells("theta = r\nsoma.v = theta") ==
          "rule.toml:3:1: rule \"mine\": \"soma.v\" is made by what the phase transmits; expected "
          "soma.v += ...");
}
