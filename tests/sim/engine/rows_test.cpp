// Sets stored by rows beside the same sets stored as matrices, in circuits that run and learn.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "sim/engine/plan/passes.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/verify/text_rules.hpp"
#include "sim/verify/verify.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/engine/sparse_models.hpp"

using namespace apical;

namespace {

// All shipped models that are one file, but for the paper's long runs.
std::vector<std::string> shipped() {
    std::vector<std::string> names;
    for (const char* folder : {"", "rules/"}) {
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::string(APICAL_SOURCE_DIR) + "/models/" + folder)) {
            const std::string stem = entry.path().stem().string();
            if (entry.path().extension() == ".toml" && !stem.starts_with("figure1"))
                names.push_back(folder + stem);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

// What gives a set fewer synapses: those of one cell, and those that begin as all together, aside.
std::vector<std::string> thinned(const SynapseSet& set, double density,
                                 const std::string& storage) {
    std::vector<std::string> overrides = {
        fmt::format("synapses.{}.connect={{ probability = {}, storage = \"{}\" }}", set.name,
                    density, storage)};
    const auto kind = set.init.kind;
    if (kind == Initializer::Kind::orthogonal || kind == Initializer::Kind::identity ||
        kind == Initializer::Kind::copy)
        overrides.push_back(fmt::format("synapses.{}.init={{ normal = 0.2 }}", set.name));
    return overrides;
}

bool loads(const std::string& path, const std::vector<std::string>& overrides) {
    try {
        load_model(path, overrides);
        return true;
    } catch (const Error&) {
        return false;
    }
}

double apart(const std::vector<double>& x, const std::vector<double>& y) {
    REQUIRE(x.size() == y.size());
    double largest = 1.0, difference = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        largest = std::max(largest, std::abs(y[k]));
        difference = std::max(difference, std::abs(x[k] - y[k]));
    }
    return difference / largest;
}

// All sets of a model that may be thinned and stored by rows, and the overrides that do.
struct Thinned {
    std::vector<std::string> sets, by_rows, dense;

    Thinned(const std::string& path, double density) {
        const Model whole = load_model(path, {});
        for (const SynapseSet& set : whole.circuit.synapses) {
            if (whole.circuit[set.pre].size < 2) continue;
            const auto rows = thinned(set, density, "rows"),
                       as_matrix = thinned(set, density, "dense");
            std::vector<std::string> more = by_rows;
            more.insert(more.end(), rows.begin(), rows.end());
            if (!loads(path, more)) continue;
            sets.push_back(set.name);
            by_rows = more;
            dense.insert(dense.end(), as_matrix.begin(), as_matrix.end());
        }
    }
};

const std::string mean_field = R"(
population.exc = { size = 32, activation = "rectified", alpha = 0.5, sign = "excitatory" }
population.inh = { size = 16, activation = "rectified", alpha = 0.5, sign = "inhibitory" }
synapses.W_ee = { from = "exc", to = "exc.soma", during = "forward", delay = 1, init = { constant = 0.1 }, connect = { in_degree = 8, self = false, storage = "rows" } }
synapses.W_ei = { from = "inh", to = "exc.soma", during = "forward", delay = 1, init = { constant = -0.3 }, connect = { in_degree = 4, storage = "rows" } }
synapses.W_ie = { from = "exc", to = "inh.soma", during = "forward", delay = 1, init = { constant = 0.125 }, connect = { in_degree = 8, storage = "rows" } }
synapses.W_ii = { from = "inh", to = "inh.soma", during = "forward", delay = 1, init = { constant = -0.15 }, connect = { in_degree = 4, self = false, storage = "rows" } }
synapses.to_exc = { from = "one", to = "exc.soma", during = "forward", init = { constant = 1.0 } }
synapses.to_inh = { from = "one", to = "inh.soma", during = "forward", init = { constant = 0.2 } }
synapses.W_out = { from = "exc", to = "output.soma", during = "forward", init = { constant = 0.1 } }
)";

}  // namespace

TEST_CASE("E and I cells stored by rows settle at the fixed point of their mean field",
          "[rows][dale]") {
    // E = 0.8 E - 1.2 I + 1 and I = E - 0.6 I + 0.2: E = 17/19, I = 13/19, in every cell.
    SteppedModel stepped(small_model(mean_field));
    REQUIRE(stepped.model.program[stepped.find("W_ee")].places);
    stepped.step(400);
    for (Eigen::Index k = 0; k < 32; ++k)
        CHECK(std::abs(stepped.vector("exc.r")(k) - 17.0 / 19.0) <= 1e-13);
    for (Eigen::Index k = 0; k < 16; ++k)
        CHECK(std::abs(stepped.vector("inh.r")(k) - 13.0 / 19.0) <= 1e-13);
}

TEST_CASE("shipped models learn by rows as they do with matrices and a mask", "[rows]") {
    int sets = 0, models = 0;
    for (const std::string& name : shipped()) {
        for (const double density : {0.05, 0.3}) {
            INFO(name << " at " << density);
            const std::string path = path_of_shipped(name);
            const Thinned thin(path, density);
            if (thin.sets.empty()) continue;
            ++models;
            const Model rows = load_model(path, thin.by_rows), dense = load_model(path, thin.dense);
            Simulation by_rows(rows), as_matrix(dense);
            const std::int64_t steps = std::min<std::int64_t>(40, rows.steps);
            if (name == "rules/normalised_hebb") continue;  // shares of no synapse are no number
            by_rows.step(steps);
            as_matrix.step(steps);
            for (const std::string& set : thin.sets) {
                INFO(set);
                ++sets;
                CHECK(apart(by_rows.read(set), as_matrix.read(set)) <= 1e-12);
            }
            if (rows.program.loss())
                CHECK(apart(by_rows.read("loss"), as_matrix.read("loss")) <= 1e-12);
        }
    }
    CHECK(models >= 60);
    CHECK(sets >= 150);
}

TEST_CASE("a fused plan of sets stored by rows has the bits of its operations", "[rows][fuse]") {
    for (const std::string& name : shipped()) {
        INFO(name);
        const std::string path = path_of_shipped(name);
        const Thinned thin(path, 0.3);
        if (thin.sets.empty()) continue;
        const Model model = load_model(path, thin.by_rows);
        if (!model.circuit.find_role(Role::input) || !model.circuit.find_role(Role::label))
            continue;
        Driven fused(path, thin.by_rows, all_plan_passes()), plain(path, thin.by_rows, {});
        for (int step = 0; step < 20; ++step) {
            fused.step();
            plain.step();
        }
        fused.plan.flush();
        require_same(fused, plain, rounding_of(fused));
    }
}

TEST_CASE("signed cells that keep traces by rows learn as they do with matrices and a mask",
          "[rows][dale][fuse]") {
    const std::string path = path_of_shipped("circuits/excitation_inhibition");
    std::vector<std::string> as_matrices;
    for (const char* set : {"W_ee", "W_ie", "W_ei", "W_ii"})
        as_matrices.push_back(fmt::format("synapses.{}.connect.storage=\"dense\"", set));
    const Model by_rows = load_model(path, {}), dense = load_model(path, as_matrices);
    REQUIRE(is_by_rows(by_rows, "W_ee"));
    REQUIRE(!is_by_rows(dense, "W_ee"));
    Simulation rows(by_rows), matrices(dense);
    for (int t = 0; t < 200; ++t) {
        rows.step();
        matrices.step();
        INFO(t);
        REQUIRE(apart(rows.read("exc.r"), matrices.read("exc.r")) <= 1e-12);
        REQUIRE(apart(rows.read("inh.r"), matrices.read("inh.r")) <= 1e-12);
    }
}

TEST_CASE("a circuit stored by rows is its algorithm's equations without the other synapses",
          "[rows][verify]") {
    for (const char* name : {"bptt", "fixed_w", "rflo", "dni", "dni_b"}) {
        INFO(name);
        const std::string path = path_of_shipped(name);
        const Thinned thin(path, 0.3);
        INFO(fmt::format("{}", fmt::join(thin.sets, ", ")));
        REQUIRE_FALSE(thin.sets.empty());
        const Verification found = verify(load_model(path, thin.by_rows), 30);
        CHECK(found.declared.hold());
        CHECK(found.declared.largest() > 0.0);
    }
    for (const char* name : {"rules/oja", "rules/metaplasticity", "rules/soft_bounds"}) {
        INFO(name);
        const std::string path = path_of_shipped(name);
        const Thinned thin(path, 0.4);
        REQUIRE_FALSE(thin.sets.empty());
        CHECK(verify_text_rules(load_model(path, thin.by_rows), 30, 1e-12).hold());
    }
}

TEST_CASE("circuits of one cell to hundreds run by rows, on any number of threads, as with a mask",
          "[rows][threads]") {
    for (const int cells : {1, 5, 33, 257, 700}) {
        INFO(cells << " cells");
        const auto overrides = [&](const std::string& storage) {
            return std::vector<std::string>{
                fmt::format("population.hidden.size={}", cells),
                "synapses.W_rec.init={ normal = 0.05 }",
                fmt::format("synapses.W_rec.connect={{ in_degree = {}, storage = \"{}\" }}",
                            std::min(cells, 7), storage)};
        };
        const Model rows = load_model(path_of_shipped("rflo"), overrides("rows")),
                    dense = load_model(path_of_shipped("rflo"), overrides("dense"));
        Simulation one(rows, 1), two(rows, 2), matrix(dense, 1);
        for (Simulation* each : {&one, &two, &matrix}) each->step(30);
        for (const char* set : {"W_rec", "W_in", "W_out"}) {
            CHECK(same_bits(one.read(set), two.read(set)));
            CHECK(apart(one.read(set), matrix.read(set)) <= 1e-12);
        }
    }
}

TEST_CASE("many rows are gone through in blocks, back along the synapses too", "[rows][threads]") {
    const auto overrides = [](const std::string& storage) {
        return std::vector<std::string>{
            "population.hidden.size=1500", "synapses.W_rec.init={ normal = 0.01 }",
            fmt::format("synapses.W_rec.connect={{ in_degree = 400, storage = \"{}\" }}", storage),
            "synapses.J.init={ normal = 0.01 }",
            fmt::format("synapses.J.connect={{ in_degree = 400, storage = \"{}\" }}", storage)};
    };
    const Model rows = load_model(path_of_shipped("dni_b"), overrides("rows"));
    Simulation one(rows, 1), two(rows, 2);
    one.step(3);
    two.step(3);
    for (const char* address : {"W_rec", "J", "W_out"}) {
        const SlotId slot = one.find(address);
        if (!rows.program[slot].places) continue;
        const std::span<const double> a = one.state().numbers(slot), b = two.state().numbers(slot);
        CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    }
}

TEST_CASE("a saved run of sets stored by rows goes on as if it had not been saved", "[rows]") {
    const Model model = load_model(path_of_shipped("rflo"), sparse_rflo("rows"));
    Simulation whole(model), first(model), second(model);
    whole.step(40);
    first.step(17);
    second.restore(first.save());
    second.step(23);
    for (const char* address : {"W_rec", "W_in", "hidden.r"})
        CHECK(same_bits(whole.read(address), second.read(address)));
    auto other = sparse_rflo("rows");
    other.back() =
        "synapses.W_rec.connect={ probability = 0.3, self = false, storage = \"rows\", stream = "
        "\"connect/other\" }";
    const Model elsewhere = load_model(path_of_shipped("rflo"), other);
    Simulation foreign(elsewhere);
    CHECK_THROWS_AS(foreign.restore(first.save()), Error);
}

TEST_CASE("where no synapse is nothing is kept by rows", "[rows]") {
    const Model model = load_model(path_of_shipped("rflo"), sparse_rflo("rows"));
    SteppedModel dense(load_model(path_of_shipped("rflo"), sparse_rflo("dense")));
    const Matrix places = dense.matrix("connected(W_rec)");
    Simulation run(model);
    run.step(2000);
    const std::vector<double> last = run.read("W_rec");
    int absent = 0;
    for (std::size_t k = 0; k < last.size(); ++k) {
        if (places.data()[k] != 0.0) continue;
        ++absent;
        CHECK(last[k] == 0.0);
    }
    CHECK(absent > 40);
    CHECK_FALSE(model.program.find("connected(W_rec)"));
}
