// Programs that share noise or keep a second network, and would like not to be found out: criteria
// v and vi of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

// ---- independent noise

TEST_CASE("one draw for all cells is no independent noise", "[audit][cheat]") {
    Draft d;
    const SlotId nu = d.noise({}, "made_up.nu", {});
    d.consolidate(d.w("W_rec"), nu, d.tag(d.set("W_rec"), "eligibility"), 0.01);
    d.is_caught(Criterion::independent_noise, "made_up.nu");
}

TEST_CASE("one draw for all cells by way of another number is no independent noise",
          "[audit][cheat]") {
    Draft d;
    const SlotId nu = d.noise({}, "made_up.nu", {}), tenth = d.constant(0.1, "made_up.tenth");
    const SlotId louder = d.times(nu, tenth, "made_up.louder");
    d.set_mixture(d.r("hidden"), tenth, d.r("hidden"), louder, d.r("hidden"));
    d.is_caught(Criterion::independent_noise, "made_up.nu");
}

TEST_CASE("noise that two populations share is not independent", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {.deviation = 0.1});
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, nu);
    d.set_sum(d.r("ghost"), 1.0, d.r("ghost"), 1.0, nu);
    d.is_caught(Criterion::independent_noise, "made_up.nu");
}

TEST_CASE("noise that two populations share by a name each is not independent", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {.deviation = 0.1});
    const SlotId other = d.signal(d.cells("ghost"), "made_up.mu");
    d.set_sum(other, 0.5, nu, 0.5, nu);
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, nu);
    d.set_sum(d.r("ghost"), 1.0, d.r("ghost"), 1.0, other);
    d.is_caught(Criterion::independent_noise, "made_up.nu");
}

TEST_CASE("noise read twice from the same rows is not independent", "[audit][cheat]") {
    Draft d(second_population);
    for (const std::string cells : {"hidden", "ghost"}) {
        const SlotId nu =
            d.noise(d.cells(cells), "made_up.nu_" + cells,
                    {.replay = {.path = "draws.h5", .dataset = "/nu", .column = 0, .columns = 5}});
        d.set_sum(d.r(cells), 1.0, d.r(cells), 1.0, nu);
    }
    d.is_caught(Criterion::independent_noise, "made_up.nu");
}

// ---- no copy of the network

namespace {

// A noisy copy of the hidden cells, whose sets start as copies of theirs.
const std::string copied_network = R"(
population.ghost = { like = "hidden" }
synapses.G_rec = { from = "ghost", to = "ghost.soma", during = "forward", delay = 1, init = { copy = "W_rec" } }
synapses.G_in = { from = "input", to = "ghost.soma", during = "forward", init = { copy = "W_in" } }
synapses.G_b = { from = "one", to = "ghost.soma", during = "forward", init = { copy = "b" } }
)";

void perturb_ghost(Draft& d) {
    const SlotId nu = d.noise(d.cells("ghost"), "made_up.nu", {.deviation = 0.1});
    d.set_sum(d.r("ghost"), 1.0, d.r("ghost"), 1.0, nu);
    d.transmit_one_to_one(d.r("ghost"), d.compartment("hidden.feedback"), -1.0);
}

}  // namespace

TEST_CASE("a noisy copy of the network under another name is found", "[audit][cheat]") {
    Draft d(copied_network);
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network that learns what the network learns is found", "[audit][cheat]") {
    Draft d(copied_network + R"(
synapses.G_fb = { from = "error", to = "ghost.feedback", during = "update", init = { copy = "B_fb" } }
plasticity.ghost = { rule = "eligibility", synapses = ["G_rec", "G_in", "G_b"], credit = "ghost.feedback", rate = 0.01 }
)",
            {"population.ghost.dendrites=[\"feedback\"]"});
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network by way of a copy is found", "[audit][cheat]") {
    Draft d(copied_network,
            {"synapses.J.init={ copy = \"W_rec\" }", "synapses.G_rec.init={ copy = \"J\" }"});
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network that starts from the same numbers without saying so is found",
          "[audit][cheat]") {
    Draft d(copied_network,
            {"synapses.W_rec.init={ identity = 0.5 }", "synapses.G_rec.init={ identity = 0.5 }",
             "synapses.W_in.init={ identity = 1.0 }", "synapses.G_in.init={ identity = 1.0 }",
             "synapses.b.init={ constant = 0.1 }", "synapses.G_b.init={ constant = 0.1 }"});
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network that runs in another phase is found", "[audit][cheat]") {
    Draft d(copied_network, {"synapses.G_rec.during=\"update\"", "synapses.G_in.during=\"update\"",
                             "synapses.G_b.during=\"update\""});
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network without its bias, which is zero, is found", "[audit][cheat]") {
    Draft d(R"(
population.ghost = { like = "hidden" }
synapses.G_rec = { from = "ghost", to = "ghost.soma", during = "forward", delay = 1, init = { copy = "W_rec" } }
synapses.G_in = { from = "input", to = "ghost.soma", during = "forward", init = { copy = "W_in" } }
)",
            {"synapses.b.init={ constant = 0.0 }"});
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network in a dendrite of its own cells is found", "[audit][cheat]") {
    Draft d(R"(
synapses.T_rec = { from = "hidden", to = "hidden.apical", during = "update", delay = 1, init = { copy = "W_rec" } }
synapses.T_in = { from = "input", to = "hidden.apical", during = "update", init = { copy = "W_in" } }
synapses.T_b = { from = "one", to = "hidden.apical", during = "update", init = { copy = "b" } }
)",
            {"population.hidden.alpha=1.0"});
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {.deviation = 0.1});
    d.set_sum(d.fired("hidden"), 1.0, d.fired("hidden"), 1.0, nu);
    d.circuit_is_caught(Criterion::no_copy_of_network, "hidden");
}

TEST_CASE("a copy of the network that a silent set drives as well is found", "[audit][cheat]") {
    Draft d(copied_network + R"(
synapses.G_none = { from = "label", to = "ghost.soma", during = "forward", init = { constant = 0.0 } }
)");
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("a copy of the network that differs by a little in time is found", "[audit][cheat]") {
    Draft d(copied_network, {"population.ghost.alpha=0.500001"});
    perturb_ghost(d);
    d.circuit_is_caught(Criterion::no_copy_of_network, "ghost");
}

TEST_CASE("strengths used from and to a second population are found", "[audit][cheat]") {
    Draft d(second_population);
    d.transmit(d.use_of("W_rec", "ghost", "ghost.soma"));
    d.is_caught(Criterion::no_copy_of_network, "W_rec");
}

TEST_CASE("strengths used from a second population to their own cells are found",
          "[audit][cheat]") {
    Draft d(second_population);
    d.transmit(d.use_of("W_rec", "ghost", "hidden.feedback"));
    d.is_caught(Criterion::no_copy_of_network, "W_rec");
}

TEST_CASE("strengths used from their own cells to a second population are found",
          "[audit][cheat]") {
    Draft d(second_population);
    d.transmit(d.use_of("W_rec", "hidden", "ghost.soma"));
    d.is_caught(Criterion::no_copy_of_network, "W_rec");
}

TEST_CASE("strengths used backwards between other cells are found", "[audit][cheat]") {
    Draft d(second_population);
    SynapseUse use = d.use_of("W_rec", "ghost", "ghost.soma");
    use.reverse = true;
    d.transmit(use);
    d.is_caught(Criterion::no_copy_of_network, "W_rec");
}

TEST_CASE("strengths multiplied with another population's rate are found", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId image = d.multiplied(d.w("W_rec"), d.r("ghost"), "made_up.image");
    d.hebb(d.w("J"), image, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::no_copy_of_network, "W_rec");
}

TEST_CASE("strengths multiplied into a second population's voltage are found", "[audit][cheat]") {
    Draft d(second_population);
    d.add_transposed(d.v("ghost.soma"), d.w("W_rec"), d.r("ghost"));
    d.hebb(d.w("G_in"), d.v("ghost.soma"), d.r("input"), 0.99, 0.01);
    d.is_caught(Criterion::no_copy_of_network, "W_rec");
}
