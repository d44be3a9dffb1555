#include "sim/run_file/stored_datasets.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include "circuits/anatomy/load_circuit.hpp"
#include "sim/hdf5/hdf5_status.hpp"
#include "sim/run_file/format.hpp"
#include "sim/run_file/stored_scales.hpp"
#include "sim/system/disk_file.hpp"

namespace apical {

namespace {

H5::H5File open(const std::string& path) {
    if (access(path.c_str(), R_OK) != 0) {
        throw Error(ExitCode::no_such_input,
                    fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    }
    std::error_code none;
    if (std::filesystem::is_directory(path, none))
        reject({path, 0, 0}, "is a folder, and no run file");
    if (!std::filesystem::is_regular_file(path, none))
        reject({path, 0, 0}, "is no ordinary file, and no run file");
    if (const std::optional<H5::H5File> file = open_for_reading(path)) return *file;
    reject({path, 0, 0}, why_not_opened(path));
}

std::string name_in(const H5::H5Object& object, const std::string& attribute) {
    return on_one_line(text_of(object, attribute));
}

std::int64_t integer_of(const H5::H5Object& object, const std::string& name,
                        std::int64_t otherwise) {
    if (!object.attrExists(name)) return otherwise;
    const H5::Attribute attribute = object.openAttribute(name);
    const bool is_one = attribute.getTypeClass() == H5T_INTEGER &&
                        attribute.getSpace().getSimpleExtentNpoints() == 1;
    if (is_one) attribute.read(H5::PredType::NATIVE_INT64, &otherwise);
    return otherwise;
}

// The axis whose steps a dataset has once more, beside datasets of another axis; empty when it is
// no such copy.
std::string axis_of_copy(const std::string& path) {
    constexpr std::string_view beginning = "step_";
    const std::string name = path.substr(path.rfind('/') + 1);
    return name.starts_with(beginning) ? name.substr(beginning.size()) : "";
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
    if (text_of(file.openGroup(run_path::root), run_attribute::kind.name) == run_attribute::sweep)
        reject(
            "is the result of a sweep, and no run file; `report_text()` prints it, `plot_sweep()` "
            "draws it");
    if (text_of(file.openGroup(run_path::root), run_attribute::program.name).empty())
        reject("is an HDF5 file, but no run file of Apical: it has no attribute \"program\"");
    const std::int64_t format =
        integer_of(file.openGroup(run_path::root), run_attribute::format.name, 1);
    if (format < 1 || format > run_file_format)
        reject(fmt::format("is of format {}; expected 1 to {}, which this version reads", format,
                           run_file_format));
}

// Checks the size of rows before memory is taken for them.
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
    std::map<haddr_t, std::size_t> axis_of;
    for (const std::string& name : names) {
        const std::string axis = run_path::axis_of_steps(name);
        if (axis.empty()) continue;
        const H5::DataSet set = open_own(file, name);
        check_rank(set, name, 1);
        axis_of[place_of(set.getId())] = axes.size();
        axes.push_back({axis, 0, 0, 0, 0});
        steps.push_back(set);
    }
    find_names();
    for (const std::string& name : names) {
        const H5::DataSet set = open_own(file, name);
        for (std::size_t a = 0; a < axes.size(); ++a) {
            if (axis_of_copy(name) == axes[a].name) axis_of[place_of(set.getId())] = a;
        }
    }
    for (const std::string& name : names) {
        const H5::DataSet set = open_own(file, name);
        const std::string address = name_in(set, dataset_attribute::address);
        const auto axis = axis_of.find(place_of_steps(set));
        if (address.empty() || axis == axis_of.end()) continue;
        add(set, name, address, axis->second);
    }
    read_phase_ends();
}

// The phases of a step; other datasets' groups have links to them.
void StoredDatasets::find_names() {
    if (!file.nameExists("/axes")) return;
    if (file.nameExists(run_path::phases))
        phases = read_phases(open_own(file, run_path::phases), run_path::phases);
    if (file.nameExists(run_path::iterations))
        iterations = read_phases(open_own(file, run_path::iterations), run_path::iterations);
}

void StoredDatasets::add(const H5::DataSet& set, const std::string& name,
                         const std::string& address, std::size_t axis) {
    const std::vector<hsize_t> extent = extent_of(set);  // it has a scale, so it has rows
    StoredQuantity quantity{address,
                            name,
                            name_in(set, dataset_attribute::units),
                            name_in(set, dataset_attribute::long_name),
                            name_in(set, dataset_attribute::symbol),
                            {extent.begin() + 1, extent.end()},
                            extent.size() > 1 && label_of(set, 1) == run_path::phase_dimension,
                            axis,
                            extent.front(),
                            sets.size()};
    if (std::find(quantity.row.begin(), quantity.row.end(), 0) != quantity.row.end())
        reject(fmt::format("is damaged: \"{}\" has rows without a number", name));
    if (quantity.by_phase && quantity.row.front() != phases.size())
        reject(fmt::format("is damaged: \"{}\" has {} phases, and the file {}", name,
                           quantity.row.front(), phases.size()));
    quantity.by_iteration = extent.size() > 1 && label_of(set, 1) == run_path::iteration_dimension;
    if (quantity.by_iteration && quantity.row.front() != iterations.size())
        reject(fmt::format("is damaged: \"{}\" has {} iterations, and the file {}", name,
                           quantity.row.front(), iterations.size()));
    const bool by_synapse = extent.size() == 2 && label_of(set, 1) == run_path::synapse_dimension;
    if (by_synapse) read_synapses(set, quantity);
    for (std::size_t d = 0; d < quantity.row.size(); ++d) {
        const bool of_cells =
            !by_synapse && (d > 0 || !(quantity.by_phase || quantity.by_iteration));
        quantity.chosen.push_back(of_cells ? chosen_cells(set, d + 1, quantity.row[d])
                                           : std::vector<std::size_t>());
    }
    quantities.push_back(std::move(quantity));
    sets.push_back(set);
}

std::vector<std::int64_t> StoredDatasets::cells_in(const std::string& name,
                                                   std::size_t size) const {
    const H5::DataSet scale = open_own(file, name);
    check_rank(scale, name, 1);
    if (extent_of(scale).front() != size)
        reject(fmt::format("is damaged: \"{}\" names {} cells, and there are {}", name,
                           extent_of(scale).front(), size));
    check_size(scale, name, {}, size);
    std::vector<std::int64_t> cells(size);
    read_block(scale, H5::PredType::NATIVE_INT64, {0}, {size}, cells.data());
    return cells;
}

// One number for each synapse is read as a matrix, but for that of very many pairs of cells.
void StoredDatasets::read_synapses(const H5::DataSet& set, StoredQuantity& quantity) const {
    constexpr std::int64_t most_pairs = std::int64_t{1} << 28, most_cells = std::int64_t{1} << 30;
    const std::int64_t post = integer_of(set, dataset_attribute::post_cells, 0),
                       pre = integer_of(set, dataset_attribute::pre_cells, 0);
    if (post < 1 || pre < 1 || post > most_cells || pre > most_cells)
        reject(fmt::format("is damaged: \"{}\" joins {} x {} cells", quantity.path, post, pre));
    quantity.post_cells = static_cast<std::size_t>(post);
    quantity.pre_cells = static_cast<std::size_t>(pre);
    if (post * pre > most_pairs) return;
    const auto [to, from] = cells_of_synapses(set, quantity);
    for (std::size_t k = 0; k < to.size(); ++k)
        quantity.synapses.push_back(static_cast<std::size_t>(to[k] * pre + from[k]));
    quantity.row = {static_cast<std::size_t>(post), static_cast<std::size_t>(pre)};
}

std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> StoredDatasets::cells_of_synapses(
    const H5::DataSet& set, const StoredQuantity& quantity) const {
    const std::size_t count = quantity.stored_row().back();
    const std::string scale = scale_of(set, 1);
    if (scale.empty() || run_path::ends_beside(scale, "pre").empty())
        reject(fmt::format("is damaged: nothing says which synapses \"{}\" has", quantity.path));
    std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> cells = {
        cells_in(run_path::ends_beside(scale, "post"), count),
        cells_in(run_path::ends_beside(scale, "pre"), count)};
    const auto& [to, from] = cells;
    const auto post = static_cast<std::int64_t>(quantity.post_cells),
               pre = static_cast<std::int64_t>(quantity.pre_cells);
    for (std::size_t k = 0; k < count; ++k) {
        if (to[k] < 0 || to[k] >= post || from[k] < 0 || from[k] >= pre)
            reject(fmt::format("is damaged: \"{}\" joins cells {} and {}, of {} and {}",
                               quantity.path, from[k], to[k], pre, post));
    }
    return cells;
}

// Which cells a scale of the dimension says that they are; none where it has no scale.
std::vector<std::size_t> StoredDatasets::chosen_cells(const H5::DataSet& set, std::size_t dimension,
                                                      std::size_t size) const {
    const std::string name = scale_of(set, static_cast<unsigned>(dimension));
    if (name.empty()) return {};
    // Phases have these, in a file that lost labels.
    if (open_own(file, name).getTypeClass() != H5T_INTEGER) return {};
    const std::vector<std::int64_t> cells = cells_in(name, size);
    if (integer_of(open_own(file, name), dataset_attribute::whole, 0) > 0) return {};
    for (std::size_t k = 0; k < size; ++k) {
        constexpr std::int64_t most = std::int64_t{1} << 31;
        if (cells[k] < 0 || cells[k] > most || (k > 0 && cells[k] <= cells[k - 1]))
            reject(fmt::format("is damaged: the cells in \"{}\" do not rise", name));
    }
    return {cells.begin(), cells.end()};
}

std::vector<std::string> StoredDatasets::read_phases(const H5::DataSet& set,
                                                     const char* name) const {
    check_rank(set, name, 1);
    if (set.getTypeClass() != H5T_STRING)
        reject(fmt::format("is damaged: \"{}\" has no texts", name));
    check_size(set, name, {}, extent_of(set).front());
    std::vector<std::string> names = texts_of(set);
    for (std::string& one : names) one = on_one_line(one);
    return names;
}

// Reads the ends of phases from the model: the rows' times are rounded sums.
void StoredDatasets::read_phase_ends() {
    Table root = parse_toml(text_of(file.openGroup(run_path::root), run_attribute::resolved.name),
                            path + " (resolved)");
    Value* list = root.find("phase");
    const auto is_list = [](const Value* value) {
        const auto* all = value ? std::get_if<Array>(&value->content) : nullptr;
        return all && std::all_of(all->begin(), all->end(), [](const Value& one) {
                   return std::holds_alternative<Table>(one.content);
               });
    };
    if (!is_list(list)) reject("is damaged: its attribute \"resolved\" has no list [[phase]]");
    if (const Value* groups = root.find("group"); groups && !is_list(groups))
        reject("is damaged: \"group\" in its attribute \"resolved\" is no list [[group]]");
    Circuit circuit;
    load_phases(circuit, *list);
    load_groups(circuit, root);
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
        check_size(steps[a], run_path::steps_of_axis(axis.name), {}, axis.rows);
        if (axis.rows == 0) continue;
        axis.first = read_steps(a, 0, 1).front();
        axis.last = read_steps(a, axis.rows - 1, 1).front();
        axis.start_rows = integer_of(steps[a], dataset_attribute::start_rows, 0) > 0 ? 1 : 0;
    }
    for (StoredQuantity& one : quantities) {
        H5Drefresh(sets[one.dataset].getId());
        one.rows =
            std::min<std::uint64_t>(extent_of(sets[one.dataset]).front(), axes[one.axis].rows);
        check_size(sets[one.dataset], one.path, one.stored_row(), one.rows);
    }
    see_events();
    see_spikes();
}

std::vector<std::int64_t> StoredDatasets::read_steps(std::size_t axis, std::uint64_t first,
                                                     std::uint64_t count) const {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    std::vector<std::int64_t> found(count);
    read_block(steps[axis], H5::PredType::NATIVE_INT64, {first}, {count}, found.data());
    for (const std::int64_t step : found) {
        if (step < 0 || step > most)
            reject(
                fmt::format("is damaged: {} has a step {}", run_path::axis(axes[axis].name), step));
    }
    return found;
}

void StoredDatasets::see_events() {
    if (!file.nameExists(run_path::events)) return;
    const H5::DataSet set = open_own(file, run_path::events);
    check_rank(set, run_path::events, 1);
    events = extent_of(set).front();
    check_size(set, run_path::events, {}, events);
}

}  // namespace apical
