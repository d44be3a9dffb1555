#include "sim/hdf5/dataset.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_reading.hpp"
#include "sim/hdf5/hdf5_status.hpp"

namespace apical {

namespace {

// Sizes are checked before memory is taken for them; a megabyte is no matter.
void check_sizes(const H5::DataSet& source, const std::vector<hsize_t>& extent) {
    constexpr std::uint64_t most = std::uint64_t{1} << 31, little = std::uint64_t{1} << 17;
    if (!is_at_most(most, extent))
        throw H5::DataSetIException("read_numbers", "it has more than 2^31 numbers");
    if (!is_at_most(std::max(little, room_for(source, source.getFileName())), extent))
        throw H5::DataSetIException(
            "read_numbers", fmt::format("it states {} numbers, for which the file is too short",
                                        fmt::join(extent, " x ")));
}

[[noreturn]] void refuse_type(const std::string& what) {
    throw H5::DataSetIException("read_numbers", what);
}

DataSet read_numbers(const H5::DataSet& source, const ReadingTrial& trial) {
    const H5T_class_t kind = source.getTypeClass();
    if (kind != H5T_FLOAT && kind != H5T_INTEGER && kind != H5T_ENUM)
        refuse_type("it is not of numbers; expected floating-point or whole numbers, or booleans");
    const std::vector<hsize_t> extent = extent_of(source);
    check_sizes(source, extent);
    require_written(source);
    const hssize_t count = source.getSpace().getSimpleExtentNpoints();
    DataSet result{{extent.begin(), extent.end()},
                   std::vector<double>(static_cast<std::size_t>(count))};
    constexpr double slowly = 2e4;  // numbers a second, each in a chunk of its own
    trial.extend_time(static_cast<double>(count) / slowly);
    if (kind == H5T_ENUM) {
        read_booleans(source, result.numbers);
    } else {
        source.read(result.numbers.data(), H5::PredType::NATIVE_DOUBLE);
    }
    return result;
}

// Whether a path leads through a link to another file.
bool leads_elsewhere(const H5::H5File& file, const std::string& path) {
    for (std::size_t end = 0; end != std::string::npos;) {
        end = path.find('/', end + 1);
        H5L_info_t link{};
        if (H5Lget_info(file.getId(), path.substr(0, end).c_str(), &link, H5P_DEFAULT) < 0)
            return false;
        if (link.type == H5L_TYPE_EXTERNAL) return true;
        if (link.type == H5L_TYPE_SOFT) return false;
    }
    return false;
}

// The work of `read_dataset` when the file is there.
DataSet read_existing(const std::string& path, const std::string& dataset, const Where& where,
                      const ReadingTrial& trial) {
    try {
        std::optional<H5::H5File> file = open_for_reading(path);
        if (!file) reject(where, fmt::format("\"{}\" {}", path, why_not_opened(path)));
        try {
            return read_numbers(open_own(*file, dataset), trial);
        } catch (const H5::FileIException&) {
            if (leads_elsewhere(*file, dataset))
                reject(where, fmt::format("\"{}\" of \"{}\" is a link to another file; expected a "
                                          "dataset of this one",
                                          dataset, path));
            const std::string name = dataset.substr(dataset.starts_with('/'));
            reject(where, fmt::format("\"{}\" has no dataset \"{}\".{}", path, dataset,
                                      did_you_mean(name, names_of_datasets(*file))));
        }
    } catch (const H5::Exception& exception) {
        reject(where, fmt::format("cannot read \"{}\" of \"{}\": {}", dataset, path,
                                  exception.getDetailMsg()));
    }
}

herr_t take_name(hid_t /*dataset*/, unsigned /*dimension*/, hid_t scale, void* taken) {
    char name[4096];
    if (H5Iget_name(scale, name, sizeof name) > 0) *static_cast<std::string*>(taken) = name;
    return 1;  // the first one
}

// MurmurHash3's finaliser: a bijection in which every bit of the word decides on every other.
std::uint64_t mixed(std::uint64_t word) {
    word = (word ^ word >> 33) * 0xff51afd7ed558ccd;
    word = (word ^ word >> 33) * 0xc4ceb9fe1a85ec53;
    return word ^ word >> 33;
}

}  // namespace

DataSet read_dataset(const std::string& path, const std::string& dataset, const Where& where,
                     const ReadingTrial& trial) {
    if (access(path.c_str(), R_OK) != 0) {
        throw Error(ExitCode::no_such_input, fmt::format("{}: cannot read \"{}\": {}", text(where),
                                                         path, std::strerror(errno)));
    }
    // Opening a pipe would wait for whoever writes to it.
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        reject(where, fmt::format("\"{}\" is no ordinary file; expected an HDF5 file", path));
    try_reading(trial, dataset_reading, {path, dataset}, where, fmt::format("\"{}\" ", path));
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
    return read_existing(path, dataset, where, trial);
}

std::string scale_of_rows(const std::string& path, const std::string& dataset, const Where& where) {
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
    try {
        std::optional<H5::H5File> file = open_for_reading(path);
        if (!file) reject(where, fmt::format("\"{}\" {}", path, why_not_opened(path)));
        const H5::DataSet set = open_own(*file, dataset);
        std::string found;
        H5DSiterate_scales(set.getId(), 0, nullptr, take_name, &found);
        return found;
    } catch (const H5::Exception& exception) {
        reject(where, fmt::format("cannot read \"{}\" of \"{}\": {}", dataset, path,
                                  exception.getDetailMsg()));
    }
}

const Reading dataset_reading{"dataset",
                              [](const std::vector<std::string>& words, const ReadingTrial& trial) {
                                  read_dataset(words.at(0), words.at(1), {}, trial);
                              }};

void require_finite(const DataSet& data, const std::string& path, const std::string& dataset,
                    const Where& where) {
    const auto bad = std::find_if(data.numbers.begin(), data.numbers.end(),
                                  [](double number) { return !std::isfinite(number); });
    if (bad == data.numbers.end()) return;
    const auto index = static_cast<std::size_t>(bad - data.numbers.begin());
    const std::size_t rows = data.shape.empty() ? 1 : data.shape.front();
    reject(where, fmt::format("dataset \"{}\" of \"{}\" has {} in row {}; expected finite numbers",
                              dataset, path, *bad, index / (data.numbers.size() / rows)));
}

std::uint64_t fingerprint_of(const DataSet& data) {
    std::uint64_t hash = mixed(data.shape.size() + 1);
    for (const std::size_t size : data.shape) hash = mixed(hash ^ size) + 1;
    for (const double number : data.numbers)
        hash = mixed(hash ^ std::bit_cast<std::uint64_t>(number)) + 1;
    return hash;
}

std::uint64_t fingerprint_of(std::span<const std::uint8_t> bytes) {
    std::uint64_t hash = mixed(bytes.size() + 1);
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(bytes.size(), sizeof word);
        std::memcpy(&word, bytes.data(), size);
        hash = mixed(hash ^ word) + 1;
        bytes = bytes.subspan(size);
    }
    return hash;
}

}  // namespace apical
