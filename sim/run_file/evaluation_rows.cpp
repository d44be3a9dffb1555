#include "sim/run_file/evaluation_rows.hpp"

#include <string>

#include "sim/run_file/format.hpp"

namespace apical {

namespace {

struct EvaluatedNumber {
    const char *name, *units, *long_name, *symbol;
    std::vector<std::size_t> shape = {};
    std::vector<std::string> labels = {};
};

RecordedQuantity recorded(const EvaluatedNumber& number, const std::string& steps) {
    RecordedQuantity quantity;
    quantity.index = RecordedQuantity::of_no_program;
    NewDataset& dataset = quantity.dataset;
    dataset.path = std::string(run_path::evaluation) + '/' + number.name;
    dataset.row = number.shape;
    dataset.labels = {run_path::step_dimension};
    dataset.labels.insert(dataset.labels.end(), number.labels.begin(), number.labels.end());
    dataset.scales.resize(dataset.labels.size());
    dataset.scales.front() = steps;
    dataset.attributes = described(number.units, number.long_name, number.symbol);
    dataset.attributes.emplace_back(dataset_attribute::address,
                                    std::string(evaluation_axis_name) + '.' + number.name);
    return quantity;
}

std::vector<EvaluatedNumber> numbers_of(const EvaluatedRows& rows) {
    std::vector<EvaluatedNumber> all = {
        {"loss", "1", "mean loss while nothing learns", "L"},
        {"loss_sem", "1", "its standard error, from the means of 20 stretches", "L"}};
    if (rows.chooses) {
        all.push_back({"error_percent", "%",
                       rows.by_trial ? "errors among the trials whose label says a class"
                                     : "errors among the steps whose label says a class",
                       "e"});
        all.push_back({"error_percent_sem", "%", "its standard error", "e"});
        all.push_back({"confusion",
                       "1",
                       rows.by_trial ? "trials with this label in which this class was chosen"
                                     : "steps with this label in which this class was chosen",
                       "n",
                       {rows.classes, rows.classes},
                       {"label", "choice"}});
    }
    if (rows.compares) {
        all.push_back(
            {"mse", "1", "mean square of output minus label", "m", {rows.outputs}, {"output"}});
        all.push_back({"correlation",
                       "1",
                       "Pearson's, of output and label",
                       "r",
                       {rows.outputs},
                       {"output"}});
    }
    return all;
}

}  // namespace

AxisLayout axis_of(const EvaluatedRows& rows) {
    AxisLayout axis;
    axis.name = evaluation_axis_name;
    axis.rows = static_cast<std::size_t>(rows.rows);
    axis.starts = true;
    axis.given = true;
    axis.step.path = run_path::steps_of_axis(axis.name);
    axis.step.type = NewDataset::Type::integer;
    axis.step.scale_name = run_path::step_dimension;
    axis.step.attributes = described("1", "step after which it was evaluated", "k");
    axis.step.attributes.emplace_back(dataset_attribute::start_rows, std::int64_t{1});
    for (const EvaluatedNumber& number : numbers_of(rows))
        axis.quantities.push_back(recorded(number, axis.step.path));
    return axis;
}

}  // namespace apical
