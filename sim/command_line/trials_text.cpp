#include "sim/command_line/trials_text.hpp"

#include <fmt/format.h>

#include <vector>

namespace apical {

namespace {

std::string length_text(const TrialLength& length) {
    switch (length.kind) {
        case TrialLength::Kind::of_task:
            return "as long as the task says";
        case TrialLength::Kind::fixed:
            return fmt::format("{} step{} each", length.steps, length.steps == 1 ? "" : "s");
        case TrialLength::Kind::uniform:
            return fmt::format("{} to {} steps, drawn", length.smallest, length.largest);
        case TrialLength::Kind::exponential:
            break;
    }
    return fmt::format("{} to {} steps, drawn: {} and more by an exponential of {:.6g}",
                       length.smallest, length.largest, length.smallest, length.mean);
}

std::string reset_text(Trials::Reset reset) {
    switch (reset) {
        case Trials::Reset::keep:
            return "cells go on";
        case Trials::Reset::zero:
            return "cells begin with 0";
        case Trials::Reset::init:
            return "cells begin as before the first step";
        case Trials::Reset::draw:
            break;
    }
    return "cells begin with new draws";
}

std::string beginnings_text(const Trials& trials) {
    std::string text = reset_text(trials.reset);
    std::vector<std::string> names;
    for (const TrialValue& one : trials.values) names.push_back(one.address);
    if (!names.empty()) text += fmt::format(", {} with values of their own", list_of(names));
    names.clear();
    for (const auto& [address, where] : trials.keep) names.push_back(address);
    if (!names.empty()) text += fmt::format(", {} kept", list_of(names));
    return text + (trials.clears_traces ? "; traces begin with 0" : "; traces go on");
}

std::string window_text(const TrialWindow& window) {
    if (window.is_of_task) return "a period of the task";
    const std::string from = window.from == 0 ? "from the first step on"
                             : window.from > 0
                                 ? fmt::format("from step {} on", window.from)
                                 : fmt::format("from {} steps before the end on", -window.from);
    if (window.to_end) return from;
    return from + (window.to < 0 ? fmt::format(" until {} steps before the end", -window.to)
                                 : fmt::format(" until step {}", window.to));
}

}  // namespace

std::string trials_text(const Circuit& circuit) {
    if (!circuit.trials) return "";
    const Trials& trials = *circuit.trials;
    std::string text =
        fmt::format("\ntrials\n  {}{}\n  {}\n", length_text(trials.length),
                    trials.gap > 0 ? fmt::format(", a gap of {} behind each", trials.gap) : "",
                    beginnings_text(trials));
    for (const TrialWindow& window : circuit.windows)
        text += fmt::format("  {:<10} {}\n", window.name, window_text(window));
    std::vector<std::string> counts;
    for (const WindowId one : trials.counts) counts.push_back(circuit[one].name);
    text += fmt::format("  the loss counts in {}\n",
                        counts.empty() ? "the whole trial" : list_of(counts));
    if (trials.batch > 1) text += fmt::format("  a batch has {} trials\n", trials.batch);
    return text;
}

}  // namespace apical
