#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>

#include "sim/hdf5/growing_file.hpp"
#include "sim/sweep/result_column.hpp"
#include "sim/sweep/result_format.hpp"
#include "sim/sweep/result_scales.hpp"
#include "sim/sweep/sweep_result.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// Rows of unequal length, filled up.
template <class Number>
Column curves_of(const std::string& path, const std::vector<std::vector<Number>>& curves,
                 Number filler, const std::string& description) {
    std::size_t blocks = 1;
    for (const auto& curve : curves) blocks = std::max(blocks, curve.size());
    std::vector<Number> numbers;
    for (const auto& curve : curves) {
        numbers.insert(numbers.end(), curve.begin(), curve.end());
        numbers.insert(numbers.end(), blocks - curve.size(), filler);
    }
    Column column = column_of(path, numbers, description);
    column.rows = curves.size();
    column.dataset.row = {blocks};
    column.dataset.chunk = {std::max<std::size_t>(1, curves.size()), blocks};
    return column;
}

template <class Field>
auto each(const SweepResult& result, Field field) {
    std::vector<std::decay_t<decltype(field(result.jobs.front()))>> all;
    for (const JobResult& job : result.jobs) all.push_back(field(job));
    return all;
}

// ---- swept keys: whole numbers, numbers, or else texts

template <class Type>
bool all_are(const std::vector<Value>& values) {
    return std::all_of(values.begin(), values.end(), [](const Value& value) {
        return std::holds_alternative<Type>(value.content);
    });
}

double number_of(const Value& value) {
    const auto* whole = std::get_if<std::int64_t>(&value.content);
    return whole ? static_cast<double>(*whole) : std::get<double>(value.content);
}

bool all_are_numbers(const std::vector<Value>& values) {
    return std::all_of(values.begin(), values.end(), [](const Value& value) {
        return std::holds_alternative<std::int64_t>(value.content) ||
               std::holds_alternative<double>(value.content);
    });
}

Column swept_column(const std::string& key, const std::vector<Value>& values) {
    const std::string path = result_path::of_swept(key),
                      description = "value of this key of the model";
    if (all_are<std::int64_t>(values)) {
        std::vector<std::int64_t> numbers;
        for (const Value& value : values) numbers.push_back(std::get<std::int64_t>(value.content));
        return column_of(path, numbers, description);
    }
    if (all_are_numbers(values)) {
        std::vector<double> numbers;
        for (const Value& value : values) numbers.push_back(number_of(value));
        return column_of(path, numbers, description);
    }
    std::vector<std::string> texts;
    for (const Value& value : values) {
        const auto* text = std::get_if<std::string>(&value.content);
        texts.push_back(text ? *text : inline_text(value));
    }
    return column_of(path, texts, description);
}

// ---- what several jobs share

// The configurations of all jobs with the data that they read, each once, in the order of their
// first jobs.
struct Configurations {
    std::vector<std::string> texts, data;
    std::vector<std::int64_t> of_job;
    std::vector<const JobResult*> first_job;

    explicit Configurations(const SweepResult& result) {
        std::map<std::pair<std::string_view, std::string_view>, std::int64_t> known;
        for (const JobResult& job : result.jobs) {
            const auto next = static_cast<std::int64_t>(texts.size());
            const std::pair<std::string_view, std::string_view> key{job.configuration, job.data};
            const auto [found, is_new] = known.emplace(key, next);
            if (is_new) {
                texts.push_back(job.configuration);
                data.push_back(job.data);
                first_job.push_back(&job);
            }
            of_job.push_back(found->second);
        }
    }
};

void add_bounds(std::vector<Column>& columns, const Configurations& configurations) {
    std::vector<std::int64_t> configuration;
    std::vector<std::string> names;
    std::vector<double> losses;
    for (std::size_t k = 0; k < configurations.first_job.size(); ++k) {
        for (const Bound& bound : configurations.first_job[k]->bounds) {
            configuration.push_back(static_cast<std::int64_t>(k));
            names.push_back(bound.name);
            losses.push_back(bound.loss);
        }
    }
    columns.push_back(
        column_of(result_path::bound_configuration, configuration, "row of /configurations"));
    columns.push_back(
        column_of(result_path::bound_name, names, "what a network would have to know"));
    columns.push_back(
        column_of(result_path::bound_loss, losses, "the least mean loss that it could reach"));
}

void add_alignment(std::vector<Column>& columns, const SweepResult& result) {
    std::vector<std::string> names;
    for (const JobResult& job : result.jobs) {
        for (const AlignmentLine& line : job.alignment) {
            if (std::find(names.begin(), names.end(), line.name) == names.end())
                names.push_back(line.name);
        }
    }
    for (const std::string& name : names) {
        for (const AlignmentColumn& column : alignment_columns) {
            const auto number_of_job = [&](const JobResult& job) {
                for (const AlignmentLine& line : job.alignment)
                    if (line.name == name) return line.*column.number;
                return no_number;
            };
            columns.push_back(column_of(result_path::of_alignment(name, column.measure),
                                        each(result, number_of_job), column.description));
        }
    }
}

void add_losses(std::vector<Column>& columns, const SweepResult& result) {
    columns.push_back(column_of(result_path::loss,
                                each(result, [](const JobResult& job) { return job.loss; }),
                                "mean loss of the last tenth of the steps"));
    columns.push_back(column_of(
        result_path::loss_steps, each(result, [](const JobResult& job) { return job.loss_steps; }),
        "steps in the last tenth, which the loss is the mean of; 0 when the job has none"));
}

void add_frozen(std::vector<Column>& columns, const SweepResult& result) {
    constexpr double percent = 100.0;
    columns.push_back(column_of(result_path::frozen,
                                each(result, [](const JobResult& job) { return job.frozen; }),
                                "mean loss after the last step, while nothing learns"));
    columns.push_back(column_of(result_path::frozen_sem,
                                each(result, [](const JobResult& job) { return job.frozen_sem; }),
                                "its standard error, from the means of 20 stretches"));
    columns.push_back(column_of(
        result_path::frozen_error,
        each(result, [](const JobResult& job) { return percent * job.frozen_error; }),
        "errors among the steps whose label says a class; no number where none is chosen"));
}

void add_curves(std::vector<Column>& columns, const SweepResult& result) {
    columns.push_back(curves_of(result_path::curve_losses,
                                each(result, [](const JobResult& job) { return job.block_losses; }),
                                no_number, "mean loss of each block of steps"));
    columns.push_back(curves_of(result_path::curve_steps,
                                each(result, [](const JobResult& job) { return job.block_steps; }),
                                std::int64_t{0}, "last step of each block"));
}

std::vector<Column> columns_of(const SweepResult& result) {
    const Configurations configurations(result);
    std::vector<Column> columns;
    const auto add = [&](const char* path, const auto& numbers, const char* description) {
        columns.push_back(column_of(path, numbers, description));
    };
    add(result_path::job, each(result, [](const JobResult& job) { return job.id; }),
        "hash of configuration, engine and blocks (UUID 5)");
    add(result_path::model, each(result, [](const JobResult& job) { return job.model; }),
        "name of the model in the sweep file");
    add(result_path::task, each(result, [](const JobResult& job) { return job.task; }),
        "name of the task in the sweep file, or its kind");
    add(result_path::seed,
        each(result, [](const JobResult& job) { return std::int64_t{job.seed}; }), "seed");
    add(result_path::steps, each(result, [](const JobResult& job) { return job.steps; }),
        "steps completed");
    const bool with_losses = !result.lacks_losses();
    if (with_losses) add_losses(columns, result);
    if (result.has_frozen()) add_frozen(columns, result);
    add(result_path::seconds, each(result, [](const JobResult& job) { return job.seconds; }),
        "time of stepping in s; all else is the same whenever the job is run");
    add(result_path::failure, each(result, [](const JobResult& job) { return job.failure; }),
        "why the job has no loss; empty when it was completed");
    add(result_path::run_file, each(result, [](const JobResult& job) { return job.run_file; }),
        "from this file's folder; empty when it was not kept");
    add(result_path::configuration, configurations.of_job, "row of /configurations");
    for (std::size_t k = 0; k < result.names.size(); ++k)
        columns.push_back(swept_column(
            result.names[k], each(result, [&](const JobResult& job) { return job.values[k]; })));
    if (with_losses) add_curves(columns, result);
    columns.push_back(column_of(result_path::configurations, configurations.texts,
                                "resolved models (TOML); a job has its own seed"));
    columns.push_back(column_of(result_path::data, configurations.data,
                                "datasets that the configuration reads: fingerprint, use, name"));
    add_bounds(columns, configurations);
    add_alignment(columns, result);
    return columns;
}

void write(GrowingFile& file, std::size_t dataset, const Column& column) {
    if (column.rows == 0) return;
    std::vector<const char*> texts;
    for (const std::string& text : column.texts) texts.push_back(text.c_str());
    file.write(dataset, 0, column.rows,
               texts.empty() ? static_cast<const void*>(column.bytes.data()) : texts.data());
}

}  // namespace

bool SweepResult::lacks_losses() const {
    const auto is_completed = [](const JobResult& job) { return job.failure.empty(); };
    return std::any_of(jobs.begin(), jobs.end(), is_completed) &&
           std::all_of(jobs.begin(), jobs.end(), [&](const JobResult& job) {
               return !is_completed(job) || job.lacks_loss();
           });
}

bool SweepResult::has_frozen() const {
    return std::any_of(jobs.begin(), jobs.end(),
                       [](const JobResult& job) { return !std::isnan(job.frozen); });
}

void write_result(const std::string& path, const SweepResult& result) {
    std::vector<Column> columns = columns_of(result);
    add_scales(columns);
    GrowingFile file(link_followed(path), true);
    file.set_attribute(result_attribute::format.name, result_attribute::format_written);
    file.set_attribute(result_attribute::kind.name, std::string(run_attribute::sweep));
    file.set_attribute(result_attribute::title.name, result.title);
    file.set_attribute(result_attribute::sweep.name, result.sweep);
    file.set_attribute(result_attribute::engine.name, result.engine);
    file.set_attribute(result_attribute::swept.name,
                       fmt::format("{}", fmt::join(result.names, "\n")));
    file.set_attribute(conventions_attribute, std::string(conventions));
    for (const Column& column : columns) file.add(column.dataset);
    link_jobs(file, columns);
    for (std::size_t k = 0; k < columns.size(); ++k) write(file, k, columns[k]);
    file.start();
    file.close();
    file.publish();
}

}  // namespace apical
