// What is wrong with equations in any circuit, told at its line and column.
#include "tests/learning_rules/lowering/lowered_rule.hpp"

using namespace apical;

namespace {

const std::vector<StateDeclaration> theta_of_post = {state_at(Place::post, "theta")};

std::string said_of_text(const std::string& equations, const std::vector<std::string>& parameters,
                         const std::vector<StateDeclaration>& state = theta_of_post) {
    return said_of(rule_of_text(equations, parameters, state));
}

}  // namespace

TEST_CASE("equations that say what they mean are accepted", "[equations]") {
    CHECK(said_of_text(R"(dtheta/dt = (post.r^2 - theta) / tau_ms
keep = exp(-step_ms / tau_ms)
x = keep * post.r + clip(min(theta, post.here.v), 0, 1) * select(loss, sqrt(post.r), theta)
w += rate * x * (post.r - theta) * previous(pre.r) * sum(pre.soma.v))",
                       {"rate", "tau_ms"}) == "");
}

TEST_CASE("an unknown name is told with those that are known and the nearest", "[equations]") {
    CHECK(said_of_text("w += rate * pre.rr", {"rate"}) ==
          "rule.toml:2:13: rule \"mine\": there is no \"pre.rr\"; known are rate, theta, w, pre.r, "
          "post.r, post.here.v, post.soma.v, pre.soma.v, post.alpha, pre.alpha, post.slope, "
          "post.adaptation, step_ms, loss. Did "
          "you mean \"pre.r\"?");
    CHECK(
        said_of_text("w += rate * clipp(pre.r, 0, 1)", {"rate"})
            .find(
                "rule.toml:2:13: rule \"mine\": there is no function \"clipp\"; known are abs, ") ==
        0);
    CHECK(said_of_text("w += rate * clip(pre.r, 0)", {"rate"}) ==
          "rule.toml:2:13: rule \"mine\": \"clip\" takes 3 arguments; found 2");
    CHECK(said_of_text("w += rate * tanh * pre.r", {"rate"}) ==
          "rule.toml:2:13: rule \"mine\": \"tanh\" is a function; expected tanh(...)");
}

TEST_CASE("names of other notations are told with those that rules have", "[equations]") {
    const auto ends = [](const std::string& equations, const std::string& end) {
        const std::string said = said_of_text(equations, {});
        INFO(said);
        CHECK(said.ends_with(end));
    };
    ends("w += r * pre.r * theta", "Did you mean \"post.r\" or \"pre.r\"?");
    ends("w += v * pre.r * theta", "Did you mean \"post.soma.v\" or \"post.here.v\"?");
    ends("w += dt * pre.r * theta", "Did you mean \"step_ms\"?");
    ends("w += post.w * pre.r * theta", "Did you mean \"w\"?");
    ends("w += pre.theta * pre.r * theta", "Did you mean \"theta\"?");
    ends("w += W * pre.r * theta", "Did you mean \"w\"?");
    ends("w += sigmoid(post.r) * pre.r * theta", "Did you mean \"logistic\"?");
    ends("w += ReLU(post.r) * pre.r * theta", "Did you mean \"rectified\"?");
    ends("w += where(theta, post.r, 1) * pre.r", "Did you mean \"select\"?");
    ends("w += pow(theta, 2) * pre.r", "A power is written x^2.");
    ends("w += hidden.r * pre.r * theta",
         "Expected a signal, as in signals = { credit = \"post\" }, to which [plasticity.*] gives "
         "the "
         "address \"hidden.r\".");
    CHECK(said_of_text("W += post.r * pre.r", {}, {}) ==
          "rule.toml:2:1: rule \"mine\": \"W += post.r * pre.r\" changes \"W\", which is no state; "
          "expected state = { W = ... }, or W = .... Did you mean \"w\"?");
}

TEST_CASE("a name that is read before it is made is told with what makes it", "[equations]") {
    const auto ends = [](const std::string& equations, const std::string& end) {
        const std::string said = said_of_text(equations, {});
        INFO(said);
        CHECK(said.ends_with(end));
    };
    ends("a = b\nb = 2 * post.r\nw += theta * b * pre.r",
         "It is made behind this statement, by \"b = 2 * post.r\": expected that one first, or "
         "state = { b = ... }.");
    ends("a = 0.9 * a + post.r\nw += theta * pre.r",
         "A number that is made of its last value is a state: expected state = { a = ... }.");
}

TEST_CASE("a number is assigned where it can be", "[equations]") {
    CHECK(said_of_text("theta += rate * post.r * pre.r", {"rate"}) ==
          "rule.toml:2:1: rule \"mine\": \"theta\" is a number in each postsynaptic cell, \"rate * "
          "post.r * pre.r\" one at each synapse; expected state at \"synapse\", or sum(...)");
    CHECK(said_of_text("x += post.r", {}) ==
          "rule.toml:2:1: rule \"mine\": \"x += post.r\" changes \"x\", which is no state; "
          "expected state = { x = ... }, or x = ....");
    CHECK(said_of_text("rate = post.r\nw += rate * pre.r", {"rate"}) ==
          "rule.toml:2:1: rule \"mine\": \"rate\" cannot be assigned; expected w, a state or a new "
          "name");
}

TEST_CASE("units are powers of ms", "[equations]") {
    CHECK(
        said_of_text("dtheta/dt = post.r^2 - theta", {}) ==
        "rule.toml:2:13: rule \"mine\": \"dtheta/dt\" needs a change per ms, \"post.r^2 - theta\" "
        "is a number; expected it over a time, as in (post.r^2 - theta) / tau_ms");
    const std::string named =
        "; expected a time for \"tau\", which is a number by its name: name it tau_ms";
    CHECK(
        said_of_text("dtheta/dt = (post.r - theta) / tau", {"tau"}) ==
        "rule.toml:2:14: rule \"mine\": \"dtheta/dt\" needs a change per ms, \"(post.r - theta) / "
        "tau\" is a number" +
            named);
    CHECK(said_of_text("dtheta/dt = post.r / tau - 2 * theta / tau", {"tau"}).ends_with(named));
    CHECK(said_of_text("dtheta/dt = post.r - theta / tau", {"tau"})
              .ends_with("; expected it over a time, as in (post.r - theta / tau) / tau_ms"));
    CHECK(said_of_text("theta = post.r + tau_ms", {"tau_ms"}) ==
          "rule.toml:2:16: rule \"mine\": \"post.r\" is a number, \"tau_ms\" a time; expected one "
          "unit for both");
    CHECK(said_of_text("theta = tau_ms * post.r", {"tau_ms"}) ==
          "rule.toml:2:9: rule \"mine\": \"theta\" needs a number, \"tau_ms * post.r\" is a time");
    CHECK(said_of_text("theta = step_ms * post.r", {}) ==
          "rule.toml:2:9: rule \"mine\": \"theta\" needs a number, \"step_ms * post.r\" is a "
          "time; expected it over a time, as by a parameter rate_per_ms");
    CHECK(said_of_text("theta = exp(leak_per_ms) * post.r", {"leak_per_ms"}) ==
          "rule.toml:2:13: rule \"mine\": \"leak_per_ms\" is one over a time; \"exp\" takes a "
          "number");
}

TEST_CASE(
    "sums are at the place of both parts, roots have half a unit, choices that of what is chosen",
    "[equations]") {
    CHECK(said_of_text("theta = post.r + pre.r", {}) ==
          "rule.toml:2:1: rule \"mine\": \"theta\" is a number in each postsynaptic cell, \"post.r "
          "+ pre.r\" one at each synapse; expected state at \"synapse\", or sum(...)");
    CHECK(said_of_text("theta = sqrt(tau_ms * tau_ms) / tau_ms * post.r", {"tau_ms"}) == "");
    CHECK(said_of_text("theta = select(tau_ms, post.r, theta)", {"tau_ms"}) == "");
    CHECK(said_of_text("g = sum(post.r * post.r)\nw += g * pre.r", {},
                       {state_at(Place::all, "g")}) == "");
}

TEST_CASE("d/dt needs an exact step", "[equations]") {
    const std::vector<StateDeclaration> x = {state_at(Place::synapse, "x")};
    CHECK(said_of_text("dx/dt = -pre.r * x / tau_ms", {"tau_ms"}, x) ==
          "rule.toml:2:1: rule \"mine\": \"dx/dt\" multiplies x by \"-pre.r\", which is no "
          "constant, so it has no exact step; expected x += step_ms * (...)");
    CHECK(said_of_text("dx/dt = (post.r - tanh(x)) / tau_ms", {"tau_ms"}, x) ==
          "rule.toml:2:1: rule \"mine\": \"dx/dt\" has x within \"tanh(x)\", so it has no exact "
          "step; expected x += step_ms * (...)");
    CHECK(said_of_text("dx/dt = (pre.r - 2 * x) / tau_ms - x / 3 / tau_ms", {"tau_ms"}, x) == "");
}

TEST_CASE("strengths change once, and last", "[equations]") {
    CHECK(said_of_text("w += post.r * pre.r\ntheta = post.r\n", {}) ==
          "rule.toml:2:1: rule \"mine\": \"w\" is changed before the last statement; strengths "
          "change last: expected that statement at the end");
    CHECK(said_of_text("w += post.r * pre.r\nx = w * pre.r", {}) ==
          "rule.toml:3:5: rule \"mine\": \"w\" is read behind the statement that changes it; "
          "strengths change last: expected that statement at the end");
    CHECK(said_of_text("w += post.r * pre.r\nw -= pre.r * theta", {}) ==
          "rule.toml:3:1: rule \"mine\": \"w\" is assigned in line 2 already; expected one "
          "statement for each name");
    CHECK(said_of_text("x = post.r\nx = theta\nw += x * pre.r", {}) ==
          "rule.toml:3:1: rule \"mine\": \"x\" is assigned in line 2 already; expected one "
          "statement for each name");
}

TEST_CASE("a change that is assigned to a new name is told", "[equations]") {
    CHECK(said_of_text("dw = theta * pre.r", {}) ==
          "rule.toml:2:1: rule \"mine\": \"dw\" would be a new name, and \"w\" stay as it is; "
          "expected w += ..., or dw/dt = ...");
    CHECK(said_of_text("dtheta = post.r - theta\nw += theta * pre.r", {}) ==
          "rule.toml:2:1: rule \"mine\": \"dtheta\" would be a new name, and \"theta\" stay as it "
          "is; expected theta += ..., or dtheta/dt = ...");
    CHECK(said_of_text("deviation = post.r - theta\nw += deviation * pre.r", {}) == "");
}

TEST_CASE("what is declared is read", "[equations]") {
    CHECK(said_of_text("w += theta * pre.r", {"decay"}) ==
          "rule.toml:30:1: rule \"mine\" has the parameter \"decay\", which its equations do not "
          "read");
}

TEST_CASE("a state is read or changed, and a rule changes something", "[equations]") {
    CHECK(said_of_text("w += post.r * pre.r", {}) ==
          "rule.toml:31:1: rule \"mine\" has the state \"theta\", which its equations neither read "
          "nor change");
    CHECK(said_of_text("x = post.r * theta", {}) ==
          "rule.toml:2:1: rule \"mine\": its equations change neither w nor a state; expected w += "
          "...");
    CHECK(said_of_text("theta += post.r", {}) == "");
    CHECK(said_of_text("w += theta * pre.r", {}) == "");
}

TEST_CASE("a parameter whose name is misspelt where it is read is one mistake", "[equations]") {
    const std::string said = said_of_text("w += theta * pre.r * deccay", {"decay"});
    CHECK(said.find("rule.toml:2:22: rule \"mine\": there is no \"deccay\"") == 0);
    CHECK(said.find("do not read") == std::string::npos);
}

TEST_CASE("previous, slope and powers take what they can", "[equations]") {
    CHECK(said_of_text("w += previous(post.r * 2) * pre.r", {}) ==
          "rule.toml:2:15: rule \"mine\": \"previous\" takes a name of cells or of one number for "
          "all; found \"post.r * 2\"");
    CHECK(said_of_text("w += previous(w) * pre.r", {}) ==
          "rule.toml:2:15: rule \"mine\": \"previous\" takes a name of cells or of one number for "
          "all; found \"w\", one at each synapse");
    CHECK(said_of_text("w += post.r^2.5 * pre.r", {}) ==
          "rule.toml:2:13: rule \"mine\": found the power 2.5; expected a whole number from -8 to "
          "8, or 0.5; where x is above 0, x^2.5 is exp(2.5 * log(x))");
    CHECK(said_of_text("w += post.r^theta * pre.r", {}) ==
          "rule.toml:2:13: rule \"mine\": the power \"theta\" is no constant number; expected a "
          "whole number from -8 to 8, or 0.5");
    CHECK(said_of_text("w += slope(w) * pre.r", {}).find("rule.toml:2:12: ") == 0);
}

TEST_CASE("names at synapses that a set has itself are taken", "[equations]") {
    CHECK(said_of_text("gradient = post.r * pre.r\nw += gradient", {}) ==
          "rule.toml:2:1: rule \"mine\": \"gradient\" is a name of the synapses' own; expected "
          "another than strength, change, gradient, influence, momentum, square, pending, "
          "alignment, exact, window");
    // All that a run file or [diagnose] names, whoever makes them.
    for (const std::string& name :
         std::vector<std::string>{"strength", "change", "gradient", "influence", "momentum",
                                  "square", "pending", "alignment", "exact", "window"}) {
        const std::string said = said_of_text(name + " = post.r * pre.r\nw += " + name, {});
        CHECK_THAT(said, Catch::Contains("is a name of the synapses' own"));
        // Numbers in cells may have these names.
        CHECK(said_of_text(name + " = 2 * post.r\nw += " + name + " * pre.r", {}, {}).empty());
    }
}

TEST_CASE("several mistakes are told at once, and none that follows from another", "[equations]") {
    CHECK(said_of_text("x = post.rr\ny = x * post.r\nw += y * prer", {}).find("\n") !=
          std::string::npos);
    const std::string said = said_of_text("x = pots.r\ny = x + tau_ms\nw += y * pre.r", {"tau_ms"});
    CHECK(said.find("pots.r") != std::string::npos);
    CHECK(std::count(said.begin(), said.end(), '\n') == 0);
}
