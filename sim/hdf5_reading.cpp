#include "sim/hdf5_reading.hpp"

#include <algorithm>
#include <filesystem>

#include "sim/hdf5_lock.hpp"

namespace apical {

std::mutex& hdf5_mutex() {
    static std::mutex mutex;
    return mutex;
}

std::optional<H5::H5File> open_for_reading(const std::string& path) {
    H5::Exception::dontPrint();
    const H5::FileAccPropList access;
    H5Pset_file_locking(access.getId(), false, true);
    // What is being written may be read half old, half new, so it is read again, after a pause of
    // 1 ns, 2 ns, 4 ns, ...: 4 ms in all. By default that is centuries.
    H5Pset_metadata_read_attempts(access.getId(), 22);
    for (const unsigned how : {H5F_ACC_RDONLY, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ}) {
        try {
            return H5::H5File(path, how, H5::FileCreatPropList::DEFAULT, access);
        } catch (const H5::FileIException&) {
        }
    }
    return std::nullopt;
}

std::vector<std::string> names_of_datasets(H5::H5File& file) {
    std::vector<std::string> names;
    const auto collect = [](H5::H5Object&, const std::string name, const auto* info, void* all) {
        if (info->type == H5O_TYPE_DATASET) static_cast<decltype(names)*>(all)->push_back(name);
        return 0;
    };
    file.visit(H5_INDEX_NAME, H5_ITER_INC, collect, &names, H5O_INFO_BASIC);
    return names;
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

std::vector<hsize_t> extent_of(const H5::DataSet& set) {
    const H5::DataSpace space = set.getSpace();
    std::vector<hsize_t> extent(static_cast<std::size_t>(space.getSimpleExtentNdims()));
    if (!extent.empty()) space.getSimpleExtentDims(extent.data());
    return extent;
}

std::uint64_t room_for(const H5::DataSet& set, const std::string& path) {
    std::error_code unknown;
    std::uint64_t room = std::filesystem::file_size(path, unknown);
    if (unknown) throw H5::DataSetIException("room_for", unknown.message());
    if (H5::DSetCreatPropList(set.getCreatePlist()).getNfilters() > 0)
        room = 1100 * std::min<std::uint64_t>(room, set.getStorageSize());
    return room / std::max<std::size_t>(1, set.getDataType().getSize());
}

bool is_at_most(std::uint64_t most, const std::vector<hsize_t>& extent) {
    for (const hsize_t size : extent) most /= std::max<hsize_t>(1, size);
    return most > 0;
}

void read_block(const H5::DataSet& set, const H5::DataType& type, const std::vector<hsize_t>& first,
                const std::vector<hsize_t>& count, void* to) {
    if (std::find(count.begin(), count.end(), 0) != count.end()) return;
    const H5::DataSpace stored = set.getSpace();
    stored.selectHyperslab(H5S_SELECT_SET, count.data(), first.data());
    set.read(to, type, H5::DataSpace(static_cast<int>(count.size()), count.data()), stored);
}

}  // namespace apical
