// Keys of a model file that are unknown, of a wrong type, out of range or missing.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const std::string replayed = "variants/dni_b_replayed";

}  // namespace

TEST_CASE("an unknown key is reported at its place with its section and the nearest known key",
          "[model]") {
    rejects({
        {"rflo", {"title ", "@titel "}, {"unknown key \"titel\"", "Did you mean \"title\"?"}},
        {"rflo", {"ms   = 6.0", "@mss = 6.0"}, {"unknown key \"mss\"", "Did you mean \"ms\"?"}},
        {"rflo",
         {"alpha      = 0.5", "@alhpa = 0.5"},
         {"unknown key \"alhpa\" in [population.hidden]", "role, like, size",
          "Did you mean \"alpha\"?"}},
        {"dni_b",
         {"opens  = \"hidden.apical\"", "@open = \"hidden.apical\""},
         {"unknown key \"open\" in [gate.disinhibition]", "Did you mean \"opens\"?"}},
        {"rflo",
         {"delay  = 1", "@delays = 1"},
         {"unknown key \"delays\" in [synapses.W_rec]", "Did you mean \"delay\"?"}},
        {"dni_b",
         {"to     = \"hidden.bootstrap\"", "@too = \"hidden.bootstrap\""},
         {"unknown key \"too\" in [synapses.J.back]", "Did you mean \"to\"?"}},
        {replayed,
         {"to     = \"hidden.recall\"\nduring", "to = \"hidden.recall\"\n@duringg"},
         {"unknown key \"duringg\" in [synapses.A_r.again]", "Did you mean \"during\"?"}},
        {"rflo",
         {"orthogonal", "@orthogonl"},
         {"unknown key \"orthogonl\" in [synapses.W_rec.init]", "Did you mean \"orthogonal\"?"}},
        {"rflo",
         {"activated_normal", "@activated_nomral"},
         {"unknown key \"activated_nomral\" in [population.hidden.init]",
          "Did you mean \"activated_normal\"?"}},
        {"rflo", {"hold = 2", "@holds = 2"}, {"\"holds\" in [task]", "Did you mean \"hold\"?"}},
        {"rflo",
         {"every = 1000", "@evry = 1000"},
         {"unknown key \"evry\" in [record.coarse]", "Did you mean \"every\"?"}},
        {"rflo", {"steps =", "@step ="}, {"\"step\" in [run]", "Did you mean \"steps\"?"}},
    });
}

TEST_CASE("a key that only other roles or rules have is unknown, with the keys there are",
          "[model]") {
    rejects({
        {"rflo",
         {"role = \"output\"", "role = \"output\"\n@alpha = 0.5"},
         {"unknown key \"alpha\" in [population.output]", "known are role, size."}},
        {"rflo",
         {"rule     = \"delta\"", "rule = \"delta\"\n@credit = \"hidden.feedback\""},
         {"unknown key \"credit\" in [plasticity.readout]",
          "known are rule, synapses, during, in, apply, average, optimiser, schedule, each, "
          "rate."}},
        {"dni_b",
         {"rule     = \"predict_rate\"", "rule = \"predict_rate\"\n@target = []"},
         {"unknown key \"target\" in [plasticity.jacobian]"}},
    });
}

TEST_CASE("a value of a wrong type is reported with what was found and expected", "[model]") {
    rejects({
        {"rflo", {"title      = \"RFLO", "title = @3 #"}, {"title is the number 3", "a text"}},
        {"rflo",
         {"what = \"loss\"", "what = @3"},
         {"record.loss.what is the number 3", "expected a text or a list of texts"}},
        {"rflo",
         {"what = \"loss\"", "what = @[\"loss\", 3]"},
         {"record.loss.what is the list [\"loss\", 3]", "expected a text or a list of texts"}},
        {"rflo",
         {"[\"feedback\"]", "@\"feedback\""},
         {"population.hidden.dendrites is the text \"feedback\"", "expected a list of texts"}},
        {"rflo",
         {"size       = 32", "size = @1.5"},
         {"population.hidden.size is the number 1.5", "expected a whole number from 1"}},
        {"rflo",
         {"lags = [3, 5]", "lags = @3"},
         {"task.lags is the number 3", "expected a list of whole numbers"}},
        {"rflo",
         {"lags = [3, 5]", "lags = @[3, 5.5]"},
         {"task.lags is the list [3, 5.5]", "expected a list of whole numbers"}},
        {"rflo",
         {"alpha      = 0.5", "alpha = @\"half\""},
         {"population.hidden.alpha is the text \"half\"", "expected a number above 0 to 1"}},
        {"rflo",
         {"hold = 2", "repeat = @\"yes\""},
         {"task.repeat is the text \"yes\"", "expected true or false"}},
        {"rflo",
         {"orthogonal = 1.0", "orthogonal = @true"},
         {"synapses.W_rec.init.orthogonal is true", "expected a number", "\"K/sqrt(pre)\""}},
        {"rflo",
         {"orthogonal = 1.0", "uniform = @[1, 2, 3]"},
         {"synapses.W_rec.init.uniform is the list [1, 2, 3]", "or a list of two"}},
        {"rflo",
         {"alpha      = 0.5", "tau_ms = @20.0"},
         {"population.hidden.tau_ms is the number 20.0", "a table of numbers by name"}},
        {"rflo",
         {"alpha      = 0.5", "tau_ms = { soma = @\"slow\" }"},
         {"population.hidden.tau_ms is", "a table of numbers by name"}},
        {"rflo",
         {"init   = { orthogonal = 1.0 }", "init = @1.0"},
         {"synapses.W_rec.init is the number 1.0", "expected a table"}},
        {"rflo",
         {"delay  = 1", "again = @\"hidden.soma\""},
         {"synapses.W_rec.again is the text", "expected a list of tables"}},
        {"rflo", {"title      = \"RFLO", "title = @1979-05-27 #"}, {"found a date or time"}},
    });
}

TEST_CASE("a long value is not repeated in full", "[model]") {
    const TemporaryFolder folder;
    std::string list = "[3";
    for (int i = 0; i < 10'000; ++i) list += ", 3";
    const std::string text = drafted("rflo", {{"title      = \"RFLO", "title = " + list + "] #"}});
    const std::string path = folder.write("model.toml", text);
    const std::optional<Error> error = error_of([&] { load(path); });
    REQUIRE(error);
    const std::string message = error->what();
    CHECK(message.size() < 1'000);
    CHECK_THAT(message.substr(0, 1'000), Catch::Contains("title is the list [3, 3, 3"));
}

TEST_CASE("a section that is no table is reported at its value", "[model]") {
    rejects({
        {"rflo", {"title ", "gate = @3\ntitle "}, {"gate is the number 3", "expected a table"}},
        {"rflo",
         {"[population.one]\nrole = \"constant\"", "[population]\none = @3"},
         {"population.one is the number 3", "expected a table"}},
        {"rflo",
         {"[synapses.W_rec]", "[synapses]\nW = @true\n[synapses.W_rec]"},
         {"synapses.W is true", "expected a table"}},
        {"rflo",
         {"[plasticity.recurrent]", "[plasticity]\noja = @\"oja\"\n[plasticity.recurrent]"},
         {"plasticity.oja is the text \"oja\"", "expected a table"}},
        {"rflo",
         {"[record.loss]", "[record]\nall = @[\"*\"]\n[record.loss]"},
         {"record.all is the list [\"*\"]", "expected a table"}},
    });
    rejects("rflo", {{"title ", "run = @3\ntitle "}, {"[run]\nsteps = 100_000\nseed  = 1\n", ""}},
            {"run is the number 3", "expected a table"});
}

TEST_CASE("a number out of range is reported with the range", "[model]") {
    struct Key {
        const char *line, *key, *address, *range;
        std::vector<const char*> values;
    };
    const std::vector<Key> keys = {
        {"size       = 32",
         "size",
         "population.hidden.size",
         "a whole number from 1 to 1000000000",
         {"0", "-3", "1.5", "32.0", "2_000_000_000"}},
        {"alpha      = 0.5",
         "alpha",
         "population.hidden.alpha",
         "a number above 0 to 1",
         {"0", "0.0", "-0.5", "1.5", "nan", "inf", "-inf"}},
        {"alpha      = 0.5",
         "tau_ms",
         "population.hidden.tau_ms",
         "each from 0",
         {"{ soma = @-1.0 }", "{ soma = @nan }"}},
        {"rate     = 1e-3",
         "rate",
         "plasticity.recurrent.rate",
         "a number from 0 to 1000000",
         {"-1e-3", "nan", "inf", "1e7"}},
        {"delay  = 1",
         "delay",
         "synapses.W_rec.delay",
         "a whole number from 0 to 1000",
         {"1001", "-1", "0.5"}},
        {"ms   = 6.0", "ms", "phase.ms", "a number above 0 to 1000000", {"0", "-1.0", "nan"}},
        {"steps = 100_000", "steps", "run.steps", "a whole number from 1", {"0", "-5"}},
        {"seed  = 1",
         "seed",
         "run.seed",
         "a whole number from 0 to 4294967295",
         {"-1", "4294967296"}},
        {"hold = 2", "hold", "task.hold", "a whole number from 1", {"0", "-1"}},
        {"every = 1000", "every", "record.coarse.every", "a whole number from 1", {"0", "-1"}},
        {"to   = 50", "to", "record.beginning.to", "a whole number from 1", {"0"}},
        {"orthogonal = 1.0",
         "orthogonal",
         "synapses.W_rec.init.orthogonal",
         "a number",
         {"nan", "inf"}},
    };
    for (const auto& [line, key, address, range, values] : keys) {
        for (const char* value : values) {
            INFO(address << " = " << value);
            const bool is_inside = std::string_view(value).find('@') != std::string_view::npos;
            rejects("rflo", {{line, fmt::format("{} = {}{}", key, is_inside ? "" : "@", value)}},
                    {fmt::format("{} is ", address), range});
        }
    }
}

TEST_CASE("a phase lasts whole nanoseconds", "[model]") {
    for (const char* ms : {"1e-7", "0.0000015", "1.00000025"}) {
        INFO(ms);
        rejects("rflo", {{"ms   = 6.0", fmt::format("ms = @{}", ms)}},
                {"whole number of nanoseconds"});
    }
}

TEST_CASE("a missing key is reported with what it takes", "[model]") {
    rejects({
        {"rflo", {"#:schema ../docs/model.schema.json\nformat     = 1", "@"}, {"\"format\""}},
        {"rflo",
         {"[run]\nsteps = 100_000", "@[run]"},
         {"[run] is missing its key \"steps\"", "a whole number from 1"}},
        {"rflo",
         {"[population.hidden]\nsize       = 32", "[population.@hidden]"},
         {"needs the key \"size\"", "[population.hidden]"}},
        {"rflo",
         {"[synapses.W_rec]\nfrom   = \"hidden\"\nto     = \"hidden.soma\"",
          "[synapses.@W_rec]\nfrom   = \"hidden\""},
         {"[synapses.W_rec] is missing its key \"to\"", "a text", "hidden.soma"}},
        {"rflo",
         {"[plasticity.readout]\nrule     = \"delta\"", "[plasticity.@readout]"},
         {"[plasticity.readout]", "the key \"rule\""}},
        {"rflo",
         {"[plasticity.readout]\nrule     = \"delta\"", "[plasticity.readout]\nrule = @3"},
         {"[plasticity.readout]", "the key \"rule\"", "a text"}},
        {"rflo", {"[[phase]]\nname = \"forward\"", "@[[phase]]"}, {"missing its key \"name\""}},
        {"rflo", {"[task]\nkind = \"add\"", "@[task]"}, {"missing its key \"kind\""}},
        {"rflo",
         {"[task]\nkind = \"add\"\nlags = [3, 5]", "@[task]\nkind = \"add\""},
         {"\"lags\""}},
        {"rflo", {"what = \"loss\"\n[record.coarse]", "[record.coarse]"}, {"\"what\""}},
    });
    rejects("rflo",
            {{"[plasticity.recurrent]", "[plasticity.@recurrent]"},
             {"credit   = \"hidden.feedback\"\n", ""}},
            {"[plasticity.recurrent] is missing its key \"credit\"", "a text"});
    rejects("rflo",
            {{"[plasticity.recurrent]", "[plasticity.@recurrent]"}, {"rate     = 1e-3\n", ""}},
            {"[plasticity.recurrent] is missing its key \"rate\"", "a number from 0"});
}

TEST_CASE("a missing section is reported", "[model]") {
    rejects({{"rflo",
              {"[run]\nsteps = 100_000\nseed  = 1\n", ""},
              {"the file is missing its key \"run\"", "a table"}}});
    rejects("rflo",
            {{"[population.input]", "[population.@input]"},
             {"[task]\nkind = \"add\"\nlags = [3, 5]\nhold = 2\n", ""}},
            {"[population.input] has the role \"input\", but nothing shows it anything; expected a "
             "[task]"});
    rejects_text("@format = 1", {"the file is missing its key \"phase\""});
}

TEST_CASE("a format that the program does not know is rejected", "[model]") {
    rejects({{"rflo", {"format     = 1", "format = @2"}, {"format is the number 2", "1"}},
             {"rflo", {"format     = 1", "format = @\"1\""}, {"format is the text \"1\""}}});
}
