// The reading side of run files; sim/run_file/recorder.cpp is the writing side.
#include "sim/run_file/stored_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <mutex>
#include <numeric>

#include "circuits/anatomy/address.hpp"
#include "circuits/text/error.hpp"
#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_types.hpp"
#include "sim/run_file/spike_layout.hpp"
#include "sim/run_file/stored_datasets.hpp"

namespace apical {

std::size_t StoredQuantity::row_numbers() const {
    return std::accumulate(row.begin(), row.end(), std::size_t{1}, std::multiplies<>());
}

struct StoredRun::Implementation : StoredDatasets {
    using StoredDatasets::StoredDatasets;

    // Calls HDF5, alone. What it cannot read is damaged.
    template <class Action>
    auto attempt(const std::string& what, Action action) const {
        const std::lock_guard lock(hdf5_mutex());
        try {
            return action();
        } catch (const H5::Exception& exception) {
            throw Error(ExitCode::input_output_error,
                        fmt::format("{}: \"{}\" is damaged and cannot be read ({})", path, what,
                                    exception.getDetailMsg()));
        }
    }

    // Throws Error{usage} for what there is not: of `many` there are `count`.
    void check_range(const std::string& what, const char* many, std::uint64_t from,
                     std::uint64_t asked, std::uint64_t count) const {
        if (asked <= count && from <= count - asked) return;
        throw Error(ExitCode::usage,
                    fmt::format("{}: \"{}\" has {} {}; {} from {} on were asked for", path, what,
                                count, many, asked, from));
    }
    const StoredAxis& axis_of(std::size_t axis) const {
        if (axis < axes.size()) return axes[axis];
        throw Error(ExitCode::usage, fmt::format("{}: it has {} axes; axis {}, counted from 0, "
                                                 "was asked for",
                                                 path, axes.size(), axis));
    }
    // A quantity may be a copy, which says less of the row (a part of it).
    void check_own(const StoredQuantity& quantity) const {
        const bool is_own =
            quantity.dataset < sets.size() && quantities[quantity.dataset].path == quantity.path;
        if (!is_own)
            throw Error(ExitCode::usage, fmt::format("{}: \"{}\" is a quantity of another run file",
                                                     path, quantity.address));
    }
    // A quantity of a damaged file has fewer rows than its axis.
    void check_rows(const StoredQuantity& quantity, std::uint64_t first,
                    std::uint64_t count) const {
        check_own(quantity);
        check_range(quantity.address, "rows", first, count, axis_of(quantity.axis).rows);
    }

    // Numbers of the block [first, first + count) of each dimension, the rows' first.
    std::vector<double> read(const StoredQuantity& quantity, const std::vector<hsize_t>& first,
                             const std::vector<hsize_t>& count) const {
        const hsize_t size =
            std::accumulate(count.begin(), count.end(), hsize_t{1}, std::multiplies<>());
        std::vector<double> numbers(size);
        attempt(quantity.path, [&] {
            read_block(sets[quantity.dataset], H5::PredType::NATIVE_DOUBLE, first, count,
                       numbers.data());
        });
        return numbers;
    }
};

StoredRun::StoredRun(const std::string& path) {
    const std::lock_guard lock(hdf5_mutex());
    implementation_ = std::make_unique<Implementation>(path);
}

StoredRun::~StoredRun() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_.reset();
}

StoredRun::StoredRun(StoredRun&&) noexcept = default;

StoredRun& StoredRun::operator=(StoredRun&& other) noexcept {
    const std::lock_guard lock(hdf5_mutex());
    implementation_ = std::move(other.implementation_);
    return *this;
}

const std::string& StoredRun::path() const { return implementation_->path; }

std::string StoredRun::text(RunAttribute attribute) const {
    return implementation_->attempt(attribute.name, [&] {
        return text_of(implementation_->file.openGroup(run_path::root), attribute.name);
    });
}

namespace {

template <class Number>
Number number_of(const H5::H5File& file, const std::string& name, const H5::DataType& type,
                 Number otherwise) {
    const H5::Group root = file.openGroup(run_path::root);
    if (!root.attrExists(name)) return otherwise;
    const H5::Attribute found = root.openAttribute(name);
    if (found.getTypeClass() != H5T_INTEGER && found.getTypeClass() != H5T_FLOAT) return otherwise;
    if (found.getSpace().getSimpleExtentNpoints() != 1) return otherwise;
    found.read(type, &otherwise);
    return otherwise;
}

}  // namespace

std::int64_t StoredRun::integer(RunAttribute attribute, std::int64_t otherwise) const {
    return implementation_->attempt(attribute.name, [&] {
        return number_of(implementation_->file, attribute.name, H5::PredType::NATIVE_INT64,
                         otherwise);
    });
}

double StoredRun::number(RunAttribute attribute, double otherwise) const {
    return implementation_->attempt(attribute.name, [&] {
        return number_of(implementation_->file, attribute.name, H5::PredType::NATIVE_DOUBLE,
                         otherwise);
    });
}

const std::vector<std::string>& StoredRun::phases() const { return implementation_->phases; }
const std::vector<std::string>& StoredRun::iterations() const {
    return implementation_->iterations;
}
bool StoredRun::is_being_written() const { return implementation_->is_being_written; }
bool StoredRun::was_closed() const {
    const std::lock_guard lock(hdf5_mutex());
    unsigned how = 0;  // as `open_for_reading` had to
    return H5Fget_intent(implementation_->file.getId(), &how) >= 0 && !(how & H5F_ACC_SWMR_READ);
}
double StoredRun::step_ms() const { return implementation_->phase_end_ms.back(); }
const std::vector<double>& StoredRun::phase_end_ms() const { return implementation_->phase_end_ms; }
const std::vector<StoredAxis>& StoredRun::axes() const { return implementation_->axes; }
const StoredAxis* StoredRun::find_axis(std::string_view name) const {
    const auto found = std::find_if(axes().begin(), axes().end(),
                                    [&](const StoredAxis& axis) { return axis.name == name; });
    return found == axes().end() ? nullptr : &*found;
}
const std::vector<StoredQuantity>& StoredRun::quantities() const {
    return implementation_->quantities;
}

std::int64_t StoredRun::last_step() const {
    std::int64_t last = 0;
    for (const StoredAxis& axis : axes()) last = std::max(last, axis.last);
    return last;
}

const StoredQuantity* StoredRun::known(std::string_view address) const {
    const auto& all = quantities();
    const std::string voltage = voltage_address(address);
    const auto found = std::find_if(all.begin(), all.end(), [&](const StoredQuantity& q) {
        return q.address == address || q.path == address || q.address == voltage;
    });
    return found == all.end() ? nullptr : &*found;
}

bool StoredRun::has_loss() const {
    return text(run_attribute::readout).empty() || !text(run_attribute::loss).empty();
}

bool StoredRun::has(std::string_view address) const { return known(address); }

const StoredQuantity& StoredRun::find(std::string_view address) const {
    if (const StoredQuantity* found = known(address)) return *found;
    if (address == "loss" && !has_loss())
        reject({path(), 0, 0},
               "there is no \"loss\": the circuit has no output that is compared with a label");
    std::vector<std::string> names;
    for (const StoredQuantity& q : quantities()) names.push_back(q.address);
    for (const StoredSpikes& one : spikes()) names.push_back(spikes_address(one.population));
    reject({path(), 0, 0},
           names.empty()
               ? fmt::format("\"{}\" was not recorded, nor was anything else", shortened(address))
               : fmt::format("\"{}\" was not recorded; recorded are {}.{}", shortened(address),
                             list_of(names), did_you_mean(address, names)));
}

std::vector<std::int64_t> StoredRun::steps(std::size_t axis, std::uint64_t first,
                                           std::uint64_t count) const {
    const StoredAxis& of = implementation_->axis_of(axis);
    implementation_->check_range(of.name, "rows", first, count, of.rows);
    return implementation_->attempt(run_path::steps_of_axis(of.name), [&] {
        return implementation_->read_steps(axis, first, count);
    });
}

namespace {

// Entries [begin, begin + entries) of each stretch of `columns`.
std::vector<double> part_of(const std::vector<double>& all, std::size_t columns, std::size_t begin,
                            std::size_t entries) {
    std::vector<double> some;
    for (std::size_t k = 0; k + columns <= all.size(); k += columns)
        some.insert(some.end(), all.begin() + static_cast<std::ptrdiff_t>(k + begin),
                    all.begin() + static_cast<std::ptrdiff_t>(k + begin + entries));
    return some;
}

}  // namespace

std::uint64_t StoredRun::row_of(std::size_t axis, std::int64_t step) const {
    std::uint64_t low = 0, high = implementation_->axis_of(axis).rows;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (steps(axis, middle, 1).front() < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

std::vector<double> StoredRun::read_stored(const StoredQuantity& quantity, std::uint64_t first,
                                           std::uint64_t count) const {
    implementation_->check_rows(quantity, first, count);
    const std::vector<std::size_t> row = quantity.stored_row();
    std::vector<hsize_t> start(row.size() + 1, 0), block{count};
    start[0] = first;
    block.insert(block.end(), row.begin(), row.end());
    return implementation_->read(quantity, start, block);
}

std::vector<double> StoredRun::read_entry(const StoredQuantity& quantity, std::uint64_t first,
                                          std::uint64_t count, std::size_t place) const {
    implementation_->check_rows(quantity, first, count);
    implementation_->check_range(quantity.address, "numbers in a row", place, 1,
                                 quantity.stored_numbers());
    const std::vector<std::size_t> row = quantity.stored_row();
    std::vector<hsize_t> start(row.size() + 1, 0), block(row.size() + 1, 1);
    start[0] = first;
    block[0] = count;
    for (std::size_t d = row.size(); d > 0; --d) {
        start[d] = place % row[d - 1];
        place /= row[d - 1];
    }
    return implementation_->read(quantity, start, block);
}

std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> StoredRun::read_synapses(
    const StoredQuantity& quantity) const {
    implementation_->check_own(quantity);
    return implementation_->attempt(quantity.path, [&] {
        return implementation_->cells_of_synapses(implementation_->sets[quantity.dataset],
                                                  quantity);
    });
}

std::vector<double> StoredRun::read(const StoredQuantity& quantity, std::uint64_t first,
                                    std::uint64_t count) const {
    std::vector<double> stored = read_stored(quantity, first, count);
    if (quantity.synapses.empty()) return stored;
    const std::size_t numbers = quantity.row_numbers();
    std::vector<double> all(count * numbers, std::numeric_limits<double>::quiet_NaN());
    for (std::uint64_t row = 0; row < count; ++row) {
        for (std::size_t k = 0; k < quantity.synapses.size(); ++k)
            all[row * numbers + quantity.synapses[k]] = stored[row * quantity.synapses.size() + k];
    }
    return all;
}

std::vector<double> StoredRun::read_part(const StoredQuantity& quantity, std::uint64_t first,
                                         std::uint64_t count, std::size_t phase, std::size_t begin,
                                         std::size_t entries) const {
    implementation_->check_rows(quantity, first, count);
    if (!quantity.synapses.empty()) {
        implementation_->check_range(quantity.address, "entries in a row", begin, entries,
                                     quantity.row.back());
        return part_of(read(quantity, first, count), quantity.row.back(), begin, entries);
    }
    std::vector<hsize_t> start(quantity.row.size() + 1, 0), block{count};
    start[0] = first;
    block.insert(block.end(), quantity.row.begin(), quantity.row.end());
    const bool has_times = quantity.by_phase || quantity.by_iteration;
    if (has_times) {
        implementation_->check_range(quantity.address, quantity.by_phase ? "phases" : "iterations",
                                     phase, 1, quantity.row.front());
        start[1] = phase;
        block[1] = 1;
    }
    if (quantity.row.size() > (has_times ? 1 : 0)) {
        implementation_->check_range(quantity.address, "entries in a row", begin, entries,
                                     quantity.row.back());
        start.back() = begin;
        block.back() = entries;
    }
    return implementation_->read(quantity, start, block);
}

std::uint64_t StoredRun::event_count() const { return implementation_->events; }

std::vector<StoredEvent> StoredRun::events(std::uint64_t first, std::uint64_t count) const {
    implementation_->check_range(run_path::events, "events", first, count, event_count());
    std::vector<EventRow> rows(count);
    implementation_->attempt(run_path::events, [&] {
        const H5::DataSet set = open_own(implementation_->file, run_path::events);
        read_block(set, type_of(event_record()), {first}, {count}, rows.data());
    });
    std::vector<StoredEvent> events;
    for (const EventRow& row : rows) {
        events.push_back({row.time_ms, std::string(row.kind, strnlen(row.kind, sizeof row.kind)),
                          std::string(row.target, strnlen(row.target, sizeof row.target))});
    }
    return events;
}

const std::vector<StoredSpikes>& StoredRun::spikes() const { return implementation_->spikes; }

std::vector<Spike> StoredRun::read_spikes(const StoredSpikes& of, std::uint64_t first,
                                          std::uint64_t count) const {
    implementation_->check_range(of.path, "spikes", first, count, of.rows);
    return implementation_->attempt(of.path,
                                    [&] { return implementation_->read_spikes(of, first, count); });
}

}  // namespace apical
