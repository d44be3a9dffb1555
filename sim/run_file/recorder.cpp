#include "sim/run_file/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>

#include "circuits/text/error.hpp"
#include "circuits/text/text.hpp"
#include "sim/run_file/axis_recorder.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/run_file/recorded_iterations.hpp"
#include "sim/run_file/run_size.hpp"
#include "sim/run_file/spike_recorder.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

// A slot that is recorded, as the program that was laid out has it.
struct RecordedSlot {
    SlotId slot;
    std::string name;
    int rows, columns;
};

namespace {

void write_names(GrowingFile& file, const NewDataset& dataset,
                 const std::vector<std::string>& names) {
    std::vector<const char*> texts;
    for (const std::string& name : names) texts.push_back(name.c_str());
    const std::size_t added = file.add(dataset);
    if (!texts.empty()) file.write(added, 0, texts.size(), texts.data());
}

std::int64_t cell_of(const CellScale& scale, std::size_t number) {
    const std::size_t one = scale.cells.empty() ? number : scale.cells[number];
    if (!scale.places) return static_cast<std::int64_t>(one);
    return static_cast<std::int64_t>(scale.of_pre ? scale.places->column[one]
                                                  : scale.places->row_of(one));
}

void write_cells(GrowingFile& file, const CellScale& scale) {
    const std::size_t dataset = file.add(scale.dataset);
    constexpr std::size_t at_once = 1 << 15;
    std::vector<std::int64_t> cells;
    for (std::size_t first = 0; first < scale.count(); first += at_once) {
        const std::size_t end = std::min(first + at_once, scale.count());
        cells.clear();
        for (std::size_t k = first; k < end; ++k) cells.push_back(cell_of(scale, k));
        file.write(dataset, first, cells.size(), cells.data());
    }
}

std::vector<RecordedSlot> recorded_slots(const Program& program, const RunLayout& layout) {
    std::vector<RecordedSlot> recorded;
    for (const AxisLayout& axis : layout.axes) {
        if (axis.given) continue;
        for (const RecordedQuantity& one : axis.quantities) {
            for (const SlotId slot : program.quantities[one.index].slots) {
                if (slot)
                    recorded.push_back(
                        {slot, program[slot].name, program[slot].rows, program[slot].columns});
            }
        }
    }
    for (const SpikeLayout& one : layout.spikes) {
        const Slot& slot = program[one.rate];
        recorded.push_back({one.rate, slot.name, slot.rows, slot.columns});
    }
    return recorded;
}

bool has(const Program& program, const RecordedSlot& recorded) {
    if (recorded.slot.value >= program.slots.size()) return false;
    const Slot& slot = program[recorded.slot];
    return slot.name == recorded.name && slot.rows == recorded.rows &&
           slot.columns == recorded.columns;
}

std::size_t windows_of(const RunLayout& layout) {
    return layout.axes.size() + layout.spikes.size() + (layout.has_events ? 1 : 0);
}

// A text that has no room ends in "...", not in the middle of a character.
LateText late_text(const std::string& text) {
    constexpr std::string_view cut = "...";
    LateText late{};
    if (text.size() < late.size()) {
        text.copy(late.data(), text.size());
        return late;
    }
    const std::string_view beginning = whole_characters(text, late.size() - 1 - cut.size());
    beginning.copy(late.data(), beginning.size());
    cut.copy(late.data() + beginning.size(), cut.size());
    return late;
}

template <std::size_t size>
void fill(char (&field)[size], std::string_view text) {
    const std::size_t fitting = std::min(size, text.size());  // all of it, in a model that runs
    std::copy_n(text.begin(), fitting, field);
    std::fill(field + fitting, field + size, '\0');
}

}  // namespace

struct Recorder::Implementation {
    Implementation(const Program& program, RunLayout chosen, const RunDescription& run,
                   const std::string& path, Replacing replacing, Writing writing);
    void flush();
    void sync() {
        flush();
        file.sync();
    }
    void check_open() const {
        if (closed)
            throw Error(ExitCode::usage, fmt::format("the run file \"{}\" was closed", path));
    }

    std::string path;
    RunLayout layout;
    std::vector<RecordedSlot> recorded;
    bool begun = false;
    GrowingFile file;
    std::vector<AxisRecorder> axes;
    std::optional<SpikeRecorders> spikes;
    std::optional<RowBuffers> events;
    std::vector<double> direct_row;
    bool closed = false;
    RowWriter writer;  // last: it reads what the others gathered
};

Recorder::Implementation::Implementation(const Program& program, RunLayout chosen,
                                         const RunDescription& run, const std::string& file_path,
                                         Replacing replacing, Writing writing)
    : path(file_path),
      layout(std::move(chosen)),
      recorded(recorded_slots(program, layout)),
      file(path,
           prepare_output(path, replacing == Replacing::yes, bytes_of(layout, attributes_of(run))),
           layout.alignment),
      writer(windows_of(layout) > 0 ? writing : Writing::within_run,
             layout.axes.size() + layout.spikes.size() + 1) {
    for (const auto& [name, value] : attributes_of(run)) file.set_attribute(name, value);
    file.set_attribute(conventions_attribute, std::string(conventions));
    if (!layout.axes.empty()) {
        write_names(file, layout.phases, program.phase_names);
    }
    if (layout.has_iterations) {
        write_names(file, layout.iterations, phases_of_iterations(program));
    }
    for (const CellScale& scale : layout.cells) write_cells(file, scale);
    axes.reserve(layout.axes.size());
    for (const AxisLayout& axis : layout.axes) {
        axes.emplace_back(program, axis, run, file, writer);
        direct_row.resize(std::max(direct_row.size(), axes.back().direct_row_numbers()));
    }
    spikes.emplace(layout.spikes, run, file, writer);
    if (layout.has_events) {
        events.emplace(file, writer, layout.event_window);
        const std::size_t numbers = file.add(layout.event);
        events->add(file.add(layout.events), row_bytes(layout.events));
        events->add(numbers, row_bytes(layout.event));
    }
    for (const Link& link : layout.links) file.link(link.target, link.path);
    file.start();
}

void Recorder::Implementation::flush() {
    const auto for_each = [this](auto action) {
        for (AxisRecorder& axis : axes) action(axis.rows());
        for (SpikeRecorder& one : spikes->each()) action(one.rows());
        if (events) action(*events);
    };
    writer.hand_over_opened();
    for_each([](RowBuffers& rows) { rows.hand_over(); });
    writer.wait();
    for_each([](RowBuffers& rows) { rows.flush(); });
}

Recorder::Recorder(const Program& program, const std::vector<Recording>& recordings,
                   const RunDescription& description, const std::string& path, Replacing replacing,
                   Writing writing)
    : implementation_(std::make_unique<Implementation>(
          program, lay_out(program, recordings, description.evaluation), description, path,
          replacing, writing)) {}

// Rows that cannot be written now have been reported before.
Recorder::~Recorder() {
    if (implementation_->closed) return;
    try {
        implementation_->flush();
    } catch (...) {
    }
}

std::uint64_t Recorder::estimate(const Program& program, const std::vector<Recording>& recordings,
                                 const RunDescription& description) {
    return bytes_of(lay_out(program, recordings, description.evaluation),
                    attributes_of(description));
}

void Recorder::check_open() const { implementation_->check_open(); }

std::size_t Recorder::axis_count() const { return implementation_->axes.size(); }

std::size_t Recorder::sampled_count() const {
    return axis_count() + (implementation_->spikes->any() ? 1 : 0);
}

std::int64_t Recorder::next_step(std::size_t axis, std::int64_t step) const {
    if (axis == axis_count()) return implementation_->spikes->next_step(step);
    return implementation_->axes[axis].next_step(step);
}

bool Recorder::samples_phases(std::size_t axis) const {
    return axis < axis_count() && implementation_->axes[axis].samples_phases();
}

bool Recorder::samples(std::size_t axis, SlotId slot) const {
    return axis < axis_count() && implementation_->axes[axis].samples(slot);
}

void Recorder::sample(std::size_t axis, std::int64_t step, std::size_t phase, const State& state) {
    if (axis == axis_count()) return implementation_->spikes->sample(step, state);
    implementation_->axes[axis].sample(step, phase, state, implementation_->direct_row.data());
}

bool Recorder::samples_iterations(std::size_t axis) const {
    if (axis == axis_count()) return implementation_->spikes->samples_iterations();
    return implementation_->axes[axis].samples_iterations();
}

void Recorder::sample_iteration(std::size_t axis, std::size_t phase, int iteration,
                                const State& state) {
    if (axis == axis_count())
        return implementation_->spikes->sample_iteration(phase, iteration, state);
    implementation_->axes[axis].sample_iteration(phase, iteration, state);
}

void Recorder::begin(const Program& performed) {
    implementation_->check_open();
    if (implementation_->begun)
        throw Error(ExitCode::usage, "a recorder follows one run, and it follows another already");
    for (const RecordedSlot& one : implementation_->recorded) {
        if (!has(performed, one))
            throw Error(ExitCode::usage,
                        fmt::format("the recorder was made for another model: it records \"{}\" "
                                    "({} x {}), which the run has not there",
                                    one.name, one.rows, one.columns));
    }
    implementation_->begun = true;
}

void Recorder::sample_start(std::int64_t begun, const State& state) {
    implementation_->check_open();
    for (std::size_t axis = 0; axis < axis_count(); ++axis) {
        if (rows(axis) > 0)
            throw Error(ExitCode::usage,
                        "the rows of before the first step are recorded once, before all others");
    }
    for (AxisRecorder& axis : implementation_->axes)
        axis.sample_start(begun, state, implementation_->direct_row.data());
}

void Recorder::end_with(std::int64_t step) {
    for (AxisRecorder& axis : implementation_->axes) axis.end_with(step);
}

bool Recorder::records_events(std::int64_t step) const {
    return implementation_->layout.event_steps.includes(step);
}

void Recorder::event(double time_ms, std::string_view kind, std::string_view target) {
    assert(implementation_->events);
    EventRow row;
    row.time_ms = time_ms;
    fill(row.kind, kind);
    fill(row.target, target);
    RowBuffers& rows = *implementation_->events;
    const auto number = static_cast<std::int64_t>(rows.rows());
    std::memcpy(rows.row(0), &row, sizeof row);
    std::memcpy(rows.row(1), &number, sizeof number);
    rows.finish_row();
}

const std::string& Recorder::axis_name(std::size_t axis) const {
    return implementation_->layout.axes[axis].name;
}

std::vector<Recorder::RecordedRow> Recorder::quantities(std::size_t axis) const {
    std::vector<RecordedRow> all;
    for (const RecordedQuantity& one : implementation_->layout.axes[axis].quantities)
        all.push_back({one.dataset.path, one.dataset.row});
    return all;
}

std::uint64_t Recorder::rows(std::size_t axis) const {
    return implementation_->axes[axis].rows().rows();
}

std::uint64_t Recorder::lasting_rows(std::size_t axis) const {
    return implementation_->axes[axis].lasting_rows();
}

std::uint64_t Recorder::event_rows() const {
    return implementation_->events ? implementation_->events->rows() : 0;
}

std::size_t Recorder::spike_count() const { return implementation_->layout.spikes.size(); }

const std::string& Recorder::spiking(std::size_t k) const {
    return implementation_->layout.spikes[k].population;
}

std::uint64_t Recorder::spike_rows(std::size_t k) const {
    return implementation_->spikes->each()[k].rows().rows();
}

void Recorder::repeat_spike(std::size_t k, const Spike& spike) {
    implementation_->spikes->each()[k].repeat(spike.step, spike.time_ms, spike.cell);
}

bool Recorder::has_events() const { return implementation_->events.has_value(); }

void Recorder::repeat(std::size_t axis, std::int64_t step, const std::vector<const double*>& row) {
    implementation_->axes[axis].repeat(step, row);
}

std::optional<std::size_t> Recorder::evaluation_axis() const {
    const std::vector<AxisRecorder>& axes = implementation_->axes;
    if (axes.empty() || !axes.back().is_given()) return {};
    return axes.size() - 1;
}

void Recorder::publish() { implementation_->file.publish(); }

void Recorder::flush() {
    implementation_->check_open();
    implementation_->flush();
}

void Recorder::sync() {
    implementation_->check_open();
    implementation_->sync();
}

void Recorder::close(std::int64_t steps_completed, double final_loss, const std::string& failure,
                     std::int64_t loss_steps) {
    implementation_->check_open();
    implementation_->flush();
    const LateText text = late_text(failure);
    implementation_->file.set_attribute(run_attribute::failure.name, text);
    implementation_->file.set_attribute(run_attribute::steps_completed.name, steps_completed);
    implementation_->file.set_attribute(run_attribute::final_loss.name, final_loss);
    implementation_->file.set_attribute(run_attribute::final_loss_steps.name, loss_steps);
    implementation_->closed = true;  // also when that fails
    implementation_->file.close();
}

}  // namespace apical
