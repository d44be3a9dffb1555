// The keys of [run] that choose the passes which make a run's plan.
#include "circuits/text/choices.hpp"
#include "sim/engine/plan/passes.hpp"
#include "sim/model/model_keys.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

using Names = std::vector<std::string>;

Model dni_with(const std::vector<std::string>& overrides) {
    return load_model(path_of_shipped("dni"), overrides);
}

Names names_of_passes(const PlanPasses& passes) {
    Names names;
    for (const PlanPass* pass : passes) names.emplace_back(pass->name);
    return names;
}

Names chosen(const std::vector<std::string>& overrides) {
    return names_of_passes(dni_with(overrides).passes);
}

const Names every_pass = {"eliminate_jacobians", "fuse", "split"};

}  // namespace

TEST_CASE("run.passes takes the names of all passes", "[model][passes]") {
    CHECK(names_of_passes(all_plan_passes()) == every_pass);
    for (const Key& key : run_keys()) {
        if (key.name == "passes") CHECK(split_choices(key.choices) == every_pass);
    }
}

TEST_CASE("a run applies all passes unless its model names some", "[model][passes]") {
    CHECK(chosen({}) == every_pass);
    CHECK(chosen({"run.passes=[\"eliminate_jacobians\", \"fuse\", \"split\"]"}) == every_pass);
    CHECK(chosen({"run.passes=[\"fuse\"]"}) == Names{"fuse"});
    CHECK(chosen({"run.passes=[\"eliminate_jacobians\", \"split\"]"}) ==
          Names{"eliminate_jacobians", "split"});
    CHECK(chosen({"run.passes=[]"}).empty());
}

TEST_CASE("fuse = false leaves out what it always did", "[model][passes]") {
    CHECK(chosen({"run.fuse=false"}) == Names{"split"});
    CHECK(chosen({"run.fuse=false", "run.passes=[\"split\"]"}) == Names{"split"});
    CHECK(chosen({"run.fuse=false", "run.passes=[]"}).empty());
}

TEST_CASE("passes stand in the resolved model where some are left out", "[resolved][passes]") {
    const std::string resolved = dni_with({}).resolved;
    CHECK_THAT(resolved, !Catch::Contains("passes"));
    CHECK(dni_with({"run.passes=[\"eliminate_jacobians\", \"fuse\", \"split\"]"}).resolved ==
          resolved);
    CHECK_THAT(dni_with({"run.fuse=false"}).resolved, !Catch::Contains("passes"));
    const TemporaryFolder folder;
    for (const std::string list : {"[]", "[\"split\"]", "[\"eliminate_jacobians\", \"fuse\"]"}) {
        INFO(list);
        const Model first = dni_with({"run.passes=" + list});
        CHECK_THAT(first.resolved, Catch::Contains("\npasses = " + list + "\n"));
        const Model again = load_model(folder.write("again.toml", first.resolved), {});
        CHECK(again.resolved == first.resolved);
        CHECK(again.passes == first.passes);
    }
}

TEST_CASE("a list of passes that would make no sense is refused with what is expected",
          "[model][passes]") {
    rejects({
        {"rflo",
         {"steps =", "passes = [\"split\", @\"fuze\"]\nsteps ="},
         {"run.passes has the text \"fuze\"",
          "a list of texts, one of eliminate_jacobians, fuse, split", "Did you mean \"fuse\"?"}},
        {"rflo",
         {"steps =", "passes = @\"fuse\"\nsteps ="},
         {"run.passes is the text \"fuse\"", "expected a list of texts"}},
        {"rflo",
         {"steps =", "passes = [\"split\", @\"fuse\"]\nsteps ="},
         {"run.passes has \"fuse\" after \"split\"",
          "in the order in which they are applied: eliminate_jacobians, fuse, split"}},
        {"rflo",
         {"steps =", "passes = [\"fuse\", @\"fuse\"]\nsteps ="},
         {"run.passes has \"fuse\" twice", "expected each pass at most once"}},
        {"rflo",
         {"steps =", "fuse = false\npasses = [@\"fuse\", \"split\"]\nsteps ="},
         {"run.passes has \"fuse\", which run.fuse = false leaves out",
          "expected run.fuse = true, or a list without it"}},
    });
}
