// Sums over a cell's own synapses: what is local and told beyond the paper, and programs that would
// bring cells by them what no axon carries, or what is old.
#include "tests/formula_terms.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"

namespace apical::audit_gather_tests {

using namespace terms;

namespace {

// Reads a sum where A changes.
void learn_by(Draft& d, SlotId sum) { d.hebb(d.w("A"), sum, d.r("hidden"), 1.0, 1e-3); }

// The sum of A's strengths times a vector of the presynaptic cells.
SlotId gathered_from(Draft& d, SlotId pre_vector) {
    const SlotId product = d.tag(d.set("A"), "product");
    d.synaptic(product, (tag(1) * pre(2)).formula, {d.w("A"), pre_vector});
    return d.gathered(product, "made_up.sum");
}

}  // namespace

TEST_CASE("what a cell gathers over its own synapses is local, and told beyond the paper",
          "[audit][gather]") {
    for (const bool of_rates : {false, true}) {
        Draft innocent, told;
        for (Draft* d : {&innocent, &told})
            learn_by(*d, of_rates ? gathered_from(*d, d->r("hidden"))
                                  : d->gathered(d->w("A"), "made_up.sum"));
        innocent.is_innocent();
        const Audit audit = std::move(told).audited();
        const auto found = std::find_if(
            audit.beyond.begin(), audit.beyond.end(),
            [](const Finding& one) { return one.criterion == Criterion::gathered_synapses; });
        REQUIRE(found != audit.beyond.end());
        CHECK(found->subject == "made_up.sum");
    }
}

TEST_CASE("traces of rates that arrive may be gathered", "[audit][gather]") {
    Draft d;
    const SlotId trace = d.state(d.cells("hidden"), "made_up.trace");
    d.set_sum(trace, 0.9, trace, 0.1, d.r("hidden"));
    learn_by(d, gathered_from(d, trace));
    d.is_innocent();
}

TEST_CASE("a voltage of the presynaptic cells that is gathered is no rate",
          "[audit][gather][cheat]") {
    Draft d;
    learn_by(d, gathered_from(d, d.v("hidden.soma")));
    d.is_caught(Criterion::rates_transmitted, "hidden.soma.v");
}

TEST_CASE("what cells make of a voltage is none either, behind other tags",
          "[audit][gather][cheat]") {
    Draft d;
    const SlotId made = d.scaled(d.v("hidden.soma"), 2.0, "made_up.of_voltage");
    const SlotId first = d.tag(d.set("A"), "first"), second = d.tag(d.set("A"), "second"),
                 third = d.tag(d.set("A"), "third");
    d.hebb(first, d.r("hidden"), made, 0.5, 0.5);
    d.consolidate(second, {}, first, 0.1);
    d.synaptic(third, (tag(1) + tag(2)).formula, {d.w("A"), second});
    learn_by(d, d.gathered(third, "made_up.sum"));
    d.is_caught(Criterion::rates_transmitted, "made_up.of_voltage");
}

TEST_CASE("what presynaptic cells gather does not go on to others", "[audit][gather][cheat]") {
    Draft d;
    const SlotId total = d.gathered(d.w("A"), "made_up.total");
    learn_by(d, gathered_from(d, total));
    d.is_caught(Criterion::rates_transmitted, "made_up.total");
}

TEST_CASE("tags and sums that hand on to each other are a memory of past steps",
          "[audit][gather][cheat]") {
    Draft d;  // tags are gathered before they are made
    const SlotId one = d.tag(d.set("A"), "one"), two = d.tag(d.set("A"), "two");
    const SlotId late = d.gathered(two, "made_up.late");
    const SlotId soon = d.gathered(one, "made_up.soon");
    d.synaptic(two, (0.2 * post(1)).formula, {soon});
    d.synaptic(one, (0.2 * post(1)).formula, {d.r("hidden")});
    learn_by(d, late);
    d.is_caught(Criterion::online, "made_up.late");
}

TEST_CASE("one sum of last step's tags, or of traces of them, is no such memory",
          "[audit][gather]") {
    Draft d;
    const SlotId one = d.tag(d.set("A"), "one"), two = d.tag(d.set("A"), "two");
    learn_by(d, d.gathered(one, "made_up.sum"));
    d.synaptic(two, (0.9 * w() + 0.1 * tag(1)).formula, {one});
    d.synaptic(one, (0.2 * post(1)).formula, {d.r("hidden")});
    learn_by(d, d.gathered(two, "made_up.slow"));
    d.is_innocent();
}

TEST_CASE("sums of strengths times many vectors are a product of matrices, column by column",
          "[audit][gather][cheat]") {
    for (const int vectors : {2, 6}) {
        Draft d;
        SlotId total = d.gathered(d.w("A"), "made_up.total");
        for (int k = 0; k < vectors; ++k) {
            const SlotId trace = d.state(d.cells("hidden"), fmt::format("made_up.trace{}", k)),
                         product = d.tag(d.set("A"), fmt::format("product{}", k));
            d.set_sum(trace, 0.9, trace, 0.1, d.r("hidden"));
            d.synaptic(product, (tag(1) * pre(2)).formula, {d.w("A"), trace});
            const SlotId sum = d.gathered(product, fmt::format("made_up.sum{}", k));
            total = d.sum(total, sum, fmt::format("made_up.total{}", k));
        }
        learn_by(d, total);
        if (vectors == 2) d.is_innocent();
        if (vectors == 6) d.is_caught(Criterion::no_matrix_product, "A");
    }
}

TEST_CASE("a sum over the synapses of other cells is not in these", "[audit][gather][cheat]") {
    Draft d(second_population);
    const SlotId total = d.signal(d.cells("hidden"), "made_up.total");
    d.append({.kind = Kind::gather, .operands = {{total, Access::set}, {d.w("G_rec")}}});
    learn_by(d, total);
    d.is_caught(Criterion::vectors_in_cells, "made_up.total");
}

TEST_CASE("a large sum makes a large change", "[audit][gather][cheat]") {
    Draft d;
    const SlotId large = d.tag(d.set("A"), "large");
    d.synaptic(large, number(1e6).formula, {});
    learn_by(d, d.gathered(large, "made_up.sum"));
    d.is_caught(Criterion::continuous_plasticity, "A");
}

}  // namespace apical::audit_gather_tests
