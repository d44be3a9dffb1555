#include "sim/data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "circuits/text/trimmed.hpp"
#include "sim/data/opened_file.hpp"

namespace apical {

namespace {

constexpr std::size_t most_bytes_of_csv = std::size_t{1} << 34;
constexpr char csv_file[] = "a CSV file";

// Takes the first cell off a line, with the comma behind it; false when a quote has no end. A cell
// in quotes is as it stands between them.
bool take_cell(std::string_view& line, std::string_view& cell) {
    line = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with('"')) {
        const std::size_t end = std::min(line.find(','), line.size());
        cell = trimmed(line.substr(0, end));
        line.remove_prefix(end);
        return true;
    }
    std::size_t end = line.find('"', 1);
    const auto is_doubled = [&] {
        return end != std::string_view::npos && end + 1 < line.size() && line[end + 1] == '"';
    };
    while (is_doubled()) end = line.find('"', end + 2);
    if (end == std::string_view::npos) return false;
    cell = line.substr(1, end - 1);
    line = line.substr(end + 1);
    line = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    return line.empty() || line.front() == ',';
}

// Calls `take` with each cell and its number; false where quotes are not as they should be.
template <class Take>
bool each_cell(std::string_view line, Take take) {
    for (std::size_t column = 0;; ++column) {
        std::string_view cell;
        if (!take_cell(line, cell)) return false;
        take(column, cell);
        if (line.empty()) return true;
        line.remove_prefix(1);
    }
}

bool read_number(std::string_view cell, double& number) {
    if (cell.starts_with('+')) cell.remove_prefix(1);
    const char* end = cell.data() + cell.size();
    const auto [at, failure] = std::from_chars(cell.data(), end, number);
    return failure == std::errc() && at == end && std::isfinite(number);
}

}  // namespace

CsvFile CsvFile::read(const std::string& path, const Where& where) {
    CsvFile file;
    file.path_ = path;
    file.text_ = read_bytes(path, most_bytes_of_csv, csv_file, where);
    refuse_gzip(file.text_, path, csv_file, where);
    file.take_lines(where);
    return file;
}

void CsvFile::take_lines(const Where& where) {
    const auto reject_line = [&](int line, const std::string& why) {
        throw Error(ExitCode::bad_model, fmt::format("{}:{}: {}", on_one_line(path_), line, why));
    };
    std::size_t begin = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;  // a mark of UTF-8
    for (int line = 1; begin < text_.size(); ++line) {
        const std::size_t next = std::min(text_.find('\n', begin), text_.size());
        const std::size_t end = next > begin && text_[next - 1] == '\r' ? next - 1 : next;
        const Row row{begin, end, line};
        begin = next + 1;
        if (trimmed(text_of(row)).empty()) continue;
        std::size_t cells = 0;
        const bool is_first = names_.empty();
        const bool is_whole = each_cell(text_of(row), [&](std::size_t, std::string_view cell) {
            if (is_first) names_.emplace_back(cell);
            ++cells;
        });
        if (!is_whole) reject_line(line, "a quote has no end, or something stands behind it");
        if (cells != names_.size())
            reject_line(line, fmt::format("has {} cells; the first line names {} columns", cells,
                                          names_.size()));
        if (!is_first) rows_.push_back(row);
    }
    if (rows_.empty())
        reject(where,
               fmt::format("\"{}\" has no row; expected a CSV file, a line with the names of "
                           "columns and lines of numbers",
                           path_));
}

std::string CsvFile::place_of(std::size_t row) const {
    return fmt::format("{}:{}", on_one_line(path_), rows_[row].line);
}

std::size_t CsvFile::column_of(const std::string& name, const Where& where) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
        reject(where, fmt::format("\"{}\" has no column \"{}\".{}", path_, shortened(name),
                                  did_you_mean(name, names_)));
    return static_cast<std::size_t>(found - names_.begin());
}

std::vector<std::size_t> CsvFile::columns_of(const std::vector<std::string>& names,
                                             const Where& where) const {
    std::vector<std::size_t> all;
    for (const std::string& name : names) {
        if (!name.ends_with('*')) {
            all.push_back(column_of(name, where));
            continue;
        }
        const std::string_view begin = std::string_view(name).substr(0, name.size() - 1);
        const std::size_t before = all.size();
        for (std::size_t k = 0; k < names_.size(); ++k)
            if (names_[k].starts_with(begin)) all.push_back(k);
        if (all.size() == before)
            reject(where, fmt::format("\"{}\" has no column whose name begins with \"{}\"", path_,
                                      shortened(begin)));
    }
    return all;
}

DataSet CsvFile::numbers(const std::vector<std::string>& names, const Where& where) const {
    const std::vector<std::size_t> columns = columns_of(names, where);
    std::vector<std::vector<std::size_t>> places(names_.size());  // by column of the file
    for (std::size_t k = 0; k < columns.size(); ++k) places[columns[k]].push_back(k);
    DataSet all{{rows(), columns.size()}, std::vector<double>(rows() * columns.size())};
    for (std::size_t row = 0; row < rows(); ++row) {
        each_cell(text_of(rows_[row]), [&](std::size_t column, std::string_view cell) {
            if (places[column].empty()) return;
            double number = 0.0;
            if (!read_number(cell, number))
                throw Error(ExitCode::bad_model,
                            fmt::format("{}: \"{}\" is no {}number in column \"{}\"", place_of(row),
                                        shortened(cell), std::isfinite(number) ? "" : "finite ",
                                        names_[column]));
            for (const std::size_t k : places[column])
                all.numbers[row * columns.size() + k] = number;
        });
    }
    return all;
}

std::vector<std::string_view> CsvFile::cells(const std::string& name, const Where& where) const {
    const std::size_t wanted = column_of(name, where);
    std::vector<std::string_view> all;
    for (const Row& row : rows_) {
        each_cell(text_of(row), [&](std::size_t column, std::string_view cell) {
            if (column == wanted) all.push_back(cell);
        });
    }
    return all;
}

}  // namespace apical
