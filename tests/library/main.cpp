#include <exception>
#include <iostream>

#include "sim/apical.hpp"

// usage: steps MODEL RUN_FILE
// Steps a model beside a run that `apical run` made of it, and compares what both came to.
int main(int count, char** arguments) try {
    if (count != 3) return 2;
    const apical::Model model = apical::load_model(arguments[1], {"run.steps=100"});
    std::cout << model.title << ": " << model.program.operations.size() << " operations\n";

    apical::Simulation simulation(model);
    double sum_before = 0.0;
    while (simulation.steps() < model.steps) {
        sum_before = simulation.loss_sum();
        simulation.step(10);
        std::cout << "step " << simulation.steps() << ": loss " << simulation.loss() << "\n";
    }
    const std::vector<double> strengths = simulation.read("W_rec");  // post x pre, row by row
    std::cout << "W_rec[0, 1] = " << strengths[1] << "\n";

    // Both give the mean over the last tenth of the steps.
    const double loss = (simulation.loss_sum() - sum_before) / 10;
    const apical::StoredRun run(arguments[2]);
    const double loss_of_run = run.number(apical::run_attribute::final_loss, 0.0);
    std::cout << "loss " << loss << ", of the run file " << loss_of_run << "\n";
    return loss == loss_of_run ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
