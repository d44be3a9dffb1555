// Each task has a model in models/tasks, which learns something of it.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "sim/apical.hpp"
#include "sim/model/shipped_models.hpp"
#include "sim/tasks/task_kinds.hpp"
#include "sim/tasks/task_list.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

TEST_CASE("each task that needs no file has a model of its name, and is listed", "[task][models]") {
    const std::string list = list_tasks();
    for (const TaskKind* kind : task_kinds()) {
        const std::string name(kind->name);
        INFO(name);
        CHECK(list.find("\n" + name + " ") != std::string::npos);
        if (reads_files(name) || name == "add" || name == "mimic") continue;
        const NamedModel found = find_model(name, {APICAL_SOURCE_DIR "/models"});
        CHECK(found.path.ends_with("models/tasks/" + name + ".toml"));
        const Model model = load_model(found.path);
        CHECK(load_model(found.path).notes.empty());
        const Value* kind_of = model.root.find("task");
        REQUIRE(kind_of);
        CHECK(std::get<std::string>(std::get<Table>(kind_of->content).find("kind")->content) ==
              name);
    }
}

// Sizes are small, so that the test is short: the loss falls below that of who knows nothing.
TEST_CASE("the models of bars and teacher learn below the loss of who knows nothing",
          "[task][models]") {
    for (const char* name : {"bars", "teacher"}) {
        INFO(name);
        const Model model = load_model(path_of_shipped(fmt::format("tasks/{}", name)),
                                       name == std::string("bars") ? Overrides{"run.trials=4000"}
                                                                   : Overrides{"run.steps=4000"});
        Simulation simulation(model);
        simulation.step(200);
        const double early = simulation.loss_sum() / 200.0;
        simulation.step(3600);
        const double before = simulation.loss_sum();
        simulation.step(200);
        CHECK((simulation.loss_sum() - before) / 200.0 < 0.5 * early);
    }
}
