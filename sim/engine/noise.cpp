#include "sim/engine/noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "circuits/program/noise_streams.hpp"
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
                            std::int64_t steps, std::int64_t draws) {
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
    const auto rows_there = static_cast<std::int64_t>(data.shape[0]);
    if (rows_there < draws && draws != steps) {
        reject(replay.where,
               fmt::format("the noise in dataset \"{}\" of \"{}\" has {} rows, but the run has {} "
                           "draws",
                           replay.dataset, replay.path, rows_there, draws));
    }
    if (rows_there < draws) {
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

// All kernels draw the same bits. What a rule draws from N(0, 1) has none: its runs have always had
// the bits of the library's logarithm and cosine.
KernelOfDraws kernel_of_draws(Function function, bool is_of_model) {
    const Kernels& kernels = best_kernels();
    if (function == Function::normal) return is_of_model ? kernels.draw_normal : nullptr;
    if (function == Function::uniform) return kernels.draw_uniform;
    return function == Function::sparse ? kernels.draw_sparse : nullptr;
}

}  // namespace

// A slot whose draws are several has them unscaled: the plan takes one after the other, each by
// what its phase says.
Noise::Source Noise::source_of(const Program& program, const Operation& op,
                               const RunStreams& streams) {
    const SlotId slot = op.operands[0].slot;
    const Slot& drawn = program[slot];
    Source source{slot, op.function, op.gain, static_cast<std::size_t>(drawn.rows),
                  streams.of_steps(stream_of_noise(drawn))};
    source.hold = op.hold;
    if (op.function == Function::sparse) source.probability = op.weights.front();
    source.scales = drawn.what == What::noise;
    source.kernel = kernel_of_draws(op.function, source.scales);
    if (drawn.line > 1) {
        source.draws = static_cast<std::size_t>(drawn.line - 2);
        source.deviation = 1.0;
    }
    return source;
}

Noise::Noise(const Program& program, const RunStreams& streams, const DataFolder& directory,
             std::int64_t steps) {
    std::vector<bool> known(program.slots.size());
    for (const Operation& op : program.operations) {
        if (op.kind != Kind::noise || known[op.operands[0].slot.value]) continue;
        known[op.operands[0].slot.value] = true;
        Source source = source_of(program, op, streams);
        if (op.replay >= 0) {
            const Replay& replay = program.replays[static_cast<std::size_t>(op.replay)];
            const DataSet data = read(replay, directory);
            const auto draws = static_cast<std::int64_t>(source.draws);
            source.replayed = rows_of(data, replay, source.count, steps,
                                      draws * ((steps + source.hold - 1) / source.hold));
            data_.push_back({"noise", replay.path, replay.dataset, fingerprint_of(data)});
            if (op.function == Function::sign) require_signs(source.replayed, source.count, replay);
        }
        sources_.push_back(std::move(source));
    }
}

// The draw of this number, counted from 1 as steps are: of several a step those of step t are t
// draws, t draws + 1, ...
void Noise::draw(const Source& source, std::uint64_t number, double* out) {
    if (source.kernel) {
        return source.kernel({source.stream.seed(), source.stream.name(), number, source.count,
                              source.deviation, source.probability},
                             out);
    }
    if (source.function == Function::normal) {
        const double by = source.deviation;  // read once: `out` might be it
        for (std::size_t i = 0; i < source.count; ++i)
            out[i] = by * source.stream.normal(number, i);
        return;
    }
    for (std::size_t i = 0; i < source.count; i += bits_of_a_draw) {
        put_signs(source.stream.bits(number, i / bits_of_a_draw),
                  std::min(source.count - i, bits_of_a_draw), out + i);
    }
}

void Noise::draw(std::int64_t step, State& state) const {
    for (const Source& source : sources_) {
        if ((step - 1) % source.hold != 0) continue;
        const auto t = static_cast<std::uint64_t>((step - 1) / source.hold);
        double* out = source.draws == 1 ? state.data(source.slot)
                                        : state.line(source.slot).data() + padded(source.count);
        for (std::size_t k = 0; k < source.draws; ++k, out += padded(source.count)) {
            const std::uint64_t row = t * source.draws + k;
            if (source.replayed.empty()) {
                draw(source, row + source.draws, out);
                continue;
            }
            const double* from = &source.replayed[row * source.count];
            for (std::size_t i = 0; i < source.count; ++i)
                out[i] = source.scales ? source.deviation * from[i] : from[i];
        }
    }
}

}  // namespace apical
