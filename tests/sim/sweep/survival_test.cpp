// Which imperfections a circuit survives: half-points by their closed form, and losses that single
// runs have.
#include "sim/sweep/survival.hpp"

#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

JobResult job_of(const std::string& model, std::uint32_t seed, double loss) {
    JobResult job;
    job.model = model;
    job.task = "add";
    job.seed = seed;
    job.steps = 100;
    job.loss = loss;
    if (std::isnan(loss)) job.failure = "not finite";
    return job;
}

// Two seeds, whose losses lie 0.02 apart.
void add_jobs(SweepResult& result, const std::string& model, double mean) {
    result.jobs.push_back(job_of(model, 1, mean - 0.01));
    result.jobs.push_back(job_of(model, 2, mean + 0.01));
}

// A clean loss of 0.5, one of 0.7 with nothing but the readout, and these between.
Survival survival_with(const std::vector<double>& sizes, const std::vector<double>& means) {
    Rack rack;
    rack.imperfections = {{"hold.x", "x", sizes, {}}};
    SweepResult result;
    add_jobs(result, "clean", 0.5);
    add_jobs(result, "still", 0.7);
    for (std::size_t k = 0; k < sizes.size(); ++k)
        add_jobs(result, fmt::format("hold.x = {:g}", sizes[k]), means[k]);
    const std::vector<SurvivalTable> tables = survival_of(rack, result);
    REQUIRE(tables.size() == 1);
    REQUIRE(tables[0].rows.size() == 1);
    return tables[0].rows[0];
}

double number_in(const std::string& json, const std::string& key) {
    const std::size_t at = json.find("\"" + key + "\": ");
    REQUIRE(at != std::string::npos);
    return std::stod(json.substr(at + key.size() + 4));
}

}  // namespace

TEST_CASE("the half of a gain is gone where the mean loss is in the middle", "[survive]") {
    const HalfPoint half = survival_with({0.1, 0.3, 0.9}, {0.52, 0.58, 0.68}).still.point;
    CHECK(half.kind == HalfPoint::Kind::between);
    // From 0.58 at 0.3 to 0.68 at 0.9 the loss is 0.6 after a fifth of the way of the logarithm.
    CHECK(half.size == Approx(0.3 * std::pow(3.0, 0.2)).epsilon(1e-12));
    CHECK(survival_with({0.1, 0.3}, {0.65, 0.69}).still.point.kind == HalfPoint::Kind::before);
    CHECK(survival_with({0.1, 0.3}, {0.5, 0.59}).still.point.kind == HalfPoint::Kind::behind);
}

TEST_CASE("the half of bits lies between two of them by their number", "[survive]") {
    const HalfPoint half = survival_with({16, 14, 12}, {0.5, 0.55, 0.65}).still.point;
    CHECK(half.kind == HalfPoint::Kind::between);
    CHECK(half.size == Approx(13.0).epsilon(1e-12));
}

TEST_CASE("the losses of a survey are those of single runs", "[survive]") {
    const TemporaryFolder folder;
    const auto loss_of_run = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"run", "rflo", "--steps", "60", "--json", "-q", "--force", "-o",
                                   "one.h5", "--set", "population.hidden.size=6"});
        return number_in(apical_in(folder, more).out, "loss");
    };
    const Outcome outcome =
        apical_in(folder, {"survive", path_of_shipped("rflo"), "--only", "hold.previous(hidden.r)",
                           "--seeds", "1", "--steps", "60", "--set", "population.hidden.size=6",
                           "-o", "s.h5", "--json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const std::size_t clean = outcome.out.find("\"clean\""), still = outcome.out.find("\"still\""),
                      rows = outcome.out.find("\"imperfections\"");
    CHECK(number_in(outcome.out.substr(clean), "loss") == loss_of_run({}));
    CHECK(number_in(outcome.out.substr(still), "loss") ==
          loss_of_run({"--set", "plasticity.recurrent.rate=0.0"}));
    const std::size_t first = outcome.out.find("\"size\": 0.03,", rows);
    REQUIRE(first != std::string::npos);
    const double loss = number_in(outcome.out.substr(first), "loss");
    CHECK(loss == loss_of_run({"--set", "hold.\"previous(hidden.r)\".loses=0.03"}));
    CHECK(loss != number_in(outcome.out.substr(clean), "loss"));
}

TEST_CASE("what cannot be surveyed is answered with what could", "[survive]") {
    const TemporaryFolder folder;
    const auto refused = [&](std::vector<std::string> words, int code, const std::string& why) {
        words.insert(words.begin(), "survive");
        const Outcome outcome = apical_in(folder, words);
        CHECK(outcome.code == code);
        CHECK_THAT(outcome.err, Catch::Contains(why));
    };
    refused({"rflo", "--only", "gate"}, 2, "can have no imperfection \"gate\"; it can have hold.");
    refused({"rflo", "--seeds", "0"}, 2, "range 1 to 100000");
    refused({"oja"}, 65, "has no loss that an imperfection could raise");
    const Outcome listed = apical_in(folder, {"survive", "dni_b", "--list"});
    CHECK(listed.code == 0);
    CHECK_THAT(listed.out, Catch::Contains("gate.disinhibition.failure"));
}
