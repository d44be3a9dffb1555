#include "sim/hdf5/growing_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "sim/hdf5/disk_driver.hpp"
#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_writing.hpp"
#include "sim/system/output_file.hpp"

namespace apical {

struct GrowingFile::Implementation {
    struct Series {
        H5::DataSet set;
        H5::DataType type;
        std::vector<hsize_t> extent;
        std::uint64_t chunk_rows;  // 0: a chunk is only a part of its rows
        std::size_t row_bytes;
        std::vector<hsize_t> corner{};  // of a chunk

        void extend(std::uint64_t rows);
        void write_chunk(std::uint64_t first_row, const std::byte* data);
        void write_rows(std::uint64_t first_row, std::uint64_t rows, const std::byte* data) const;
    };

    Implementation(const std::string& asked_for, bool may_replace)
        : path(asked_for),
          replace(may_replace),
          target(asked_for, UnfinishedFile::CreatedByCaller{}) {}

    std::string path;  // as it was asked for
    bool replace;
    bool started = false, closed = false;
    UnfinishedFile target;
    DiskFile& disk = target.disk();
    struct stat place = {};  // where the file is, whatever has its name
    H5::H5File file;
    std::vector<Series> datasets;
    DimensionScales scales;

    Error error(const std::string& reason) const {
        return {started ? ExitCode::input_output_error : ExitCode::cannot_create_output,
                fmt::format("cannot write \"{}\": {}", path, reason)};
    }

    // `close` takes all datasets away.
    Series& series_of(std::size_t dataset) {
        if (dataset < datasets.size()) return datasets[dataset];
        if (disk.failure()) throw error(disk.reason());
        throw Error(ExitCode::usage, fmt::format("\"{}\" was closed; no rows can follow", path));
    }

    // Rows that go into a file without a name are lost.
    void check_name() const {
        if (!target.is_published()) return;
        struct stat now = {};
        const auto ended = [&](const char* how) {
            return Error(ExitCode::input_output_error,
                         fmt::format("\"{}\" was {} while the run went on; what was recorded "
                                     "stays in the file that had this name",
                                     path, how));
        };
        if (stat(path.c_str(), &now) != 0) throw ended("removed or renamed");
        if (now.st_dev != place.st_dev || now.st_ino != place.st_ino)
            throw ended("replaced by another file");
        if (static_cast<std::uint64_t>(now.st_size) < disk.size()) throw ended("cut off");
    }

    template <class Action>
    void attempt(Action action) const {
        if (disk.failure()) throw error(disk.reason());
        H5::Exception::dontPrint();  // of the calling thread
        try {
            action();
        } catch (const H5::Exception& exception) {
            if (!disk.failure()) throw error(exception.getFuncName() + " failed");
        }
        if (disk.failure()) throw error(disk.reason());
    }
};

GrowingFile::GrowingFile(const std::string& path, bool replace, std::size_t alignment) {
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
    auto made = std::make_unique<Implementation>(path, replace);  // a failure ends it locked, too
    Implementation& run = *made;
    if (!replace && access(path.c_str(), F_OK) == 0) throw run.error(std::strerror(EEXIST));
    run.attempt([&] {
        H5::FileAccPropList access;
        access.setLibverBounds(H5F_LIBVER_V110, H5F_LIBVER_V110);
        // No cache of chunks: rows come gathered. (A dataset's own setting is lost at `start`.)
        access.setCache(0, 0, 0, 0.0);
        access.setAlignment(alignment / 2, alignment);
        write_through(access, run.disk);
        const auto creation = without_times(H5::FileCreatPropList());
        run.file = H5::H5File(run.target.name(), H5F_ACC_EXCL, creation, access);
    });
    implementation_ = std::move(made);
}

GrowingFile::~GrowingFile() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_.reset();
}

void GrowingFile::set_attribute(const std::string& name, const AttributeValue& value) {
    const std::lock_guard lock(hdf5_mutex());
    implementation_->attempt([&] { set_attribute_of(implementation_->file, name, value); });
}

std::size_t GrowingFile::add(const NewDataset& dataset) {
    const std::lock_guard lock(hdf5_mutex());
    Implementation& run = *implementation_;
    run.attempt([&] {
        H5::DataSet set = make_dataset(run.file, dataset);
        run.scales.attach(run.file, set, dataset);
        const H5::DataType type = type_of(dataset);
        std::size_t row_bytes = type.getSize();
        for (const std::size_t size : dataset.row) row_bytes *= size;
        const bool whole_rows =
            dataset.type != NewDataset::Type::free_text &&
            std::equal(dataset.row.begin(), dataset.row.end(), dataset.chunk.begin() + 1);
        const std::vector<hsize_t> none = dimensions(0, dataset.row);
        run.datasets.push_back({set, type, none, whole_rows ? dataset.chunk.front() : 0, row_bytes,
                                std::vector<hsize_t>(none.size())});
    });
    return run.datasets.size() - 1;
}

void GrowingFile::link(const std::string& target, const std::string& path) {
    const std::lock_guard lock(hdf5_mutex());
    Implementation& run = *implementation_;
    run.attempt([&] {
        make_groups(run.file, path);
        const hid_t file = run.file.getId();
        check_call(
            H5Lcreate_hard(file, target.c_str(), file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            "H5Lcreate_hard");
    });
}

void GrowingFile::start() {
    const std::lock_guard lock(hdf5_mutex());
    Implementation& run = *implementation_;
    run.attempt([&] {
        run.scales.list_in(run.file);
        check_call(H5Fstart_swmr_write(run.file.getId()), "H5Fstart_swmr_write");
    });
    run.started = true;
}

void GrowingFile::publish() {
    Implementation& run = *implementation_;
    if (run.target.is_published())
        throw Error(ExitCode::usage, fmt::format("\"{}\" has its name already", run.path));
    if (run.closed) sync_file(run.target.name());
    const std::lock_guard lock(hdf5_mutex());     // a thread beside the run may ask for the name
    stat(run.target.name().c_str(), &run.place);  // before another file can have the name
    run.target.publish(run.replace);
}

void GrowingFile::sync() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_->check_name();
    implementation_->attempt([this] { implementation_->disk.sync(); });
}

void GrowingFile::Implementation::Series::extend(std::uint64_t rows) {
    if (rows <= extent[0]) return;
    extent[0] = rows;
    set.extend(extent.data());
}

void GrowingFile::Implementation::Series::write_chunk(std::uint64_t first_row,
                                                      const std::byte* data) {
    corner[0] = first_row;
    check_call(
        H5Dwrite_chunk(set.getId(), H5P_DEFAULT, 0, corner.data(), chunk_rows * row_bytes, data),
        "H5Dwrite_chunk");
}

void GrowingFile::Implementation::Series::write_rows(std::uint64_t first_row, std::uint64_t rows,
                                                     const std::byte* data) const {
    std::vector<hsize_t> start(extent.size(), 0), count = extent;
    start[0] = first_row;
    count[0] = rows;
    const H5::DataSpace stored = set.getSpace();
    stored.selectHyperslab(H5S_SELECT_SET, count.data(), start.data());
    set.write(data, type, H5::DataSpace(rank_of(count), count.data()), stored);
}

// A whole chunk takes a third of the time that any rows take.
void GrowingFile::write(std::size_t dataset, std::uint64_t first_row, std::uint64_t rows,
                        const void* data) {
    const std::lock_guard lock(hdf5_mutex());
    Implementation::Series& series = implementation_->series_of(dataset);
    implementation_->attempt([&] {
        const auto* bytes = static_cast<const std::byte*>(data);
        const std::uint64_t end = first_row + rows, chunk = series.chunk_rows;
        series.extend(end);
        std::uint64_t row = first_row;
        if (chunk > 0 && row % chunk == 0) {
            for (; row + chunk <= end; row += chunk, bytes += chunk * series.row_bytes) {
                series.write_chunk(row, bytes);
            }
        }
        if (row < end) series.write_rows(row, end - row, bytes);
    });
}

void GrowingFile::flush(std::size_t dataset) {
    const std::lock_guard lock(hdf5_mutex());
    const H5::DataSet& set = implementation_->series_of(dataset).set;
    implementation_->check_name();
    implementation_->attempt([&] { check_call(H5Dflush(set.getId()), "H5Dflush"); });
}

void GrowingFile::close() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_->attempt([this] {
        implementation_->datasets.clear();
        // All else is in the file before it ceases to be marked as open: a file whose last writes
        // failed must not look like one that was closed.
        implementation_->file.flush(H5F_SCOPE_LOCAL);
        implementation_->file.close();
    });
    implementation_->closed = true;
    implementation_->check_name();
}

}  // namespace apical
