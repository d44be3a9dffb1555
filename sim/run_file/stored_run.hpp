#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/run_file/format.hpp"
#include "sim/run_file/spike.hpp"
#include "sim/run_file/stored_quantity.hpp"

namespace apical {

struct StoredEvent {
    double time_ms = 0.0;
    std::string kind, target;
};

// A run file, opened to be read while it grows or after its run was killed. Only what is asked for
// is read. Locks HDF5 by itself: runs may be read in several threads at once, and while others are
// written; one and the same StoredRun in several threads too, once it is made. One that was moved
// from can only be assigned to or destroyed.
class StoredRun {
public:
    // Throws Error{no_such_input} when there is no such file or it cannot be read,
    // Error{bad_model} when it is no run file of this program, saying what it lacks.
    explicit StoredRun(const std::string& path);
    ~StoredRun();
    StoredRun(StoredRun&&) noexcept;
    StoredRun& operator=(StoredRun&&) noexcept;

    const std::string& path() const;
    // A text among the root's attributes; empty when there is none of that name.
    std::string text(RunAttribute attribute) const;
    // A number among the root's attributes; `otherwise` when there is none of that name.
    std::int64_t integer(RunAttribute attribute, std::int64_t otherwise) const;
    double number(RunAttribute attribute, double otherwise) const;
    // 1: no axis begins with a row of before the first step; 2: some do.
    std::int64_t format() const { return integer(run_attribute::format, 1); }
    // -1 while the run goes on, and for good when it was killed.
    std::int64_t steps_completed() const { return integer(run_attribute::steps_completed, -1); }
    // The message of what ended the run, a number that is not finite; empty when nothing did.
    std::string failure() const { return text(run_attribute::failure); }
    // Whether its run went on when the file was opened. Also false when it goes on on another
    // machine, and the network file system has no locks.
    bool is_being_written() const;
    // Whether whoever wrote it wrote all of it; not when it was killed, or the disk took no more.
    bool was_closed() const;

    const std::vector<std::string>& phases() const;
    // The phase of each iteration of a step, in the order of time; empty where none are recorded.
    const std::vector<std::string>& iterations() const;
    // Times of the model: exact, whatever was sampled.
    double step_ms() const;
    const std::vector<double>& phase_end_ms() const;
    const std::vector<StoredAxis>& axes() const;
    const StoredAxis* find_axis(std::string_view name) const;  // null when there is none
    std::int64_t last_step() const;                            // that was sampled; 0 when none was
    // The last step that was run, as far as the file says: later than `last_step`, where not every
    // step is sampled.
    std::int64_t end() const { return std::max(last_step(), steps_completed()); }
    const std::vector<StoredQuantity>& quantities() const;
    // The quantity of an address ("hidden.apical" is short for its voltage) or path. Throws
    // Error{bad_model} naming the nearest of those that were recorded.
    const StoredQuantity& find(std::string_view address) const;
    bool has(std::string_view address) const;
    // Whether its circuit has a loss; of a file that does not say how the output is read, it has.
    bool has_loss() const;

    // The rest throws Error{usage} for rows, axes, phases, entries and events that there are not,
    // and for a quantity of another run file.

    // Steps of rows [first, first + count) of an axis.
    std::vector<std::int64_t> steps(std::size_t axis, std::uint64_t first,
                                    std::uint64_t count) const;
    // The first row of the axis whose step is not before `step`; the number of rows when none is.
    // Found by halving, so it means something only where steps rise, as a run's do.
    std::uint64_t row_of(std::size_t axis, std::int64_t step) const;

    // Rows [first, first + count), row-major. Throws Error{input_output_error} naming the dataset
    // when the file is damaged there.
    std::vector<double> read(const StoredQuantity& quantity, std::uint64_t first,
                             std::uint64_t count) const;
    // They are as the file has them: what has one number for each synapse has these.
    std::vector<double> read_stored(const StoredQuantity& quantity, std::uint64_t first,
                                    std::uint64_t count) const;
    // The number at one place of a row as the file has it, in rows [first, first + count).
    std::vector<double> read_entry(const StoredQuantity& quantity, std::uint64_t first,
                                   std::uint64_t count, std::size_t place) const;
    // The cells that each synapse of a quantity joins which has one number for each: postsynaptic
    // cells, then presynaptic ones. Throws as `read`.
    std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> read_synapses(
        const StoredQuantity& quantity) const;
    // Rows [first, first + count) of one phase (0 for what is sampled once a step) and of entries
    // [begin, begin + entries) of the last dimension, row-major. Throws as `read`.
    std::vector<double> read_part(const StoredQuantity& quantity, std::uint64_t first,
                                  std::uint64_t count, std::size_t phase, std::size_t begin,
                                  std::size_t entries) const;

    std::uint64_t event_count() const;
    std::vector<StoredEvent> events(std::uint64_t first, std::uint64_t count) const;

    // The populations whose spikes were recorded; null of any other.
    const std::vector<StoredSpikes>& spikes() const;
    const StoredSpikes* find_spikes(std::string_view population) const;
    // Spikes [first, first + count), in the order of time. Throws as `read`.
    std::vector<Spike> read_spikes(const StoredSpikes& of, std::uint64_t first,
                                   std::uint64_t count) const;
    // The first one after a step; their number when none is. Found by halving.
    std::uint64_t first_spike(const StoredSpikes& of, std::int64_t after_step) const;

private:
    // Null when it was not recorded.
    const StoredQuantity* known(std::string_view address) const;

    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace apical
