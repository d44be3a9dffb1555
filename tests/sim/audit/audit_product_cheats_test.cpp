// Programs that multiply matrices, and would like not to be found out: criterion iv of
// Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

std::string named(const std::string& name, int k) { return name + std::to_string(k); }

}  // namespace

TEST_CASE("a product of a set's strengths and its tags is found", "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("W_rec"), "eligibility");
    d.multiply_from_left(tag, d.w("J"));
    d.is_caught(Criterion::no_matrix_product, "eligibility(W_rec)");
}

TEST_CASE("a product of matrices split into products with columns is found", "[audit][cheat]") {
    Draft d;
    for (int k = 0; k < 5; ++k) {
        const SlotId nu = d.noise(d.cells("hidden"), named("made_up.nu", k), {});
        const SlotId column = d.state(d.cells("hidden"), named("made_up.column", k));
        d.multiply_from_left(column, d.w("J"));
        d.set_sum(column, 0.5, column, 0.5, nu);
    }
    d.is_caught(Criterion::no_matrix_product, "J");
}

TEST_CASE("a product of matrices split over as many phases as there are columns is found",
          "[audit][cheat]") {
    // The cells fire phi(c_k) in phase k, and W carries it to c_k: c_k <- W phi(c_k) for all k.
    std::string dendrites = "dendrites = [\"feedback\"", lines,
                phases = "phase=[{ name = \"forward\", ms = 6.0 }", uses;
    for (int k = 0; k < 5; ++k) {
        const std::string c = named("c", k), phase = named("update", k);
        dendrites += ", \"" + c + '"';
        phases += ", { name = \"" + phase + "\", ms = 1.0 }";
        lines += "gate.g_" + c + " = { opens = \"many." + c + "\", during = \"" + phase + "\" }\n";
        uses += std::string(k ? ", " : "") + "{ to = \"many." + c + "\", during = \"" + phase +
                "\", delay = 1 }";
    }
    phases += ", { name = \"update\", ms = 1.0 }]";
    lines = "population.many = { size = 5, alpha = 1.0, " + dendrites + "] }\n" + lines +
            "gate.g_many = { opens = \"many.soma\", during = \"forward\" }\n" +
            "synapses.M = { from = \"many\", to = \"many.soma\", during = \"forward\", delay = 1, "
            "init = { normal = 0.5 }, again = [" +
            uses + "] }\n" +
            "synapses.M_fb = { from = \"error\", to = \"many.feedback\", during = \"update\", "
            "init = { normal = 0.5 } }\n" +
            "plasticity.many = { rule = \"dendritic\", synapses = [\"M\"], credit = "
            "\"many.feedback\", rate = 0.01, during = \"update\" }\n";
    Draft(lines, {phases, "population.error.during=\"update\""})
        .circuit_is_caught(Criterion::no_matrix_product, "M");
}

TEST_CASE("a product of matrices as one outer product for each column is found", "[audit][cheat]") {
    Draft d;  // J += sum_k a_k b_k
    for (int k = 0; k < 5; ++k) {
        const SlotId a = d.state(d.cells("hidden"), named("made_up.a", k)),
                     b = d.state(d.cells("hidden"), named("made_up.b", k));
        const double keep = 0.5 + 0.1 * k;
        d.set_sum(a, keep, a, 1.0 - keep, d.v("hidden.soma"));
        d.set_sum(b, keep, b, 1.0 - keep, d.r("hidden"));
        d.hebb(d.w("J"), a, b, 1.0, 0.01);
    }
    d.is_caught(Criterion::no_matrix_product, "J");
}

TEST_CASE("the true Jacobian built by as many rank-one changes as there are columns is found",
          "[audit][cheat]") {
    Draft d;  // sum_k (W nu_k) nu_k -> n W
    const SlotId slope = d.slope(d.compartment("hidden.soma"));
    for (int k = 0; k < 5; ++k) {
        const SlotId nu = d.noise(d.cells("hidden"), named("made_up.nu", k), {});
        const SlotId image = d.multiplied(d.w("W_rec"), nu, named("made_up.image", k));
        const SlotId column = d.product(image, slope, named("made_up.column", k));
        d.hebb(d.w("J"), column, nu, k == 0 ? 0.5 : 1.0, 0.05);
    }
    d.is_caught(Criterion::no_matrix_product, "J");
}

TEST_CASE("outer products that tags collect before they are consolidated are found",
          "[audit][cheat]") {
    Draft d;  // J += sum_k a_k b_k, each by a tag of its own
    for (int k = 0; k < 5; ++k) {
        const SlotId a = d.state(d.cells("hidden"), named("made_up.a", k)),
                     b = d.state(d.cells("hidden"), named("made_up.b", k)),
                     tag = d.tag(d.set("J"), named("t", k));
        const double keep = 0.5 + 0.1 * k;
        d.set_sum(a, keep, a, 1.0 - keep, d.v("hidden.soma"));
        d.set_sum(b, keep, b, 1.0 - keep, d.r("hidden"));
        d.hebb(tag, a, b, 0.0, 1.0);
        d.consolidate(d.w("J"), {}, tag, 0.01);
    }
    d.is_caught(Criterion::no_matrix_product, "J");
}

TEST_CASE("a tensor weighted by a credit is found", "[audit][cheat]") {
    Draft d;
    const SlotId M = d.tensor(d.set("W_rec"), "influence");
    d.contract(M, d.w("J"), d.slope(d.compartment("hidden.soma")), d.previous(d.r("hidden")), 0.5);
    d.is_caught(Criterion::no_matrix_product, "influence(W_rec)");
}
