#include "sim/command_line/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/anatomy.hpp"
#include "learning_rules/text_rule.hpp"
#include "sim/command_line/circuit_text.hpp"
#include "sim/command_line/schedule_text.hpp"
#include "sim/command_line/trials_text.hpp"
#include "sim/engine/memory_need.hpp"
#include "sim/engine/state.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/runs/run_model.hpp"

namespace apical {

namespace {

// Matrices between cells that rules in text keep, which may need more memory than all else.
std::string pairs_text(const Model& model) {
    std::string text;
    for (const Slot& slot : model.program.slots) {
        if (slot.shape != Shape::per_pair || slot.what != What::of_rule) continue;
        const bool is_of_text = std::any_of(
            model.rules.begin(), model.rules.end(),
            [&](const BoundRule& bound) { return bound.rule->text && bound.label == slot.rule; });
        if (!is_of_text) continue;
        text +=
            fmt::format("  {:<12} {:>5} x {:<5} pairs of {}, joined by no synapses: {:.3g} MB\n",
                        slot.name, slot.rows, slot.columns, model.circuit[slot.cells].name,
                        static_cast<double>(slot.rows) * slot.columns * sizeof(double) * 1e-6);
    }
    return text;
}

bool is_sampled(const Recording& recording, std::int64_t step) {
    return recording.from <= step && step <= recording.to &&
           (step - recording.from) % recording.every == 0;
}

// "steps 1 to 1000 every 50, and 0 and 1000"
std::string sampled_text(const Program& program, const Recording& recording) {
    if (!recording.at.empty())
        return fmt::format("the last steps of {} trial{}", recording.at.size(),
                           recording.at.size() == 1 ? "" : "s");
    if (recording.to < recording.from) return fmt::format("steps 0 and {}", recording.run_end);
    const std::string steps =
        fmt::format("steps {} to {} every {}", recording.from, recording.to, recording.every);
    if (recording.run_end == 0) return steps;
    const std::vector<AxisLayout> axes = lay_out(program, {recording}).axes;
    const bool starts =
        std::any_of(axes.begin(), axes.end(), [](const AxisLayout& axis) { return axis.starts; });
    std::vector<std::string> others;
    if (starts) others.emplace_back("0");
    if (!is_sampled(recording, recording.run_end))
        others.push_back(std::to_string(recording.run_end));
    return others.empty() ? steps : fmt::format("{}, and {}", steps, fmt::join(others, " and "));
}

// The cost of recording the strengths that no table names.
std::string ends_text(const Model& model) {
    if (model.recordings.empty() || model.recordings.back().name != ends_table) return "";
    double numbers = 0.0;
    for (const Text& one : model.recordings.back().what) {
        const Slot& slot = model.program[model.program.find(one.text)];
        numbers += static_cast<double>(entries_of(slot));
    }
    return fmt::format(
        "  {:<12} these strengths take 2 x {:.3g} MB; run.record_endpoints = false "
        "leaves them out\n",
        "", numbers * sizeof(double) * 1e-6);
}

// How many spikes there will be is not known.
std::string spikes_text(const Model& model) {
    std::string text;
    constexpr double ms_a_second = 1000.0;
    for (const SpikeLayout& one : lay_out(model.program, model.recordings).spikes) {
        const double spikes = static_cast<double>(one.cells.size()) *
                              static_cast<double>(one.steps.count()) * model.circuit.step_ms() /
                              ms_a_second;
        text += fmt::format("  {:<12} {} beside that: {:.3g} MB for each Hz of {} cell{}\n", "",
                            spikes_address(one.population), spikes * bytes_of_spike * 1e-6,
                            one.cells.size(), one.cells.size() == 1 ? "" : "s");
    }
    return text;
}

std::string recording_text(const Model& model) {
    const auto bytes = static_cast<double>(
        Recorder::estimate(model.program, model.recordings, description_of(model)));
    std::string text = fmt::format("\nrecorded to {} (at most {:.1f} MB)\n",
                                   on_one_line(model.output), bytes * 1e-6);
    for (const Recording& recording : model.recordings) {
        std::vector<std::string> what;
        for (const Text& address : recording.what) what.push_back(address.text);
        text += fmt::format("  {:<12} {}: {}\n", recording.name,
                            sampled_text(model.program, recording), list_of(what));
    }
    return text + ends_text(model) + spikes_text(model);
}

// What a run needs beside the file, where it is much.
std::string memory_text(const Model& model) {
    constexpr double megabyte = 1e6, little = 100.0 * megabyte;
    const MemoryNeed need = memory_needed(model.program);
    if (need.bytes < little) return "";
    const Slot& largest = model.program.slots[need.largest];
    return fmt::format("\nmemory of a run {:.0f} MB, {:.0f} MB of them for {} ({} x {})\n",
                       need.bytes / megabyte, need.bytes_of_largest / megabyte, largest.name,
                       largest.rows, largest.columns);
}

std::string without_trailing_blanks(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') out.erase(out.find_last_not_of(' ') + 1);
        out += c;
    }
    return out;
}

}  // namespace

std::string describe_model(const Model& model) {
    return without_trailing_blanks(
        fmt::format("{}\n{}\n\n{}{}{}{}\nprogram\n{}", on_one_line(model.path),
                    on_one_line(model.title), circuit_text(model.circuit), pairs_text(model),
                    schedule_text(model.circuit) + ms_text(model) + trials_text(model.circuit),
                    recording_text(model) + memory_text(model), listing(model.program)));
}

std::string model_dot(const Model& model) {
    return to_dot(model.circuit, model.title, inhibitory_at_start(model.circuit));
}

}  // namespace apical
