#include "sim/engine/noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "sim/hdf5/dataset.hpp"

namespace apical {

namespace {

constexpr std::size_t bits_of_a_draw = 64;

DataSet read(const Replay& replay, const DataFolder& directory) {
    return read_dataset(directory.path_of(replay.path), replay.dataset, replay.where,
                        directory.trial);
}

// The columns of `replay` that the slot's entries are, row after row.
std::vector<double> rows_of(const DataSet& data, const Replay& replay, std::size_t count,
                            std::int64_t steps) {
    const std::size_t width = data.shape.size() == 2 ? data.shape[1] : 1;
    const auto first = static_cast<std::size_t>(replay.column);
    const std::size_t expected =
        replay.columns > 0 ? static_cast<std::size_t>(replay.columns) : count;
    if (data.shape.empty() || data.shape.size() > 2 || width != expected) {
        reject(replay.where,
               fmt::format("dataset \"{}\" of \"{}\" has the shape [{}]; expected one row a step "
                           "with {} columns",
                           replay.dataset, replay.path, fmt::join(data.shape, ", "), expected));
    }
    if (static_cast<std::int64_t>(data.shape[0]) < steps) {
        reject(replay.where, fmt::format("the noise in dataset \"{}\" of \"{}\" ends at step {}, "
                                         "but the run is {} steps long",
                                         replay.dataset, replay.path, data.shape[0], steps));
    }
    require_finite(data, replay.path, replay.dataset, replay.where);
    std::vector<double> rows;
    rows.reserve(data.shape[0] * count);
    for (std::size_t t = 0; t < data.shape[0]; ++t) {
        const auto row = data.numbers.begin() + static_cast<std::ptrdiff_t>(t * width + first);
        rows.insert(rows.end(), row, row + static_cast<std::ptrdiff_t>(count));
    }
    return rows;
}

void require_signs(const std::vector<double>& numbers, std::size_t count, const Replay& replay) {
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        if (numbers[k] == 1.0 || numbers[k] == -1.0) continue;
        reject(
            replay.where,
            fmt::format("the noise in dataset \"{}\" of \"{}\" is {} in step {}; expected signs, "
                        "-1 or 1",
                        replay.dataset, replay.path, numbers[k], k / count + 1));
    }
}

// The signs that four bits stand for, the lowest first: 1 where one is set, else -1.
constexpr std::size_t bits_of_a_row = 4;
constexpr auto signs_of_bits = [] {
    std::array<std::array<double, bits_of_a_row>, 1 << bits_of_a_row> rows{};
    for (std::size_t bits = 0; bits < rows.size(); ++bits) {
        for (std::size_t k = 0; k < bits_of_a_row; ++k)
            rows[bits][k] = (bits >> k & 1) != 0 ? 1.0 : -1.0;
    }
    return rows;
}();

// Without a branch, which would be mispredicted every other time.
void put_signs(std::uint64_t bits, std::size_t count, double* out) {
    std::size_t i = 0;
    for (; i + bits_of_a_row <= count; i += bits_of_a_row, bits >>= bits_of_a_row)
        std::memcpy(out + i, signs_of_bits[bits % signs_of_bits.size()].data(),
                    sizeof signs_of_bits[0]);
    if (i < count)
        std::memcpy(out + i, signs_of_bits[bits % signs_of_bits.size()].data(),
                    (count - i) * sizeof *out);
}

}  // namespace

Noise::Noise(const Program& program, const RunStreams& streams, const DataFolder& directory,
             std::int64_t steps) {
    for (const Operation& op : program.operations) {
        if (op.kind != Kind::noise) continue;
        const SlotId slot = op.operands[0].slot;
        const auto count = static_cast<std::size_t>(program[slot].rows);
        Source source{slot, op.function, op.gain, count,
                      streams.of_steps("noise/" + program[slot].name)};
        if (op.replay >= 0) {
            const Replay& replay = program.replays[static_cast<std::size_t>(op.replay)];
            const DataSet data = read(replay, directory);
            source.replayed = rows_of(data, replay, count, steps);
            data_.push_back({"noise", replay.path, replay.dataset, fingerprint_of(data)});
            if (op.function == Function::sign) require_signs(source.replayed, count, replay);
        }
        sources_.push_back(std::move(source));
    }
}

void Noise::draw(std::int64_t step, State& state) const {
    const auto t = static_cast<std::uint64_t>(step);
    for (const Source& source : sources_) {
        double* out = state.data(source.slot);
        if (!source.replayed.empty()) {
            std::copy_n(&source.replayed[(t - 1) * source.count], source.count, out);
        } else if (source.function == Function::normal) {
            for (std::size_t i = 0; i < source.count; ++i)
                out[i] = source.deviation * source.stream.normal(t, i);
        } else {
            for (std::size_t i = 0; i < source.count; i += bits_of_a_draw) {
                put_signs(source.stream.bits(t, i / bits_of_a_draw),
                          std::min(source.count - i, bits_of_a_draw), out + i);
            }
        }
    }
}

}  // namespace apical
