// Rules that carry an influence or a credit through time, bound to what they cannot use.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const std::vector<std::string> rank_one = {"uoro", "kf_rtrl", "r_kf"};
const std::vector<std::string> of_recurrence = {"rtrl", "bptt",    "bptt_window",
                                                "uoro", "kf_rtrl", "r_kf"};

const std::string W_rec =
    "[synapses.W_rec]\nfrom   = \"hidden\"\nto     = \"hidden.soma\"\nduring = \"forward\"\n"
    "delay  = 1                       # carries last step's rate\ninit   = { orthogonal = 1.0 }\n";

// Further cells, with a rate that drives the hidden ones.
const std::string deep =
    "[population.deep]\nsize = 4\n[synapses.to_deep]\nfrom = \"input\"\nto = \"deep.soma\"\n"
    "during = \"forward\"\ninit = { constant = 0.0 }\n";

std::string to_hidden(const std::string& name, const std::string& from, const std::string& more,
                      const std::string& phase = "forward") {
    return fmt::format(
        "[synapses.{}]\nfrom = \"{}\"\nto = @\"hidden.soma\"\nduring = \"{}\"\n{}\n"
        "init = {{ constant = 0.0 }}\n",
        name, from, phase, more);
}

Change added(const std::string& sections) {
    return {"[synapses.W_in]", sections + "[synapses.W_in]"};
}
// A line more in [plasticity.recurrent].
Change option(const std::string& line) {
    return {"[plasticity.readout]", line + "\n[plasticity.readout]"};
}

}  // namespace

TEST_CASE("an option that a rule does not know is reported with those that it knows",
          "[plasticity]") {
    struct Known {
        std::string model, wrong, known, near;
    };
    for (const auto& [model, wrong, known, near] : {
             Known{"rtrl", "window = 10", "rate, credit, leave_out_alpha", ""},
             {"rtrl", "leave_out_alhpa = true", "rate, credit, leave_out_alpha", "leave_out_alpha"},
             {"bptt", "windwo = 10", "rate, credit, leave_out_alpha, window", "window"},
             {"bptt_window", "rho0 = 1.0", "rate, credit, leave_out_alpha, window", ""},
             {"uoro", "rho = 1.0", "A, B, rho0, rho1, noise", "rho0"},
             {"kf_rtrl", "nu = 1.0", "A, B, rho0, rho1, noise", ""},
             {"r_kf", "noize = { }", "A, B, rho0, rho1, noise", "noise"},
             {"kernl", "leave_out_alpha = true",
              "credit, twin, kernel_rate, sigma, gamma, clip, filter, reset_every, noise, zeta",
              ""},
             {"rflo", "credits = 1", "rate, credit", "credit"},
         }) {
        const std::string key = wrong.substr(0, wrong.find(' '));
        std::vector<std::string> phrases = {
            fmt::format("unknown key \"{}\" in [plasticity.recurrent]", key), known};
        if (!near.empty()) phrases.push_back(fmt::format("Did you mean \"{}\"?", near));
        rejects(model, {option("@" + wrong)}, phrases);
    }
}

TEST_CASE("an option of the wrong kind is reported with the kind that it has", "[plasticity]") {
    rejects("rtrl", {option("leave_out_alpha = @1")}, {"leave_out_alpha is", "true or false"});
    rejects("kernl", {option("filter = @\"mena\"")}, {"sum, mean", "Did you mean \"mean\"?"});
    rejects("kernl", {option("reset_every = @0")}, {"reset_every is the number 0", "from 1"});
    rejects("kernl", {{"sigma       = 1e-3", "sigma = @0.0"}},
            {"sigma is the number 0", "above 0"});
    rejects("uoro", {option("rho0 = @0.0\nrho1 = 1.0")}, {"rho0 is the number 0", "above 0"});
    rejects("uoro", {option("rho0 = 1.0\nrho1 = @-1.0")}, {"rho1 is the number -1", "above 0"});
}

TEST_CASE("a Jacobian is not learned and set at once", "[plasticity]") {
    rejects("dni_b",
            {{"[plasticity.readout]",
              "[plasticity.exact]\nrule = \"exact_jacobian\"\nsynapses = [@\"J\"]\nof = "
              "[\"W_rec\"]\n[plasticity.readout]"}},
            {"\"J\" is changed by [plasticity.jacobian] already", "one rule for each set"});
}

TEST_CASE("a window is at least a step and at most the run", "[plasticity]") {
    for (const char* name : {"bptt", "bptt_window"}) {
        const std::string window = "window   = 10";
        rejects(name, {{window, "window = @0"}}, {"window is the number 0", "from 1"});
        rejects(name, {{window, "window = @-3"}}, {"window is the number -3", "from 1"});
        rejects(name, {{window, "window = @2.5"}}, {"window is the number 2.5", "a whole number"});
        rejects(name, {{window, "window = @100_000_000"}}, {"to 10000"});
        rejects(name, {{window, "window = @10"}, {"steps = 100_000", "steps = 9"}},
                {"the window is 10 steps long", "the run only 9"});
        const TemporaryFolder folder;
        CHECK_NOTHROW(load(folder.write(
            "model.toml", drafted(name, {{"steps = 100_000", "steps = 10"},
                                         {"from = 99_951\nto   = 100_000", "from = 1"}}))));
        rejects(name, {{"[plasticity.recurrent]", "[plasticity.@recurrent]"}, {window, ""}},
                {"[plasticity.recurrent] is missing its key \"window\"", "how far back"});
    }
}

TEST_CASE("rho0 and rho1 are given together or not at all", "[plasticity]") {
    for (const std::string& name : rank_one) {
        const std::string expected = "expected both, or none";
        rejects(name, {option("rho0 = @1.0")}, {"[plasticity.recurrent] has one of", expected});
        rejects(name, {option("rho1 = @1.0")}, {"[plasticity.recurrent] has one of", expected});
    }
}

TEST_CASE("what a rule begins with is no copy of a synapse set", "[plasticity]") {
    for (const std::string& name : rank_one) {
        for (const char* tensor : {"A", "B"}) {
            const std::string line = fmt::format("{}        = {{ normal = 1.0 }}", tensor);
            rejects(name, {{line, fmt::format("{} = {{ copy = @\"W_rec\" }}", tensor)}},
                    {fmt::format("[plasticity.recurrent.{}]", tensor), "no synapse set's copy",
                     "normal, uniform"});
            rejects(name, {{line, fmt::format("{} = {{ @nromal = 1.0 }}", tensor)}},
                    {"unknown key \"nromal\"", fmt::format("[plasticity.recurrent.{}]", tensor),
                     "Did you mean \"normal\"?"});
            rejects(name, {{line, fmt::format("{} = @{{ }}", tensor)}},
                    {"says no initial value", "constant, normal"});
        }
    }
}

TEST_CASE("a rule through time needs a recurrent set", "[plasticity]") {
    for (const std::string& name : of_recurrence) {
        rejects(name, {{W_rec, ""}, {"[\"W_rec\", \"W_in\", \"b\"]", "@[\"W_in\", \"b\"]"}},
                {fmt::format("rule \"{}\" needs a recurrent synapse set from \"hidden\" to "
                             "\"hidden.soma\", with delay = 1",
                             name),
                 "there is none"});
    }
}

TEST_CASE("a rule through time needs one recurrent set alone", "[plasticity]") {
    const std::string second = to_hidden("second", "hidden", "delay = 1"),
                      cells = deep + to_hidden("from_deep", "deep", "");
    for (const std::string& name : of_recurrence) {
        const std::string needs = fmt::format(
            "rule \"{}\" needs cells that are driven by one recurrent set of delay 1", name);
        rejects(name, {added(second)}, {needs, "\"second\" drives \"hidden.soma\" too"});
        rejects(name, {added(cells)}, {needs, "\"from_deep\" drives \"hidden.soma\" too"});
        rejects(name, {added(deep + to_hidden("late", "deep", "delay = 1"))}, {needs, "\"late\""});
    }
}

TEST_CASE("a rule through time needs cells that fire once a step", "[plasticity]") {
    for (const std::string& name : of_recurrence) {
        // The readout learns from the constant cell alone: the others' rates come too late for it.
        rejects(name,
                {added(to_hidden("late", "input", "", "update")),
                 {"\"W_out\", \"b_out\"", "\"b_out\""}},
                {fmt::format("rule \"{}\" needs cells that fire once a step", name),
                 "\"late\" drives \"hidden.soma\" in phase \"update\"",
                 "\"W_rec\" in phase \"forward\""});
    }
}

TEST_CASE("a rule through time needs a soma that follows its drive at once", "[plasticity]") {
    for (const std::string& name : of_recurrence) {
        rejects(name,
                {{"[population.hidden]", "[population.@hidden]"},
                 {"alpha      = 0.5", "alpha = 0.5\ntau_ms = { soma = 20.0 }"}},
                {fmt::format("rule \"{}\" needs a soma that follows its drive at once", name),
                 "\"hidden.soma\" has tau_ms = 20"});
    }
}

TEST_CASE("a rule through time needs cells that their somata alone drive", "[plasticity]") {
    for (const std::string& name : of_recurrence) {
        rejects(name,
                {{"dendrites  = [\"feedback\"]", "dendrites = [\"feedback\", \"apical\"]"},
                 added("[gate.disinhibition]\nopens = \"hidden.apical\"\nduring = \"forward\"\n"
                       "[synapses.top]\nfrom = \"hidden\"\nto = \"hidden.apical\"\n"
                       "during = \"forward\"\ndelay = 1\ninit = { normal = 0.1 }\n"),
                 {"[plasticity.recurrent]", "[plasticity.@recurrent]"}},
                {fmt::format("[plasticity.recurrent ({})] needs the slope at \"hidden.soma\" alone",
                             name),
                 "\"hidden.apical\" drives firing with it in phase \"forward\""});
    }
}

TEST_CASE("a rule through time needs a credit of its cells", "[plasticity]") {
    const std::string credit = "credit   = \"hidden.feedback\"";
    for (const std::string& name : of_recurrence) {
        rejects(name, {{credit, "credit = @\"hidden.feedbak\""}},
                {"no signal \"hidden.feedbak\"", "Did you mean \"hidden.feedback\"?"});
        rejects(name, {{credit, "credit = @\"output.soma\""}},
                {fmt::format("rule \"{}\" needs a signal of the cells", name),
                 "hidden.soma, hidden.feedback"});
        rejects(name,
                {{"[\"W_rec\", \"W_in\", \"b\"]", "@[\"W_rec\", \"W_out\"]"},
                 {"[\"W_out\", \"b_out\"]", "[\"b_out\"]"}},
                {fmt::format("rule \"{}\" needs synapse sets that end on the same cells", name)});
    }
}

TEST_CASE("a rule that needs the somatic slope needs sets that drive the soma", "[plasticity]") {
    const std::string set =
        "[synapses.X]\nfrom = \"input\"\nto = \"hidden.feedback\"\nduring = \"update\"\n"
        "init = { normal = 1.0 }\n[plasticity.recurrent]";
    for (const char* name : {"rtrl", "bptt", "bptt_window", "uoro", "kf_rtrl", "r_kf", "rflo"}) {
        rejects(name,
                {{"[plasticity.recurrent]", set},
                 {"synapses = [\"W_rec\", \"W_in\", \"b\"]", "synapses = @[\"W_rec\", \"X\"]"}},
                {"needs synapse sets that drive the soma", "\"X\" goes to \"hidden.feedback\""});
    }
}

TEST_CASE("an influence that no machine can hold is rejected, whatever its size", "[plasticity]") {
    for (const int cells : {46341, 60000, 65536, 1000000}) {
        rejects("rtrl",
                {{"size       = 32", fmt::format("size = {}", cells)},
                 {"[synapses.W_rec]", "[synapses.@W_rec]"}},
                {"\"influence(W_rec)\"", fmt::format("{0} x {0} x {0} numbers", cells), "TB"});
    }
}

TEST_CASE("a rule's table cannot have the name of another kind of address", "[plasticity]") {
    rejects("rtrl", {{"[plasticity.recurrent]", "[plasticity.@gate]"}},
            {"\"gate\" cannot be a name; addresses use it"});
}
