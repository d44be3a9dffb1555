#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/run_file/recording.hpp"
#include "sim/run_file/run_layout.hpp"

namespace apical {

// The [record.*] tables that chose an address, as indices in their order.
using Tables = std::vector<std::size_t>;

// Throws Error{bad_model} when a table names cells of a population that nothing it records is in.
// `of_quantity` has the tables of each of the program's quantities.
void check_cells(const Program& program, const std::vector<Recording>& recordings,
                 const std::vector<Tables>& of_quantity);

// Which cells of a quantity are stored: of its rows and, of a matrix, before its synapses. Empty:
// all.
struct CellChoice {
    std::vector<std::size_t> cells, pre;
    bool operator==(const CellChoice&) const = default;
};

// Gives datasets their dimensions of cells, and where tables chose some of these a scale that says
// which they are, in the dataset's group.
class CellDimensions {
public:
    // Both must outlive this.
    CellDimensions(const Program& program, const std::vector<Recording>& recordings)
        : program_(program), recordings_(recordings) {}

    // Throws Error{bad_model} when the tables chose different cells: a dataset has rows of one
    // shape.
    void add_to(RecordedQuantity& recorded, const Tables& tables);
    std::vector<CellScale> take_scales() { return std::move(scales_); }

private:
    void add(NewDataset& dataset, int size, const std::vector<std::size_t>& chosen,
             const char* label, const char* scale, const std::string& table);
    void add_synapses(RecordedQuantity& recorded, const CellChoice& choice, const Recording& table);
    static std::vector<std::size_t> synapses_between(const Quantity& quantity,
                                                     const CellChoice& choice,
                                                     const Recording& table);
    std::string scale_of_synapses(const NewDataset& dataset, const Quantity& quantity,
                                  const std::vector<std::size_t>& synapses,
                                  const std::string& table);
    std::string scale_of(const std::string& path, const std::vector<std::size_t>& chosen,
                         const char* name, const std::string& table);

    const Program& program_;
    const std::vector<Recording>& recordings_;
    std::vector<CellScale> scales_;
};

}  // namespace apical
