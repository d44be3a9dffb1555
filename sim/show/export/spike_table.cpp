#include "sim/show/export/spike_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "circuits/text/error.hpp"
#include "sim/show/export/chosen_spikes.hpp"

namespace apical {

namespace {

bool has_cell(const CsvRequest& request, std::int64_t cell) {
    if (!request.cells) return true;
    const auto number = static_cast<std::size_t>(cell);
    return std::any_of(request.cells->begin(), request.cells->end(), [&](const CellRange& range) {
        return range.begin <= number && number < range.end;
    });
}

// Goes through the chosen spikes of one population, in blocks.
class SpikeRows {
public:
    SpikeRows(const StoredRun& run, const ChosenSpikes& spikes, const CsvRequest& request)
        : run_(run), spikes_(spikes), request_(request), next_(spikes.first) {
        const auto size = static_cast<std::size_t>(spikes.of->cells);
        if (!request.cells || request.cells->front().begin < size) return;
        throw Error(ExitCode::usage,
                    fmt::format("`cells` {}: \"{}\" has the cells 0 to {}", text_of(*request.cells),
                                spikes.of->population, spikes.of->cells - 1));
    }

    const std::string& population() const { return spikes_.of->population; }
    // Null behind the last.
    const Spike* now() {
        for (;; ++at_) {
            if (at_ == block_.size() && !load()) return nullptr;
            if (has_cell(request_, block_[at_].cell)) return &block_[at_];
        }
    }
    void advance() { ++at_; }

private:
    bool load() {
        const std::uint64_t count = std::min(spikes_at_once, spikes_.end - next_);
        block_ = run_.read_spikes(*spikes_.of, next_, count);
        next_ += count;
        at_ = 0;
        return count > 0;
    }

    const StoredRun& run_;
    ChosenSpikes spikes_;
    const CsvRequest& request_;
    std::uint64_t next_;
    std::vector<Spike> block_;
    std::size_t at_ = 0;
};

std::vector<SpikeRows> all_rows(const StoredRun& run, const CsvRequest& request) {
    check_end(request.steps, run);
    std::vector<SpikeRows> all;
    for (const std::string& address : request.what) {
        const StoredSpikes& spikes = *spikes_named(run, address);
        const bool again = std::any_of(all.begin(), all.end(), [&](const SpikeRows& one) {
            return one.population() == spikes.population;
        });
        if (!again) all.emplace_back(run, spikes_in(run, spikes, request.steps), request);
    }
    return all;
}

void check_written(const std::ostream& to) {
    if (!to)
        throw Error(ExitCode::input_output_error, "the table cannot be written: is the disk full?");
}

}  // namespace

bool is_of_spikes(const StoredRun& run, const CsvRequest& request) {
    const auto names = [&](const std::string& address) { return spikes_named(run, address); };
    const auto spikes = std::find_if(request.what.begin(), request.what.end(), names);
    if (spikes == request.what.end()) return false;
    const auto other = std::find_if_not(request.what.begin(), request.what.end(), names);
    if (other == request.what.end()) return true;
    run.find(*other);
    throw Error(ExitCode::usage,
                fmt::format("\"{}\" is a table of its own, with a row for each spike; expected no "
                            "\"{}\" beside it",
                            *spikes, *other));
}

void check_spike_table(const StoredRun& run, const CsvRequest& request) { all_rows(run, request); }

std::uint64_t write_spike_table(const StoredRun& run, const CsvRequest& request, std::ostream& to) {
    std::vector<SpikeRows> all = all_rows(run, request);
    check_written(to << "step,time_ms,population,cell\n");
    for (std::uint64_t rows = 0;; ++rows) {
        SpikeRows* earliest = nullptr;
        for (SpikeRows& one : all) {
            const Spike* spike = one.now();
            if (spike && (!earliest || spike->time_ms < earliest->now()->time_ms)) earliest = &one;
        }
        if (!earliest) {
            check_written(to.flush());
            return rows;
        }
        const Spike& spike = *earliest->now();
        check_written(to << fmt::format("{},{},{},{}\n", spike.step, spike.time_ms,
                                        csv_field(earliest->population()), spike.cell));
        earliest->advance();
    }
}

}  // namespace apical
