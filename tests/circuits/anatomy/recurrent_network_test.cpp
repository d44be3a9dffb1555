// What drives recurrent cells, as rules, verification and diagnosis ask.
#include "circuits/anatomy/recurrent_network.hpp"

#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

struct Rflo {
    Circuit circuit = load_model(path_of_shipped("rflo")).circuit;
    PopulationId hidden = circuit.find_population("hidden");

    SynapseSetId set(std::string_view name) const { return circuit.find_synapses(name); }
    SynapseUse& use(std::string_view name) {
        return *std::find_if(circuit.uses.begin(), circuit.uses.end(),
                             [&](const SynapseUse& one) { return one.set == set(name); });
    }
    std::vector<SynapseSetId> rest() const {
        std::vector<SynapseSetId> sets;
        for (const SynapseUse* one : drive_of(circuit, hidden).rest) sets.push_back(one->set);
        return sets;
    }
};

}  // namespace

TEST_CASE("the first set that carries the cells' own rates of last step is recurrent",
          "[anatomy]") {
    Rflo rflo;
    CHECK(drive_of(rflo.circuit, rflo.hidden).recurrent == rflo.set("W_rec"));
    CHECK(rflo.rest() == std::vector<SynapseSetId>{rflo.set("W_in"), rflo.set("b")});
    rflo.circuit.uses.push_back(rflo.use("W_rec"));
    CHECK(rflo.rest() ==
          std::vector<SynapseSetId>{rflo.set("W_in"), rflo.set("b"), rflo.set("W_rec")});
}

TEST_CASE("a set without delay, of a voltage or in another's place is not recurrent", "[anatomy]") {
    Rflo now, voltage, borrowed;
    now.use("W_rec").delay = 0;
    voltage.use("W_rec").source_voltage = voltage.circuit.soma(voltage.hidden);
    borrowed.use("W_rec").own = false;
    for (const Rflo* one : {&now, &voltage, &borrowed}) {
        CHECK_FALSE(drive_of(one->circuit, one->hidden).recurrent);
        CHECK(one->rest().size() == 3);
    }
}

TEST_CASE("a set from cells to themselves is within them", "[anatomy]") {
    const Rflo rflo;
    CHECK(is_within(rflo.circuit, rflo.set("W_rec"), rflo.hidden));
    for (const char* name : {"W_in", "W_out", "B_fb"})
        CHECK_FALSE(is_within(rflo.circuit, rflo.set(name), rflo.hidden));
}

TEST_CASE("cells that are driven in another phase too do not fire once a step", "[anatomy]") {
    Rflo rflo;
    const SynapseSetId recurrent = rflo.set("W_rec");
    check_fires_once(rflo.circuit, rflo.hidden, recurrent, "this");
    rflo.use("b").phase = rflo.circuit.find_phase("update");
    CHECK_THROWS_WITH(
        check_fires_once(rflo.circuit, rflo.hidden, recurrent, "this"),
        Catch::Contains("this needs cells that fire once a step; \"b\" drives \"hidden.soma\" in "
                        "phase \"update\", but \"W_rec\" in phase \"forward\""));
}
