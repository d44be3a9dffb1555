// What circuits have beyond the paper's, each in a run that is killed, resumed, performed by two
// threads and recorded otherwise: the same bytes.
#include <map>

#include "sim/run_file/stored_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

struct SavedCircuit {
    std::string what, model;
    std::vector<std::string> keys = {};
    std::vector<Change> changes = {};
};

const std::vector<SavedCircuit> saved_circuits = {
    {"gates that are late, leak, are slow and fail",
     "dni_b",
     {"population.hidden.size=6",
      "gate.disinhibition={ opens = \"hidden.apical\", during = \"update\", closed = 0.1, "
      "latency_ms = 1.0, jitter_ms = 0.3, failure = 0.2 }",
      "gate.perisomatic.tau_ms=2.0", "diagnose.gates=true"}},
    {"gates that cells make", "circuits/dni_b_disinhibition", {"population.hidden.size=6"}},
    {"sets by rows with bounds", "circuits/excitation_inhibition"},
    {"sets by rows with formulas",
     "rules/soft_bounds",
     {"synapses.W.connect={ probability = 0.4, storage = \"rows\" }"}},
    {"sums of incoming strengths kept at once",
     "rflo",
     {"population.hidden.size=6",
      "population.hidden.scale_incoming={ of = [\"W_rec\"], to = 1.0, norm = 2 }"}},
    {"sums of incoming strengths kept slowly",
     "rflo",
     {"population.hidden.size=6",
      "population.hidden.scale_incoming={ of = [\"W_rec\"], to = 1.0, norm = 1, tau_ms = 200.0 }"}},
    {"phases that are carried out in turn",
     "circuits/settled_equilibrium_propagation",
     {"population.hidden.size=6"},
     {{"ms     = 1.0\nrepeat = 20\norder  = \"together\"\nbegin  = \"rest\"", "ms     = 1.0"},
      {"repeat = 4\norder  = \"together\"\n",
       "[[group]]\nphases = [\"free\", \"nudged\"]\nrepeat = 3\n"},
      {"back   = { to = \"hidden.soma\", during = [\"free\", \"nudged\"] }", ""}}},
    {"phases that begin at rest and are repeated",
     "circuits/settled_equilibrium_propagation",
     {"population.hidden.size=6"}},
    {"wires and errors", "circuits/predictive_coding"},
    {"a past that is gone back through", "circuits/backpropagation"},
    {"a past that is gone back through from the ends of trials",
     "circuits/backpropagation",
     {"trial={ steps = 7, reset = \"init\" }", "plasticity.all.window=\"trial\"",
      "plasticity.all.optimiser={ kind = \"adam\" }"}},
    {"coupled dendrites that are taught by conductances", "circuits/microcircuit"},
};

Model model_of(const SavedCircuit& one, const TemporaryFolder& folder, const std::string& name,
               const std::string& record) {
    std::vector<std::string> keys = one.keys;
    for (const std::string& key :
         {std::string("run.steps=40"),
          std::string("checkpoint={ every = 9, minutes = 0, keep = 99 }"), record})
        keys.push_back(key);
    Model model = load_model(folder.write("model.toml", drafted(one.model, one.changes)), keys);
    model.output = folder / name;
    return model;
}

constexpr const char* everything = "record={ all = { what = \"*\" } }";

// The strengths that the run ends with, by address.
std::map<std::string, std::vector<double>> ends_of(const Model& model) {
    const StoredRun run(model.output);
    std::map<std::string, std::vector<double>> ends;
    for (const SynapseSet& set : model.circuit.synapses) {
        const StoredQuantity& one = run.find(set.name);
        ends[set.name] = run.read_stored(one, one.rows - 1, 1);
    }
    return ends;
}

}  // namespace

TEST_CASE("a run of each kind of circuit has the same bytes resumed and on two threads",
          "[circuits][checkpoint][threads]") {
    for (const SavedCircuit& one : saved_circuits) {
        INFO(one.what);
        const TemporaryFolder folder;
        const Model model = model_of(one, folder, "whole.h5", everything);
        run_model(model);
        const std::string whole = content_of(model.output), killed = folder / "killed.h5";
        for (const std::int64_t step : {9, 27}) {
            for (const int threads : {1, 2}) {
                leave_killed(model.output, step, killed);
                resumed(killed, threads);
                INFO("from step " << step << " on " << threads << " threads");
                CHECK((content_of(killed) == whole));
            }
        }
        const Model again = model_of(one, folder, "threads.h5", everything);
        run_model(again, {.threads = 2});
        CHECK((content_of(again.output) == whole));
    }
}

TEST_CASE("a run of each kind of circuit ends alike whatever is recorded", "[circuits][record]") {
    for (const SavedCircuit& one : saved_circuits) {
        INFO(one.what);
        const TemporaryFolder folder;
        const Model all = model_of(one, folder, "all.h5", everything),
                    nothing = model_of(one, folder, "nothing.h5", "record={}"),
                    seldom = model_of(one, folder, "seldom.h5",
                                      "record={ all = { what = \"*\", every = 7 } }");
        for (const Model* model : {&all, &nothing, &seldom}) run_model(*model);
        const auto ends = ends_of(nothing);
        for (const auto& [set, numbers] : ends) {
            const StoredRun of_all(all.output);
            const StoredQuantity& recorded = of_all.find(set);
            INFO(set);
            CHECK((of_all.read_stored(recorded, recorded.rows - 1, 1) == numbers));
        }
        CHECK((ends_of(seldom) == ends));
    }
}
