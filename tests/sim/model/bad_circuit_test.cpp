// Circuits that name what is not there, or that could not work.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const std::string replayed = "variants/dni_b_replayed";
const std::string disinhibition =
    "[gate.disinhibition]\nopens  = \"hidden.apical\"\nduring = \"update\"\n";

// A further section before [synapses.W_in].
Change added(const std::string& section) {
    return {"[synapses.W_in]", section + "\n[synapses.W_in]"};
}

}  // namespace

TEST_CASE("an unknown name is reported with the known ones and the nearest", "[circuit]") {
    rejects({
        {"rflo",
         {"from   = \"input\"", "from = @\"inputt\""},
         {"no population \"inputt\"", "input, label, one, hidden", "Did you mean \"input\"?"}},
        {"rflo",
         {"to     = \"hidden.soma\"", "to = @\"hidden.somma\""},
         {"synapses \"W_rec\" go to \"hidden.somma\"", "has compartments soma, feedback",
          "Did you mean \"hidden.soma\"?"}},
        {"rflo",
         {"to     = \"hidden.soma\"", "to = @\"hiden.soma\""},
         {"no population \"hiden\"", "Did you mean \"hidden\"?"}},
        {"rflo", {"to     = \"hidden.soma\"", "to = @\"hidden\""}, {"compartments soma, feedback"}},
        {"rflo",
         {"during = \"forward\"", "during = @\"forwad\""},
         {"no phase \"forwad\"", "forward, update", "Did you mean \"forward\"?"}},
        {"rflo",
         {"role   = \"error\"                 # fires output - label\nduring = \"update\"",
          "role = \"error\"\nduring = @\"updat\""},
         {"no phase \"updat\"", "Did you mean \"update\"?"}},
        {"dni_b",
         {"opens  = \"hidden.apical\"", "opens = @\"hidden.apial\""},
         {"gate \"disinhibition\" opens \"hidden.apial\"", "Did you mean \"hidden.apical\"?"}},
        {"dni_b",
         {"opens  = \"hidden.apical\"\nduring = \"update\"",
          "opens = \"hidden.apical\"\nduring = [\"update\", @\"foward\"]"},
         {"no phase \"foward\"", "Did you mean \"forward\"?"}},
        {"dni_b",
         {"{ copy = \"W_rec\" }", "{ copy = @\"W_rek\" }"},
         {"no synapse set \"W_rek\"", "Did you mean \"W_rec\"?"}},
        {"rflo",
         {"alpha      = 0.5", "tau_ms = { @sooma = 1.0 }"},
         {"no compartment \"sooma\"", "soma, feedback", "Did you mean \"soma\"?"}},
        {"rflo",
         {"role = \"output\"", "role = @\"outptu\""},
         {"population.output.role is the text \"outptu\"", "Did you mean \"output\"?"}},
        {"rflo",
         {"\"tanh\"", "@\"tahn\""},
         {"is the text \"tahn\"", "tanh, linear, rectified, logistic", "Did you mean \"tanh\"?"}},
        {"dni_b",
         {"to     = \"hidden.bootstrap\"", "to = @\"hidden.bootstap\""},
         {"synapses \"J\" go back to \"hidden.bootstap\"", "Did you mean \"hidden.bootstrap\"?"}},
        {replayed,
         {"to     = \"hidden.recall\"", "to = @\"hidden.recal\""},
         {"synapses \"A_r\" go again to \"hidden.recal\"", "Did you mean \"hidden.recall\"?"}},
        {"rflo",
         {"\"1/sqrt(pre)\"", "@\"1/sqrt(pree)\""},
         {"\"1/sqrt(pree)\" is no scale", "\"K/sqrt(pre)\" or \"K/sqrt(post)\""}},
    });
}

TEST_CASE("a misspelt role is what is wrong, whatever keys stand before it", "[circuit]") {
    rejects({{"rflo",
              {"role   = \"error\"                 # fires output - label\nduring = \"update\"",
               "during = \"update\"\nrole = @\"eror\""},
              {"population.error.role is the text \"eror\"", "Did you mean \"error\"?"}}});
}

TEST_CASE("a name is letters, digits and _, and no word of an address", "[circuit]") {
    for (const char* name : {"a.b", "a b", "", "1st", "a/b", "a-b", "\xc3\xa9", "previous(b)"}) {
        INFO('"' << name << '"');
        const std::vector<std::string> phrases = {fmt::format("\"{}\" cannot be a name", name),
                                                  "letters, digits and _"};
        const std::string quoted = fmt::format("@\"{}\"", name);
        rejects({{"rflo", {"population.one", "population." + quoted}, phrases},
                 {"rflo", {"synapses.b]", "synapses." + quoted + "]"}, phrases},
                 {"dni_b", {"gate.perisomatic", "gate." + quoted}, phrases},
                 {"rflo", {"name = \"forward\"", "name = " + quoted}, phrases},
                 {"rflo", {"\"feedback\"", quoted}, phrases},
                 {"rflo", {"plasticity.readout", "plasticity." + quoted}, phrases}});
    }
    rejects(
        {{"rflo", {"population.one", "population.@gate"}, {"\"gate\" cannot be a name"}},
         {"rflo", {"population.one", "population.@previous"}, {"\"previous\" cannot be a name"}},
         {"rflo", {"synapses.b]", "synapses.@loss]"}, {"\"loss\" cannot be a name"}},
         {"rflo", {"synapses.b]", "synapses.@events]"}, {"\"events\" cannot be a name"}},
         // "hidden.r" is the rate of the cells
         {"rflo", {"[\"feedback\"]", "[\"feedback\", @\"r\"]"}, {"\"r\" cannot be a name"}}});
}

TEST_CASE("two of one name are reported at the second", "[circuit]") {
    rejects({{"rflo", {"name = \"update\"", "name = @\"forward\""}, {"two phases \"forward\""}},
             {"rflo",
              {"[\"feedback\"]", "[\"feedback\", @\"feedback\"]"},
              {"[population.hidden] has two compartments \"feedback\""}},
             {"rflo", {"[\"feedback\"]", "[\"feedback\", @\"soma\"]"}, {"\"soma\""}}});
}

TEST_CASE("a compartment has one gate, and only cells have gated compartments", "[circuit]") {
    rejects({{"dni_b",
              added("[gate.third]\nopens = @\"hidden.soma\"\nduring = \"update\""),
              {"gate \"third\" opens \"hidden.soma\"", "\"perisomatic\"", "one gate"}}});
    for (const char* population : {"output", "error", "input", "one"}) {
        INFO(population);
        rejects({{"dni_b",
                  added(fmt::format("[gate.third]\nopens = @\"{}.soma\"\nduring = \"update\"",
                                    population)),
                  {fmt::format("gate \"third\" opens \"{}.soma\"", population), "only cells"}}});
    }
}

TEST_CASE("a set used back leads from its postsynaptic cells to its presynaptic ones",
          "[circuit]") {
    rejects({
        {"rflo",
         added("[synapses.@Wout.back]\nto = \"hidden.feedback\"\nduring = \"update\""),
         {"[synapses.Wout] is missing its key \"from\""}},
        {"dni_b",
         {"to     = \"hidden.bootstrap\"", "to = @\"output.soma\""},
         {"synapses \"J\" come from \"hidden\"", "\"output.soma\""}},
        {"dni_b",
         {"to     = \"hidden.bootstrap\"", "from = @\"input\"\nto = \"hidden.bootstrap\""},
         {"synapses \"J\" end on \"hidden\"", "\"input\" cannot send back"}},
        {"dni_b",
         {"to     = \"hidden.bootstrap\"", "from = @\"inputs\"\nto = \"hidden.bootstrap\""},
         {"no population \"inputs\"", "Did you mean \"input\"?"}},
        {"rflo",
         added("[synapses.W_out.back]\nto = @\"output.soma\"\nduring = \"update\""),
         {"synapses \"W_out\" come from \"hidden\""}},
        {replayed,
         {"to     = \"hidden.recall\"", "to = @\"output.soma\""},
         {"synapses \"A_r\" end on \"hidden\"", "cannot go to \"output.soma\""}},
    });
}

TEST_CASE("a set has some use", "[circuit]") {
    rejects({{"rflo",
              {"[synapses.b]\nfrom   = \"one\"\nto     = \"hidden.soma\"\nduring = \"forward\"",
               "[synapses.@b]\nfrom = \"one\"\nto = \"hidden.soma\""},
              {"\"during\"", "[synapses.b]"}}});
}

TEST_CASE("a voltage that is carried back is one of the postsynaptic cells", "[circuit]") {
    for (const char* voltage : {"output.soma", "input.soma"}) {
        INFO(voltage);
        rejects({{"dni",
                  {"from   = \"hidden.apical\"", fmt::format("from = @\"{}\"", voltage)},
                  {"synapses \"J\" end on \"hidden\"", "cannot send back"}}});
    }
    rejects({{"dni",
              {"from   = \"hidden.apical\"", "from = @\"hidden.apial\""},
              {"\"hidden.apial\"", "Did you mean \"hidden.apical\"?"}}});
}

TEST_CASE("nothing but the task drives input and label, and nothing but it and the output error",
          "[circuit]") {
    for (const char* population : {"input", "label", "one", "error"}) {
        INFO(population);
        rejects({{"rflo",
                  {"to     = \"output.soma\"", fmt::format("to = @\"{}.soma\"", population)},
                  {fmt::format("synapses \"W_out\" go to \"{}.soma\"", population)}}});
    }
}

TEST_CASE("a compartment that nothing drives is reported where it is declared", "[circuit]") {
    rejects({{"rflo",
              {"[\"feedback\"]", "[\"feedback\", @\"spare\"]"},
              {"nothing drives \"hidden.spare\""}},
             {"rflo", added("[population.@deep]\nsize = 4"), {"nothing drives \"deep.soma\""}}});
}

TEST_CASE("a dendrite that no gate opens and no rule reads has no effect", "[circuit]") {
    rejects("rflo",
            {{"[\"feedback\"]", "[\"feedback\", @\"spare\"]"},
             added("[synapses.S]\nfrom = \"hidden\"\nto = \"hidden.spare\"\nduring = \"forward\"\n"
                   "init = { constant = 0.0 }")},
            {"nothing gates \"hidden.spare\"", "no plasticity rule reads it", "[gate.*]"});
}

TEST_CASE("without the disinhibition gate J has nothing to send back", "[circuit]") {
    rejects(
        "dni_b",
        {{disinhibition, ""}, {"\"hidden.bootstrap\"\nduring", "@\"hidden.bootstrap\"\nduring"}},
        {"synapses \"J\" carry the rate of \"hidden\" in phase \"update\"", "no gate",
         "hidden.apical"});
}

TEST_CASE("a set that transmits while its cells are silent is reported", "[circuit]") {
    rejects("dni_b",
            {{"to     = \"output.soma\"\nduring = \"forward\"",
              "to = @\"output.soma\"\nduring = \"replay\""},
             {"[population.input]", "[[phase]]\nname = \"replay\"\nms = 1.0\n[population.input]"}},
            {"synapses \"W_out\"", "\"hidden\"", "in phase \"replay\""});
}

TEST_CASE("an instantaneous loop is reported with its members and its sets", "[circuit]") {
    rejects("rflo",
            {{"to     = \"hidden.soma\"\nduring = \"forward\"\ndelay  = 1",
              "to = @\"hidden.soma\"\nduring = \"forward\""}},
            {"phase \"forward\" has an instantaneous loop", "hidden.soma -> hidden.r",
             "hidden.r -(W_rec)-> hidden.soma", "delay = 1"});
}

TEST_CASE("an instantaneous loop through two populations is reported with both", "[circuit]") {
    const std::string there =
        "[population.deep]\nsize = 4\n[synapses.D]\nfrom = \"hidden\"\n"
        "to = \"deep.soma\"\nduring = \"forward\"\ninit = { constant = 0.0 }\n";
    const auto back = [](const char* delay) {
        return fmt::format(
            "[synapses.U]\nfrom = \"deep\"\nto = \"hidden.soma\"\n"
            "during = \"forward\"\ndelay = {}\ninit = {{ constant = 0.0 }}",
            delay);
    };
    rejects("rflo", {added(there + back("0"))},
            {"instantaneous loop", "hidden.r -(D)-> deep.soma", "deep.soma -> deep.r",
             "deep.r -(U)-> hidden.soma", "hidden.soma -> hidden.r"});
    const TemporaryFolder folder;
    CHECK_NOTHROW(load(folder.write("model.toml", drafted("rflo", {added(there + back("1"))}))));
}

TEST_CASE("a rate that is carried before it is fired is reported at its synapses", "[circuit]") {
    rejects("rflo",
            {{"to     = \"hidden.feedback\"\nduring = \"update\"",
              "to = @\"hidden.feedback\"\nduring = \"forward\""}},
            {"synapses.B_fb", "\"error.r\"", "in phase \"forward\"", "delay = 1"});
}

TEST_CASE("a circuit has one population of each of the roles it needs", "[circuit]") {
    rejects({{"rflo",
              {"role = \"constant\"", "role = @\"input\""},
              {"[population.one] is a second population with role \"input\""}},
             {"rflo",
              {"role = \"label\"", "role = \"constant\""},
              {"no population has the role \"label\""}}});
}
