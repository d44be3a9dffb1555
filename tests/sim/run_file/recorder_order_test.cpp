// What a recorder says to calls in an order that no run has, and to runs that are not its own.
#include "sim/runs/run_model.hpp"
#include "sim/runs/simulation.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Model model_to_record(std::string_view name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> overrides{"run.steps=30", "population.hidden.size=12"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return load_model(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name), overrides);
}

NamedRecorder recorder_of(const Model& model, const std::string& path) {
    return NamedRecorder(model.program, model.recordings, description_of(model), path,
                         Replacing::yes);
}

}  // namespace

TEST_CASE("a recorder follows a run of its model alone, and one", "[recorder]") {
    const TemporaryFolder folder;
    const Model model = model_to_record("dni_b");
    NamedRecorder recorder = recorder_of(model, folder / "run.h5");
    for (const Model& other :
         {model_to_record("rtrl"), model_to_record("dni_b", {"population.hidden.size=13"})}) {
        Simulation simulation(other);
        CHECK_THROWS_WITH(simulation.begin(&recorder), Catch::Contains("made for another model"));
        CHECK(simulation.step(2) == 2);
    }
    Simulation first(model), second(model);
    first.begin(&recorder);
    CHECK_THROWS_WITH(second.begin(&recorder), Catch::Contains("follows one run"));
    first.step(30);
    recorder.close(30, 0.0);
}

TEST_CASE("the rows of before the first step are recorded once, and first", "[recorder]") {
    const TemporaryFolder folder;
    const Model model = model_to_record("dni_b");
    const auto refused = Catch::Contains("are recorded once, before all others");
    NamedRecorder twice = recorder_of(model, folder / "twice.h5");
    Simulation simulation(model);
    simulation.begin(&twice);
    simulation.record_start();
    CHECK_THROWS_WITH(simulation.record_start(), refused);
    NamedRecorder late = recorder_of(model, folder / "late.h5");
    Simulation stepped(model);
    stepped.begin(&late);
    stepped.step(30);
    CHECK_THROWS_WITH(stepped.record_start(), refused);
}

TEST_CASE("a recorder that was closed takes nothing more", "[recorder]") {
    const TemporaryFolder folder;
    const Model model = model_to_record("dni_b");
    NamedRecorder recorder(model.program, model.recordings, description_of(model),
                           folder / "run.h5", Replacing::no);
    CHECK_THROWS_WITH(recorder.publish(), Catch::Contains("has its name already"));
    Simulation simulation(model), other(model);
    simulation.begin(&recorder);
    simulation.record_start();
    simulation.step(10);
    recorder.close(10, 0.5);
    CHECK_THROWS_WITH(simulation.step(), Catch::Contains("was closed"));
    CHECK(simulation.steps() == 10);
    CHECK(simulation.step(0) == 0);
    CHECK_THROWS_WITH(recorder.close(10, 0.5), Catch::Contains("was closed"));
    CHECK_THROWS_WITH(recorder.flush(), Catch::Contains("was closed"));
    CHECK_THROWS_WITH(recorder.sync(), Catch::Contains("was closed"));
    CHECK_THROWS_WITH(other.begin(&recorder), Catch::Contains("was closed"));
}

TEST_CASE("a table of recordings with steps that there are not is refused", "[recorder]") {
    const TemporaryFolder folder;
    const Model model = model_to_record("dni_b");
    const std::vector<std::pair<int, int>> impossible{{0, 1}, {-1, 1}, {1, 0}, {1, -7}};
    for (const auto& [every, from] : impossible) {
        const Recording table{"mine", {{"W_rec", {}}}, every, from, 20};
        CHECK_THROWS_WITH(Recorder(model.program, {table}, description_of(model), folder / "run.h5",
                                   Replacing::yes),
                          fmt::format("the table of recordings \"mine\" has every = {}, from = {}; "
                                      "expected whole numbers from 1",
                                      every, from));
    }
}
