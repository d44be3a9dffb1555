// Each pass of a run's plan, and every choice of them, against the plan of the program as it is
// listed.
#include "sim/engine/plan/passes.hpp"

#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/model/drafted_model.hpp"
#include "tests/this_build.hpp"

using namespace apical;

namespace {

// All 2^n of them, in the order of the table each.
std::vector<PlanPasses> choices_of_passes() {
    std::vector<PlanPasses> choices = {{}};
    for (const PlanPass& pass : plan_passes()) {
        for (std::size_t k = 0, before = choices.size(); k < before; ++k) {
            choices.push_back(choices[k]);
            choices.back().push_back(&pass);
        }
    }
    return choices;
}

PlanPasses without(PlanPasses passes, std::string_view name) {
    std::erase_if(passes, [&](const PlanPass* pass) { return pass->name == name; });
    return passes;
}

std::string text_of_passes(const PlanPasses& passes) {
    std::string text = "passes:";
    for (const PlanPass* pass : passes) text += fmt::format(" {}", pass->name);
    return text;
}

// Flushed as far as the last phase that was run, or to the step's end.
void run_step(Driven& run, std::size_t up_to) {
    run.begin_step();
    for (std::size_t phase = 0; phase < up_to; ++phase) run.run_phase(phase);
    if (up_to > 0) run.plan.flush(up_to - 1);
}
void end_step(Driven& run, std::size_t from) {
    for (std::size_t phase = from; phase < run.phases(); ++phase) run.run_phase(phase);
    run.end_step();
    run.plan.flush();
}

// After each of these steps, and within it after one of its phases, another one in each step.
void require_same_steps(Driven& one, Driven& other, int steps, double within) {
    for (int step = 1; step <= steps; ++step) {
        INFO("step " << step);
        const std::size_t up_to = std::size_t(step) % (one.phases() + 1);
        run_step(one, up_to);
        run_step(other, up_to);
        require_same(one, other, within);
        end_step(one, up_to);
        end_step(other, up_to);
        require_same(one, other, within);
    }
}

template <class Test>
bool any_step(const Driven& run, Test test) {
    for (std::size_t phase = 0; phase < run.phases(); ++phase) {
        const auto steps = run.plan.steps(phase);
        if (std::any_of(steps.begin(), steps.end(), test)) return true;
    }
    return false;
}

// More rows than a block has. To make W orthogonal would take longer than the steps.
const std::vector<std::string> many_cells = {"population.hidden.size=300",
                                             "synapses.W_rec.init={ normal = \"1/sqrt(pre)\" }"};

}  // namespace

TEST_CASE("every choice of passes makes the numbers of the program as it is listed", "[passes]") {
    const std::vector<std::string> overrides = {"population.hidden.size=13"};
    for (const std::string& path : shipped_models()) {
        for (const PlanPasses& passes : choices_of_passes()) {
            INFO(path << ", " << text_of_passes(passes));
            Driven chosen(path, overrides, passes), plain(path, overrides, {});
            require_same_steps(chosen, plain, fewer_if_sanitized(16), rounding_of(chosen));
        }
    }
}

TEST_CASE("fusing changes no bit, whatever else is applied, nor does splitting up to 256 rows",
          "[passes]") {
    const std::vector<std::string> overrides = {"population.hidden.size=37"};
    for (const std::string& path : shipped_models()) {
        for (const PlanPasses& passes : choices_of_passes()) {
            for (const char* name : {"fuse", "split"}) {
                if (!has_pass(passes, name)) continue;
                INFO(path << ", " << text_of_passes(passes) << ", and without " << name);
                Driven with(path, overrides, passes), rest(path, overrides, without(passes, name));
                require_same_steps(with, rest, fewer_if_sanitized(8), 0.0);
            }
        }
    }
}

TEST_CASE("splitting changes sums over many rows by rounding, and fusing still no bit",
          "[passes]") {
    for (const std::string name : {"rflo", "dni_b", "dni", "uoro"}) {
        const std::string path = path_of_shipped(name);
        for (const PlanPasses& passes : choices_of_passes()) {
            INFO(name << ", " << text_of_passes(passes));
            Driven chosen(path, many_cells, passes), plain(path, many_cells, {});
            require_same_steps(chosen, plain, 4, 1e-9);
            if (!has_pass(passes, "fuse")) continue;
            Driven again(path, many_cells, passes),
                unfused(path, many_cells, without(passes, "fuse"));
            require_same_steps(again, unfused, 4, 0.0);
        }
    }
}

TEST_CASE("a pass is applied when it is chosen, and only then", "[passes]") {
    for (const PlanPasses& passes : choices_of_passes()) {
        INFO(text_of_passes(passes));
        const Driven dni(path_of_shipped("dni"), many_cells, passes);
        const bool has_fewer_jacobians = dni.program.slots.size() > dni.model.program.slots.size();
        CHECK(has_fewer_jacobians == has_pass(passes, "eliminate_jacobians"));
        CHECK(any_step(dni, [](const Step& step) { return step.pass != nullptr; }) ==
              has_pass(passes, "fuse"));
        CHECK(any_step(dni, [](const Step& step) { return step.blocks != nullptr; }) ==
              has_pass(passes, "split"));
        CHECK(dni.plan.stale_slots().empty() != has_pass(passes, "fuse"));
    }
}

TEST_CASE("each pass has one form, and the page on speed says what it does", "[passes][docs]") {
    const std::string page = content_of(fmt::format("{}/docs/performance.md", APICAL_SOURCE_DIR));
    for (const PlanPass& pass : plan_passes()) {
        INFO(pass.name);
        CHECK((pass.rewrite != nullptr) + (pass.compile != nullptr) + (pass.refine != nullptr) ==
              1);
        CHECK_THAT(page, Catch::Contains(fmt::format("| `{}` | {} |", pass.name, pass.does)));
    }
}
