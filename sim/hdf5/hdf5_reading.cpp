#include "sim/hdf5/hdf5_reading.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <vector>

#include "sim/hdf5/hdf5_lock.hpp"

namespace apical {

std::mutex& hdf5_mutex() {
    static std::mutex mutex;
    return mutex;
}

void silence_hdf5() {
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
}

namespace {

// HDF5 shares a file that its process has open already, which only those may open who agree on how
// it is closed, on locks and on following a writer; everybody else is refused. Others do not agree
// with us, nor with each other: the C interface closes weakly, h5py strongly (not in all of its
// releases), and both lock. A file that is open through another driver is another file for HDF5: so
// nobody is refused, and who closes one closes nothing of the other. The driver that can log, told
// to log nothing, reads as the default one does.
void share_with_nobody(const H5::FileAccPropList& access) {
    H5Pset_fapl_log(access.getId(), nullptr, 0, 0);
}

}  // namespace

std::optional<H5::H5File> open_for_reading(const std::string& path) {
    H5::Exception::dontPrint();
    std::error_code unknown;
    // To open a pipe would wait for who writes to it.
    if (!std::filesystem::is_regular_file(path, unknown)) return std::nullopt;
    const H5::FileAccPropList access;
    share_with_nobody(access);
    H5Pset_file_locking(access.getId(), false, true);
    // Data that is being written may be read half old, half new, so it is read again, after a pause
    // of 1 ns, 2 ns, 4 ns, ...: 4 ms in all. By default that is centuries.
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

H5::DataSet open_own(const H5::H5File& file, const std::string& path) {
    const auto follow_nothing = [](const char*, const char*, const char*, const char*, unsigned*,
                                   hid_t, void*) -> herr_t { return -1; };
    const H5::DSetAccPropList access;
    H5Pset_elink_cb(access.getId(), follow_nothing, nullptr);
    const hid_t id = H5Dopen2(file.getId(), path.c_str(), access.getId());
    if (id < 0) throw H5::FileIException("H5Dopen2", "failed");
    const H5::DataSet set(id);
    H5Dclose(id);  // `set` counts for itself
    const H5::DSetCreatPropList creation(set.getCreatePlist());
    if (creation.getLayout() == H5D_VIRTUAL || creation.getExternalCount() > 0)
        throw H5::DataSetIException("open_own",
                                    "its numbers are in other files; expected a copy of them here");
    return set;
}

std::string text_of(const H5::H5Object& object, const std::string& name) {
    if (!object.attrExists(name)) return "";
    const H5::Attribute attribute = object.openAttribute(name);
    if (attribute.getTypeClass() != H5T_STRING) return "";
    if (attribute.getSpace().getSimpleExtentNpoints() != 1) return "";
    const H5::StrType type = attribute.getStrType();
    constexpr std::size_t most = std::size_t{1} << 26;
    const auto check_size = [&](std::size_t size) {
        if (size > most) throw H5::AttributeIException("text_of", "\"" + name + "\" is too long");
    };
    if (!type.isVariableStr()) {
        check_size(attribute.getInMemDataSize());
        std::string value(attribute.getInMemDataSize(), '\0');
        attribute.read(type, value.data());
        return value.substr(0, value.find('\0'));
    }
    char* text = nullptr;  // stays so when the file has no characters for it
    attribute.read(type, &text);
    const std::size_t size = text ? strnlen(text, most + 1) : 0;
    const std::string value(text ? text : "", std::min(size, most));
    H5free_memory(text);
    check_size(size);
    return value;
}

namespace {

// How many chunks have been written, of how many. The space that they take says nothing: it is less
// than that of the numbers where a filter compresses them.
bool has_all_chunks(const H5::DataSet& set, const H5::DSetCreatPropList& layout) {
    const H5::DataSpace space = set.getSpace();
    const auto dimensions = static_cast<std::size_t>(space.getSimpleExtentNdims());
    std::vector<hsize_t> size(dimensions), chunk(dimensions);
    space.getSimpleExtentDims(size.data());
    layout.getChunk(static_cast<int>(dimensions), chunk.data());
    hsize_t all = 1, written = 0;
    for (std::size_t d = 0; d < dimensions; ++d) all *= (size[d] + chunk[d] - 1) / chunk[d];
    return H5Dget_num_chunks(set.getId(), space.getId(), &written) >= 0 && written >= all;
}

bool is_written(const H5::DataSet& set) {
    const H5::DSetCreatPropList layout(set.getCreatePlist());
    if (layout.getLayout() == H5D_COMPACT) return true;
    if (layout.getLayout() == H5D_CHUNKED) return has_all_chunks(set, layout);
    H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
    set.getSpaceStatus(status);
    return status == H5D_SPACE_STATUS_ALLOCATED;
}

}  // namespace

std::vector<std::string> texts_of(const H5::DataSet& set) {
    const auto count = static_cast<std::size_t>(extent_of(set).front());
    const H5::StrType type = set.getStrType();
    std::vector<std::string> all;
    if (count == 0) return all;
    if (type.isVariableStr()) {
        constexpr std::size_t most = 1'000'000;
        if (count > most) throw H5::DataSetIException("texts_of", "too many");
        std::vector<char*> texts(count, nullptr);
        set.read(texts.data(), type);
        for (const char* text : texts) all.emplace_back(text ? text : "");
        H5::DataSet::vlenReclaim(texts.data(), type, set.getSpace());
        return all;
    }
    const std::size_t size = type.getSize();
    std::vector<char> texts(size * count);
    set.read(texts.data(), type);
    for (std::size_t k = 0; k < count; ++k)
        all.emplace_back(texts.data() + k * size, strnlen(texts.data() + k * size, size));
    return all;
}

void require_written(const H5::DataSet& set) {
    if (set.getSpace().getSimpleExtentNpoints() <= 0 || is_written(set)) return;
    throw H5::DataSetIException("require_written", "parts of it were never written");
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
