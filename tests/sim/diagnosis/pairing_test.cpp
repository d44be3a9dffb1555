// Which step's exact gradient a rule's change is held against.
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

Assignments windows(int rule, int exact) {
    return {fmt::format("plasticity.recurrent.window={}", rule),
            fmt::format("diagnose.window={}", exact)};
}

Setting with_alpha(double alpha) {
    Setting setting = small_add;
    setting.alpha = alpha;
    return setting;
}

// What the rule "dendritic" does when the credit is that of the step alone.
const Assignments immediate_credit =
    Assignments{"plasticity.recurrent.rule=dendritic", "diagnose.window=4"} + no_recurrence;

}  // namespace

TEST_CASE("RTRL's changes are the exact gradient, at each alpha, on both tasks",
          "[diagnosis][alignment]") {
    for (const double alpha : {0.1, 0.5, 1.0}) {
        for (const bool mimic : {false, true}) {
            Setting setting = with_alpha(alpha);
            setting.mimic = mimic;
            DiagnosedRun run(diagnosed("rtrl", setting));
            nothing_is_compared(run);
            for (int step = 0; step < 40; ++step) {
                run.step();
                is_exact(run);
            }
        }
    }
}

TEST_CASE("the exact gradient has alpha when the rule leaves it out", "[diagnosis][alignment]") {
    DiagnosedRun run(diagnosed("rtrl", with_alpha(0.25), {oracle::without_alpha}));
    run.step(30);
    is_exact(run, 4.0);
}

TEST_CASE("the exact gradient's credit comes through W_out when the circuit's does not",
          "[diagnosis][alignment]") {
    Setting setting = small_add;
    setting.random_feedback = true;
    DiagnosedRun run(diagnosed("rtrl", setting));
    CHECK(mean_cosine(run, 40) < 0.9);
}

TEST_CASE("BPTT's late changes are the exact gradient of the step that they are about",
          "[diagnosis][alignment]") {
    for (const int window : {1, 4, 10}) {
        for (const bool mimic : {false, true}) {
            Setting setting = small_add;
            setting.mimic = mimic;
            DiagnosedRun run(diagnosed("bptt", setting, windows(window, window)));
            run.step(window - 1);
            nothing_is_compared(run);
            for (int step = 0; step < 30; ++step) {
                run.step();
                is_exact(run);
            }
        }
    }
}

TEST_CASE("BPTT's changes wait for an exact gradient with a longer window",
          "[diagnosis][alignment]") {
    DiagnosedRun run(diagnosed("bptt", with_alpha(1.0), windows(3, 8) + no_recurrence));
    run.step(7);
    nothing_is_compared(run);
    for (int step = 0; step < 30; ++step) {
        run.step();
        is_exact(run);
    }
    DiagnosedRun recurrent(diagnosed("bptt", small_add, windows(3, 8)));
    recurrent.step(8);
    const double cosine = mean_cosine(recurrent, 40);
    CHECK(cosine > 0.8);
    CHECK(cosine < 1.0 - 1e-3);
}

TEST_CASE("a change at once waits for the credit that is still to come", "[diagnosis][alignment]") {
    DiagnosedRun run(diagnosed("variants/rflo_mirrored", with_alpha(1.0), immediate_credit));
    REQUIRE(run.model.diagnosed.rules[0].lag == 3);
    run.step(3);
    nothing_is_compared(run);
    for (int step = 0; step < 30; ++step) {
        run.step();
        is_exact(run);
    }
}

TEST_CASE("a change that is held against another step's gradient is not aligned",
          "[diagnosis][alignment]") {
    const auto shifted = [](const std::string& name, double alpha, const Assignments& overrides,
                            int shift) {
        Model model = diagnosed(name, with_alpha(alpha), overrides);
        model.diagnosed.rules[0].lag += shift;
        DiagnosedRun run(std::move(model));
        run.step(12);
        return mean_cosine(run, 100);
    };
    for (const int shift : {-1, 1}) {
        CHECK(shifted("bptt", 0.5, windows(4, 6), shift) <
              shifted("bptt", 0.5, windows(4, 6), 0) - 0.1);
        CHECK(shifted("variants/rflo_mirrored", 1.0, immediate_credit, shift) < 0.9);
    }
    CHECK(shifted("bptt", 0.5, windows(4, 4), 1) < 0.9);
}

TEST_CASE("BPTT in windows is the sum of the exact gradients until it forgets",
          "[diagnosis][alignment]") {
    for (const bool mimic : {false, true}) {
        Setting setting = small_add;
        setting.mimic = mimic;
        DiagnosedRun run(diagnosed("bptt_window", setting, {"plasticity.recurrent.window=8"}));
        run.step(7);
        nothing_is_compared(run);
        run.step();
        is_exact(run);  // nothing was before the first window
        const double held = run("norm_ratio", "recurrent");
        run.step(7);
        CHECK(run("norm_ratio", "recurrent") == held);
        run.step();
        CHECK(run("cosine", "recurrent") < 1.0 - 1e-4);
    }
    DiagnosedRun run(diagnosed("bptt_window", with_alpha(1.0),
                               Assignments{"plasticity.recurrent.window=8"} + no_recurrence));
    for (int window = 0; window < 4; ++window) {
        run.step(8);
        is_exact(run);
    }
}

// M_kij = delta_ki B_ij when the Jacobian is (1 - alpha) I.
TEST_CASE("RFLO is exact without recurrence and with the output's own weights",
          "[diagnosis][alignment]") {
    for (const double alpha : {0.3, 1.0}) {
        DiagnosedRun run(diagnosed("variants/rflo_mirrored", with_alpha(alpha), no_recurrence));
        for (int step = 0; step < 40; ++step) {
            run.step();
            is_exact(run);
        }
    }
}

TEST_CASE("the exact gradient has the strengths from before the step's change",
          "[diagnosis][alignment]") {
    // A step changes the readout so much that its strengths from after it give another credit.
    DiagnosedRun run(diagnosed("rtrl", small_add, {"plasticity.readout.rate=0.5"}));
    run.step(20);
    is_exact(run);
}

TEST_CASE("comparisons every few steps are those of every step", "[diagnosis][alignment]") {
    for (const std::string name : {"rflo", "dni_b"}) {
        DiagnosedRun each(diagnosed(name, small_add)),
            some(diagnosed(name, small_add, {"diagnose.every=7"}));
        each.step(9);
        some.step(9);
        for (int step = 10; step <= 60; ++step) {
            const double before = some("cosine", "W_in");
            each.step();
            some.step();
            const bool due = step % 7 == 0 && step >= 10;
            INFO(name << ", step " << step);
            if (due) CHECK(some("cosine", "W_in") == each("cosine", "W_in"));
            if (!due && step > 14) CHECK(some("cosine", "W_in") == before);
        }
    }
}

TEST_CASE("the truncated gradient of the past is RTRL's when its window holds the whole run",
          "[diagnosis][alignment]") {
    const Assignments frozen = {"plasticity.recurrent.rate=1e-15", "plasticity.readout.rate=0.0"};
    for (const std::string name : {"rflo", "uoro", "bptt_window"}) {
        DiagnosedRun rtrl(diagnosed(name, small_add, frozen)),
            bptt(diagnosed(name, small_add,
                           frozen + Assignments{"diagnose.exact=bptt", "diagnose.window=40"})),
            cut(diagnosed(name, small_add,
                          frozen + Assignments{"diagnose.exact=bptt", "diagnose.window=2"}));
        rtrl.step(40);
        bptt.step(40);
        cut.step(40);
        for (const std::string& one : aligned_names(rtrl.model)) {
            for (const char* measure : {"cosine", "norm_ratio", "bias", "variance"}) {
                INFO(name << ": " << measure << " of " << one);
                CHECK(bptt(measure, one) == Approx(rtrl(measure, one)).epsilon(1e-10));
            }
        }
        CHECK(std::abs(cut("cosine", "recurrent") - rtrl("cosine", "recurrent")) > 1e-6);
    }
}
