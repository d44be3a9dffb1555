#include "sim/run_file/run_size.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace apical {

namespace {

constexpr std::size_t kilobyte = 1024;
constexpr std::size_t bytes_of_free_text = 16;  // its place in the file, beside the text
// The size of the gathered rows of a dataset, and of its chunks: whole chunks are the fastest to
// write, above all where a large page of the file cache begins.
constexpr std::size_t buffer_bytes = 256 * kilobyte;
constexpr std::size_t chunk_bytes = buffer_bytes;
constexpr std::size_t largest_chunk_bytes = 1024 * kilobyte;  // what h5py keeps in memory
// HDF5 keeps the places of a dataset's chunks in blocks that double in size: those of 8,176 chunks
// lie within a page of 4,096 bytes, which no kill tears (disk_driver.cpp). Larger datasets
// have larger chunks.
constexpr double most_chunks = 8000;
constexpr std::size_t most_chunk_bytes = 64 * 1024 * kilobyte;
constexpr std::size_t alignment = 256 * kilobyte;
constexpr double most_by_alignment = 1.125;  // the file grows by at most an eighth
constexpr std::size_t all_buffers_bytes = 64 * 1024 * kilobyte;
constexpr std::size_t smallest_direct_bytes = 4 * kilobyte;

std::size_t parts(std::size_t whole, std::size_t part) { return (whole + part - 1) / part; }

// Calls `action` with each dataset of an axis whose rows are gathered.
template <class Action>
void for_each_gathered(const AxisLayout& axis, Action action) {
    action(axis.step);
    if (axis.samples_phases) action(axis.time);
    for (const NewDataset& copy : axis.step_copies) action(copy);
    for (const NewDataset& copy : axis.time_copies) action(copy);
    for (const RecordedQuantity& quantity : axis.quantities) {
        if (!quantity.direct) action(quantity.dataset);
    }
}

std::size_t gathered_bytes(const AxisLayout& axis) {
    std::size_t bytes = 0;
    for_each_gathered(axis, [&](const NewDataset& dataset) { bytes += row_bytes(dataset); });
    return bytes;
}

// Quantities that are sampled at each phase's end are gathered whatever their size.
void choose_direct(RunLayout& layout, const Program& program, std::size_t largest_gathered) {
    for (AxisLayout& axis : layout.axes) {
        for (RecordedQuantity& quantity : axis.quantities) {
            quantity.direct = !axis.given && !program.quantities[quantity.index].by_phase &&
                              !quantity.each_iteration &&
                              row_bytes(quantity.dataset) > largest_gathered;
        }
    }
}

// `buffer_bytes` for each dataset on average, of the largest whole buffers and not more than a
// chunk.
std::size_t wanted_window(const AxisLayout& axis) {
    for (const RecordedQuantity& quantity : axis.quantities) {
        if (quantity.direct) return 1;
    }
    std::size_t datasets = 0, largest = 1;
    for_each_gathered(axis, [&](const NewDataset& dataset) {
        ++datasets;
        largest = std::max(largest, row_bytes(dataset));
    });
    const std::size_t wanted =
        std::min(buffer_bytes * datasets / gathered_bytes(axis), largest_chunk_bytes / largest);
    const std::size_t buffers = std::max<std::size_t>(1, wanted * largest / buffer_bytes);
    const std::size_t rows = std::min(buffers * buffer_bytes / largest, axis.rows);
    if (rows <= 1) return 1;
    // Few windows are of nearly one size, so that the last is nearly full.
    constexpr std::size_t few = 16;
    const std::size_t windows = parts(axis.rows, rows);
    return windows < few ? parts(axis.rows, windows) : rows;
}

void choose_windows(RunLayout& layout, const Program& program) {
    const auto single_rows = [&] {
        std::size_t bytes = buffer_bytes;  // of the events
        for (const AxisLayout& axis : layout.axes) bytes += gathered_bytes(axis);
        return bytes;
    };
    choose_direct(layout, program, buffer_bytes);
    if (single_rows() > all_buffers_bytes) choose_direct(layout, program, smallest_direct_bytes);
    double wanted = 0.0;
    for (AxisLayout& axis : layout.axes) {
        axis.window = wanted_window(axis);
        wanted += static_cast<double>((axis.window - 1) * gathered_bytes(axis));
    }
    const double room = static_cast<double>(all_buffers_bytes) - static_cast<double>(single_rows());
    if (wanted <= room) return;
    const double share = std::max(0.0, room / wanted);
    for (AxisLayout& axis : layout.axes) {
        axis.window = 1 + static_cast<std::size_t>(share * static_cast<double>(axis.window - 1));
    }
}

// A chunk begins where a window does, so that the order in which chunks are allocated does not
// depend on when a run is flushed. Chunks are of nearly one size, so that the last is nearly full.
std::size_t rows_of_chunk(const NewDataset& dataset, std::size_t window, std::size_t rows,
                          std::size_t wanted_bytes) {
    if (rows <= window) return std::max<std::size_t>(rows, 1);
    const std::size_t windows =
        std::max<std::size_t>(1, wanted_bytes / (window * row_bytes(dataset)));
    const std::size_t chunks = parts(rows, windows * window);
    return std::min(parts(parts(rows, chunks), window) * window, rows);
}

double chunks_of(const NewDataset& dataset, std::size_t rows) {
    auto chunks = static_cast<double>(parts(rows, dataset.chunk[0]));
    for (std::size_t i = 0; i < dataset.row.size(); ++i)
        chunks *= static_cast<double>(parts(dataset.row[i], dataset.chunk[i + 1]));
    return chunks;
}

// Whole rows, or a block of a row that is larger than a chunk.
void choose_chunk(NewDataset& dataset, std::size_t window, std::size_t rows) {
    for (std::size_t wanted = chunk_bytes; wanted <= most_chunk_bytes; wanted *= 2) {
        dataset.chunk = {rows_of_chunk(dataset, window, rows, wanted)};
        std::size_t bytes = row_bytes(dataset);
        for (const std::size_t size : dataset.row) {
            assert(size > 0);
            const std::size_t entry = bytes / size;
            const std::size_t fitting =
                std::clamp<std::size_t>(std::max(wanted, largest_chunk_bytes) / entry, 1, size);
            dataset.chunk.push_back(parts(size, parts(size, fitting)));
            bytes = entry;
        }
        if (chunks_of(dataset, rows) <= most_chunks) return;
    }
}

// The bytes that HDF5 adds to the rows, measured with 1.10.8 and rounded up.
constexpr double bytes_of_empty_file = 24576.0;
constexpr double bytes_of_empty_dataset = 1536.0;
constexpr double bytes_of_attribute = 96.0;
constexpr double bytes_of_dimension = 160.0;
constexpr double bytes_of_chunk = 24.0;
constexpr double bytes_of_link = 128.0;  // with its share of a group that grows
constexpr double bytes_of_free_texts = 4096.0;

double bytes_of_attributes(const Attributes& attributes) {
    double bytes = 0.0;
    for (const auto& [name, value] : attributes) {
        std::size_t size = 0;
        if (const auto* text = std::get_if<std::string>(&value)) size = text->size();
        if (const auto* late = std::get_if<LateText>(&value)) size = late->size();
        bytes += bytes_of_attribute + static_cast<double>(name.size() + size);
    }
    return bytes;
}

// The gaps between aligned chunks and everything else: HDF5 keeps the places of a dataset's
// chunks in blocks, of which there are fewer than this.
double gaps(double chunks) { return 2.0 + 3.0 * std::sqrt(chunks / 16.0); }

double bytes_of_dataset(const NewDataset& dataset, std::size_t rows, std::size_t aligned_to) {
    const double chunks = chunks_of(dataset, rows);
    double bytes_in_chunk = static_cast<double>(row_bytes(dataset));
    for (std::size_t i = 0; i < dataset.row.size(); ++i) {
        bytes_in_chunk *=
            static_cast<double>(dataset.chunk[i + 1]) / static_cast<double>(dataset.row[i]);
    }
    bytes_in_chunk *= static_cast<double>(dataset.chunk[0]);
    double unused = 0.0;
    if (aligned_to > 1) {
        const auto unit = static_cast<double>(aligned_to);
        const bool aligned = bytes_in_chunk >= unit / 2.0;
        if (aligned) bytes_in_chunk = std::ceil(bytes_in_chunk / unit) * unit;
        unused = unit * (aligned ? gaps(chunks) : chunks);
    }
    return unused + bytes_of_empty_dataset + bytes_of_attributes(dataset.attributes) +
           bytes_of_dimension * static_cast<double>(dataset.labels.size()) +
           static_cast<double>(dataset.path.size()) + chunks * (bytes_of_chunk + bytes_in_chunk);
}

void choose_alignment(RunLayout& layout) {
    const auto plain = static_cast<double>(bytes_of(layout, {}));
    layout.alignment = alignment;
    if (static_cast<double>(bytes_of(layout, {})) > most_by_alignment * plain) layout.alignment = 1;
}

}  // namespace

std::size_t row_bytes(const NewDataset& dataset) {
    std::size_t bytes = sizeof(double);
    if (dataset.type == NewDataset::Type::text) bytes = dataset.text_bytes;
    if (dataset.type == NewDataset::Type::record) bytes = dataset.record.bytes;
    if (dataset.type == NewDataset::Type::free_text) bytes = bytes_of_free_text;
    for (const std::size_t size : dataset.row) bytes *= size;
    return bytes;
}

void choose_sizes(RunLayout& layout, const Program& program) {
    choose_windows(layout, program);
    for (AxisLayout& axis : layout.axes) {
        choose_chunk(axis.step, axis.window, axis.rows);
        choose_chunk(axis.time, axis.window, axis.rows);
        for (NewDataset& copy : axis.step_copies) choose_chunk(copy, axis.window, axis.rows);
        for (NewDataset& copy : axis.time_copies) choose_chunk(copy, axis.window, axis.rows);
        for (RecordedQuantity& quantity : axis.quantities) {
            choose_chunk(quantity.dataset, axis.window, axis.rows);
        }
    }
    for (SpikeLayout& spikes : layout.spikes) {
        for (NewDataset* one : {&spikes.timestamps, &spikes.node_ids, &spikes.step})
            choose_chunk(*one, spikes.window, spikes.most);
    }
    layout.event_window = buffer_bytes / row_bytes(layout.events);
    choose_chunk(layout.events, layout.event_window, layout.most_events);
    choose_chunk(layout.event, layout.event_window, layout.most_events);
    choose_alignment(layout);
}

std::uint64_t bytes_of(const RunLayout& layout, const Attributes& attributes) {
    double bytes = bytes_of_empty_file + bytes_of_attributes(attributes);
    if (!layout.axes.empty())
        bytes += bytes_of_free_texts +
                 bytes_of_dataset(layout.phases, layout.phases.chunk[0], layout.alignment);
    if (layout.has_iterations)
        bytes += bytes_of_free_texts +
                 bytes_of_dataset(layout.iterations, layout.iterations.chunk[0], layout.alignment);
    for (const Link& link : layout.links)
        bytes += bytes_of_link + static_cast<double>(link.path.size());
    for (const CellScale& scale : layout.cells)
        bytes += bytes_of_dataset(scale.dataset, scale.count(), layout.alignment);
    for (const AxisLayout& axis : layout.axes) {
        bytes += bytes_of_dataset(axis.step, axis.rows, layout.alignment);
        if (axis.samples_phases) bytes += bytes_of_dataset(axis.time, axis.rows, layout.alignment);
        for (const auto* copies : {&axis.step_copies, &axis.time_copies}) {
            for (const NewDataset& copy : *copies)
                bytes += bytes_of_dataset(copy, axis.rows, layout.alignment);
        }
        for (const RecordedQuantity& quantity : axis.quantities) {
            bytes += bytes_of_dataset(quantity.dataset, axis.rows, layout.alignment);
        }
    }
    // How many spikes there will be is not known: a chunk of each dataset.
    for (const SpikeLayout& spikes : layout.spikes) {
        for (const NewDataset* one : {&spikes.timestamps, &spikes.node_ids, &spikes.step})
            bytes += bytes_of_dataset(*one, one->chunk[0], layout.alignment);
    }
    if (layout.has_events) {
        for (const NewDataset* one : {&layout.events, &layout.event})
            bytes += bytes_of_dataset(*one, layout.most_events, layout.alignment);
    }
    return static_cast<std::uint64_t>(std::min(std::ceil(bytes), 0x1p63));
}

}  // namespace apical
