#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace apical {

// The memory of a run, number by number, as it is written to a file or read from one. What has
// memory names it once for both directions:
//     void persist(Archive& archive) { archive(step_, loss_sum_); }
// A file takes its name when it is complete and on the disk, so it is never half there. One that is
// read is checked as a whole (CRC-32) before the first number is believed, and no size in it
// allocates more than a few times what the file has. An archive in memory has neither a name nor a
// checksum.
class Archive {
public:
    // Begins a file to be written. Throws Error{input_output_error}, as all that is written later
    // does.
    static Archive create(const std::string& path);
    // Opens a file to be read. Throws Error{no_such_input}, or Error{bad_model} when it is no such
    // file or damaged, as all that is read later does when it does not fit.
    static Archive open(const std::string& path);
    // Begins one that is written into memory; `written` has the bytes.
    static Archive in_memory();
    // Reads what `written` had, which must outlive the archive. Throws Error{bad_model}
    // when what is read does not fit.
    static Archive of_memory(std::span<const char> bytes);
    // Whether the file begins as an archive of some version does; what else has the name of one is
    // somebody else's.
    static bool is_one(const std::string& path);
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    // A file that was not completed is removed.
    ~Archive();

    bool is_read() const { return !output_; }
    const std::string& path() const { return path_; }
    // Written: puts the file on the disk and gives it its name. Read: throws when there is more.
    void finish();
    // Takes the bytes out of an archive that was written into memory.
    std::vector<char> written() { return std::move(buffer_); }

    template <class... Values>
    void operator()(Values&... values) {
        (take(values), ...);
    }
    // Exactly so many numbers.
    void numbers(std::span<double> all) { bytes(all.data(), all.size_bytes()); }
    // What must be the same when it is read; `what` begins the message when it is not.
    void same(std::string value, const std::string& what);
    void same(std::int64_t value, const std::string& what);

    [[noreturn]] void reject(const std::string& why) const;

private:
    explicit Archive(std::string path);

    template <class Value>
    static constexpr bool has_persist = requires(Value& value, Archive& archive) {
        value.persist(archive);
    };
    // A number, or a structure of numbers without gaps.
    template <class Value>
    requires(std::is_trivially_copyable_v<Value> && !has_persist<Value>) void take(Value& value) {
        bytes(&value, sizeof value);
    }
    void take(std::string& text) {
        resize(text, 1);
        bytes(text.data(), text.size());
    }
    template <class Element>
    void take(std::vector<Element>& all) {
        take_all(all);
    }
    template <class Element>
    void take(std::deque<Element>& all) {
        take_all(all);
    }
    template <class Matrix>
    requires requires(Matrix& matrix) { matrix.resize(matrix.rows(), matrix.cols()); }
    void take(Matrix& matrix) {
        constexpr std::size_t entry = sizeof(typename Matrix::Scalar);
        std::int64_t rows = matrix.rows(), columns = matrix.cols();
        if (matrix.size() > 0) {  // the run knows its shape
            same(rows, "the number of rows of a matrix");
            same(columns, "the number of columns of a matrix");
        } else {
            operator()(rows, columns);
        }
        if (is_read()) {
            check_size(rows, columns, entry);
            matrix.resize(rows, columns);
        }
        bytes(matrix.data(), static_cast<std::size_t>(rows * columns) * entry);
    }
    template <class Value>
    requires has_persist<Value>
    void take(Value& value) { value.persist(*this); }

    template <class Container>
    void take_all(Container& all) {
        using Element = typename Container::value_type;
        resize(all, std::is_trivially_copyable_v<Element> ? sizeof(Element) : sizeof(std::int64_t));
        for (Element& element : all) take(element);
    }
    template <class Container>
    void resize(Container& all, std::size_t element_bytes) {
        auto count = static_cast<std::int64_t>(all.size());
        take(count);
        if (!is_read()) return;
        check_size(count, 1, element_bytes);
        all.resize(static_cast<std::size_t>(count));
    }
    // Throws when the rest of the file cannot hold so much.
    void check_size(std::int64_t rows, std::int64_t columns, std::size_t element_bytes) const;
    void bytes(void* data, std::size_t size);
    void read_bytes(char* next, std::size_t size);
    void write_bytes(const char* next, std::size_t size);
    void write_buffer();

    std::string path_;
    std::vector<char> buffer_;
    std::uint64_t left_ = 0;                // bytes to be read
    std::unique_ptr<std::ifstream> input_;  // null: from `memory_`
    std::span<const char> memory_;
    struct Output;
    std::unique_ptr<Output> output_;
};

}  // namespace apical
