#include "sim/command_line/evaluate_text.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/loss_kind.hpp"
#include "sim/numbers/loss_text.hpp"

namespace apical {

namespace {

std::string headed_line(std::string_view word, const std::string& text) {
    return fmt::format("{:<8} {}\n", word, text);
}

std::string with_error(double mean, double error, int digits) {
    return fmt::format("{} ± {}", fixed_text(mean, digits), fixed_text(error, digits));
}

std::string percent(double share) { return fixed_text(100.0 * share, 2); }

std::string off_text(const FrozenModel& frozen) {
    if (frozen.learns.empty()) return "nothing: none of its operations learns";
    std::string text =
        fmt::format("{} {} of {}", frozen.learns.size() == 1 ? "operation" : "operations",
                    numbers_text(frozen.learns), frozen.operations);
    if (!frozen.unneeded.empty())
        text += fmt::format(", and {}, which only these need", numbers_text(frozen.unneeded));
    return text;
}

// The split of data that lie in such, draws that training does not have, or the rows that a file
// begins with.
std::string shown_text(const Model& model) {
    const std::string split = shown_split(model);
    if (!split.empty()) return fmt::format("the split \"{}\"", split);
    return model.task->streams().empty() ? "the task from its beginning" : "other draws";
}

// The readout by cells that stand for types of trials.
std::string assigned_text(const EvaluatedRun& evaluated, const Choices& choices) {
    const FrozenModel& assigning = *evaluated.assigning();
    return headed_line(
        "cells",
        fmt::format("{} % ± {} % of {} trials are of another type than the cells say, "
                    "assigned in {} trials, {}; by chance {} %",
                    percent(choices.error()), percent(choices.standard_error()), choices.counted(),
                    assigning.trials, shown_text(assigning.model), percent(choices.chance())));
}

std::string choices_text(const Choices& choices, bool by_trial) {
    if (choices.counted() == 0) return headed_line("error", "no label says a class");
    return headed_line(
        "error",
        fmt::format("{} % ± {} % of {} {} whose label says a class; by chance {} %",
                    percent(choices.error()), percent(choices.standard_error()), choices.counted(),
                    by_trial ? "trials" : "steps", percent(choices.chance())));
}

std::string nearness_text(const Nearness& nearness) {
    double squares = 0.0, correlations = 0.0;
    const auto outputs = static_cast<double>(nearness.outputs());
    for (std::size_t k = 0; k < nearness.outputs(); ++k) {
        squares += nearness.mean_square(k) / outputs;
        correlations += nearness.correlation(k) / outputs;
    }
    const char* of = nearness.outputs() == 1 ? "of the output" : "means over the outputs";
    return headed_line("outputs",
                       fmt::format("mean square {}, correlation {}; {}", fixed_text(squares, 5),
                                   fixed_text(correlations, 4), of));
}

Array confusion_of(const Choices& choices) {
    Array rows;
    for (std::size_t label = 0; label < choices.classes(); ++label) {
        Array row;
        for (std::size_t choice = 0; choice < choices.classes(); ++choice)
            row.push_back(value_of(choices.confusion(label, choice)));
        rows.push_back(value_of(std::move(row)));
    }
    return rows;
}

Table choices_table(const Choices& choices) {
    return {{entry("labelled", choices.counted()), entry("error", choices.error()),
             entry("error_sem", choices.standard_error()), entry("chance", choices.chance()),
             entry("confusion", confusion_of(choices))}};
}

// Types are in their order, and there is more than one.
void add_types(Table& table, const std::map<int, Choices>& by_type) {
    if (by_type.size() < 2) return;
    Array all;
    for (const auto& [type, choices] : by_type) {
        Table one{{entry("type", static_cast<std::int64_t>(type))}};
        for (Entry& more : choices_table(choices).entries) one.entries.push_back(std::move(more));
        all.push_back(value_of(std::move(one)));
    }
    table.entries.push_back(entry("types", all));
}

Array operations_of(const std::vector<std::size_t>& all) {
    Array numbers;
    for (const std::size_t one : all)
        numbers.push_back(value_of(static_cast<std::int64_t>(one) + 1));
    return numbers;
}

void add_choices(Table& table, const Choices& choices) {
    Array ties;
    for (std::size_t label = 0; label < choices.classes(); ++label)
        ties.push_back(value_of(choices.ties(label)));
    for (Entry& one : std::vector<Entry>{
             entry("labelled", choices.counted()), entry("error", choices.error()),
             entry("error_sem", choices.standard_error()), entry("chance", choices.chance()),
             entry("confusion", confusion_of(choices)), entry("ties", ties)})
        table.entries.push_back(std::move(one));
}

void add_nearness(Table& table, const Nearness& nearness) {
    Array squares, correlations;
    for (std::size_t k = 0; k < nearness.outputs(); ++k) {
        squares.push_back(value_of(nearness.mean_square(k)));
        correlations.push_back(value_of(nearness.correlation(k)));
    }
    table.entries.push_back(entry("mse", squares));
    table.entries.push_back(entry("correlation", correlations));
}

}  // namespace

std::string numbers_text(const std::vector<std::size_t>& operations) {
    std::vector<std::string> parts;
    for (std::size_t first = 0; first < operations.size();) {
        std::size_t last = first;
        while (last + 1 < operations.size() && operations[last + 1] == operations[last] + 1) ++last;
        const std::size_t from = operations[first] + 1, to = operations[last] + 1;
        parts.push_back(from == to ? std::to_string(from) : fmt::format("{}-{}", from, to));
        first = last + 1;
    }
    return list_of(parts);
}

std::string beginning_text(const StoredRun& run, const EvaluatedRun& evaluated,
                           const Headline& while_learning) {
    const FrozenModel& frozen = evaluated.frozen();
    const Model& model = frozen.model;
    std::string text =
        headed_line("model", on_one_line(model.title.empty() ? run.path() : model.title)) +
        headed_line("off", off_text(frozen));
    if (!model.circuit.has_loss())
        return text + headed_line("loss", fmt::format("none: the circuit has {}",
                                                      why_no_loss(model.circuit)));
    return text +
           headed_line("loss", fmt::format("{} while learning ({})", loss_text(while_learning.loss),
                                           window_text(while_learning)));
}

std::string evaluation_text(const EvaluatedRun& evaluated, std::int64_t step,
                            const Evaluation& evaluation) {
    const Model& model = evaluated.frozen().model;
    const std::string steps =
        evaluation.trials > 0 ? fmt::format("{} trials of {} steps, {}", evaluation.trials,
                                            evaluation.steps, shown_text(model))
                              : fmt::format("{} steps, {}", evaluation.steps, shown_text(model));
    const std::string cells =
        evaluation.assigned ? assigned_text(evaluated, *evaluation.assigned) : "";
    if (!model.circuit.has_loss())
        return headed_line("frozen", fmt::format("after step {} ({})", step, steps)) + cells;
    std::string text = headed_line(
        "frozen",
        fmt::format("{} after step {} ({})",
                    with_error(evaluation.loss.mean, evaluation.loss.error, 5), step, steps));
    if (evaluation.choices) text += choices_text(*evaluation.choices, evaluation.chooses_by_trial);
    if (evaluation.nearness) text += nearness_text(*evaluation.nearness);
    return text + cells;
}

std::string ending_text(const EvaluatedRun& evaluated, const std::optional<std::string>& note) {
    std::string text;
    for (const Bound& bound : bounds_of(evaluated.frozen().model))
        text += headed_line("bound", fmt::format("{}  {}", loss_text(bound.loss), bound.name));
    return note ? text + headed_line("note", *note) : text;
}

std::optional<std::string> note_on(const Headline& while_learning, const Evaluation& last) {
    if (!is_learning_the_memory(while_learning.loss, last.loss)) return {};
    return learning_is_memory;
}

Table evaluation_table(std::int64_t step, const Evaluation& evaluation) {
    Table table{{entry("step", step), entry("loss", evaluation.loss.mean),
                 entry("loss_sem", evaluation.loss.error), entry("counted", evaluation.counted)}};
    if (evaluation.trials > 0) table.entries.push_back(entry("trials", evaluation.trials));
    if (evaluation.choices) add_choices(table, *evaluation.choices);
    add_types(table, evaluation.by_type);
    if (evaluation.nearness) add_nearness(table, *evaluation.nearness);
    if (evaluation.assigned)
        table.entries.push_back(entry("assigned", choices_table(*evaluation.assigned)));
    return table;
}

Table evaluated_table(const StoredRun& run, const EvaluatedRun& evaluated,
                      const Headline& while_learning) {
    const FrozenModel& frozen = evaluated.frozen();
    Table bounds;
    for (const Bound& bound : bounds_of(frozen.model))
        bounds.entries.push_back(entry(bound.name, bound.loss));
    return {{entry("file", run.path()), entry("title", frozen.model.title),
             entry("loss_while_learning", while_learning.loss),
             entry("loss_steps", while_learning.steps),
             entry("seed", static_cast<std::int64_t>(frozen.model.streams->seed_of_steps)),
             entry("settle", frozen.settle), entry("steps", frozen.steps),
             entry("operations", static_cast<std::int64_t>(frozen.operations)),
             entry("learning", operations_of(frozen.learns)),
             entry("unneeded", operations_of(frozen.unneeded)), entry("bounds", bounds)}};
}

}  // namespace apical
