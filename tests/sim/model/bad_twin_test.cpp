// Twins that are none, and sets that are used again where they do not fit.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const std::string twin = "twin        = \"twin\"", like = "like = \"hidden\"";
const std::string needs_alike =
    "rule \"kernl\" needs another population of the size, activation, alpha and somatic tau_ms of "
    "\"hidden\" as its twin";

const std::string again_of_W_rec =
    "[[synapses.W_rec.again]]         # the same strengths drive the twin, whose cells they do not "
    "connect\nfrom   = \"twin\"\nto     = \"twin.soma\"\nduring = \"forward\"\ndelay  = 1\n";
const std::string again_of_W_in =
    "[[synapses.W_in.again]]\nfrom   = \"input\"\nto     = \"twin.soma\"\nduring = \"forward\"\n";
const std::string again_of_b =
    "[[synapses.b.again]]\nfrom   = \"one\"\nto     = \"twin.soma\"\nduring = \"forward\"\n";

const Change wrong_twin = {twin, "twin = @\"twin\""};

}  // namespace

TEST_CASE("KeRNL needs a twin, by the name of a population", "[plasticity][kernl]") {
    rejects(
        "kernl", {{"[plasticity.recurrent]", "[plasticity.@recurrent]"}, {twin, ""}},
        {"[plasticity.recurrent] is missing its key \"twin\"", "whose rates the noise perturbs"});
    rejects(
        "kernl", {{twin, "twin = @\"twni\""}},
        {"no population \"twni\"", "input, label, one, hidden, twin", "Did you mean \"twin\"?"});
    rejects("kernl", {{twin, "twin = @\"hidden\""}}, {needs_alike, "\"hidden\" is none"});
    rejects("kernl", {{twin, "twin = @\"output\""}}, {needs_alike, "\"output\" is none"});
    rejects("kernl", {{twin, "twin = @3"}}, {"twin is the number 3", "a text"});
}

TEST_CASE("KeRNL needs a twin like the cells themselves", "[plasticity][kernl]") {
    for (const char* other :
         {"activation = \"linear\"", "alpha = 0.25", "tau_ms = { soma = 5.0 }"}) {
        rejects("kernl", {wrong_twin, {like, like + '\n' + other}},
                {needs_alike, "\"twin\" is none"});
    }
}

TEST_CASE("KeRNL needs a twin that all sets of the cells drive as well", "[plasticity][kernl]") {
    const auto needs = [](const std::string& set, const std::string& from) {
        return std::vector<std::string>{
            fmt::format("rule \"kernl\" needs a twin that \"{}\" drives as well", set),
            fmt::format("expected a [[synapses.{}.again]] from \"{}\" to \"twin.soma\"", set,
                        from)};
    };
    rejects("kernl", {wrong_twin, {again_of_W_rec, ""}}, needs("W_rec", "twin"));
    rejects("kernl", {wrong_twin, {again_of_W_in, ""}}, needs("W_in", "input"));
    rejects("kernl", {wrong_twin, {again_of_b, ""}}, needs("b", "one"));
    // The cells' own rates in place of the twin's, and this step's in place of the last.
    rejects("kernl", {wrong_twin, {"from   = \"twin\"", "from = \"hidden\""}},
            needs("W_rec", "twin"));
    rejects("kernl", {wrong_twin, {again_of_W_in, again_of_W_in + "delay = 1\n"}},
            needs("W_in", "input"));
}

TEST_CASE("a twin is perturbed by one rule", "[plasticity][kernl]") {
    const std::string second =
        "[plasticity.second]\nrule = \"kernl\"\nsynapses = [\"b\"]\ncredit = \"hidden.feedback\"\n"
        "rate = 1e-3\ntwin = @\"twin\"\nkernel_rate = 5.0\nsigma = 1e-3\n[plasticity.readout]";
    rejects("kernl",
            {{"synapses    = [\"W_rec\", \"W_in\", \"b\"]", "synapses = [\"W_rec\", \"W_in\"]"},
             {"[plasticity.readout]", second}},
            {"\"twin\" is perturbed by another rule already", "a twin for each"});
}

TEST_CASE("KeRNL needs a twin that nothing drives but what drives the cells",
          "[plasticity][kernl]") {
    rejects("kernl",
            {{"[synapses.W_out]",
              "[synapses.more]\nfrom = \"input\"\nto = @\"twin.soma\"\nduring = \"forward\"\n"
              "init = { normal = 1.0 }\n[synapses.W_out]"}},
            {"rule \"kernl\" needs a twin that nothing drives but what drives \"hidden.soma\"",
             "\"more\" drives \"twin.soma\" besides"});
    const std::string once_more =
        "[[synapses.b.again]]\nfrom = \"one\"\nto = @\"twin.soma\"\nduring = \"forward\"\n";
    rejects("kernl", {{again_of_b, once_more + again_of_b}},
            {"\"b\" drives \"twin.soma\" besides"});
}

TEST_CASE("a population is like one further up", "[circuit]") {
    const auto wrong = [](const std::string& name) {
        return std::vector<Change>{{like, fmt::format("like = @\"{}\"", name)}};
    };
    rejects("kernl", wrong("hiden"),
            {"no population of cells above this one \"hiden\"", "known are hidden",
             "Did you mean \"hidden\"?"});
    rejects("kernl", wrong("input"), {"no population of cells above", "\"input\"", "hidden"});
    rejects("kernl", wrong("twin"), {"no population of cells above", "\"twin\"", "hidden"});
    rejects("kernl", {{"[population.hidden]", "[population.hidden]\nlike = @\"twin\""}},
            {"no population of cells above", "\"twin\""});
    rejects("kernl", {{like, "like = @3"}}, {"population.twin.like is the number 3", "a text"});
    rejects("rflo", {{"role = \"output\"", "role = \"output\"\n@like = \"hidden\""}},
            {"unknown key \"like\" in [population.output]"});
}

TEST_CASE("rates start as a copy of as many rates that are no copy", "[circuit]") {
    rejects("kernl", {{like, "like = @\"hidden\"\nsize = 5"}},
            {"the rates of \"twin\" cannot start as a copy of \"hidden\"",
             "expected a population of 5 cells", "or another init in [population.twin]"});
    rejects("kernl", {{like, like + "\ninit = { copy = @\"hiden\" }"}},
            {"no population \"hiden\"", "Did you mean \"hidden\"?"});
    rejects("kernl", {{like, like + "\ninit = { copy = @\"twin\" }"}},
            {"the rates of \"twin\" cannot start as a copy of \"twin\"", "no copy"});
    rejects("kernl", {{like, like + "\ninit = { copy = @\"input\" }"}},
            {"the rates of \"twin\" cannot start as a copy of \"input\""});
}

TEST_CASE("a set is used again where its shape fits", "[circuit]") {
    const std::string first = "from   = \"twin\"\nto     = \"twin.soma\"";
    rejects("kernl", {{first, "from = @\"input\"\nto = \"twin.soma\""}},
            {"\"W_rec\"", "\"input\"", "32"});
    rejects("kernl",
            {{like, like + "\nsize = 5\ninit = { constant = 0.0 }"},
             {first, "from = \"twin\"\nto = @\"twin.soma\""}},
            {"synapses \"W_rec\" end on \"hidden\"", "cannot go to \"twin.soma\""});
    rejects("kernl", {{first, "to = @\"twin.soma\""}},
            {"synapses \"W_rec\" end on \"hidden\"", "cannot go to \"twin.soma\"",
             "unless \"from\" says"});
    rejects("kernl", {{first, "from = \"twin\"\nto = @\"output.soma\""}},
            {"synapses \"W_rec\" end on \"hidden\"", "cannot go to \"output.soma\""});
    rejects("kernl", {{first, "from = @\"twni\"\nto = \"twin.soma\""}},
            {"no population \"twni\"", "Did you mean \"twin\"?"});
    rejects("kernl", {{first, "from = \"twin\"\nto = @\"twin.sooma\""}},
            {"synapses \"W_rec\" go again to \"twin.sooma\"", "Did you mean \"twin.soma\"?"});
}
