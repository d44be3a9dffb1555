#include <H5Cpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "circuits/text/text.hpp"
#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_reading.hpp"
#include "sim/hdf5/hdf5_status.hpp"
#include "sim/numbers/headline_window.hpp"
#include "sim/sweep/result_format.hpp"
#include "sim/sweep/sweep_result.hpp"

namespace apical {

namespace {

// The datasets of a result, each read whole.
class ResultReader {
public:
    explicit ResultReader(const std::string& path) : path_(path) {
        std::error_code none;
        if (!std::filesystem::exists(path, none))
            throw Error(ExitCode::no_such_input, fmt::format("{}: no such file", path));
        std::optional<H5::H5File> file = open_for_reading(path);
        if (!file) refuse(why_not_opened(path));
        file_ = *file;
        bytes_ = std::filesystem::file_size(path, none);
        if (none) bytes_ = 0;
    }

    std::string attribute(RunAttribute named) const {
        const char* const name = named.name;
        if (!file_.attrExists(name)) refuse(fmt::format("has no attribute \"{}\"", name));
        const H5::Attribute attribute = file_.openAttribute(name);
        const bool is_text = attribute.getTypeClass() == H5T_STRING &&
                             attribute.getSpace().getSimpleExtentNpoints() == 1;
        if (!is_text) refuse(fmt::format("has an attribute \"{}\" that is no text", name));
        return text_of(file_, name);
    }
    // HDF5 asks for a name in a group that is there.
    bool has(const std::string& path) const {
        const std::size_t group = path.find_last_of('/');
        if (group != 0 && !has(path.substr(0, group))) return false;
        return file_.nameExists(path);
    }
    std::vector<double> reals(const std::string& path) const {
        const H5::DataSet set = open(path, {H5T_FLOAT, H5T_INTEGER});
        std::vector<double> numbers(count(set, path));
        if (!numbers.empty()) set.read(numbers.data(), H5::PredType::NATIVE_DOUBLE);
        return numbers;
    }
    std::vector<std::int64_t> integers(const std::string& path) const {
        const H5::DataSet set = open(path, {H5T_INTEGER});
        std::vector<std::int64_t> numbers(count(set, path));
        if (!numbers.empty()) set.read(numbers.data(), H5::PredType::NATIVE_INT64);
        return numbers;
    }
    std::vector<std::string> texts(const std::string& path) const {
        const H5::DataSet set = open(path, {H5T_STRING});
        if (extent_of(set).size() != 1)
            refuse(fmt::format("has a dataset \"{}\" of another kind", path));
        count(set, path);  // texts that the file has room for
        return texts_of(set);
    }
    std::vector<Value> values(const std::string& path) const {
        std::vector<Value> all;
        const H5T_class_t type = open(path, {H5T_STRING, H5T_INTEGER, H5T_FLOAT}).getTypeClass();
        if (type == H5T_STRING) {
            for (const std::string& text : texts(path)) all.push_back(value_of(text));
        } else if (type == H5T_INTEGER) {
            for (const std::int64_t number : integers(path)) all.push_back(value_of(number));
        } else {
            for (const double number : reals(path)) all.push_back(value_of(number));
        }
        return all;
    }
    // The groups in the group of this path; none when there is no such group.
    std::vector<std::string> groups(const char* path) const {
        std::vector<std::string> names;
        if (!has(path)) return names;
        const H5::Group group = file_.openGroup(path);
        for (hsize_t k = 0; k < group.getNumObjs(); ++k) names.push_back(group.getObjnameByIdx(k));
        return names;
    }

    template <class Numbers>
    void check_rows(const Numbers& numbers, std::size_t rows, const std::string& path) const {
        if (numbers.size() != rows)
            refuse(fmt::format("has {} rows of \"{}\"; expected {}", numbers.size(), path, rows));
    }
    [[noreturn]] void refuse(const std::string& what) const {
        throw Error(ExitCode::bad_model, fmt::format("{}: the file {}; expected the result of "
                                                     "`SweepRun`",
                                                     path_, what));
    }

private:
    H5::DataSet open(const std::string& path, std::initializer_list<H5T_class_t> kinds) const {
        if (!has(path)) refuse(fmt::format("has no dataset \"{}\"", path));
        H5::DataSet set = open_own(file_, path);
        if (std::find(kinds.begin(), kinds.end(), set.getTypeClass()) == kinds.end())
            refuse(fmt::format("has a dataset \"{}\" of another kind", path));
        return set;
    }
    // Numbers that the file has room for, so that a damaged one asks for no memory.
    std::size_t count(const H5::DataSet& set, const std::string& path) const {
        const hssize_t points = set.getSpace().getSimpleExtentNpoints();
        const std::uint64_t size = set.getDataType().getSize();
        if (points < 0 ||
            static_cast<std::uint64_t>(points) > bytes_ / std::max<std::uint64_t>(1, size))
            refuse(fmt::format("is too short for its dataset \"{}\"", path));
        return static_cast<std::size_t>(points);
    }

    std::string path_;
    std::uint64_t bytes_ = 0;
    H5::H5File file_;
};

// Sets a field of each job from a column.
template <class Numbers, class Set>
void fill(const ResultReader& reader, SweepResult& result, const std::string& path,
          const Numbers& numbers, Set set) {
    reader.check_rows(numbers, result.jobs.size(), path);
    for (std::size_t k = 0; k < numbers.size(); ++k) set(result.jobs[k], numbers[k]);
}

// Results of 0.1.0 have neither; what lacks one of the two is damaged.
bool is_of_0_1_0(const ResultReader& reader) {
    return !reader.has(result_path::data) && !reader.has(result_path::loss_steps);
}

// Whether there are columns of losses, as there are none when no model has a loss. A file that
// lacks some of them is damaged.
bool has_losses(const ResultReader& reader) {
    constexpr const char* columns[] = {result_path::loss, result_path::loss_steps,
                                       result_path::curve_losses, result_path::curve_steps};
    return std::any_of(std::begin(columns), std::end(columns),
                       [&](const char* one) { return reader.has(one); });
}

// Jobs of 0.1.0 ran to the end.
void read_loss_steps(const ResultReader& reader, SweepResult& result) {
    if (is_of_0_1_0(reader)) {
        for (JobResult& job : result.jobs)
            job.loss_steps = job.failure.empty() ? tail_steps(job.steps) : 0;
    } else {
        fill(reader, result, result_path::loss_steps, reader.integers(result_path::loss_steps),
             [](JobResult& job, std::int64_t steps) { job.loss_steps = steps; });
    }
}

void read_frozen(const ResultReader& reader, SweepResult& result) {
    if (!reader.has(result_path::frozen)) return;
    constexpr double percent = 100.0;
    const auto take = [&](const char* path, auto set) {
        fill(reader, result, path, reader.reals(path), set);
    };
    take(result_path::frozen, [](JobResult& job, double number) { job.frozen = number; });
    take(result_path::frozen_sem, [](JobResult& job, double number) { job.frozen_sem = number; });
    take(result_path::frozen_error,
         [](JobResult& job, double number) { job.frozen_error = number / percent; });
}

void read_jobs(const ResultReader& reader, SweepResult& result) {
    const std::vector<std::string> ids = reader.texts(result_path::job);
    result.jobs.resize(ids.size());
    const auto texts = [&](const char* path, std::string JobResult::*field) {
        fill(reader, result, path, reader.texts(path),
             [&](JobResult& job, const std::string& text) { job.*field = text; });
    };
    const auto reals = [&](const char* path, double JobResult::*field) {
        fill(reader, result, path, reader.reals(path),
             [&](JobResult& job, double number) { job.*field = number; });
    };
    texts(result_path::job, &JobResult::id);
    texts(result_path::model, &JobResult::model);
    texts(result_path::task, &JobResult::task);
    texts(result_path::failure, &JobResult::failure);
    texts(result_path::run_file, &JobResult::run_file);
    if (has_losses(reader)) {
        reals(result_path::loss, &JobResult::loss);
    } else {
        for (JobResult& job : result.jobs) job.loss = std::numeric_limits<double>::quiet_NaN();
    }
    read_frozen(reader, result);
    reals(result_path::seconds, &JobResult::seconds);
    fill(reader, result, result_path::seed, reader.integers(result_path::seed),
         [](JobResult& job, std::int64_t seed) { job.seed = static_cast<std::uint32_t>(seed); });
    fill(reader, result, result_path::steps, reader.integers(result_path::steps),
         [](JobResult& job, std::int64_t steps) { job.steps = steps; });
    if (has_losses(reader)) read_loss_steps(reader, result);
    for (const std::string& name : result.names)
        fill(reader, result, result_path::of_swept(name),
             reader.values(result_path::of_swept(name)),
             [](JobResult& job, const Value& value) { job.values.push_back(value); });
}

void read_curves(const ResultReader& reader, SweepResult& result) {
    if (!has_losses(reader)) return;
    const std::vector<double> losses = reader.reals(result_path::curve_losses);
    const std::vector<std::int64_t> steps = reader.integers(result_path::curve_steps);
    reader.check_rows(steps, losses.size(), result_path::curve_steps);
    const std::size_t jobs = result.jobs.size(), blocks = jobs == 0 ? 0 : losses.size() / jobs;
    reader.check_rows(losses, jobs * blocks, result_path::curve_losses);
    for (std::size_t k = 0; k < losses.size(); ++k) {
        if (steps[k] == 0) continue;  // filled up
        result.jobs[k / blocks].block_steps.push_back(steps[k]);
        result.jobs[k / blocks].block_losses.push_back(losses[k]);
    }
}

void read_configurations(const ResultReader& reader, SweepResult& result) {
    const std::vector<std::string> texts = reader.texts(result_path::configurations);
    std::vector<std::string> data(texts.size());
    if (!is_of_0_1_0(reader)) data = reader.texts(result_path::data);
    reader.check_rows(data, texts.size(), result_path::data);
    std::vector<std::vector<Bound>> bounds(texts.size());
    const auto row = [&](std::int64_t number) {
        if (number < 0 || static_cast<std::size_t>(number) >= texts.size())
            reader.refuse(fmt::format("names configuration {} of {}", number, texts.size()));
        return static_cast<std::size_t>(number);
    };
    const std::vector<std::int64_t> configuration =
        reader.integers(result_path::bound_configuration);
    const std::vector<std::string> names = reader.texts(result_path::bound_name);
    const std::vector<double> losses = reader.reals(result_path::bound_loss);
    reader.check_rows(names, configuration.size(), result_path::bound_name);
    reader.check_rows(losses, configuration.size(), result_path::bound_loss);
    for (std::size_t k = 0; k < names.size(); ++k)
        bounds[row(configuration[k])].push_back({names[k], losses[k]});
    fill(reader, result, result_path::configuration, reader.integers(result_path::configuration),
         [&](JobResult& job, std::int64_t number) {
             job.configuration = texts[row(number)];
             job.data = data[row(number)];
             job.bounds = bounds[row(number)];
         });
}

void read_alignment(const ResultReader& reader, SweepResult& result) {
    for (const std::string& name : reader.groups(result_path::alignments)) {
        for (JobResult& job : result.jobs) job.alignment.push_back({name, 0, 0, 0, 0, 0, ""});
        for (const AlignmentColumn& column : alignment_columns) {
            const std::string path = result_path::of_alignment(name, column.measure);
            fill(reader, result, path, reader.reals(path), [&](JobResult& job, double value) {
                job.alignment.back().*column.number = value;
            });
        }
    }
}

}  // namespace

std::string parts_folder(const std::string& result) {
    return std::filesystem::path(result).replace_extension(".parts");
}

std::string runs_folder(const std::string& result) {
    return std::filesystem::path(result).replace_extension(".runs");
}

SweepResult read_result(const std::string& path) {
    const std::string parts = parts_folder(path);
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown) && std::filesystem::is_directory(parts, unknown))
        throw Error(
            ExitCode::no_such_input,
            fmt::format("{}: the sweep has not been gathered yet, its results lie in \"{}\"; "
                        "`merge_sweep()` gathers what is there",
                        path, parts));
    const std::lock_guard lock(hdf5_mutex());
    SweepResult result;
    try {
        const ResultReader reader(path);
        if (reader.attribute(result_attribute::kind) != run_attribute::sweep)
            reader.refuse("is of another kind");
        result.title = reader.attribute(result_attribute::title);
        result.sweep = reader.attribute(result_attribute::sweep);
        result.engine = reader.attribute(result_attribute::engine);
        result.names = lines_of(reader.attribute(result_attribute::swept));
        read_jobs(reader, result);
        read_curves(reader, result);
        read_configurations(reader, result);
        read_alignment(reader, result);
    } catch (const H5::Exception& exception) {
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: the file is damaged: {}", path, exception.getDetailMsg()));
    }
    return result;
}

bool is_result(const std::string& path) {
    const std::lock_guard lock(hdf5_mutex());
    try {
        const std::optional<H5::H5File> file = open_for_reading(path);
        return !file ||
               file->attrExists(
                   result_attribute::kind.name);  // what cannot be opened, reading it says why
    } catch (const H5::Exception&) {
        return false;
    }
}

}  // namespace apical
