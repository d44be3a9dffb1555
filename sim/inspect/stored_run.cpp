// The reading side of run files; sim/hdf5_file.cpp is the writing side.
#include "sim/inspect/stored_run.hpp"

#include <H5Cpp.h>
#include <H5DSpublic.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <numeric>

#include "circuits/error.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/hdf5_reading.hpp"

namespace apical {

namespace {

[[noreturn]] void reject_file(const std::string& path, const std::string& why) {
    reject({path, 0, 0}, why);
}

H5::H5File open(const std::string& path) {
    if (access(path.c_str(), R_OK) != 0) {
        throw Error(ExitCode::no_such_input,
                    fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    }
    if (const std::optional<H5::H5File> file = open_for_reading(path)) return *file;
    reject_file(path, "is not an HDF5 file, or it is damaged");
}

std::string text_of(const H5::H5Object& object, const std::string& name) {
    if (!object.attrExists(name)) return "";
    const H5::Attribute attribute = object.openAttribute(name);
    if (attribute.getTypeClass() != H5T_STRING) return "";
    if (attribute.getSpace().getSimpleExtentNpoints() != 1) return "";
    const H5::StrType type = attribute.getStrType();
    if (!type.isVariableStr()) {
        std::string value(attribute.getInMemDataSize(), '\0');
        attribute.read(type, value.data());
        return value.substr(0, value.find('\0'));
    }
    char* text = nullptr;  // stays so when the file has no characters for it
    attribute.read(type, &text);
    const std::string value = text ? text : "";
    H5free_memory(text);
    return value;
}

// A name on one line, whatever characters the file has.
std::string name_in(const H5::H5Object& object, const std::string& attribute) {
    std::string name = text_of(object, attribute);
    for (char& c : name) {
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
    }
    return name;
}

std::vector<hsize_t> extent_of(const H5::DataSet& set) {
    const H5::DataSpace space = set.getSpace();
    std::vector<hsize_t> extent(static_cast<std::size_t>(space.getSimpleExtentNdims()));
    if (!extent.empty()) space.getSimpleExtentDims(extent.data());
    return extent;
}

std::string label_of(const H5::DataSet& set, unsigned dimension) {
    char label[32] = {};
    return H5DSget_label(set.getId(), dimension, label, sizeof label) > 0 ? label : "";
}

// The path of the scale that is attached to the rows.
std::string scale_of(const H5::DataSet& set) {
    std::string path;
    const auto visit = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
        char name[1024] = {};
        H5Iget_name(scale, name, sizeof name - 1);
        *static_cast<std::string*>(to) = name;
        return 1;
    };
    H5DSiterate_scales(set.getId(), 0, nullptr, visit, &path);
    return path;
}

H5::CompType event_type() {
    const auto text = [](std::size_t size) {
        H5::StrType type(H5::PredType::C_S1, size);
        type.setCset(H5T_CSET_UTF8);  // as written: HDF5 converts no characters
        return type;
    };
    H5::CompType event(sizeof(EventRow));
    event.insertMember("time_ms", offsetof(EventRow, time_ms), H5::PredType::NATIVE_DOUBLE);
    event.insertMember("kind", offsetof(EventRow, kind), text(sizeof(EventRow::kind)));
    event.insertMember("target", offsetof(EventRow, target), text(sizeof(EventRow::target)));
    return event;
}

// [first, first + count) of each dimension, `stride` rows apart.
template <class Number>
void read_block(const H5::DataSet& set, const H5::DataType& type, std::vector<hsize_t> first,
                std::vector<hsize_t> count, hsize_t stride, Number* to) {
    if (std::find(count.begin(), count.end(), 0) != count.end()) return;
    const H5::DataSpace stored = set.getSpace();
    std::vector<hsize_t> strides(first.size(), 1);
    strides[0] = stride;
    stored.selectHyperslab(H5S_SELECT_SET, count.data(), first.data(), strides.data());
    set.read(to, type, H5::DataSpace(static_cast<int>(count.size()), count.data()), stored);
}

}  // namespace

std::size_t StoredQuantity::row_numbers() const {
    return std::accumulate(row.begin(), row.end(), std::size_t{1}, std::multiplies<>());
}

struct StoredRun::Implementation {
    std::string path;
    H5::H5File file;
    std::vector<std::string> phases;
    std::vector<StoredAxis> axes;
    std::vector<StoredQuantity> quantities;
    std::vector<H5::DataSet> sets;   // of the quantities
    std::vector<H5::DataSet> steps;  // of the axes
    std::vector<double> phase_end_ms;
    double step_ms = 0.0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;  // of the file

    // What HDF5 cannot read is damaged.
    template <class Action>
    auto attempt(const std::string& what, Action action) const {
        try {
            return action();
        } catch (const H5::Exception& exception) {
            throw Error(ExitCode::input_output_error,
                        fmt::format("{}: \"{}\" is damaged and cannot be read ({})", path, what,
                                    exception.getDetailMsg()));
        }
    }

    void check_format() const {
        if (text_of(file.openGroup("/"), "program").empty())
            reject_file(path,
                        "is an HDF5 file, but no run file of Apical: it has no attribute "
                        "\"program\"");
    }

    // The sizes that a file states are held against its own before memory is taken for them: a
    // damaged one may state any. A filter of HDF5 packs at most about a thousandfold.
    void measure() {
        std::error_code unknown;
        bytes = std::filesystem::file_size(path, unknown);
        if (unknown) reject_file(path, unknown.message());
    }
    void check_size(const H5::DataSet& set, const std::string& name,
                    const std::vector<std::size_t>& row, std::uint64_t rows) const {
        std::uint64_t room = bytes;
        if (H5::DSetCreatPropList(set.getCreatePlist()).getNfilters() > 0) room *= 1100;
        room /= std::max<std::size_t>(1, set.getDataType().getSize());
        for (const std::size_t size : row) room /= std::max<std::size_t>(1, size);
        if (rows > room)
            reject_file(path,
                        fmt::format("is damaged: \"{}\" states {} rows, for which the file is "
                                    "too short",
                                    name, rows));
    }
    void check_rank(const H5::DataSet& set, const std::string& name, std::size_t rank) const {
        if (extent_of(set).size() != rank)
            reject_file(path, fmt::format("is damaged: \"{}\" has {} dimensions, not {}", name,
                                          extent_of(set).size(), rank));
    }

    void find_all() {
        std::vector<std::string> names;
        for (const std::string& name : names_of_datasets(file)) names.push_back('/' + name);
        std::map<std::string, std::size_t> axis_of;
        for (const std::string& name : names) {
            const H5::DataSet set = file.openDataSet(name);
            if (name == "/axes/phase") read_phases(set);
            if (name.starts_with("/axes/") && name.ends_with("/step") && name.size() > 11) {
                check_rank(set, name, 1);
                axis_of[name] = axes.size();
                axes.push_back({name.substr(6, name.size() - 11), 0, 0, 0});
                steps.push_back(set);
            }
        }
        for (const std::string& name : names) {
            const H5::DataSet set = file.openDataSet(name);
            const std::string address = name_in(set, "address");
            const auto axis = axis_of.find(scale_of(set));
            if (address.empty() || axis == axis_of.end()) continue;
            add(set, name, address, axis->second);
        }
        read_times();
    }

    void add(const H5::DataSet& set, const std::string& name, const std::string& address,
             std::size_t axis) {
        const std::vector<hsize_t> extent = extent_of(set);  // it has a scale, so it has rows
        StoredQuantity quantity{address,
                                name,
                                name_in(set, "units"),
                                name_in(set, "long_name"),
                                name_in(set, "symbol"),
                                {extent.begin() + 1, extent.end()},
                                extent.size() > 1 && label_of(set, 1) == "phase",
                                axis,
                                extent.front()};
        if (quantity.by_phase && quantity.row.front() != phases.size())
            reject_file(path, fmt::format("is damaged: \"{}\" has {} phases, and the file {}", name,
                                          quantity.row.front(), phases.size()));
        quantities.push_back(std::move(quantity));
        sets.push_back(set);
    }

    void read_phases(const H5::DataSet& set) {
        check_rank(set, "/axes/phase", 1);
        if (set.getTypeClass() != H5T_STRING || set.getStrType().isVariableStr())
            reject_file(path, "is damaged: \"/axes/phase\" has no texts of a fixed length");
        check_size(set, "/axes/phase", {}, extent_of(set).front());
        const std::size_t size = set.getDataType().getSize();
        const auto count = static_cast<std::size_t>(extent_of(set).front());
        std::vector<char> texts(size * count + 1);
        set.read(texts.data(), set.getDataType());
        for (std::size_t p = 0; p < count; ++p) {
            const char* text = texts.data() + p * size;
            phases.emplace_back(text, strnlen(text, size));
        }
    }

    // Of the first axis that has a row with times.
    void read_times() {
        for (const StoredAxis& axis : axes) {
            const std::string name = "/axes/" + axis.name + "/time_ms";
            if (!file.nameExists(name)) continue;
            const H5::DataSet set = file.openDataSet(name);
            const std::vector<hsize_t> extent = extent_of(set);
            std::int64_t step = 0;
            const H5::DataSet step_set = file.openDataSet("/axes/" + axis.name + "/step");
            if (extent.size() != 2 || extent[0] == 0 || extent[1] != phases.size() ||
                extent_of(step_set)[0] == 0)
                continue;
            std::vector<double> ends(extent[1]);
            read_block(set, H5::PredType::NATIVE_DOUBLE, {0, 0}, {1, extent[1]}, 1, ends.data());
            read_block(step_set, H5::PredType::NATIVE_INT64, {0}, {1}, 1, &step);
            if (step < 1 || ends.empty()) continue;
            step_ms = ends.back() / static_cast<double>(step);
            for (const double end : ends)
                phase_end_ms.push_back(end - static_cast<double>(step - 1) * step_ms);
            return;
        }
    }

    // Steps first: the other datasets of an axis have at least as many rows.
    void see_rows() {
        for (std::size_t a = 0; a < axes.size(); ++a) {
            H5Drefresh(steps[a].getId());
            axes[a].rows = extent_of(steps[a]).front();
            measure();
            check_size(steps[a], "/axes/" + axes[a].name + "/step", {}, axes[a].rows);
            if (axes[a].rows == 0) continue;
            read_block(steps[a], H5::PredType::NATIVE_INT64, {0}, {1}, 1, &axes[a].first);
            read_block(steps[a], H5::PredType::NATIVE_INT64, {axes[a].rows - 1}, {1}, 1,
                       &axes[a].last);
        }
        for (std::size_t q = 0; q < quantities.size(); ++q) {
            H5Drefresh(sets[q].getId());
            quantities[q].rows =
                std::min<std::uint64_t>(extent_of(sets[q]).front(), axes[quantities[q].axis].rows);
            measure();
            check_size(sets[q], quantities[q].path, quantities[q].row, quantities[q].rows);
        }
        if (!file.nameExists("/events")) return;
        const H5::DataSet set = file.openDataSet("/events");
        check_rank(set, "/events", 1);
        events = extent_of(set).front();
        measure();
        check_size(set, "/events", {}, events);
    }

    const H5::DataSet& set_of(const StoredQuantity& quantity) const {
        return sets[static_cast<std::size_t>(&quantity - quantities.data())];
    }
};

StoredRun::StoredRun(const std::string& path)
    : implementation_(std::make_unique<Implementation>()) {
    Implementation& run = *implementation_;
    run.path = path;
    run.file = open(path);
    try {
        run.measure();
        run.check_format();
        run.find_all();
        run.see_rows();
    } catch (const H5::Exception& exception) {
        reject_file(path, fmt::format("is damaged: {}", exception.getDetailMsg()));
    }
}

StoredRun::~StoredRun() = default;
StoredRun::StoredRun(StoredRun&&) noexcept = default;
StoredRun& StoredRun::operator=(StoredRun&&) noexcept = default;

const std::string& StoredRun::path() const { return implementation_->path; }

std::string StoredRun::text(std::string_view attribute) const {
    return implementation_->attempt(std::string(attribute), [&] {
        return text_of(implementation_->file.openGroup("/"), std::string(attribute));
    });
}

namespace {

template <class Number>
Number number_of(const H5::H5File& file, std::string_view attribute, const H5::DataType& type,
                 Number otherwise) {
    const H5::Group root = file.openGroup("/");
    const std::string name(attribute);
    if (!root.attrExists(name)) return otherwise;
    const H5::Attribute found = root.openAttribute(name);
    if (found.getTypeClass() != H5T_INTEGER && found.getTypeClass() != H5T_FLOAT) return otherwise;
    if (found.getSpace().getSimpleExtentNpoints() != 1) return otherwise;
    found.read(type, &otherwise);
    return otherwise;
}

}  // namespace

std::int64_t StoredRun::integer(std::string_view attribute, std::int64_t otherwise) const {
    return implementation_->attempt(std::string(attribute), [&] {
        return number_of(implementation_->file, attribute, H5::PredType::NATIVE_INT64, otherwise);
    });
}

double StoredRun::number(std::string_view attribute, double otherwise) const {
    return implementation_->attempt(std::string(attribute), [&] {
        return number_of(implementation_->file, attribute, H5::PredType::NATIVE_DOUBLE, otherwise);
    });
}

const std::vector<std::string>& StoredRun::phases() const { return implementation_->phases; }
double StoredRun::step_ms() const { return implementation_->step_ms; }
std::vector<double> StoredRun::phase_end_ms() const { return implementation_->phase_end_ms; }
const std::vector<StoredAxis>& StoredRun::axes() const { return implementation_->axes; }
const std::vector<StoredQuantity>& StoredRun::quantities() const {
    return implementation_->quantities;
}

bool StoredRun::has(std::string_view address) const {
    const auto& all = quantities();
    return std::any_of(all.begin(), all.end(), [&](const StoredQuantity& q) {
        return q.address == address || q.path == address ||
               q.address == std::string(address) + ".v";
    });
}

const StoredQuantity& StoredRun::find(std::string_view address) const {
    std::vector<std::string> known;
    for (const StoredQuantity& q : quantities()) {
        if (q.address == address || q.path == address || q.address == std::string(address) + ".v")
            return q;
        known.push_back(q.address);
    }
    reject_file(path(),
                fmt::format("\"{}\" was not recorded; recorded are {}.{}", shortened(address),
                            list_of(known), did_you_mean(address, known)));
}

std::vector<std::int64_t> StoredRun::steps(std::size_t axis, std::uint64_t first,
                                           std::uint64_t count) const {
    std::vector<std::int64_t> found(count);
    implementation_->attempt("/axes/" + axes()[axis].name + "/step", [&] {
        read_block(implementation_->steps[axis], H5::PredType::NATIVE_INT64, {first}, {count}, 1,
                   found.data());
    });
    return found;
}

std::uint64_t StoredRun::row_of(std::size_t axis, std::int64_t step) const {
    std::uint64_t low = 0, high = axes()[axis].rows;
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

std::vector<double> StoredRun::read(const StoredQuantity& quantity, std::uint64_t first,
                                    std::uint64_t count, std::uint64_t stride) const {
    std::vector<double> numbers(count * quantity.row_numbers());
    implementation_->attempt(quantity.path, [&] {
        std::vector<hsize_t> start(quantity.row.size() + 1, 0), block{count};
        start[0] = first;
        block.insert(block.end(), quantity.row.begin(), quantity.row.end());
        read_block(implementation_->set_of(quantity), H5::PredType::NATIVE_DOUBLE, start, block,
                   stride, numbers.data());
    });
    return numbers;
}

std::vector<double> StoredRun::read_part(const StoredQuantity& quantity, std::uint64_t first,
                                         std::uint64_t count, std::size_t phase, std::size_t begin,
                                         std::size_t entries) const {
    std::vector<hsize_t> start(quantity.row.size() + 1, 0), block{count};
    start[0] = first;
    block.insert(block.end(), quantity.row.begin(), quantity.row.end());
    if (quantity.by_phase) {
        start[1] = phase;
        block[1] = 1;
    }
    if (quantity.row.size() > (quantity.by_phase ? 1 : 0)) {
        start.back() = begin;
        block.back() = entries;
    }
    const hsize_t size =
        std::accumulate(block.begin(), block.end(), hsize_t{1}, std::multiplies<>());
    std::vector<double> numbers(size);
    implementation_->attempt(quantity.path, [&] {
        read_block(implementation_->set_of(quantity), H5::PredType::NATIVE_DOUBLE, start, block, 1,
                   numbers.data());
    });
    return numbers;
}

std::uint64_t StoredRun::event_count() const { return implementation_->events; }

std::vector<StoredEvent> StoredRun::events(std::uint64_t first, std::uint64_t count) const {
    std::vector<EventRow> rows(count);
    implementation_->attempt("/events", [&] {
        const H5::DataSet set = implementation_->file.openDataSet("/events");
        read_block(set, event_type(), {first}, {count}, 1, rows.data());
    });
    std::vector<StoredEvent> events;
    for (const EventRow& row : rows) {
        events.push_back({row.time_ms, std::string(row.kind, strnlen(row.kind, sizeof row.kind)),
                          std::string(row.target, strnlen(row.target, sizeof row.target))});
    }
    return events;
}

void StoredRun::refresh() {
    try {
        implementation_->see_rows();
    } catch (const H5::Exception& exception) {
        reject_file(path(), fmt::format("is damaged: {}", exception.getDetailMsg()));
    }
}

}  // namespace apical
