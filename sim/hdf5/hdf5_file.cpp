#include "sim/hdf5/hdf5_file.hpp"

#include <H5Cpp.h>
#include <H5DSpublic.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 2)
#include <H5FDdevelop.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_reading.hpp"
#include "sim/hdf5/hdf5_status.hpp"
#include "sim/system/disk_file.hpp"
#include "sim/system/output_file.hpp"

namespace apical {

namespace {

// HDF5's driver for a DiskFile. When HDF5 closes a file it writes what it has in memory; after a
// failed write that could contradict the rows that readers have, which is why a DiskFile takes
// nothing then. The driver locks nothing, because locks fail on network file systems, but it must
// say that it can: else HDF5 does not mark the file as being written, and nobody can follow it.
struct Disk {
    struct Room {
        haddr_t begin = 0;
        hsize_t size = 0;

        haddr_t take(hsize_t bytes) {
            size -= bytes;
            return std::exchange(begin, begin + bytes);
        }
    };

    H5FD_t driver{};  // first: HDF5 knows a Disk by the address of this
    DiskFile* file = nullptr;
    haddr_t allocated = 0;
    Room left{};  // of a page
    Room read_last{};
    int again = 0;  // how often it was read since

    haddr_t place(hsize_t bytes) { return std::exchange(allocated, allocated + bytes); }

    static Disk& of(H5FD_t* driver) { return *reinterpret_cast<Disk*>(driver); }
    static const Disk& of(const H5FD_t* driver) { return *reinterpret_cast<const Disk*>(driver); }
    static H5FD_t* open(const char* name, unsigned, hid_t access, haddr_t) {
        auto* file = *static_cast<DiskFile* const*>(H5Pget_driver_info(access));
        return file->create(name) ? &(new Disk{{}, file})->driver : nullptr;
    }
    static herr_t close(H5FD_t* driver) {
        of(driver).file->close();
        delete &of(driver);
        return 0;
    }
    // Without any H5FD_FEAT_AGGREGATE each block that HDF5 needs is allocated here.
    static herr_t query(const H5FD_t*, unsigned long* features) {
        *features = H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_SUPPORTS_SWMR_IO;
        return 0;
    }
    // A process can be killed in the middle of a write, but only between two pages: what HDF5
    // writes at once beside the rows, with a checksum, lies in one page if it can. What is left of
    // a page is for smaller blocks. The gap keeps HDF5 from growing a block where it is, and from
    // joining two that it has freed.
    static haddr_t allocate(H5FD_t* driver, H5FD_mem_t type, hid_t, hsize_t size) {
        constexpr haddr_t page = 4096, gap = 8;
        Disk& disk = of(driver);
        if (type == H5FD_MEM_DRAW) return disk.place(size);
        if (size + gap <= disk.left.size) return disk.left.take(size + gap);
        const Room of_page{disk.allocated, page - disk.allocated % page};
        if (size <= of_page.size || size > page) return disk.place(size + gap);
        disk.place(of_page.size);
        if (of_page.size > disk.left.size) disk.left = of_page;
        return disk.place(size + gap);
    }
    static haddr_t allocated_end(const H5FD_t* driver, H5FD_mem_t) { return of(driver).allocated; }
    static herr_t set_allocated_end(H5FD_t* driver, H5FD_mem_t, haddr_t end) {
        of(driver).allocated = end;
        return 0;
    }
    static haddr_t end(const H5FD_t* driver, H5FD_mem_t) { return of(driver).file->size(); }
    static herr_t read(H5FD_t* driver, H5FD_mem_t, hid_t, haddr_t from, size_t size, void* to) {
        // After a failed write it has not what HDF5 wrote. While readers may follow the file, HDF5
        // takes that for something half written and reads it anew, for centuries; but not when
        // reading fails.
        // A block that it reads again and again is one that another program has changed.
        DiskFile& file = *of(driver).file;
        if (of(driver).reads_in_vain(from, size)) file.refuse_changed();
        return !file.failure() && file.read(from, size, to) ? 0 : -1;
    }
    bool reads_in_vain(haddr_t from, size_t size) {
        constexpr int most = 22;  // after pauses of 1 ns, 2 ns, 4 ns, ...: 4 ms in all
        const bool same = read_last.begin == from && read_last.size == size;
        again = same ? again + 1 : 0;
        read_last = {from, size};
        return again > most;
    }
    static herr_t write(H5FD_t* driver, H5FD_mem_t, hid_t, haddr_t to, size_t size,
                        const void* from) {
        of(driver).read_last = {};
        of(driver).file->write(to, size, from);
        return 0;
    }
    static herr_t truncate(H5FD_t* driver, hid_t, hbool_t) {
        of(driver).file->resize(of(driver).allocated);
        return 0;
    }
};

// Returns the status of a call of the C interface. Throws H5::LibraryIException when it failed.
template <class Status>
Status check(Status status, const char* call) {
    if (status < 0) throw H5::LibraryIException(call, "failed");
    return status;
}

hid_t register_driver() {
    H5FD_class_t functions{};
#if H5_VERSION_GE(1, 13, 2)
    functions.version = H5FD_CLASS_VERSION;
    functions.value = 600;  // from 512 on: not registered with the HDF Group
#endif
    functions.name = "apical";
    functions.maxaddr = static_cast<haddr_t>(INT64_MAX);
    functions.fc_degree = H5F_CLOSE_WEAK;
    functions.fapl_size = sizeof(DiskFile*);
    functions.open = Disk::open;
    functions.close = Disk::close;
    functions.query = Disk::query;
    functions.alloc = Disk::allocate;
    functions.get_eoa = Disk::allocated_end;
    functions.set_eoa = Disk::set_allocated_end;
    functions.get_eof = Disk::end;
    functions.read = Disk::read;
    functions.write = Disk::write;
    functions.truncate = Disk::truncate;
    functions.lock = [](H5FD_t*, hbool_t) -> herr_t { return 0; };
    functions.unlock = [](H5FD_t*) -> herr_t { return 0; };
    return check(H5FDregister(&functions), "H5FDregister");
}

// Times of day would make the same run a different file.
template <class List>
List without_times(List list) {
    check(H5Pset_obj_track_times(list.getId(), false), "H5Pset_obj_track_times");
    return list;
}

H5::StrType text_type(std::size_t size) {
    H5::StrType type(H5::PredType::C_S1, size);
    type.setCset(H5T_CSET_UTF8);
    if (size != H5T_VARIABLE) type.setStrpad(H5T_STR_NULLPAD);
    return type;
}

H5::DataType type_of(const NewDataset& dataset) {
    if (dataset.type == NewDataset::Type::real) return H5::PredType::NATIVE_DOUBLE;
    if (dataset.type == NewDataset::Type::integer) return H5::PredType::NATIVE_INT64;
    if (dataset.type == NewDataset::Type::text) return text_type(dataset.text_bytes);
    H5::CompType event(sizeof(EventRow));
    event.insertMember("time_ms", offsetof(EventRow, time_ms), H5::PredType::NATIVE_DOUBLE);
    event.insertMember("kind", offsetof(EventRow, kind), text_type(sizeof(EventRow::kind)));
    event.insertMember("target", offsetof(EventRow, target), text_type(sizeof(EventRow::target)));
    return event;
}

void set_attribute_of(H5::H5Object& object, const std::string& name, const AttributeValue& value) {
    const auto write = [&](const H5::DataType& type, const void* data) {
        if (!object.attrExists(name)) object.createAttribute(name, type, H5::DataSpace());
        object.openAttribute(name).write(type, data);
    };
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        write(H5::PredType::NATIVE_INT64, whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
        write(H5::PredType::NATIVE_DOUBLE, real);
    } else if (const auto* late = std::get_if<LateText>(&value)) {
        write(text_type(late->size()), late->data());
    } else {
        const char* text = std::get<std::string>(value).c_str();
        write(text_type(H5T_VARIABLE), &text);
    }
}

std::vector<hsize_t> dimensions(hsize_t first, const std::vector<std::size_t>& others) {
    std::vector<hsize_t> all{first};
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

int rank_of(const std::vector<hsize_t>& dimensions) { return static_cast<int>(dimensions.size()); }

void make_groups(const H5::H5File& file, const std::string& path_of_dataset) {
    const auto creation = without_times(H5::PropList(H5P_GROUP_CREATE));
    for (auto end = path_of_dataset.find('/', 1); end != std::string::npos;
         end = path_of_dataset.find('/', end + 1)) {
        const std::string name = path_of_dataset.substr(0, end);
        if (file.nameExists(name)) continue;
        const hid_t group =
            H5Gcreate2(file.getId(), name.c_str(), H5P_DEFAULT, creation.getId(), H5P_DEFAULT);
        check(H5Gclose(check(group, "H5Gcreate2")), "H5Gclose");
    }
}

H5::DataSet make_dataset(const H5::H5File& file, const NewDataset& dataset) {
    const auto creation = without_times(H5::DSetCreatPropList());
    const std::vector<hsize_t> chunk(dataset.chunk.begin(), dataset.chunk.end());
    creation.setChunk(rank_of(chunk), chunk.data());
    creation.setFillTime(H5D_FILL_TIME_NEVER);  // nobody sees rows beyond the last
    const std::vector<hsize_t> none = dimensions(0, dataset.row);
    const std::vector<hsize_t> most = dimensions(H5S_UNLIMITED, dataset.row);
    const H5::DataSpace space(rank_of(none), none.data(), most.data());
    return file.createDataSet(dataset.path, type_of(dataset), space, creation);
}

}  // namespace

// A dimension of a dataset, as a dimension scale lists it. What lies between the two, zero when it
// is made with `{}`, goes into the file as well.
struct Scaled {
    hobj_ref_t dataset;
    int dimension;
};
using ScaledByPath = std::map<std::string, std::vector<Scaled>>;

namespace {

// HDF5 Dimension Scale Specification: a dataset refers to its scales, and a scale to all that it is
// one of. H5DSattach_scale would write the list of the scale anew for each dataset, each time
// elsewhere in the file.
void attach_scales(const H5::H5File& file, H5::DataSet& set, const NewDataset& dataset,
                   ScaledByPath& all) {
    std::vector<hobj_ref_t> references(dataset.scales.size());
    std::vector<hvl_t> lists(dataset.scales.size());
    bool any = false;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        if (dataset.scales[i].empty()) continue;
        any = true;
        file.reference(&references[i], dataset.scales[i]);
        lists[i] = {1, &references[i]};
        Scaled& scaled = all[dataset.scales[i]].emplace_back();
        file.reference(&scaled.dataset, dataset.path);
        scaled.dimension = static_cast<int>(i);
    }
    if (!any) return;
    const H5::VarLenType type(H5::PredType::STD_REF_OBJ);
    const hsize_t count = lists.size();
    set.createAttribute("DIMENSION_LIST", type, H5::DataSpace(1, &count)).write(type, lists.data());
}

void list_scaled(const H5::H5File& file, const ScaledByPath& all) {
    H5::CompType type(sizeof(Scaled));
    type.insertMember("dataset", offsetof(Scaled, dataset), H5::PredType::STD_REF_OBJ);
    type.insertMember("dimension", offsetof(Scaled, dimension), H5::PredType::NATIVE_INT);
    for (const auto& [path, list] : all) {
        const hsize_t count = list.size();
        file.openDataSet(path)
            .createAttribute("REFERENCE_LIST", type, H5::DataSpace(1, &count))
            .write(type, list.data());
    }
}

void describe(H5::DataSet& set, const NewDataset& dataset) {
    for (const auto& [name, value] : dataset.attributes) set_attribute_of(set, name, value);
    if (!dataset.scale_name.empty()) {
        check(H5DSset_scale(set.getId(), dataset.scale_name.c_str()), "H5DSset_scale");
    }
    for (unsigned i = 0; i < dataset.labels.size(); ++i) {
        check(H5DSset_label(set.getId(), i, dataset.labels[i].c_str()), "H5DSset_label");
    }
}

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

// What `read_dataset` reads when the file is there.
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

}  // namespace

struct RunFile::Implementation {
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

    std::string path;  // as it was asked for
    std::string made;  // its name until `take_name`
    bool replace = false;
    bool started = false, named = false, closed = false;
    DiskFile disk;
    struct stat place = {};  // where the file is, whatever has its name
    H5::H5File file;
    std::vector<Series> datasets;
    ScaledByPath scaled;

    ~Implementation() {
        if (disk.was_created() && !named) std::remove(made.c_str());
    }

    Error error(const std::string& reason) const {
        return {started ? ExitCode::input_output_error : ExitCode::cannot_create_output,
                fmt::format("cannot write \"{}\": {}", path, reason)};
    }

    // Rows that go into a file without a name are lost.
    void check_name() const {
        if (!named) return;
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

RunFile::RunFile(const std::string& path, bool replace, std::size_t alignment)
    : implementation_(std::make_unique<Implementation>()) {
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
    Implementation& run = *implementation_;
    run.path = path;
    run.made = unfinished_name(path);
    run.replace = replace;
    if (!replace && access(path.c_str(), F_OK) == 0) throw run.error(std::strerror(EEXIST));
    run.attempt([&] {
        H5::FileAccPropList access;
        access.setLibverBounds(H5F_LIBVER_V110, H5F_LIBVER_V110);
        // No cache of chunks: rows come gathered. (A dataset's own setting is lost at `start`.)
        access.setCache(0, 0, 0, 0.0);
        access.setAlignment(alignment / 2, alignment);
        static const hid_t driver = register_driver();  // closing a file needs it still
        DiskFile* const disk = &run.disk;
        access.setDriver(driver, &disk);
        const auto creation = without_times(H5::FileCreatPropList());
        run.file = H5::H5File(run.made, H5F_ACC_EXCL, creation, access);
    });
}

RunFile::~RunFile() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_.reset();
}

void RunFile::set_attribute(const std::string& name, const AttributeValue& value) {
    const std::lock_guard lock(hdf5_mutex());
    implementation_->attempt([&] { set_attribute_of(implementation_->file, name, value); });
}

std::size_t RunFile::add(const NewDataset& dataset) {
    const std::lock_guard lock(hdf5_mutex());
    Implementation& run = *implementation_;
    run.attempt([&] {
        make_groups(run.file, dataset.path);
        H5::DataSet set = make_dataset(run.file, dataset);
        describe(set, dataset);
        attach_scales(run.file, set, dataset, run.scaled);
        const H5::DataType type = type_of(dataset);
        std::size_t row_bytes = type.getSize();
        for (const std::size_t size : dataset.row) row_bytes *= size;
        const bool whole_rows =
            std::equal(dataset.row.begin(), dataset.row.end(), dataset.chunk.begin() + 1);
        const std::vector<hsize_t> none = dimensions(0, dataset.row);
        run.datasets.push_back({set, type, none, whole_rows ? dataset.chunk.front() : 0, row_bytes,
                                std::vector<hsize_t>(none.size())});
    });
    return run.datasets.size() - 1;
}

void RunFile::start() {
    const std::lock_guard lock(hdf5_mutex());
    Implementation& run = *implementation_;
    run.attempt([&] {
        list_scaled(run.file, run.scaled);
        check(H5Fstart_swmr_write(run.file.getId()), "H5Fstart_swmr_write");
    });
    run.started = true;
}

void RunFile::take_name() {
    Implementation& run = *implementation_;
    if (run.closed) sync_file(run.made);
    stat(run.made.c_str(), &run.place);  // before another file can have the name
    apical::take_name(run.made, run.path, run.replace);
    run.named = true;
}

void RunFile::sync() {
    const std::lock_guard lock(hdf5_mutex());
    implementation_->check_name();
    implementation_->attempt([this] { implementation_->disk.sync(); });
}

void RunFile::Implementation::Series::extend(std::uint64_t rows) {
    if (rows <= extent[0]) return;
    extent[0] = rows;
    set.extend(extent.data());
}

void RunFile::Implementation::Series::write_chunk(std::uint64_t first_row, const std::byte* data) {
    corner[0] = first_row;
    check(H5Dwrite_chunk(set.getId(), H5P_DEFAULT, 0, corner.data(), chunk_rows * row_bytes, data),
          "H5Dwrite_chunk");
}

void RunFile::Implementation::Series::write_rows(std::uint64_t first_row, std::uint64_t rows,
                                                 const std::byte* data) const {
    std::vector<hsize_t> start(extent.size(), 0), count = extent;
    start[0] = first_row;
    count[0] = rows;
    const H5::DataSpace stored = set.getSpace();
    stored.selectHyperslab(H5S_SELECT_SET, count.data(), start.data());
    set.write(data, type, H5::DataSpace(rank_of(count), count.data()), stored);
}

// A whole chunk takes a third of the time that any rows take.
void RunFile::write(std::size_t dataset, std::uint64_t first_row, std::uint64_t rows,
                    const void* data) {
    const std::lock_guard lock(hdf5_mutex());
    Implementation::Series& series = implementation_->datasets[dataset];
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

void RunFile::flush(std::size_t dataset) {
    const std::lock_guard lock(hdf5_mutex());
    const H5::DataSet& set = implementation_->datasets[dataset].set;
    implementation_->check_name();
    implementation_->attempt([&] { check(H5Dflush(set.getId()), "H5Dflush"); });
}

void RunFile::close() {
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

DataSet read_dataset(const std::string& path, const std::string& dataset, const Where& where,
                     const ReadingTrial& trial) {
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
    if (access(path.c_str(), R_OK) != 0) {
        throw Error(ExitCode::no_such_input, fmt::format("{}: cannot read \"{}\": {}", text(where),
                                                         path, std::strerror(errno)));
    }
    // Opening a pipe would wait for whoever writes to it.
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        reject(where, fmt::format("\"{}\" is no ordinary file; expected an HDF5 file", path));
    const auto read = [&] { return read_existing(path, dataset, where, trial); };
    try_reading(trial, where, fmt::format("\"{}\" ", path), read);
    return read();
}

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

}  // namespace apical
