#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/hdf5/dataset.hpp"

namespace apical {

// A table of a text file: a line with the names of its columns, then a line for each row, with as
// many cells, between commas. A cell may stand in double quotes. Empty lines count as nothing.
class CsvFile {
public:
    // Throws Error{no_such_input} when the file cannot be read, Error{bad_model} naming `where`
    // when it is packed or has no row, and naming its own line where that is not as long as the
    // first.
    static CsvFile read(const std::string& path, const Where& where);

    const std::vector<std::string>& columns() const { return names_; }
    std::size_t rows() const { return rows_.size(); }

    // [rows, columns] of these names; one that ends in '*' stands for all that begin so, in the
    // file's order. Throws Error{bad_model} at `where` for a name that no column has, and naming
    // the file's line for a cell that is no finite number.
    DataSet numbers(const std::vector<std::string>& names, const Where& where) const;
    // The cells of a column, one a row. Throws as `numbers`.
    std::vector<std::string_view> cells(const std::string& name, const Where& where) const;
    // "data.csv:17" of a row.
    std::string place_of(std::size_t row) const;

private:
    struct Row {
        std::size_t begin, end;  // in the text
        int line;
    };
    std::size_t column_of(const std::string& name, const Where& where) const;
    std::vector<std::size_t> columns_of(const std::vector<std::string>& names,
                                        const Where& where) const;
    std::string_view text_of(const Row& row) const {
        return std::string_view(text_).substr(row.begin, row.end - row.begin);
    }
    void take_lines(const Where& where);

    std::string path_, text_;
    std::vector<std::string> names_;
    std::vector<Row> rows_;
};

}  // namespace apical
