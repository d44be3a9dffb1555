#include "sim/run_file/recorded_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/run_file/format.hpp"
#include "sim/run_file/spike_layout.hpp"

namespace apical {

namespace {

// The slot that says whose numbers they are: in some phases there may be none.
const Slot* slot_of(const Program& program, const Quantity& quantity) {
    for (const SlotId slot : quantity.slots) {
        if (slot) return &program[slot];
    }
    return nullptr;
}

// The populations of its rows and its columns; unset where it has none.
struct Homes {
    PopulationId cells, pre;
};

Homes homes_of(const Program& program, const Quantity& quantity) {
    const Slot* slot = slot_of(program, quantity);
    if (!slot || quantity.shape == Shape::scalar) return {};
    return {slot->cells, is_vector(quantity.shape) ? PopulationId() : slot->pre};
}

std::vector<std::size_t> chosen_of(const std::vector<ChosenCells>& chosen, PopulationId home) {
    for (const ChosenCells& one : chosen) {
        if (home && one.population == home) return one.cells;
    }
    return {};
}

CellChoice choice_of(const Homes& homes, const Recording& recording) {
    return {chosen_of(recording.cells, homes.cells), chosen_of(recording.pre, homes.pre)};
}

// Asks of what the table chose alone.
bool is_home(const Program& program, const std::vector<Tables>& of_quantity, std::size_t table,
             PopulationId population, PopulationId Homes::*of) {
    for (std::size_t i = 0; i < program.quantities.size(); ++i) {
        const Tables& tables = of_quantity[i];
        const bool chosen = std::find(tables.begin(), tables.end(), table) != tables.end();
        if (chosen && homes_of(program, program.quantities[i]).*of == population) return true;
    }
    return false;
}

// All indices, where none are chosen.
std::vector<std::size_t> indices(const std::vector<std::size_t>& chosen, int size) {
    if (!chosen.empty()) return chosen;
    std::vector<std::size_t> all(static_cast<std::size_t>(size));
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = k;
    return all;
}

// The columns that are recorded. A column of a tensor is a synapse, from one of the cells in `pre`
// to one of `cells`.
std::vector<std::size_t> columns_of(const Quantity& quantity, const CellChoice& choice) {
    if (quantity.shape != Shape::tensor) return indices(choice.pre, quantity.columns);
    const int pre = quantity.columns / quantity.rows;
    std::vector<std::size_t> columns;
    for (const std::size_t i : indices(choice.cells, quantity.rows)) {
        for (const std::size_t j : indices(choice.pre, pre))
            columns.push_back(i * static_cast<std::size_t>(pre) + j);
    }
    return columns;
}

// "post pre", which xarray takes for coordinates of the synapses.
std::string coordinates_of(const std::string& synapses) {
    return fmt::format("{} {}", quantity_path::name_of(run_path::ends_beside(synapses, "post")),
                       quantity_path::name_of(run_path::ends_beside(synapses, "pre")));
}

}  // namespace

void check_cells(const Program& program, const std::vector<Recording>& recordings,
                 const std::vector<Tables>& of_quantity) {
    for (std::size_t table = 0; table < recordings.size(); ++table) {
        const Recording& recording = recordings[table];
        const auto check = [&](const std::vector<ChosenCells>& all, PopulationId Homes::*of,
                               std::string_view what) {
            for (const ChosenCells& one : all) {
                if (is_home(program, of_quantity, table, one.population, of)) continue;
                if (of == &Homes::cells && records_spikes_of(program, recording, one.population))
                    continue;
                reject(one.name.where,
                       fmt::format("[record.{}] records nothing that has {} in \"{}\"; expected a "
                                   "population of what it records",
                                   recording.name, what, one.name.text));
            }
        };
        check(recording.cells, &Homes::cells, "its cells");
        check(recording.pre, &Homes::pre, "its presynaptic cells");
    }
}

void CellDimensions::add_to(RecordedQuantity& recorded, const Tables& tables) {
    const Quantity& quantity = program_.quantities[recorded.index];
    const Homes homes = homes_of(program_, quantity);
    const Recording& first = recordings_[tables.front()];
    const CellChoice choice = choice_of(homes, first);
    for (const std::size_t table : tables) {
        const Recording& other = recordings_[table];
        if (choice_of(homes, other) == choice) continue;
        reject(other.what.front().where,
               fmt::format("[record.{}] and [record.{}] choose different cells of \"{}\"; expected "
                           "the same cells in all tables that record it",
                           first.name, other.name, quantity.address));
    }
    if (quantity.places) return add_synapses(recorded, choice, first);
    if (!choice.cells.empty() || !choice.pre.empty()) {
        recorded.rows = indices(choice.cells, quantity.rows);
        recorded.columns = columns_of(quantity, choice);
    }
    const auto add_cells = [&](int size, const char* label, const char* scale) {
        add(recorded.dataset, size, choice.cells, label, scale, first.name);
    };
    const auto add_pre = [&](int size, const char* label, const char* scale) {
        add(recorded.dataset, size, choice.pre, label, scale, first.name);
    };
    if (quantity.shape == Shape::per_cell) add_cells(quantity.rows, "cell", "cell");
    if (quantity.shape == Shape::per_synapse) {
        add_cells(quantity.rows, "postsynaptic cell", "post");
        add_pre(quantity.columns, "presynaptic cell", "pre");
    }
    if (quantity.shape == Shape::per_pair) {
        add_cells(quantity.rows, "cell", "cell");
        add_pre(quantity.columns, "other cell", "other");
    }
    if (quantity.shape == Shape::tensor) {
        add_cells(quantity.rows, "cell", "cell");
        add_cells(quantity.rows, "postsynaptic cell", "post");
        add_pre(quantity.columns / quantity.rows, "presynaptic cell", "pre");
    }
}

// The synapses between chosen cells; empty where none is chosen, which takes all.
std::vector<std::size_t> CellDimensions::synapses_between(const Quantity& quantity,
                                                          const CellChoice& choice,
                                                          const Recording& table) {
    std::vector<std::size_t> synapses;
    if (choice.cells.empty() && choice.pre.empty()) return synapses;
    const auto has = [](const std::vector<std::size_t>& all, std::size_t cell) {
        return all.empty() || std::binary_search(all.begin(), all.end(), cell);
    };
    for_each_synapse(*quantity.places, [&](std::size_t i, std::size_t j, std::size_t k) {
        if (has(choice.cells, i) && has(choice.pre, j)) synapses.push_back(k);
    });
    if (synapses.empty())
        reject(table.what.front().where,
               fmt::format("[record.{}] chooses cells that no synapse of \"{}\" joins", table.name,
                           quantity.address));
    return synapses;
}

// The path of the scale that numbers these synapses, beside which are the cells that they join; one
// of other synapses that stands beside the dataset already has another name.
std::string CellDimensions::scale_of_synapses(const NewDataset& dataset, const Quantity& quantity,
                                              const std::vector<std::size_t>& synapses,
                                              const std::string& table) {
    std::string post = run_path::beside(dataset.path, "post");
    const auto is_other = [&](const CellScale& scale) {
        return scale.dataset.path == post &&
               (scale.cells != synapses || scale.places != quantity.places);
    };
    while (std::any_of(scales_.begin(), scales_.end(), is_other)) post += '_' + table;
    const bool is_there = std::any_of(scales_.begin(), scales_.end(), [&](const CellScale& scale) {
        return scale.dataset.path == post;
    });
    const std::string numbers = run_path::ends_beside(post, run_path::synapse_dimension);
    if (is_there) return numbers;
    const std::size_t count = synapses.empty() ? quantity.places->count() : synapses.size();
    const auto add_scale = [&](CellScale scale, const std::string& path, const char* what,
                               const char* symbol) {
        scale.dataset.path = path;
        scale.dataset.type = NewDataset::Type::integer;
        scale.dataset.chunk = {std::min<std::size_t>(count, 1 << 15)};
        scale.dataset.attributes = described("1", what, symbol);
        if (path == numbers) {
            scale.dataset.scale_name = quantity_path::name_of(path);
        } else {
            scale.dataset.labels = {run_path::synapse_dimension};
            scale.dataset.scales = {numbers};
        }
        scales_.push_back(std::move(scale));
    };
    add_scale({{}, synapses, nullptr, false, count}, numbers, "synapses, in the order of the set",
              "s");
    add_scale({{}, synapses, quantity.places, false}, post, "postsynaptic cells of the synapses",
              "i");
    add_scale({{}, synapses, quantity.places, true}, run_path::ends_beside(post, "pre"),
              "presynaptic cells of the synapses", "j");
    return numbers;
}

// A quantity of a set stored by rows has one number for each synapse, in one dimension, whose scale
// numbers them; beside it are the cells that they end on and those they come from.
void CellDimensions::add_synapses(RecordedQuantity& recorded, const CellChoice& choice,
                                  const Recording& table) {
    const Quantity& quantity = program_.quantities[recorded.index];
    const std::vector<std::size_t> synapses = synapses_between(quantity, choice, table);
    if (!synapses.empty()) {
        recorded.rows = {0};
        recorded.columns = synapses;
    }
    NewDataset& dataset = recorded.dataset;
    const std::string numbers = scale_of_synapses(dataset, quantity, synapses, table.name);
    dataset.row.push_back(synapses.empty() ? quantity.places->count() : synapses.size());
    dataset.labels.emplace_back(run_path::synapse_dimension);
    dataset.scales.push_back(numbers);
    dataset.attributes.emplace_back("coordinates", coordinates_of(numbers));
    dataset.attributes.emplace_back(dataset_attribute::post_cells, std::int64_t{quantity.rows});
    dataset.attributes.emplace_back(dataset_attribute::pre_cells, std::int64_t{quantity.columns});
}

void CellDimensions::add(NewDataset& dataset, int size, const std::vector<std::size_t>& chosen,
                         const char* label, const char* scale, const std::string& table) {
    dataset.row.push_back(chosen.empty() ? static_cast<std::size_t>(size) : chosen.size());
    dataset.labels.emplace_back(label);
    dataset.scales.push_back(chosen.empty() ? "" : scale_of(dataset.path, chosen, scale, table));
}

// "/state/hidden/cell" for "/state/hidden/rate"; where that says otherwise, or is another name
// already, "/state/hidden/cell_<table>".
std::string CellDimensions::scale_of(const std::string& path,
                                     const std::vector<std::size_t>& chosen, const char* name,
                                     const std::string& table) {
    const auto is_taken = [&](const std::string& one) {
        return std::any_of(program_.quantities.begin(), program_.quantities.end(),
                           [&](const Quantity& quantity) {
                               return quantity.path == one || quantity.path.starts_with(one + '/');
                           });
    };
    std::string base = run_path::beside(path, name);
    for (std::string one = base;; one = base += '_' + table) {
        const auto known =
            std::find_if(scales_.begin(), scales_.end(),
                         [&](const CellScale& scale) { return scale.dataset.path == one; });
        if (known != scales_.end() && known->cells == chosen) return one;
        if (known != scales_.end() || is_taken(one)) continue;
        NewDataset dataset;
        dataset.path = one;
        dataset.type = NewDataset::Type::integer;
        dataset.scale_name = quantity_path::name_of(one);
        dataset.chunk = {chosen.size()};
        dataset.attributes = described("1", "which cells are recorded", "i");
        scales_.push_back({dataset, chosen});
        return one;
    }
}

}  // namespace apical
