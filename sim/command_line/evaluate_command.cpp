#include "sim/command_line/evaluate_command.hpp"

#include <fmt/format.h>

#include <iostream>
#include <limits>
#include <optional>

#include "sim/command_line/command_line.hpp"
#include "sim/command_line/evaluate_text.hpp"
#include "sim/command_line/model_options.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

std::optional<std::int64_t> number_of(const std::string& asked, std::string_view option,
                                      std::int64_t most) {
    if (asked.empty()) return {};
    const std::optional<std::int64_t> number = whole_number(asked);
    if (number && *number <= most) return number;
    throw Error(ExitCode::usage, fmt::format("{} {}: expected a whole number up to {}", option,
                                             shortened(asked), most));
}

}  // namespace

void EvaluateCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "evaluate",
        "what a run's strengths give when nothing learns, beside its loss while learning");
    command->add_option("RUN", path, "run file (HDF5)")->required();
    command
        ->add_option(
            "--at", at,
            "strengths of after this step: one with a row or a checkpoint of them; \"all\" "
            "of these; \"last\" when left out")
        ->type_name("STEP");
    add_overrides(*command, overrides);
    command->add_option("--steps", steps, "steps that count; 10000 when left out")->type_name("N");
    command
        ->add_option(
            "--trials", trials,
            "trials that count, in place of steps; 200 of a circuit with trials, or all of "
            "data, when nothing says how long")
        ->type_name("N");
    command->add_option("--settle", settle, "steps before these; 100 when left out")
        ->type_name("N");
    command->add_option("--seed", seed, "of the evaluation's draws; 1 when left out")
        ->type_name("N");
    command
        ->add_option("--assign", assign,
                     "population whose cells stand for the types of trials to which they respond "
                     "most in the split \"train\", or on other draws; their choices are counted")
        ->type_name("POPULATION");
    command
        ->add_option("--assign-trials", assign_trials,
                     "trials in which they are assigned; when left out as many as an evaluation "
                     "has that nothing says how long")
        ->type_name("N");
    command
        ->add_option("--folder", folder,
                     "the model file's folder, for the data that it names; the present one when "
                     "left out")
        ->type_name("DIR");
    command
        ->add_option("-o,--output", output,
                     "run file of the evaluation: what [record] of the model says, frozen")
        ->type_name("FILE")
        ->transform(link_followed);
    command->add_flag("--force", force, "overwrite an existing file");
    add_json(*command, json);
}

EvaluationRequest EvaluateCommand::request() const {
    EvaluationRequest request;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    request.options.steps = number_of(steps, "--steps", most);
    request.options.settle = number_of(settle, "--settle", most);
    request.options.trials = number_of(trials, "--trials", most);
    constexpr std::int64_t most_seed = std::numeric_limits<std::uint32_t>::max();
    request.options.seed =
        static_cast<std::uint32_t>(number_of(seed, "--seed", most_seed).value_or(1));
    request.assign = assign;
    request.assign_trials = number_of(assign_trials, "--assign-trials", most);
    if (request.assign_trials && assign.empty())
        throw Error(ExitCode::usage, "--assign-trials: expected --assign POPULATION beside it");
    request.overrides = overrides;
    request.folder = folder;
    request.trial = in_child_process();
    return request;
}

std::vector<std::int64_t> EvaluateCommand::steps_asked(const EvaluatedRun& evaluated) const {
    if (at == "last") return {evaluated.last()};
    if (at == "all") {
        evaluated.last();  // says that there is none
        return evaluated.steps();
    }
    const std::optional<std::int64_t> step = whole_number(at);
    if (step) return {*step};
    throw Error(ExitCode::usage,
                fmt::format("--at {}: expected a step, \"last\" or \"all\"", shortened(at)));
}

ExitCode EvaluateCommand::execute() const {
    const EvaluationRequest asked = request();
    if (at == "all" && !output.empty())
        throw Error(ExitCode::usage,
                    "evaluate: -o FILE has the evaluation of one step; expected "
                    "--at STEP");
    continue_in_reading_process({path});
    const StoredRun run(path);
    const Headline while_learning = headline(run, {});
    lift_time_limit();
    EvaluatedRun evaluated(run, asked);
    const std::vector<std::int64_t> all = steps_asked(evaluated);
    if (!overrides.empty()) print_notes(evaluated.frozen().model.notes);
    Array tables;
    std::optional<std::string> note;
    for (const std::int64_t step : all) {
        const Evaluation one =
            output.empty() ? evaluated.after(step) : evaluated.recorded_after(step, output, force);
        if (step == run.end() && overrides.empty()) note = note_on(while_learning, one);
        if (!json && step == all.front())  // nothing before an error
            std::cout << beginning_text(run, evaluated, while_learning);
        if (!json) std::cout << evaluation_text(evaluated, step, one) << std::flush;
        tables.push_back(value_of(evaluation_table(step, one)));
    }
    if (json) {
        Table table = evaluated_table(run, evaluated, while_learning);
        table.entries.push_back(entry("evaluations", tables));
        if (note) table.entries.push_back(entry("note", *note));
        std::cout << to_json(table);
        return ExitCode::ok;
    }
    std::cout << ending_text(evaluated, note);
    if (!output.empty()) std::cout << fmt::format("file     {}\n", on_one_line(output));
    return ExitCode::ok;
}

}  // namespace apical
