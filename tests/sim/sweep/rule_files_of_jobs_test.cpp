// Rule files are read when the jobs of a sweep are listed, and not again.
#include "sim/sweep/jobs.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string rule_file_with_rate(const std::string& rate) {
    return "format = 1\n[rule.mine]\nequations = \"w += " + rate + " * post.r * pre.r\"\n";
}

}  // namespace

TEST_CASE("a rule file that changes while a sweep runs changes none of its jobs", "[sweep]") {
    const TemporaryFolder folder;
    folder.write("rules.toml", rule_file_with_rate("0.001"));
    folder.write("m.toml",
                 common_lines + "rules = [\"rules.toml\"]\n" + hidden_lines +
                     "population.hidden = { size = 4 }\n"
                     "plasticity.learning = { rule = \"mine\", synapses = [\"W_in\"] }\n");
    const Sweep sweep = load_sweep(folder.write(
        "s.toml",
        "format = 1\nseeds = [1, 2]\nset.run.steps = 20\nmodel.mine.file = \"m.toml\"\n"));
    const JobList list = list_jobs(sweep);
    REQUIRE(list.jobs.size() == 2);
    folder.write("rules.toml", rule_file_with_rate("0.002"));
    for (const Job& job : list.jobs) {
        const Condition& condition = list.conditions[job.condition];
        const Model model = load_job(sweep, condition, job.seed);
        CHECK_THAT(model.resolved, Catch::Contains("w += 0.001 * post.r"));
        check_job(sweep, list, job, model, condition.data);  // throws when it is another
    }
    const std::optional<Error> error = error_of([&] {
        const JobList now = list_jobs(sweep);
        CHECK(now.jobs.front().id != list.jobs.front().id);
    });
    CHECK_FALSE(error);
}
