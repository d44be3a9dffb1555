#pragma once

#include <H5Cpp.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace apical {

// An HDF5 file in the temporary directory, removed with this.
class TemporaryHdf5 {
public:
    TemporaryHdf5()
        : path_(std::filesystem::temp_directory_path() /
                ("apical_" + std::to_string(getpid()) + "_" + std::to_string(count_++) + ".h5")),
          file_(path_.string(), H5F_ACC_TRUNC) {}
    ~TemporaryHdf5() { std::filesystem::remove(path_); }
    TemporaryHdf5(const TemporaryHdf5&) = delete;
    TemporaryHdf5& operator=(const TemporaryHdf5&) = delete;

    void write(const std::string& name, const std::vector<hsize_t>& shape,
               const std::vector<double>& numbers) {
        const H5::DataSpace space(static_cast<int>(shape.size()), shape.data());
        file_.createDataSet(name, H5::PredType::NATIVE_DOUBLE, space)
            .write(numbers.data(), H5::PredType::NATIVE_DOUBLE);
    }
    // Call before reading.
    void close() { file_.close(); }

    std::string directory() const { return path_.parent_path().string(); }
    std::string name() const { return path_.filename().string(); }

private:
    static inline int count_ = 0;
    std::filesystem::path path_;
    H5::H5File file_;
};

}  // namespace apical
