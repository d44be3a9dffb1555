#include "sim/engine/state.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "sim/engine/memory_need.hpp"

namespace apical {

double memory_of_machine() {
    return static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
           static_cast<double>(sysconf(_SC_PAGE_SIZE));
}

namespace {

constexpr double gigabyte = 1e9;

// Counts in floating point, so that a size of 10^12 cells overflows nothing.
double numbers_of(const Slot& slot) {
    if (slot.places) return static_cast<double>(std::max(padded(slot.places->count()), lanes));
    const auto rows = static_cast<double>(padded(static_cast<std::size_t>(slot.rows)));
    return slot.shape == Shape::tensor ? rows * rows * (slot.columns / slot.rows)
                                       : rows * slot.columns;
}

// The numbers that are stored before a slot's own.
std::size_t before_of(const Slot& slot) {
    return static_cast<std::size_t>(slot.line - 1) * padded(static_cast<std::size_t>(slot.rows));
}

// The numbers that stand before a line: how far an axon's ring is turned (line_kernels.hpp).
std::size_t turn_of(const Slot& slot) { return slot.what == What::axon ? lanes : 0; }

double all_numbers_of(const Slot& slot) {
    return numbers_of(slot) + static_cast<double>(before_of(slot) + turn_of(slot));
}

void check_memory(const Program& program) {
    const MemoryNeed need = memory_needed(program);
    if (need.bytes <= memory_of_machine()) return;
    const Slot& largest = program.slots[need.largest];
    reject(largest.where,
           fmt::format("the circuit needs {:.1f} GB of memory, {:.1f} GB of them for \"{}\" "
                       "({} x {}); this machine has {:.1f} GB",
                       need.bytes / gigabyte, need.bytes_of_largest / gigabyte, largest.name,
                       largest.rows, largest.columns, memory_of_machine() / gigabyte));
}

}  // namespace

MemoryNeed memory_needed(const Program& program) {
    MemoryNeed need;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const double bytes = all_numbers_of(program.slots[i]) * sizeof(double);
        need.bytes += bytes;
        if (bytes <= need.bytes_of_largest) continue;
        need.largest = i;
        need.bytes_of_largest = bytes;
    }
    return need;
}

std::size_t entries_of(const Slot& slot) {
    if (slot.places) return slot.places->count();
    return static_cast<std::size_t>(slot.rows) * static_cast<std::size_t>(slot.columns);
}

KeptEntry entry_of(const Slot& slot, std::size_t number) {
    if (slot.places) return {slot.places->row_of(number), slot.places->column[number], number};
    const auto columns = static_cast<std::size_t>(slot.columns);
    const std::size_t row = number / columns, column = number % columns;
    return {row, column, place(slot, row, column)};
}

std::size_t place(const Slot& slot, std::size_t row, std::size_t column) {
    const auto rows = static_cast<std::size_t>(slot.rows);
    const auto columns = static_cast<std::size_t>(slot.columns);
    if (slot.shape == Shape::history) return column * padded(rows) + row;
    if (slot.shape != Shape::tensor) return panel_index(row, column, rows, columns);
    const std::size_t pre = columns / rows;
    return panel_index(row, panel_index(column / pre, column % pre, rows, pre), rows,
                       padded(rows) * pre);
}

namespace {

// Aligned to a cache line. What is large lies in huge pages where the system has them: going
// through it takes a tenth less time.
double* allocate(std::size_t bytes) {
    constexpr std::size_t line = 64, huge_page = std::size_t{2} << 20;
    const std::size_t alignment = bytes < 2 * huge_page ? line : huge_page,
                      rounded = (bytes + alignment - 1) / alignment * alignment;
    void* const memory = std::aligned_alloc(alignment, rounded);
    if (!memory) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    if (alignment == huge_page) ::madvise(memory, rounded, MADV_HUGEPAGE);  // a wish, no need
#endif
    return static_cast<double*>(memory);
}

}  // namespace

void State::Free::operator()(double* memory) const { std::free(memory); }

State::State(const Program& program) : program_(program), offsets_(program.slots.size()) {
    check_memory(program);
    std::size_t rows = 1;
    const auto lay_out = [&](auto belongs) {
        for (std::size_t i = 0; i < program.slots.size(); ++i) {
            const Slot& slot = program.slots[i];
            if (!belongs(slot)) continue;
            offsets_[i] = total_ + turn_of(slot) + before_of(slot);
            total_ = offsets_[i] + static_cast<std::size_t>(numbers_of(slot));
            rows = std::max(rows, static_cast<std::size_t>(slot.rows));
        }
    };
    lay_out([](const Slot& slot) { return is_vector(slot.shape) && slot.what != What::measured; });
    vector_count_ = total_;
    lay_out([](const Slot& slot) { return !is_vector(slot.shape) || slot.what == What::measured; });
    scratch_ = total_;
    total_ += scratch_vectors * padded(rows);
    memory_.reset(allocate(total_ * sizeof(double)));
    std::memset(memory_.get(), 0, total_ * sizeof(double));
}

std::span<double> State::numbers(SlotId slot) {
    return {data(slot), std::as_const(*this).numbers(slot).size()};
}

std::span<const double> State::numbers(SlotId slot) const {
    return {data(slot), static_cast<std::size_t>(numbers_of(program_[slot]))};
}

std::span<double> State::line(SlotId slot) {
    const std::span<const double> all = std::as_const(*this).line(slot);
    return {data(slot) - (all.size() - numbers(slot).size()), all.size()};
}

std::span<const double> State::line(SlotId slot) const {
    turn_back(slot);
    const std::size_t before = before_of(program_[slot]);
    return {data(slot) - before, before + numbers(slot).size()};
}

void State::turn_back(SlotId slot) const {
    if (program_[slot].what != What::axon) return;
    const std::size_t one = numbers(slot).size();
    double* const end = memory_.get() + offsets_[slot.value];
    double* const newest = end - before_of(program_[slot]);
    double& turned = newest[-static_cast<std::ptrdiff_t>(lanes)];
    if (turned == 0.0) return;
    std::rotate(newest, end - static_cast<std::size_t>(turned) * one, end);
    turned = 0.0;
}

void State::fill_axons() {
    for (std::size_t i = 0; i < program_.slots.size(); ++i) {
        const Slot& slot = program_.slots[i];
        if (slot.what != What::axon) continue;
        const std::span<double> all = line(SlotId(i));
        const std::span<const double> now = std::as_const(*this).numbers(slot.of);
        for (std::size_t k = 0; k < all.size(); k += now.size())
            std::copy(now.begin(), now.end(), all.begin() + static_cast<std::ptrdiff_t>(k));
    }
}

StateSnapshot State::snapshot() const {
    const std::span<const double> all = memory();
    return {{all.begin(), all.end()}, *step_memory_};
}

void State::restore(const StateSnapshot& snapshot) {
    assert(snapshot.numbers.size() == total_);
    std::copy(snapshot.numbers.begin(), snapshot.numbers.end(), memory_.get());
    step_memory_->take(snapshot.step_memory);
}

void State::read(SlotId slot, double* row_major) const {
    const Slot& what = program_[slot];
    const auto rows = static_cast<std::size_t>(what.rows);
    const auto columns = static_cast<std::size_t>(what.columns);
    const double* source = data(slot);
    if (what.places) {
        std::fill_n(row_major, rows * columns, 0.0);
        for_each_synapse(*what.places, [&](std::size_t i, std::size_t j, std::size_t k) {
            row_major[i * columns + j] = source[k];
        });
        return;
    }
    if (what.shape != Shape::tensor) {  // its columns lie at one distance
        for (std::size_t i = 0; i < rows; ++i) {
            const std::size_t first = place(what, i, 0), distance = place(what, i, 1) - first;
            for (std::size_t j = 0; j < columns; ++j) *row_major++ = source[first + j * distance];
        }
        return;
    }
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            *row_major++ = source[place(what, i, j)];
        }
    }
}

void State::write(SlotId slot, const double* row_major) {
    const Slot& what = program_[slot];
    const auto rows = static_cast<std::size_t>(what.rows);
    const auto columns = static_cast<std::size_t>(what.columns);
    double* target = data(slot);
    if (what.places) {
        for_each_synapse(*what.places, [&](std::size_t i, std::size_t j, std::size_t k) {
            target[k] = row_major[i * columns + j];
        });
        return;
    }
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            target[place(what, i, j)] = *row_major++;
        }
    }
}

}  // namespace apical
