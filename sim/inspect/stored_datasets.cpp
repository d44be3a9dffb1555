#include "sim/inspect/stored_datasets.hpp"

#include <H5DSpublic.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>

#include "circuits/load_circuit.hpp"
#include "sim/disk_file.hpp"

namespace apical {

namespace {

// How many bytes an HDF5 file says that it has: in its superblock, of the version that run files
// have. 0 when it is none.
std::uint64_t stated_size(const std::string& path) {
    constexpr std::string_view signature("\x89HDF\r\n\x1a\n\x03\x08\x08");
    constexpr std::size_t place = 28;
    char bytes[place + sizeof(std::uint64_t)] = {};
    std::ifstream(path, std::ios::binary).read(bytes, sizeof bytes);
    if (!std::string_view(bytes, sizeof bytes).starts_with(signature)) return 0;
    std::uint64_t size = 0;
    std::memcpy(&size, bytes + place, sizeof size);
    return size;
}

// A file that HDF5 does not open.
std::string what_is_wrong(const std::string& path) {
    std::error_code none;
    const std::uint64_t size = std::filesystem::file_size(path, none);
    if (!none && size == 0) return "is empty";
    const std::uint64_t stated = stated_size(path);
    if (!none && stated > size)
        return fmt::format("is cut off: it has {} bytes, and says that it has {}", size, stated);
    return fmt::format("is not an HDF5 file, or it is damaged; it has {} bytes", none ? 0 : size);
}

H5::H5File open(const std::string& path) {
    if (access(path.c_str(), R_OK) != 0) {
        throw Error(ExitCode::no_such_input,
                    fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    }
    std::error_code none;
    if (std::filesystem::is_directory(path, none))
        reject({path, 0, 0}, "is a folder, and no run file");
    if (const std::optional<H5::H5File> file = open_for_reading(path)) return *file;
    reject({path, 0, 0}, what_is_wrong(path));
}

std::string name_in(const H5::H5Object& object, const std::string& attribute) {
    return on_one_line(text_of(object, attribute));
}

// The library of scales believes its attributes to be of the type and size that it gives them; with
// others it writes beyond its memory.
template <class IsRight>
bool describes_dimensions(const H5::DataSet& set, const std::string& name, IsRight is_right) {
    if (!set.attrExists(name)) return false;
    const H5::Attribute attribute = set.openAttribute(name);
    const hssize_t count = attribute.getSpace().getSimpleExtentNpoints();
    return count == set.getSpace().getSimpleExtentNdims() && is_right(attribute);
}

std::string label_of(const H5::DataSet& set, unsigned dimension) {
    const auto is_text = [](const H5::Attribute& attribute) {
        return attribute.getTypeClass() == H5T_STRING && attribute.getStrType().isVariableStr();
    };
    if (!describes_dimensions(set, "DIMENSION_LABELS", is_text)) return "";
    char label[32] = {};
    return H5DSget_label(set.getId(), dimension, label, sizeof label) > 0 ? label : "";
}

// The path of the scale that is attached to the rows.
std::string scale_of(const H5::DataSet& set) {
    const auto is_list = [](const H5::Attribute& attribute) {
        return attribute.getTypeClass() == H5T_VLEN &&
               attribute.getVarLenType().getSuper() == H5::PredType::STD_REF_OBJ;
    };
    std::string path;
    if (!describes_dimensions(set, "DIMENSION_LIST", is_list)) return path;
    const auto visit = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
        char name[1024] = {};
        H5Iget_name(scale, name, sizeof name - 1);
        *static_cast<std::string*>(to) = name;
        return 1;
    };
    H5DSiterate_scales(set.getId(), 0, nullptr, visit, &path);
    return path;
}

}  // namespace

// Whether it is being written is asked first: when it is not, what is read then is the last of it.
StoredDatasets::StoredDatasets(const std::string& from)
    : path(from), is_being_written(apical::is_being_written(from)), file(open(from)) {
    try {
        check_format();
        find_all();
        see_rows();
    } catch (const H5::Exception& exception) {
        reject(fmt::format("is damaged: {}", exception.getDetailMsg()));
    }
}

void StoredDatasets::reject(const std::string& why) const { apical::reject({path, 0, 0}, why); }

void StoredDatasets::check_format() const {
    if (text_of(file.openGroup("/"), "kind") == "sweep")
        reject(
            "is the result of a sweep, and no run file; `apical report` prints it, `apical plot` "
            "without an address draws it");
    if (text_of(file.openGroup("/"), "program").empty())
        reject("is an HDF5 file, but no run file of Apical: it has no attribute \"program\"");
}

// Before memory is taken for them.
void StoredDatasets::check_size(const H5::DataSet& set, const std::string& name,
                                const std::vector<std::size_t>& row, std::uint64_t rows) const {
    std::vector<hsize_t> extent(row.begin(), row.end());
    constexpr std::uint64_t most = std::uint64_t{1} << 31;  // numbers, of a row yet to come
    if (!is_at_most(most, extent))
        reject(fmt::format("is damaged: \"{}\" states rows of more than 2^31 numbers", name));
    extent.push_back(rows);
    if (rows > 0 && !is_at_most(room_for(set, path), extent))
        reject(fmt::format("is damaged: \"{}\" states {} rows, for which the file is too short",
                           name, rows));
}

void StoredDatasets::check_rank(const H5::DataSet& set, const std::string& name,
                                std::size_t rank) const {
    if (extent_of(set).size() != rank)
        reject(fmt::format("is damaged: \"{}\" has {} dimensions, not {}", name,
                           extent_of(set).size(), rank));
}

void StoredDatasets::find_all() {
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
    read_phase_ends();
}

void StoredDatasets::add(const H5::DataSet& set, const std::string& name,
                         const std::string& address, std::size_t axis) {
    const std::vector<hsize_t> extent = extent_of(set);  // it has a scale, so it has rows
    StoredQuantity quantity{address,
                            name,
                            name_in(set, "units"),
                            name_in(set, "long_name"),
                            name_in(set, "symbol"),
                            {extent.begin() + 1, extent.end()},
                            extent.size() > 1 && label_of(set, 1) == "phase",
                            axis,
                            extent.front(),
                            sets.size()};
    if (std::find(quantity.row.begin(), quantity.row.end(), 0) != quantity.row.end())
        reject(fmt::format("is damaged: \"{}\" has rows without a number", name));
    if (quantity.by_phase && quantity.row.front() != phases.size())
        reject(fmt::format("is damaged: \"{}\" has {} phases, and the file {}", name,
                           quantity.row.front(), phases.size()));
    quantities.push_back(std::move(quantity));
    sets.push_back(set);
}

void StoredDatasets::read_phases(const H5::DataSet& set) {
    check_rank(set, "/axes/phase", 1);
    if (set.getTypeClass() != H5T_STRING || set.getStrType().isVariableStr())
        reject("is damaged: \"/axes/phase\" has no texts of a fixed length");
    check_size(set, "/axes/phase", {}, extent_of(set).front());
    const std::size_t size = set.getDataType().getSize();
    const auto count = static_cast<std::size_t>(extent_of(set).front());
    std::vector<char> texts(size * count + 1);
    set.read(texts.data(), set.getDataType());
    for (std::size_t p = 0; p < count; ++p) {
        const char* text = texts.data() + p * size;
        phases.push_back(on_one_line({text, strnlen(text, size)}));
    }
}

// From the model: the times of the rows are rounded sums.
void StoredDatasets::read_phase_ends() {
    Table root = parse_toml(text_of(file.openGroup("/"), "resolved"), path + " (resolved)");
    Value* list = root.find("phase");
    const auto* all = list ? std::get_if<Array>(&list->content) : nullptr;
    const auto is_table = [](const Value& one) {
        return std::holds_alternative<Table>(one.content);
    };
    if (!all || !std::all_of(all->begin(), all->end(), is_table))
        reject("is damaged: its attribute \"resolved\" has no list [[phase]]");
    Circuit circuit;
    load_phases(circuit, *list);
    phase_end_ms = circuit.phase_end_ms();
    if (!phases.empty() && phases.size() != phase_end_ms.size())
        reject(fmt::format("is damaged: it names {} phases, and its model {}", phases.size(),
                           phase_end_ms.size()));
}

// Steps first: the other datasets of an axis have at least as many rows.
void StoredDatasets::see_rows() {
    for (std::size_t a = 0; a < axes.size(); ++a) {
        StoredAxis& axis = axes[a];
        axis.rows = extent_of(steps[a]).front();
        check_size(steps[a], "/axes/" + axis.name + "/step", {}, axis.rows);
        if (axis.rows == 0) continue;
        axis.first = read_steps(a, 0, 1).front();
        axis.last = read_steps(a, axis.rows - 1, 1).front();
    }
    for (StoredQuantity& one : quantities) {
        H5Drefresh(sets[one.dataset].getId());
        one.rows =
            std::min<std::uint64_t>(extent_of(sets[one.dataset]).front(), axes[one.axis].rows);
        check_size(sets[one.dataset], one.path, one.row, one.rows);
    }
    see_events();
}

std::vector<std::int64_t> StoredDatasets::read_steps(std::size_t axis, std::uint64_t first,
                                                     std::uint64_t count) const {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    std::vector<std::int64_t> found(count);
    read_block(steps[axis], H5::PredType::NATIVE_INT64, {first}, {count}, found.data());
    for (const std::int64_t step : found) {
        if (step < 0 || step > most)
            reject(fmt::format("is damaged: /axes/{} has a step {}", axes[axis].name, step));
    }
    return found;
}

void StoredDatasets::see_events() {
    if (!file.nameExists("/events")) return;
    const H5::DataSet set = file.openDataSet("/events");
    check_rank(set, "/events", 1);
    events = extent_of(set).front();
    check_size(set, "/events", {}, events);
}

}  // namespace apical
