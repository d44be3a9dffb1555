#include "sim/show/export/sonata_file.hpp"

#include <H5Cpp.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "circuits/text/error.hpp"
#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_writing.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

template <class Object>
void write_attribute(Object object, const std::string& name, const H5::DataType& type,
                     const H5::DataSpace& space, const void* data) {
    object.createAttribute(name, type, space).write(type, data);
}

}  // namespace

struct SonataFile::Implementation {
    explicit Implementation(const std::string& of) : path(of), beside(link_followed(of)) {}

    std::string path;
    UnfinishedFile beside;  // locked while HDF5 writes to it by its name
    H5::H5File file;
    bool created = false;

    // Calls HDF5, alone.
    template <class Action>
    void attempt(Action action) const {
        const std::lock_guard lock(hdf5_mutex());
        H5::Exception::dontPrint();  // of the calling thread
        errno = 0;
        try {
            action();
        } catch (const H5::Exception& exception) {
            const std::string reason =
                errno ? std::strerror(errno) : exception.getFuncName() + " failed";
            throw Error(created ? ExitCode::input_output_error : ExitCode::cannot_create_output,
                        fmt::format("cannot write \"{}\": {}", path, reason));
        }
    }

    H5::DataSet make(const std::string& name, const H5::DataType& type,
                     const std::vector<hsize_t>& extent) const {
        make_groups(file, name);
        const auto list = without_times(H5::DSetCreatPropList());
        const H5::DataSpace space(static_cast<int>(extent.size()), extent.data());
        return file.createDataSet(name, type, space, list);
    }

    void write_part(const std::string& name, hsize_t first, hsize_t count, const H5::DataType& type,
                    const void* numbers) const {
        attempt([&] {
            const H5::DataSet set = file.openDataSet(name);
            const H5::DataSpace stored = set.getSpace();
            stored.selectHyperslab(H5S_SELECT_SET, &count, &first);
            set.write(numbers, type, H5::DataSpace(1, &count), stored);
        });
    }

    void write_attribute_of(const std::string& name, const std::string& attribute,
                            const H5::DataType& type, const void* data) const {
        const H5::DataSpace one;
        if (file.childObjType(name) == H5O_TYPE_DATASET) {
            write_attribute(file.openDataSet(name), attribute, type, one, data);
        } else {
            write_attribute(file.openGroup(name), attribute, type, one, data);
        }
    }
};

SonataFile::SonataFile(const std::string& path)
    : implementation_(std::make_unique<Implementation>(path)) {
    try {
        create(*implementation_);
    } catch (...) {  // HDF5 closes the file under its lock
        const std::lock_guard lock(hdf5_mutex());
        implementation_.reset();
        throw;
    }
}

void SonataFile::create(Implementation& made) {
    made.attempt([&] {
        const auto list = without_times(H5::FileCreatPropList());
        const H5::FileAccPropList access;
        H5Pset_file_locking(access.getId(), false, true);
        made.file = H5::H5File(made.beside.name(), H5F_ACC_TRUNC, list, access);
        const std::uint32_t magic = 0x0A7A, version[] = {0, 1};
        const hsize_t two = 2;
        const H5::Group root = made.file.openGroup("/");
        write_attribute(root, "magic", H5::PredType::STD_U32LE, H5::DataSpace(), &magic);
        write_attribute(root, "version", H5::PredType::STD_U32LE, H5::DataSpace(1, &two), version);
    });
    made.created = true;
}

SonataFile::~SonataFile() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_.reset();
}

void SonataFile::add(const std::string& path, const std::vector<std::uint64_t>& numbers,
                     std::size_t columns) {
    std::vector<hsize_t> extent{numbers.size()};
    if (columns > 0) extent = {numbers.size() / columns, columns};
    implementation_->attempt([&] {
        implementation_->make(path, H5::PredType::STD_U64LE, extent)
            .write(numbers.data(), H5::PredType::NATIVE_UINT64);
    });
}

void SonataFile::add(const std::string& path, const std::vector<std::uint32_t>& numbers) {
    implementation_->attempt([&] {
        implementation_->make(path, H5::PredType::STD_U32LE, {numbers.size()})
            .write(numbers.data(), H5::PredType::NATIVE_UINT32);
    });
}

void SonataFile::add(const std::string& path, const std::vector<double>& numbers) {
    implementation_->attempt([&] {
        implementation_->make(path, H5::PredType::IEEE_F64LE, {numbers.size()})
            .write(numbers.data(), H5::PredType::NATIVE_DOUBLE);
    });
}

void SonataFile::add_short(const std::string& path, const std::vector<double>& numbers) {
    implementation_->attempt([&] {
        implementation_->make(path, H5::PredType::IEEE_F32LE, {numbers.size()})
            .write(numbers.data(), H5::PredType::NATIVE_DOUBLE);
    });
}

void SonataFile::add_group(const std::string& path) {
    implementation_->attempt([&] { make_groups(implementation_->file, path + '/'); });
}

void SonataFile::link(const std::string& existing, const std::string& path) {
    implementation_->attempt([&] { implementation_->file.link(H5L_TYPE_HARD, existing, path); });
}

void SonataFile::add_table(const std::string& path, std::uint64_t rows, std::uint64_t columns) {
    implementation_->attempt([&] {
        implementation_->make(path, H5::PredType::IEEE_F32LE, {rows, columns});
    });
}

void SonataFile::write_rows(const std::string& path, std::uint64_t first, std::uint64_t rows,
                            const std::vector<double>& numbers) {
    implementation_->attempt([&] {
        const hsize_t start[] = {first, 0}, count[] = {rows, numbers.size() / rows};
        const H5::DataSet set = implementation_->file.openDataSet(path);
        const H5::DataSpace stored = set.getSpace();
        stored.selectHyperslab(H5S_SELECT_SET, count, start);
        set.write(numbers.data(), H5::PredType::NATIVE_DOUBLE, H5::DataSpace(2, count), stored);
    });
}

void SonataFile::add_whole_numbers(const std::string& path, std::uint64_t count) {
    implementation_->attempt(
        [&] { implementation_->make(path, H5::PredType::STD_U64LE, {count}); });
}

void SonataFile::add_numbers(const std::string& path, std::uint64_t count) {
    implementation_->attempt(
        [&] { implementation_->make(path, H5::PredType::IEEE_F64LE, {count}); });
}

void SonataFile::write_numbers(const std::string& path, std::uint64_t first,
                               const std::vector<std::uint64_t>& numbers) {
    implementation_->write_part(path, first, numbers.size(), H5::PredType::NATIVE_UINT64,
                                numbers.data());
}

void SonataFile::write_numbers(const std::string& path, std::uint64_t first,
                               const std::vector<double>& numbers) {
    implementation_->write_part(path, first, numbers.size(), H5::PredType::NATIVE_DOUBLE,
                                numbers.data());
}

void SonataFile::set_attribute(const std::string& path, const std::string& name,
                               const std::string& text) {
    implementation_->attempt([&] {
        H5::StrType type(H5::PredType::C_S1, H5T_VARIABLE);
        type.setCset(H5T_CSET_UTF8);
        const char* characters = text.c_str();
        implementation_->write_attribute_of(path, name, type, &characters);
    });
}

void SonataFile::set_attribute(const std::string& path, const std::string& name, double number) {
    implementation_->attempt([&] {
        implementation_->write_attribute_of(path, name, H5::PredType::NATIVE_DOUBLE, &number);
    });
}

void SonataFile::set_flag(const std::string& path, const std::string& name) {
    const std::uint8_t one = 1;
    implementation_->attempt(
        [&] { implementation_->write_attribute_of(path, name, H5::PredType::STD_U8LE, &one); });
}

void SonataFile::set_choice(const std::string& path, const std::string& name,
                            const std::vector<std::string>& words, std::uint8_t chosen) {
    implementation_->attempt([&] {
        H5::EnumType type(H5::PredType::STD_U8LE);
        for (std::uint8_t k = 0; k < words.size(); ++k) type.insert(words[k], &k);
        implementation_->write_attribute_of(path, name, type, &chosen);
    });
}

// A full disk shows in the flush; closing reports success after it.
void SonataFile::close() {
    implementation_->attempt([this] {
        implementation_->file.flush(H5F_SCOPE_LOCAL);
        implementation_->file.close();
    });
    implementation_->beside.publish();
}

}  // namespace apical
