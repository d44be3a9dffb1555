#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace apical {

// An HDF5 file of the SONATA format: its root says so ("magic" 0x0A7A, "version" 0.1). Paths make
// the groups on their way. Making one throws Error{cannot_create_output}, all else
// Error{input_output_error}, naming the file.
class SonataFile {
public:
    explicit SonataFile(const std::string& path);
    ~SonataFile();

    // Rows of `columns` numbers; 0 columns make a dataset of one dimension.
    void add(const std::string& path, const std::vector<std::uint64_t>& numbers,
             std::size_t columns = 0);
    void add(const std::string& path, const std::vector<std::uint32_t>& numbers);
    void add(const std::string& path, const std::vector<double>& numbers);        // float64
    void add_short(const std::string& path, const std::vector<double>& numbers);  // float32
    void add_group(const std::string& path);
    void link(const std::string& existing, const std::string& path);

    // A float32 table, filled by blocks of rows.
    void add_table(const std::string& path, std::uint64_t rows, std::uint64_t columns);
    void write_rows(const std::string& path, std::uint64_t first, std::uint64_t rows,
                    const std::vector<double>& numbers);

    // A dataset of one dimension, of whole numbers or of float64, filled by blocks.
    void add_whole_numbers(const std::string& path, std::uint64_t count);
    void add_numbers(const std::string& path, std::uint64_t count);
    void write_numbers(const std::string& path, std::uint64_t first,
                       const std::vector<std::uint64_t>& numbers);
    void write_numbers(const std::string& path, std::uint64_t first,
                       const std::vector<double>& numbers);

    // Sets an attribute of a group or dataset; "/" is the root.
    void set_attribute(const std::string& path, const std::string& name, const std::string& text);
    void set_attribute(const std::string& path, const std::string& name, double number);
    void set_flag(const std::string& path, const std::string& name);  // uint8, 1
    // One of these words, as an enumeration of uint8 that counts them from 0.
    void set_choice(const std::string& path, const std::string& name,
                    const std::vector<std::string>& words, std::uint8_t chosen);

    // What was written is on the disk.
    void close();

private:
    struct Implementation;
    static void create(Implementation& made);
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace apical
