// A [rule.*] table as it is read.
#include "learning_rules/book/read_rule.hpp"

#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

TextRule rule_of_text(const std::string& text) {
    Table root = parse_toml(text, "rules.toml");
    return read_rule(std::get<Table>(root.find("rule")->content).entries.front());
}

// The text is rejected at its "@", with a sentence that says this.
void is_wrong(std::string text, const std::string& phrase) {
    const std::string mark = take_mark(text);
    INFO(text);
    const std::optional<Error> error = error_of([&] { rule_of_text(text); });
    check_error(error, ExitCode::bad_model, "rules.toml" + mark, {phrase});
}

const std::string decay_of_w = "equations = \"w += -rate * w\"\n";

}  // namespace

TEST_CASE("a rule's table becomes what it declares", "[rules][text_rule]") {
    const TextRule rule = rule_of_text(R"(
[rule.mine]
summary    = "a trace, and a change"
facing     = "past"
requires   = ["drives the soma"]
parameters = { rate = { minimum = 0.0, maximum = 1e6, description = "learning rate" }, tau_ms = 20.0 }
signals    = { credit = "post", gate = { of = "all" }, error = "@error.r", teacher = { default = "@label.r" } }
state      = { trace = "synapse", slow = { at = "post", init = { constant = 0.5 } } }
equations  = '''
dslow/dt = (post.r - slow) / tau_ms
trace = 0.5 * trace + credit * pre.r
w += rate * (gate * (error - teacher) * trace)
'''
)");
    CHECK(rule.name == "mine");
    CHECK(rule.summary == "a trace, and a change");
    CHECK(rule.facing == Facing::past);
    CHECK(rule.needs == std::vector{Requirement::drives_the_soma});
    REQUIRE(rule.find_parameter("rate"));
    CHECK(rule.find_parameter("rate")->maximum == 1e6);
    CHECK_FALSE(rule.find_parameter("rate")->default_value);
    CHECK(rule.find_parameter("tau_ms")->default_value == 20.0);
    CHECK(rule.find_signal("credit")->of == Place::post);
    CHECK(rule.find_signal("gate")->of == Place::all);
    CHECK_FALSE(rule.find_signal("error")->is_key);
    CHECK(rule.find_signal("error")->default_address == "@error.r");
    CHECK(rule.find_signal("teacher")->is_key);
    CHECK(rule.find_state("trace")->at == Place::synapse);
    CHECK(rule.find_state("slow")->init.scale.factor == 0.5);
    CHECK_FALSE(rule.find_state("rate"));
    CHECK(rule.equations.size() == 3);
}

TEST_CASE("a declaration that is wrong is told at its place", "[rules][text_rule]") {
    const auto with = [](const std::string& line) {
        return "[rule.mine]\n" + line + '\n' + decay_of_w;
    };
    const std::string rate = "parameters = { rate = 1.0 }\n";
    is_wrong(with("parameters = { @during = 1.0 }"),
             "rule \"mine\": \"during\" cannot be the name of a parameter");
    is_wrong(with("parameters = { @w = 1.0 }"), "equations have it");
    is_wrong(with("parameters = { rate = @\"fast\" }"), "expected a number, or a table");
    is_wrong(with("parameters = { rate = @nan }"), "expected a finite number, or a table");
    is_wrong(with("parameters = { rate = { @lowest = 1.0 } }"), "unknown key \"lowest\"");
    is_wrong(with("parameters = { @rate = { minimum = 2.0, maximum = 1.0 } }"), "is above its");
    is_wrong(with("parameters = { @rate = { default = 3.0, maximum = 1.0 } }"), "its range");
    is_wrong(with(rate + "signals = { credit = @\"pots\" }"), "Did you mean \"post\"?");
    is_wrong(with(rate + "signals = { credit = @\"synapse\" }"), "expected one of post, pre, all");
    is_wrong(with(rate + "signals = { error = @\"@eror.r\" }"), "Did you mean \"error\"?");
    is_wrong(with(rate + "signals = { error = { default = @\"hidden.r\" } }"), "is of no role");
    is_wrong(with(rate + "state = { @strength = \"synapse\" }"), "a synapse set has it");
    is_wrong(with(rate + "state = { @rate = \"post\" }"), "\"rate\" is a parameter already");
    is_wrong(with(rate + "state = { m = @\"cell\" }"), "Did you mean \"post\" or \"pre\"?");
    is_wrong(with(rate + "state = { m = { at = @\"cell\" } }"),
             "one of post, pre, synapse, all, pairs");
    is_wrong(with(rate + "requires = [@\"drives the soms\"]"), "Did you mean \"drives the soma\"?");
    is_wrong(with(rate + "facing = @\"pats\""), "Did you mean \"past\"?");
    is_wrong(with(rate + "@equation = \"\""), "Did you mean \"equations\"?");
    is_wrong("[rule.@mine]\nsummary = \"x\"\n", "missing its key \"equations\"");
}

TEST_CASE("a state begins with what its place can have", "[rules][text_rule]") {
    const auto state = [](const std::string& at, const std::string& init) {
        return "[rule.mine]\nstate = { x = { at = \"" + at + "\", init = { " + init +
               " } } }\nequations = \"x = 0.5 * x\"\n";
    };
    const std::string beyond = "cannot begin so; expected constant, normal or uniform by numbers";
    is_wrong(state("post", "constant = @\"1/sqrt(pre)\""),
             "in each postsynaptic cell, and " + beyond);
    is_wrong(state("pre", "uniform = @\"1/sqrt(post)\""), beyond);
    is_wrong(state("post", "orthogonal = @1.0"), beyond);
    is_wrong(state("pre", "identity = @1.0"), beyond);
    is_wrong(state("all", "copy = @\"W\""), beyond);
    is_wrong(
        state("synapse", "copy = @\"W\""),
        "\"x\" is a number at each synapse, and copies no synapses; expected constant, normal");
    is_wrong(state("post", "normal = @-1.0"), "is negative; expected a number from 0");
    CHECK_NOTHROW(rule_of_text(state("synapse", "normal = \"1/sqrt(pre)\"")));
    CHECK_NOTHROW(rule_of_text(state("synapse", "orthogonal = 1.0")));
    CHECK_NOTHROW(rule_of_text(state("post", "uniform = [0.0, 1.0]")));
}

TEST_CASE("a state of pairs says whose cells they are between", "[rules][text_rule][pairs]") {
    const auto state = [](const std::string& table) {
        return "[rule.mine]\nstate = { P = " + table +
               " }\nequations = \"P += outer(pre.r, pre.r)\"\n";
    };
    const TextRule rule =
        rule_of_text(state("{ at = \"pairs\", of = \"pre\", init = { identity = 0.5 } }"));
    CHECK(rule.find_state("P")->at == Place::pairs_of_pre);
    CHECK(rule.find_state("P")->init.kind == Initializer::Kind::identity);
    CHECK(rule.find_state("P")->init.scale.factor == 0.5);
    CHECK_NOTHROW(rule_of_text(
        state("{ at = \"pairs\", of = \"pre\", init = { normal = \"1/sqrt(pre)\" } }")));
    const TextRule of_post = rule_of_text(
        "[rule.mine]\nstate = { P = { at = \"pairs\", of = \"post\" } }\n"
        "equations = \"P += outer(post.r, post.r)\"\n");
    CHECK(of_post.find_state("P")->at == Place::pairs_of_post);
    is_wrong(state("@\"pairs\""), "expected a table, as in { at = \"pairs\", of = \"pre\" }");
    is_wrong(state("{ at = @\"pairs\" }"), "lacks its key \"of\"; expected of = \"pre\" or");
    is_wrong(state("{ at = @\"pair\", of = \"pre\" }"), "Did you mean \"pairs\"?");
    is_wrong(state("{ at = \"pairs\", of = @\"prr\" }"), "Did you mean \"pre\"?");
    is_wrong(state("{ at = \"pairs\", of = @\"hidden\" }"), "one of post, pre");
    is_wrong(state("{ at = \"pre\", of = @\"pre\" }"), "goes with at = \"pairs\" alone");
    is_wrong(state("{ at = \"pairs\", of = \"pre\", init = { copy = @\"W\" } }"),
             "copies no synapses; expected constant, normal");
    is_wrong(state("{ at = \"pairs\", of = \"pre\", init = { normal = @-1.0 } }"), "is negative");
}

TEST_CASE("a time is above 0 unless its table says a minimum", "[rules][text_rule]") {
    const auto tau_of = [](const std::string& value) {
        return *rule_of_text("[rule.mine]\nparameters = { tau_ms = " + value +
                             " }\nequations = \"dw/dt = (pre.r - w) / tau_ms\"\n")
                    .find_parameter("tau_ms");
    };
    CHECK(tau_of("5.0").minimum == 0.0);
    CHECK(tau_of("5.0").above_minimum);
    CHECK(tau_of("{ default = 5.0, maximum = 9.0 }").above_minimum);
    CHECK(tau_of("{ minimum = -1.0 }").minimum == -1.0);
    CHECK_FALSE(tau_of("{ minimum = 0.0 }").above_minimum);
    for (const std::string wrong : {"-5.0", "0.0", "{ default = -5.0 }"})
        is_wrong("[rule.mine]\nparameters = { @tau_ms = " + wrong +
                     " }\nequations = \"dw/dt = (pre.r - w) / tau_ms\"\n",
                 "is not within its range, above 0 to inf");
}

TEST_CASE("all mistakes of a rule are told at once, each with the rule's name",
          "[rules][text_rule]") {
    const std::optional<Error> error = error_of([] {
        rule_of_text(
            "[rule.mine]\nparameters = { during = 1.0 }\nstate = { w = \"post\" }\n"
            "equations = '''\nw += pre.r +\nw += )\n'''\n");
    });
    REQUIRE(error);
    CHECK(error->sentences().size() == 4);
    for (const std::string& one : error->sentences())
        CHECK_THAT(one, Catch::Contains("rule \"mine\": "));
}

TEST_CASE("a rule declares at most 32 names of a kind", "[rules][text_rule]") {
    std::string names;
    for (int k = 0; k < 33; ++k) names += fmt::format("{}p{} = 1.0", k ? ", " : "", k);
    is_wrong("[rule.mine]\nparameters = @{ " + names + " }\n" + decay_of_w, "expected at most 32");
}
