// Plasticity rules that are bound to what they cannot use.
#include "tests/sim/model/drafted_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string target_copy = "variants/dni_b_target_copy";

// Another population of cells, driven by the hidden ones.
const std::string deep =
    "[population.deep]\nsize = 4\n"
    "[synapses.D]\nfrom = \"hidden\"\nto = \"deep.soma\"\nduring = \"forward\"\n"
    "init = { constant = 0.0 }\n";

Change added(const std::string& section) {
    return {"[synapses.W_in]", section + "\n[synapses.W_in]"};
}

std::string nested(const std::string& address, int depth) {
    std::string text = address;
    for (int i = 0; i < depth; ++i) text = fmt::format("previous({})", text);
    return text;
}

}  // namespace

TEST_CASE("an unknown name in a rule is reported with the known ones and the nearest",
          "[plasticity]") {
    rejects({
        {"dni_b",
         {"\"dendritic\"", "@\"dendritik\""},
         {"no plasticity rule \"dendritik\"", "known are delta, eligibility, dendritic",
          "Did you mean \"dendritic\"?"}},
        {"rflo",
         {"[\"W_rec\", \"W_in\", \"b\"]", "[\"W_rec\", @\"W_inn\", \"b\"]"},
         {"no synapse set \"W_inn\"", "Did you mean \"W_in\"?"}},
        {"rflo",
         {"rule     = \"delta\"", "rule = \"delta\"\nduring = @\"updaet\""},
         {"no phase \"updaet\"", "Did you mean \"update\"?"}},
        {"rflo",
         {"\"hidden.feedback\"\nrate", "@\"hidden.feedbak\"\nrate"},
         {"no signal \"hidden.feedbak\"", "Did you mean \"hidden.feedback\"?"}},
        {"rflo",
         {"\"hidden.feedback\"\nrate", "@\"hiden.feedback\"\nrate"},
         {"no signal \"hiden.feedback\"", "Did you mean \"hidden.feedback\"?"}},
        {"dni_b",
         {"\"previous(hidden.apical)\"", "@\"previous(hidden.apial)\""},
         {"no signal \"hidden.apial\"", "Did you mean \"hidden.apical\"?"}},
        {"dni_b",
         {"\"hidden.bootstrap\"]", "@\"hidden.bootstap\"]"},
         {"no signal \"hidden.bootstap\"", "Did you mean \"hidden.bootstrap\"?"}},
        {target_copy,
         {"of       = [\"A_r\"", "of = [@\"A_rr\""},
         {"no synapse set \"A_rr\"", "Did you mean \"A_r\"?"}},
    });
    for (const char* address : {"", "previous()", "previous(hidden.feedback", "hidden.feedback)"}) {
        INFO('"' << address << '"');
        rejects({{"rflo",
                  {"\"hidden.feedback\"\nrate", fmt::format("@\"{}\"\nrate", address)},
                  {"no signal"}}});
    }
}

TEST_CASE("a value of more than one step ago is no signal", "[plasticity]") {
    const auto credit = [](int depth) {
        const std::string address = nested("hidden.feedback", depth);
        return Change{"\"hidden.feedback\"\nrate", fmt::format("@\"{}\"\nrate", address)};
    };
    rejects("rflo", {credit(2)}, {"previous(hidden.feedback", "two steps"});
    rejects("rflo", {credit(3)}, {"previous(hidden.feedback", "two steps"});
    const TemporaryFolder folder;
    std::string text = drafted("rflo", {credit(10'000)});
    take_mark(text);
    const std::string path = folder.write("model.toml", text);
    CHECK_THROWS_AS(load(path), Error);
}

TEST_CASE("delta needs sets that end on the output, and an error population", "[plasticity]") {
    rejects({{"fixed_w",
              {"[\"W_out\", \"b_out\"]", "@[\"W_rec\"]"},
              {"rule \"delta\" needs synapse sets that end on the output", "role \"error\"",
               "\"W_rec\" ends on \"hidden\""}},
             {"fixed_w",
              {"[\"W_out\", \"b_out\"]", "@[\"W_out\", \"b\"]"},
              {"rule \"delta\" needs synapse sets that end on the same cells",
               "\"W_out\" ends on \"output\", \"b\" on \"hidden\""}}});
    rejects("fixed_w",
            {{"[population.error]\nrole   = \"error\"                 # fires output - label\n"
              "during = \"update\"\n",
              ""},
             {"[\"W_out\", \"b_out\"]", "@[\"W_out\", \"b_out\"]"}},
            {"rule \"delta\" needs", "no population has that role"});
}

TEST_CASE("eligibility, dendritic and bootstrap need sets that end on the same cells",
          "[plasticity]") {
    rejects("rflo", {{"[\"W_rec\", \"W_in\", \"b\"]", "@[\"W_rec\", \"D\"]"}, added(deep)},
            {"rule \"eligibility\" needs synapse sets that end on the same cells",
             "\"W_rec\" ends on \"hidden\", \"D\" on \"deep\""});
    rejects("dni_b", {{"[\"W_rec\", \"W_in\", \"b\"]", "@[\"W_rec\", \"D\"]"}, added(deep)},
            {"rule \"dendritic\" needs synapse sets that end on the same cells"});
    rejects("dni_b", {{"[\"A_r\", \"A_y\", \"A_1\"]", "@[\"A_r\", \"D\"]"}, added(deep)},
            {"rule \"bootstrap\" needs synapse sets that end on the same cells"});
}

TEST_CASE("a rule needs a signal of its postsynaptic cells, and lists them", "[plasticity]") {
    rejects({
        {"dni_b",
         {"\"hidden.apical\"\nrate", "@\"output.soma\"\nrate"},
         {"rule \"dendritic\" needs a signal of the cells", "hidden.soma, hidden.apical",
          "\"output.soma\" is one of \"output\""}},
        {"rflo",
         {"\"hidden.feedback\"\nrate", "@\"error.soma\"\nrate"},
         {"rule \"eligibility\" needs a signal of the cells", "hidden.soma, hidden.feedback"}},
        {"rflo",
         {"\"hidden.feedback\"\nrate", "@\"previous(output.soma)\"\nrate"},
         {"rule \"eligibility\" needs a signal of the cells"}},
        {"dni_b",
         {"\"previous(hidden.apical)\"", "@\"previous(output.soma)\""},
         {"rule \"bootstrap\" needs a signal of the cells"}},
        {"dni_b",
         {"\"hidden.bootstrap\"]", "@\"error.r\"]"},
         {"rule \"bootstrap\" needs a signal of the cells"}},
    });
}

TEST_CASE("bootstrap needs a target", "[plasticity]") {
    rejects({{"dni_b",
              {"[\"previous(hidden.feedback)\", \"hidden.bootstrap\"]", "@[]"},
              {"rule \"bootstrap\" needs a target"}}});
}

TEST_CASE("predict_rate needs a compartment that its sets alone drive", "[plasticity]") {
    const std::string needs = "rule \"predict_rate\" needs a compartment that its sets alone drive";
    const Change marked = {"synapses = [\"J\"]", "synapses = @[\"J\"]"};
    const std::string from_input =
        "[synapses.K]\nfrom = \"input\"\nto = \"hidden.forecast\"\nduring = \"forward\"\n"
        "init = { constant = 0.0 }\n";
    rejects("dni_b", {marked, added(from_input)}, {needs, "\"K\" goes to \"hidden.forecast\""});
    const std::string back =
        "[synapses.W_out.back]\nfrom = \"error\"\nto = \"hidden.forecast\"\n"
        "during = \"update\"\n";
    rejects("dni_b", {marked, added(back)}, {needs, "\"W_out\""});
    const std::string again =
        "[[synapses.A_y.again]]\nto = \"hidden.forecast\"\nduring = \"forward\"\n"
        "[synapses.J] ";
    rejects("dni_b", {marked, {"[synapses.J] ", again}}, {needs, "\"A_y\""});
    const std::string own_back = "\"hidden.forecast\"\nduring = \"update\"";
    rejects("dni_b",
            {marked,
             {"\"hidden.bootstrap\"\nduring = \"update\"", own_back},
             {"\"feedback\", \"bootstrap\", ", "\"feedback\", "},
             {", \"hidden.bootstrap\"]", "]"}},
            {needs, "\"J\""});
}

TEST_CASE("copy needs as many sources as sets, each of the same size", "[plasticity]") {
    const std::string of = "of       = [\"A_r\", \"A_y\", \"A_1\"]";
    rejects(
        {{target_copy, {of, "of = @[\"A_r\", \"A_y\"]"}, {"rule \"copy\" needs one set", "3", "2"}},
         {target_copy,
          {of, "of = [\"A_r\", \"A_y\", @\"A_r\"]"},
          {"rule \"copy\" needs a synapse set of the size of \"T_1\"", "\"A_r\""}},
         {target_copy,
          {of, "of = [\"A_r\", @\"W_out\", \"A_1\"]"},
          {"rule \"copy\" needs a synapse set of the size of \"T_y\"", "\"W_out\""}}});
}

TEST_CASE("exact_jacobian needs one recurrent set and sets between the same cells",
          "[plasticity]") {
    const std::string of = "of       = [\"W_rec\"]";
    const std::string needs = "rule \"exact_jacobian\" needs ";
    rejects({{"dni", {of, "of = @[]"}, {needs + "one recurrent synapse set"}},
             {"dni", {of, "of = @[\"W_rec\", \"J\"]"}, {needs + "one recurrent synapse set"}},
             {"dni", {of, "of = @[\"W_in\"]"}, {needs + "one recurrent synapse set"}},
             {"dni", {of, "of = [@\"W_rek\"]"}, {"\"W_rek\"", "Did you mean \"W_rec\"?"}},
             {"dni",
              {"synapses = [\"J\"]", "synapses = @[\"J\", \"b_out\"]"},
              {needs + "synapse sets from \"hidden\" to \"hidden\"", "\"b_out\""}}});
}

TEST_CASE("a rule that needs what a set carries is not bound to a set without a use of its own",
          "[plasticity]") {
    const Change unbound = {"[synapses.B_fb]",
                            "[synapses.K]\nfrom = \"hidden\"\nto = \"hidden.soma\"\n"
                            "init = { constant = 0.0 }\n[synapses.K.back]\n"
                            "to = \"hidden.feedback\"\nduring = \"forward\"\n[synapses.B_fb]"};
    rejects("rflo",
            {unbound,
             {"[plasticity.recurrent]", "[plasticity.@recurrent]"},
             {"[\"W_rec\", \"W_in\", \"b\"]", "[\"W_rec\", \"K\"]"}},
            {"\"K\"", "no use of its own", "[synapses.K]"});
}

TEST_CASE("a set is changed by one rule and once", "[plasticity]") {
    rejects({{"rflo",
              {"[\"W_out\", \"b_out\"]", "[\"W_out\", @\"W_rec\"]"},
              {"\"W_rec\" is changed by [plasticity.recurrent] already", "one rule"}},
             {"rflo", {"[\"W_out\", \"b_out\"]", "[\"W_out\", @\"W_out\"]"}, {"\"W_out\""}},
             {"rflo", {"[\"W_out\", \"b_out\"]", "@[]"}, {"changes no synapse set"}}});
}

TEST_CASE("a rule that reads a signal before the step has made it is reported", "[plasticity]") {
    rejects("rflo",
            {{"[plasticity.recurrent]", "[plasticity.@recurrent]"},
             {"rule     = \"eligibility\"", "rule = \"eligibility\"\nduring = \"forward\""}},
            {"[plasticity.recurrent (eligibility)] reads \"hidden.feedback.v\"",
             "in phase \"forward\"", "previous(...)"});
    rejects("rflo",
            {{"[plasticity.readout]", "[plasticity.@readout]"},
             {"rule     = \"delta\"", "rule = \"delta\"\nduring = \"forward\""}},
            {"[plasticity.readout (delta)] reads \"error.r\"", "in phase \"forward\""});
    const TemporaryFolder folder;
    const std::string last_step = drafted(
        "rflo", {{"rule     = \"eligibility\"", "rule = \"eligibility\"\nduring = \"forward\""},
                 {"credit   = \"hidden.feedback\"", "credit = \"previous(hidden.feedback)\""}});
    CHECK_NOTHROW(load(folder.write("model.toml", last_step)));
}

TEST_CASE("a signal of as many other cells is told with the wire that would bring it",
          "[plasticity]") {
    const auto refused = [](int cells) {
        return small_model(
            fmt::format("population.hidden = {{ size = 4 }}\npopulation.err = {{ size = {} }}\n"
                        "synapses.E = {{ from = \"input\", to = \"err.soma\", during = "
                        "\"forward\", init = {{ normal = 1.0 }} }}\n"
                        "rule.taught = {{ signals = {{ credit = \"post\" }}, equations = \"w += "
                        "-0.1 * credit * pre.r\" }}\n"
                        "plasticity.p = {{ rule = \"taught\", synapses = [\"W_in\"], credit = "
                        "\"err.r\" }}\n",
                        cells) +
            hidden_lines);
    };
    CHECK_THROWS_WITH(refused(4), Catch::Contains("\"err.r\" is one of \"err\", which a [wire.*] "
                                                  "can bring to a dendrite of \"hidden\""));
    CHECK_THROWS_WITH(refused(3),
                      Catch::Contains("\"err.r\" is one of \"err\"") && !Catch::Contains("wire"));
}
