#include "sim/hdf5/disk_driver.hpp"

#include <H5FDpublic.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 2)
#include <H5FDdevelop.h>
#endif

#include <cstdint>
#include <utility>

#include "sim/hdf5/hdf5_writing.hpp"

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
    return check_call(H5FDregister(&functions), "H5FDregister");
}

}  // namespace

void write_through(const H5::FileAccPropList& access, DiskFile& file) {
    static const hid_t driver = register_driver();  // closing a file needs it still
    DiskFile* const disk = &file;
    access.setDriver(driver, &disk);
}

}  // namespace apical
