#include "sim/run_file/chosen_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "circuits/anatomy/resolve.hpp"
#include "circuits/text/whole_number.hpp"

namespace apical {

namespace {

constexpr std::string_view expected_cells =
    "a list of cells and ranges of cells, as in [0, 5, \"10:20\"], which has 10 to 19";

// Cells of a number or of a range in a list.
std::optional<WholeRange> cells_in(const Value& value) {
    if (const auto* cell = std::get_if<std::int64_t>(&value.content))
        return WholeRange{*cell, *cell + 1};
    const auto* text = std::get_if<std::string>(&value.content);
    return text ? whole_range(*text) : std::nullopt;
}

// The cells of one population.
class CellNumbers {
public:
    CellNumbers(const Population& population, std::string key)
        : size_(population.size), name_(population.name), key_(std::move(key)) {}

    void add(const Value& value) {
        const std::optional<WholeRange> cells = cells_in(value);
        if (!cells)
            reject(value.where,
                   fmt::format("{} is {}; expected {}", key_, describe(value), expected_cells));
        if (cells->first < 0 || cells->end > size_)
            reject(value.where, fmt::format("{} has {}; \"{}\" has the cells 0 to {}", key_,
                                            describe(value), name_, size_ - 1));
        for (std::int64_t cell = cells->first; cell < cells->end; ++cell) add(cell, value.where);
    }
    std::vector<std::size_t> sorted() {
        std::sort(cells_.begin(), cells_.end());
        return std::move(cells_);
    }

private:
    void add(std::int64_t cell, const Where& where) {
        const auto index = static_cast<std::size_t>(cell);
        if (std::find(cells_.begin(), cells_.end(), index) != cells_.end())
            reject(where, fmt::format("{} names the cell {} twice", key_, cell));
        cells_.push_back(index);
    }

    std::int64_t size_;
    std::string name_, key_;
    std::vector<std::size_t> cells_;
};

}  // namespace

std::vector<ChosenCells> load_chosen_cells(const Circuit& circuit, const Section& table,
                                           std::string_view key) {
    std::vector<ChosenCells> all;
    if (!table.has(key)) return all;
    for (const Entry& entry : std::get<Table>(table.value(key).content).entries) {
        const Text name{entry.key, entry.where};
        const PopulationId population = resolve_population(circuit, name);
        const std::string path = fmt::format("{}.{}.{}", table.name(), key, entry.key);
        CellNumbers cells(circuit[population], path);
        const auto* list = std::get_if<Array>(&entry.value.content);
        if (list && list->empty())
            reject(entry.value.where,
                   fmt::format("{} names no cell; expected {}", path, expected_cells));
        if (!list) cells.add(entry.value);
        for (const Value& one : list ? *list : Array{}) cells.add(one);
        all.push_back({name, population, cells.sorted()});
    }
    return all;
}

}  // namespace apical
