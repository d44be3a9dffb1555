// Cells that stand for classes without being told any, decisions by sign, and scores by type.
#include <Eigen/Core>

#include "sim/apical.hpp"
#include "sim/numbers/cell_classes.hpp"
#include "sim/runs/evaluate.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Three cells each of which takes its part of nine pixels: those of a row alone. No label is there.
const std::string unlabelled =
    "format = 1\n"
    "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }]\n"
    "population.input.role = \"input\"\n"
    "population.cells = { size = 7, activation = \"rectified\" }\n"
    "synapses.W = { from = \"input\", to = \"cells.soma\", during = \"forward\","
    " init = { normal = 1.0 } }\n"
    "plasticity.own = { rule = \"oja\", synapses = [\"W\"], rate = 1e-2 }\n"
    "task = { kind = \"bars\" }\n"
    "record.all = { what = \"W\" }\n"
    "run = { trials = 40, seed = 3 }\n";

// Means of the responses by type and trial, found step by step.
struct Found {
    std::vector<int> types;
    std::vector<Eigen::VectorXd> responses;
};

Found stepped(const FrozenModel& frozen) {
    Found found;
    Simulation simulation(frozen.model);
    for (std::int64_t step = 1; step <= frozen.steps; ++step) {
        simulation.step();
        const std::vector<double> rates = simulation.read("cells.r");
        found.types.push_back(frozen.model.task->trial(step - 1).type);
        found.responses.emplace_back(Eigen::Map<const Eigen::VectorXd>(rates.data(), 7));
    }
    return found;
}

}  // namespace

TEST_CASE("a cell stands for the class to which it responds most in the mean", "[evaluate]") {
    CellClasses cells(4);
    cells.learn(0, std::array{1.0, 0.0, 0.3, 0.0});
    cells.learn(0, std::array{1.0, 0.0, 0.3, 0.0});
    cells.learn(0, std::array{1.0, 0.0, 0.3, 0.0});
    cells.learn(2, std::array{0.5, 2.0, 0.4, 0.0});  // seldom shown, and no less for that
    cells.assign();
    CHECK(cells.trials() == 4);
    CHECK(cells.class_of(0) == 0);
    CHECK(cells.class_of(1) == 2);
    CHECK(cells.class_of(2) == 2);
    CHECK(cells.class_of(3) == CellClasses::none);
    CHECK(cells.of_none() == 1);
    CHECK(cells.choice(std::array{1.0, 1.5, 0.1, 9.0}) == 0);  // 1 against the mean 0.8
    CHECK(cells.choice(std::array{1.0, 1.5, 0.7, 9.0}) == 2);
    CHECK(cells.choice(std::array{1.0, 1.5, 0.5, 0.0}) == CellClasses::none);  // both 1
    CHECK(CellClasses(4).choice(std::array{1.0, 1.0, 1.0, 1.0}) == CellClasses::none);
}

TEST_CASE("the choices of assigned cells are those of their mean responses", "[evaluate]") {
    const Model model = model_of_text(unlabelled);
    const FrozenModel train = frozen_model(model_of_text(unlabelled), {.seed = 2, .trials = 60}),
                      test = frozen_model(model_of_text(unlabelled), {.seed = 1, .trials = 50});
    Simulation of_train(train.model), of_test(test.model);
    const AssignedCells assigned = assigned_cells(train, of_train, "cells");
    const Evaluation found = evaluate(test, of_test, nullptr, &assigned);
    // By hand.
    const Found seen = stepped(train), shown = stepped(test);
    Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(7, 3);
    Eigen::Vector3d trials = Eigen::Vector3d::Zero();
    for (std::size_t k = 0; k < seen.types.size(); ++k) {
        sums.col(seen.types[k]) += seen.responses[k];
        trials(seen.types[k]) += 1.0;
    }
    REQUIRE(trials.minCoeff() > 0.0);
    Eigen::MatrixXd confusion = Eigen::MatrixXd::Zero(3, 3);
    std::vector<Eigen::Index> of(7);
    for (std::size_t cell = 0; cell < 7; ++cell) {
        const Eigen::Index row = Eigen::Index(cell);
        const double most =
            (sums.row(row).transpose().array() / trials.array()).matrix().maxCoeff(&of[cell]);
        CHECK(assigned.cells.class_of(cell) == (most > 0.0 ? int(of[cell]) : CellClasses::none));
        if (most == 0.0) of[cell] = -1;
    }
    for (std::size_t k = 0; k < shown.types.size(); ++k) {
        Eigen::Vector3d votes = Eigen::Vector3d::Constant(-1.0);
        for (int label = 0; label < 3; ++label) {
            double sum = 0.0, count = 0.0;
            for (std::size_t cell = 0; cell < 7; ++cell) {
                if (of[cell] != label) continue;
                sum += shown.responses[k](Eigen::Index(cell));
                count += 1.0;
            }
            if (count > 0.0) votes(label) = sum / count;
        }
        Eigen::Index choice = 0;
        const double most = votes.maxCoeff(&choice);
        if ((votes.array() == most).count() == 1) confusion(shown.types[k], choice) += 1.0;
    }
    REQUIRE(found.assigned);
    CHECK(found.assigned->counted() == 50);
    for (std::size_t label = 0; label < 3; ++label) {
        for (std::size_t choice = 0; choice < 3; ++choice)
            CHECK(double(found.assigned->confusion(label, choice)) ==
                  confusion(Eigen::Index(label), Eigen::Index(choice)));
    }
    CHECK(found.assigned->error() == Approx(1.0 - confusion.trace() / 50.0).epsilon(1e-12));
}

TEST_CASE("cells that stand for classes are of a run's population and of trials of types",
          "[evaluate]") {
    const auto assigned = [](const std::string& text, const std::string& population) {
        const FrozenModel frozen = frozen_model(model_of_text(text));
        Simulation simulation(frozen.model);
        assigned_cells(frozen, simulation, population);
    };
    CHECK_THROWS_WITH(assigned(unlabelled, "cell"),
                      Catch::Contains("expected one of cells. Did you mean \"cells\"?"));
    CHECK_THROWS_WITH(assigned(unlabelled, "input"), Catch::Contains("no such population"));
    std::string other = unlabelled;
    other.replace(other.find("\"bars\""), 6, "\"add\", lags = [1, 2]");
    other.replace(other.find("trials = 40"), 11, "steps = 40");
    CHECK_THROWS_WITH(assigned(other, "cells"), Catch::Contains("has no trials"));
    CHECK_THROWS_WITH(assigned(other + "trial = { steps = 5 }\n", "cells"),
                      Catch::Contains("had one type alone"));
}

namespace {

// An output that is what it is shown.
std::string shown_as_it_is(const std::string& csv) {
    return "format = 1\n"
           "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }]\n"
           "population.input.role = \"input\"\n"
           "population.label.role = \"label\"\n"
           "population.output.role = \"output\"\n"
           "synapses.W = { from = \"input\", to = \"output.soma\", during = \"forward\","
           " init = { constant = 1.0 } }\n"
           "plasticity = {}\n"
           "task = { kind = \"file\", path = \"" +
           csv +
           "\", x = \"x\", y = \"y\", readout = \"linear\", trials = \"trial\", type = \"type\" }\n"
           "run = { steps = 7, seed = 1 }\n";
}

}  // namespace

TEST_CASE("a single output decides by its sign where labels are of two signs", "[evaluate]") {
    const TemporaryFolder folder;
    // Means of the trials: 1, -0.5 (wrong), 2 (wrong), and 0, a tie.
    const std::string rows =
        "x,y,trial,type\n2,1,0,0\n0,1,0,0\n-1,1,1,0\n0,1,1,0\n2,-1,2,1\n0.5,-1,3,1\n-0.5,-1,3,1\n";
    folder.write("signs.csv", rows);
    const FrozenModel frozen =
        frozen_model(load_model(folder.write("signs.toml", shown_as_it_is("signs.csv"))));
    Simulation simulation(frozen.model);
    const Evaluation found = evaluate(frozen, simulation);
    REQUIRE(found.trials == 4);
    REQUIRE(found.choices);
    CHECK(found.choices->classes() == 2);
    CHECK(found.choices->counted() == 4);
    CHECK(found.choices->confusion(1, 1) == 1);
    CHECK(found.choices->confusion(1, 0) == 1);
    CHECK(found.choices->confusion(0, 1) == 1);
    CHECK(found.choices->ties(0) == 1);
    CHECK(found.choices->error() == 0.75);
    REQUIRE(found.nearness);
    REQUIRE(found.by_type.size() == 2);
    CHECK(found.by_type.at(0).error() == 0.5);
    CHECK(found.by_type.at(0).counted() == 2);
    CHECK(found.by_type.at(1).error() == 1.0);
    CHECK(found.by_type.at(1).confusion(0, 1) == 1);
    // Labels of two sizes are numbers, and no choice.
    std::string sizes = rows;
    sizes.replace(sizes.find("2,-1,2,1"), 8, "2,-3,2,1");
    folder.write("sizes.csv", sizes);
    const FrozenModel other =
        frozen_model(load_model(folder.write("sizes.toml", shown_as_it_is("sizes.csv"))));
    Simulation steps(other.model);
    CHECK(!evaluate(other, steps).choices);
}
