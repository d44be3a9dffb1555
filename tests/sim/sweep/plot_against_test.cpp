// `apical plot RESULT --against KEY`: final losses against a parameter.
#include "tests/sim/show/plot/plot_runs.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Two models, three rates over two decades, two sizes.
const SweepFolder& ready() {
    static const SweepFolder sweep(
        "format = 1\nseeds = \"1:3\"\nblocks = 10\n[set]\nrun.steps = 200\n" +
        model_lines("RFLO", "rflo") + model_lines("fixed W", "fixed_w") +
        "[grid]\nplasticity.readout.rate = [1e-2, 1e-4, 1e-3]\n"
        "population.hidden.size = [4, 6]\n");
    static const JobCounts done = sweep.done();
    CHECK(done == JobCounts{36, 36, 0, 0, 0});
    return sweep;
}

std::string against(const SweepFolder& sweep, const std::vector<std::string>& words) {
    std::vector<std::string> all{"plot", "runs/s.h5", "-o", "f.gp", "--against"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = apical_in(sweep.folder, all);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return content_of(sweep.folder / "f.gp");
}

void refused(const SweepFolder& sweep, const std::vector<std::string>& words,
             const std::vector<std::string>& phrases) {
    std::vector<std::string> all{"plot", "runs/s.h5", "-o", "refused.gp"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = apical_in(sweep.folder, all);
    INFO(outcome.err);
    CHECK(outcome.code == 2);
    for (const std::string& phrase : phrases) CHECK_THAT(outcome.err, Catch::Contains(phrase));
    CHECK_FALSE(exists(sweep.folder / "refused.gp"));
}

}  // namespace

TEST_CASE("final losses stand at the values of the key, with their S.E.M. over seeds",
          "[sweep][plot]") {
    const std::string script = against(ready(), {"plasticity.readout.rate"});
    const Curves expected = numpy(R"(
result = files[0]["jobs"]
models, rates = result["model"].asstr()[:], result["plasticity.readout.rate"][:]
sizes, losses = result["population.hidden.size"][:], result["loss"][:]
for model in ("RFLO", "fixed W"):
    for size in (4, 6):
        for rate in (1e-4, 1e-3, 1e-2):
            these = losses[(models == model) & (sizes == size) & (rates == rate)]
            assert len(these) == 3
            error = these.std(ddof=1) / numpy.sqrt(3)
            show([[rate, these.mean(), these.mean() - error, these.mean() + error]])
)",
                                  {ready().result()});
    REQUIRE(expected.size() == 12);
    for (std::size_t curve = 0; curve < 4; ++curve) {
        const Curves four(expected.begin() + static_cast<std::ptrdiff_t>(3 * curve),
                          expected.begin() + static_cast<std::ptrdiff_t>(3 * curve + 3));
        check_near(data_of(script, fmt::format("panel1_lone{}", curve + 1)), four);
    }
    CHECK_THAT(script, !Catch::Contains("_curve5") && !Catch::Contains("$panel2"));
    CHECK_THAT(script, Catch::Contains("'RFLO, size = 4 (mean ± S.E.M., n = 3)'") &&
                           Catch::Contains("'fixed W, size = 6 (mean ± S.E.M., n = 3)'") &&
                           Catch::Contains("set xlabel 'plasticity.readout.rate'") &&
                           Catch::Contains("'final loss (nats)'") &&
                           Catch::Contains("'nothing known'"));
    // Two decades: logarithmic by itself.
    CHECK_THAT(script, Catch::Contains("set logscale x 10") && Catch::Contains("'10⁻³' 0.001"));
}

TEST_CASE("the end of a key's name is enough, and values near each other have a linear axis",
          "[sweep][plot]") {
    const std::string script = against(ready(), {"size"});
    CHECK_THAT(script, !Catch::Contains("\nset logscale") &&
                           Catch::Contains("set xlabel 'population.hidden.size'"));
    CHECK(data_of(script, "panel1_lone1").size() == 2);
    CHECK_THAT(script, Catch::Contains("'RFLO, rate = 0.01 (mean ± S.E.M., n = 3)'"));
    CHECK_THAT(against(ready(), {"size", "--log", "xy"}),
               Catch::Contains("set logscale x 10") && Catch::Contains("set logscale y 10"));
    const Outcome drawn =
        apical_in(ready().folder, {"plot", "runs/s.h5", "--against", "size", "-o", "f.svg"});
    CHECK(drawn.code == 0);
    CHECK_THAT(content_of(ready().folder / "f.svg"), Catch::Contains("</svg>"));
}

TEST_CASE("keys that change together are one axis; seeds that failed are counted, not averaged",
          "[sweep][plot]") {
    const SweepFolder sweep(
        "format = 1\nseeds = \"1:2\"\nblocks = 10\n" + small_set + model_lines("RFLO", "rflo") +
        "[[zip]]\nplasticity.readout.rate = [1e-3, 2e-3]\npopulation.hidden.alpha = [0.25, 0.5]\n");
    sweep.done();
    const std::string script = against(sweep, {"rate"});
    CHECK_THAT(script, Catch::Contains("'RFLO (mean ± S.E.M., n = 2)'") &&
                           Catch::Contains("'plasticity.readout.rate (with "
                                           "population.hidden.alpha)'"));
    CHECK(data_of(script, "panel1_lone1").size() == 2);
    CHECK_THAT(script, !Catch::Contains("_curve2"));
}

TEST_CASE("what no losses can be drawn against is refused", "[sweep][plot]") {
    refused(ready(), {"--against", "plasticity.readout.rat"},
            {"has swept the keys: plasticity.readout.rate, population.hidden.size",
             "Did you mean \"plasticity.readout.rate\"?"});
    refused(ready(), {"--against", "rate", "--mean"}, {"expected no option but"});
    const SweepFolder none(few_seeds + small_set + model_lines("RFLO", "rflo"));
    none.done();
    refused(none, {"--against", "rate"}, {"has no key that was swept"});
    const SweepFolder words("format = 1\nseeds = [1]\nblocks = 10\n" + small_set +
                            model_lines("RFLO", "rflo") +
                            "[grid]\npopulation.hidden.activation = [\"tanh\", \"logistic\"]\n");
    words.done();
    refused(words, {"--against", "activation"}, {"one of its values is \"tanh\"", "only numbers"});
}
