#include "sim/hdf5_reading.hpp"

namespace apical {

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

}  // namespace apical
