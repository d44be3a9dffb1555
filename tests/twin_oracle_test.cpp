// KeRNL: fifty steps beside its equations, which are given the noise that the circuit has drawn.
#include "sim/algebra/kernl.hpp"
#include "tests/oracle.hpp"

using namespace apical;
using namespace apical::oracle;

namespace {

constexpr double eta = 0.05;

struct Kernl : algebra::Kernl {
    Kernl(const Run& run, algebra::KernlOptions chosen)
        : algebra::Kernl(run.settings, run.start(), with_rate(chosen)) {
        zeta = run.vector("recurrent.zeta");
        // The twin has been perturbed already.
        r_twin = run.vector("twin.r") - zeta;
    }
    void step(const Run& run) {
        algebra::Kernl::step(run.x(), run.label(), run.vector("recurrent.zeta"));
    }
    void compare(const Run& run) const {
        run.same("twin.r", r_twin + zeta);
        run.same("recurrent.kernel", K);
        run.same("recurrent.gamma", gamma);
        run.same("recurrent.Omega", Omega);
        run.same("recurrent.Gamma", Gamma);
        run.same("recurrent.error", epsilon);
        run.same("recurrent.A", A);
        run.same("B", run.tags("B"), B);
    }

private:
    static algebra::KernlOptions with_rate(algebra::KernlOptions chosen) {
        chosen.eta = eta;
        return chosen;
    }
};

// With more noise than the shipped model has, so that the kernel changes within fifty steps.
void follows_with(const Overrides& overrides, const algebra::KernlOptions& options) {
    Overrides all = {fmt::format("plasticity.recurrent.kernel_rate={}", eta),
                     "plasticity.recurrent.sigma=0.1"};
    for (const std::string& one : overrides) all.push_back("plasticity.recurrent." + one);
    follows<Kernl>("kernl", all, options);
}

}  // namespace

TEST_CASE("KeRNL is its equations", "[oracle][kernl]") { follows_with({}, {}); }

TEST_CASE("KeRNL is its equations with each of its options", "[oracle][kernl]") {
    follows_with({"clip=false"}, {.clip_kernel = false});
    follows_with({"filter=\"mean\""}, {.filter_noise = true});
    follows_with({"reset_every=7"}, {.reset_interval = 7});
    follows_with({"gamma=0.3"}, {.gamma = 0.3});
    follows_with({"gamma=1.1"}, {.gamma = 1.1});
    follows_with({"gamma=1.1", "clip=false", "filter=\"mean\"", "reset_every=3"},
                 {.gamma = 1.1, .clip_kernel = false, .filter_noise = true, .reset_interval = 3});
}

TEST_CASE("a twin that is reset every few steps begins with the rates it was given",
          "[oracle][kernl]") {
    Run run("kernl", settings()[8],
            {"population.twin.init={ constant = 0.3 }", "plasticity.recurrent.reset_every=7"});
    const Vector given = Vector::Constant(7, 0.3) + run.vector("recurrent.zeta");
    REQUIRE(distance(run.vector("twin.r"), given) <= tolerance);
}

TEST_CASE("a population that is like one that is like another begins with the same rates",
          "[initialize]") {
    const TemporaryFolder folder;
    const Simulation sim(load_model(
        folder.write("model.toml",
                     drafted("kernl", {{"[population.output]",
                                        "[population.third]\nlike = \"twin\"\n[population.output]"},
                                       {"[synapses.W_out]",
                                        "[synapses.more]\nfrom = \"input\"\nto = \"third.soma\"\n"
                                        "during = \"forward\"\ninit = { normal = 1.0 }\n"
                                        "[synapses.W_out]"}})),
        {}));
    REQUIRE(sim.vector("third.r") == sim.vector("hidden.r"));
}
