// How much matrices change in a step, and what a run that is diagnosed leaves as it is.
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/diagnosis/diagnosed_run.hpp"

using namespace apical;

namespace {

Model with_change(const std::string& name, const Assignments& overrides = {}) {
    return oracle::loaded(name, small_add, Assignments{"diagnose.change=true"} + overrides);
}

ChangeLine line_of(const DiagnosedRun& run, const std::string& name) {
    const DiagnosisSummary summary = run.diagnosis.summary(run.scheduler.step(), 1);
    for (const ChangeLine& line : summary.changes) {
        if (line.name == name) return line;
    }
    FAIL("nothing is said of " << name);
    return {};
}

std::vector<std::string> models() {
    return {"bptt",    "bptt_window", "dni",  "dni_b", "fixed_w", "kernl",
            "kf_rtrl", "r_kf",        "rflo", "rtrl",  "uoro"};
}

// The numbers of all slots that are not only measured.
std::vector<double> numbers(const State& state) {
    std::vector<double> all;
    const Program& program = state.program();
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        if (program.slots[i].what == What::measured) continue;
        const std::span<const double> one = state.numbers(SlotId(i));
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

}  // namespace

TEST_CASE("a matrix's change is that of its entries, of its largest norm so far",
          "[diagnosis][change]") {
    for (const std::string name : {"W_rec", "b_out", "eligibility(W_in)"}) {
        DiagnosedRun run(with_change("rflo"));
        Matrix before = run.matrix(name);
        double largest_norm = before.norm(), largest_change = 0.0;
        for (int step = 0; step < 30; ++step) {
            run.step();
            const Matrix now = run.matrix(name);
            const double change = (now - before).norm();
            largest_norm = std::max(largest_norm, now.norm());
            largest_change = std::max(largest_change, change);
            INFO(name << ", step " << run.scheduler.step());
            CHECK(run("change", name) == Approx(change / largest_norm).epsilon(1e-10));
            before = now;
        }
        CHECK(line_of(run, name).largest == Approx(largest_change / largest_norm).epsilon(1e-10));
    }
}

TEST_CASE("what an operation overwrites jumps, what a rule adds to does not",
          "[diagnosis][change]") {
    DiagnosedRun dni(with_change("dni"));
    dni.step(300);
    CHECK(jumps(line_of(dni, "J")));
    CHECK(line_of(dni, "J").carries);
    CHECK_FALSE(jumps(line_of(dni, "W_rec")));
    DiagnosedRun dni_b(with_change("dni_b"));
    dni_b.step(300);
    CHECK_FALSE(jumps(line_of(dni_b, "J")));
    DiagnosedRun kf_rtrl(with_change("kf_rtrl"));
    kf_rtrl.step(300);
    CHECK(jumps(line_of(kf_rtrl, "recurrent.B")));
    CHECK(line_of(kf_rtrl, "recurrent.B").carries);
}

TEST_CASE("a matrix that nothing is multiplied by is called a tag", "[diagnosis][change]") {
    DiagnosedRun run(with_change("rflo"));
    run.step();
    CHECK_FALSE(line_of(run, "eligibility(W_rec)").carries);
    CHECK(line_of(run, "W_rec").carries);
    CHECK_THAT(text_of(run.diagnosis.summary(1, 1)), Catch::Contains("; a tag"));
}

TEST_CASE("a matrix that nothing changes is not watched", "[diagnosis][change]") {
    const Model model = with_change("fixed_w");
    CHECK(model.program.find("change(W_out)"));
    CHECK_FALSE(model.program.find("change(W_rec)"));
}

TEST_CASE("a run that is diagnosed is the same to the last bit", "[diagnosis]") {
    for (const std::string& name : models()) {
        INFO(name);
        const Assignments alignment =
            name == "fixed_w" ? Assignments{} : Assignments{"diagnose.alignment=true"};
        DiagnosedRun watched(with_change(name, alignment));
        SteppedModel plain(oracle::loaded(name, small_add, {}));
        for (int i = 0; i < 3; ++i) {
            watched.step(25);
            plain.step(25);
            CHECK(same_bits(numbers(watched.state), numbers(plain.state)));
            CHECK(watched.scheduler.loss_sum() == plain.scheduler.loss_sum());
        }
    }
}

TEST_CASE("a diagnosed run's file has what the plain one has, and what was measured beside",
          "[diagnosis][run]") {
    const TemporaryFolder folder;
    const Assignments run = {"run",   path_of_shipped("dni_b"),           "--steps", "60", "-q",
                             "--set", "record={ all = { what = \"*\" } }"};
    REQUIRE(apical_in(folder, run + Assignments{"-o", "plain.h5"}).code == 0);
    const Outcome outcome =
        apical_in(folder, run + Assignments{"-o", "d.h5", "--json", "--set",
                                            "diagnose={ alignment = true, change = true }"});
    REQUIRE(outcome.code == 0);
    CHECK(python(R"(
import h5py, json, numpy
d, plain = (h5py.File(path, 'r', libver='latest', swmr=True) for path in argv[1:3])
summary = json.loads(argv[3])
new, names = [], []
plain.visititems(lambda name, o: names.append(name) if isinstance(o, h5py.Dataset) else None)
d.visititems(lambda name, o: new.append(name) if isinstance(o, h5py.Dataset) else None)
bits = lambda it: it[()].tolist() if h5py.check_string_dtype(it.dtype) else it[()].tobytes()
print(all(bits(d[n]) == bits(plain[n]) for n in names),
      all(n.startswith('signals/') for n in set(new) - set(names)))
cosine = d['signals/alignment/W_rec/cosine']
steps = cosine.dims[0]['step'][:]
print(cosine[steps > 0].shape, numpy.isnan(cosine[steps < 10]).all(), numpy.isfinite(cosine[steps >= 10]).all(),
      cosine.attrs['address'], cosine.attrs['long_name'])
print(abs(summary['alignment']['W_rec']['cosine'] - cosine[-6:].mean()) < 1e-12,
      summary['alignment']['W_rec']['bias'] == d['signals/alignment/W_rec/bias'][-1],
      summary['alignment']['recurrent']['compared'],
      summary['jacobian']['J']['spectral_radius'] > 0,
      summary['change']['J']['jumps'])
)",
                 {folder / "d.h5", folder / "plain.h5", outcome.out}) ==
          "True True\n"
          "(60,) True True cosine(W_rec) cosine between the exact gradient and the estimate by "
          "the changes of W_rec, of 9 steps ago\n"
          "True True 51 True False\n");
}

TEST_CASE("the summary of a run has a line for each set, for all, and for each matrix",
          "[diagnosis][run]") {
    const Outcome outcome = apical_with({"run", path_of_shipped("rflo"), "--steps", "50", "-q",
                                         "--set", "population.hidden.size=4", "--set",
                                         "diagnose={ alignment = true, change = true }"});
    CHECK(outcome.code == 0);
    for (const char* line : {"\naligned ", "\n  W_rec ", "\n  recurrent ", "\nchange ",
                             "\n  eligibility(W_rec) ", "mean of the last 5 steps"})
        CHECK_THAT(outcome.out, Catch::Contains(line));
}
