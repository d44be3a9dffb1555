// Runs that are resumed and forked go on with the rule files that they began with.
#include "sim/runs/model_files.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

const std::string hebb = "format = 1\n[rule.held]\nequations = \"w += 1e-3 * post.r * pre.r\"\n";
const std::string anti = "format = 1\n[rule.held]\nequations = \"w -= 1e-3 * post.r * pre.r\"\n";

// The run of a model whose rule stands in a file beside it.
struct WithRuleFile {
    TemporaryFolder folder;
    std::string path = folder / "run.h5", output = folder / "fork.h5";
    std::string rules = folder.write("held.toml", hebb);

    WithRuleFile() {
        const std::string text =
            drafted("rflo", {{"format     = 1\n", "format     = 1\nrules = [\"held.toml\"]\n"}}) +
            "\n[plasticity.random]\nrule = \"held\"\nsynapses = [\"B_fb\"]\n";
        run_model(saved_model(folder.write("m.toml", text), path));
    }

    Model forked(const std::vector<std::string>& overrides = {}) {
        const OpenCheckpoint checkpoint = checkpoint_at(path, 26);
        return branched_model(checkpoint.head, path, overrides, output);
    }
};

}  // namespace

TEST_CASE_METHOD(WithRuleFile, "a fork has the rules that its run began with",
                 "[checkpoint][fork][text_rule]") {
    const std::string resolved = forked().resolved;
    CHECK_THAT(resolved, Catch::Contains("w += 1e-3"));
    CHECK(changed_rule_files(forked()).empty());
    SECTION("the rule file was edited, which a note says") {
        folder.write("held.toml", anti);
        const Model fork = forked();
        CHECK(fork.resolved == resolved);
        const std::vector<std::string> notes = changed_rule_files(fork);
        REQUIRE(notes.size() == 1);
        CHECK(notes.front() ==
              rules + " has changed; the run goes on with the rules that it began with");
    }
    SECTION("the rule file is no TOML any more") {
        folder.write("held.toml", "[");
        CHECK(changed_rule_files(forked()).size() == 1);
    }
    SECTION("the rule file is gone") {
        std::filesystem::remove(rules);
        const Model fork = forked();
        CHECK(fork.resolved == resolved);
        CHECK(changed_rule_files(fork).empty());
    }
    SECTION("a fork that names its rule files reads them") {
        folder.write("held.toml", anti);
        const Model fork = forked({"rules=[\"held.toml\"]"});
        CHECK_THAT(fork.resolved, !Catch::Contains("w += 1e-3"));
        CHECK(changed_rule_files(fork).empty());
    }
}

TEST_CASE_METHOD(WithRuleFile, "a run is resumed to the same bytes when its rule file has changed",
                 "[checkpoint][text_rule]") {
    const std::string whole = content_of(path), killed = folder / "killed.h5";
    leave_killed(path, 26, killed);
    SECTION("edited") { folder.write("held.toml", anti); }
    SECTION("gone") { std::filesystem::remove(rules); }
    resumed(killed);
    CHECK(content_of(killed) == whole);
}
