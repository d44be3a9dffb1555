#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// A recorded quantity as a run file describes it.
struct StoredQuantity {
    std::string address;  // "hidden.apical.v"
    std::string path;     // "/state/hidden/apical/voltage"
    std::string units, long_name, symbol;
    std::vector<std::size_t> row;  // shape of one row: [phases,] then cells, or post x pre
    bool by_phase = false;         // the first dimension of a row is the phase
    std::size_t axis = 0;          // into StoredRun::axes()
    std::uint64_t rows = 0;        // readable when the file was opened or last refreshed

    std::size_t row_numbers() const;  // product of `row`
};

// Steps in which some quantities were sampled.
struct StoredAxis {
    std::string name;  // "coarse+beginning"
    std::uint64_t rows = 0;
    std::int64_t first = 0, last = 0;  // steps; 0 when there is no row
};

struct StoredEvent {
    double time_ms = 0.0;
    std::string kind, target;
};

// A run file, opened to be read while it grows or after its run was killed. Only what is asked for
// is read.
class StoredRun {
public:
    // Throws Error{no_such_input} when there is no such file or it cannot be read,
    // Error{bad_model} when it is no run file of this program, saying what it lacks.
    explicit StoredRun(const std::string& path);
    ~StoredRun();
    StoredRun(StoredRun&&) noexcept;
    StoredRun& operator=(StoredRun&&) noexcept;

    const std::string& path() const;
    // Of the root: a text, empty when the file has none of that name.
    std::string text(std::string_view attribute) const;
    // Likewise; `otherwise` when there is none.
    std::int64_t integer(std::string_view attribute, std::int64_t otherwise) const;
    double number(std::string_view attribute, double otherwise) const;
    // -1 while the run goes on, and for good when it was killed.
    std::int64_t steps_completed() const { return integer("steps_completed", -1); }
    // What ended a run whose numbers were no longer finite; empty when there is none.
    std::string failure() const { return text("failure"); }

    const std::vector<std::string>& phases() const;
    double step_ms() const;  // of one step; 0 when nothing was sampled by phase
    std::vector<double> phase_end_ms() const;
    const std::vector<StoredAxis>& axes() const;
    const std::vector<StoredQuantity>& quantities() const;
    // By address ("hidden.apical" is short for its voltage) or path. Throws Error{bad_model} naming
    // the nearest of those that were recorded.
    const StoredQuantity& find(std::string_view address) const;
    bool has(std::string_view address) const;

    // Steps of rows [first, first + count) of an axis.
    std::vector<std::int64_t> steps(std::size_t axis, std::uint64_t first,
                                    std::uint64_t count) const;
    // The first row of the axis whose step is not before `step`; the number of rows when none is.
    std::uint64_t row_of(std::size_t axis, std::int64_t step) const;

    // Rows [first, first + count), `stride` rows apart, row-major. Throws Error{input_output_error}
    // naming the dataset when the file is damaged there.
    std::vector<double> read(const StoredQuantity& quantity, std::uint64_t first,
                             std::uint64_t count, std::uint64_t stride = 1) const;
    // The same of one phase (0 for what is sampled once a step) and of entries
    // [begin, begin + entries) of its last dimension.
    std::vector<double> read_part(const StoredQuantity& quantity, std::uint64_t first,
                                  std::uint64_t count, std::size_t phase, std::size_t begin,
                                  std::size_t entries) const;

    std::uint64_t event_count() const;
    std::vector<StoredEvent> events(std::uint64_t first, std::uint64_t count) const;

    // Sees the rows that were written since.
    void refresh();

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace apical
