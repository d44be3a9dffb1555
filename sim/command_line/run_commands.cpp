#include "sim/command_line/run_commands.hpp"

#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "sim/command_line/command_line.hpp"
#include "sim/command_line/interrupt.hpp"
#include "sim/command_line/progress.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/run_text.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/runs/model_files.hpp"
#include "sim/runs/plain_copy.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

// Prints what a run came to; as JSON also when its numbers were no longer finite.
template <class RunFunction>
ExitCode print_result(const RunFlags& flags, const Model& model, RunFunction run) {
    try {
        const RunSummary summary = run();
        std::cout << (flags.json ? summary_json(model, summary) : summary_text(model, summary));
        return summary.interrupted ? exit_code_of(summary.signal) : ExitCode::ok;
    } catch (const FailedRun& failed) {
        if (flags.json) std::cout << summary_json(model, failed.summary());
        throw;
    }
}

// The result of `run(options)`; meanwhile signals may end or save it and a line on stderr shows it.
template <class RunFunction>
RunSummary run_watched(RunOptions options, bool quiet, RunFunction run) {
    const InterruptHandler interrupt;  // from before there is a file
    RunStatus status(quiet);
    options.stop = &interrupt.request();
    options.progress = Listener<RunProgress>(status);
    return run(options);
}

std::int64_t step_of_checkpoint(const std::string& asked) {
    const std::optional<std::int64_t> step = whole_number(asked);
    if (step && *step >= 1) return *step;
    throw Error(ExitCode::usage,
                fmt::format("--at {}: expected a step, a whole number from 1", shortened(asked)));
}

}  // namespace

void RunFlags::add_threads_to(CLI::App& command) {
    command.add_option("-j,--threads", threads, "most threads; without it one for each core")
        ->type_name("N");
}

void RunFlags::add_force_to(CLI::App& command) {
    command.add_flag("--force", force, "overwrite an existing run file");
}

void RunFlags::add_to(CLI::App& command) {
    command.add_flag("-q,--quiet", quiet, "no progress");
    command.add_flag("--json", json, "the summary as JSON");
}

RunOptions RunFlags::options() const { return {force, threads_of(threads, available_cores())}; }

void RunCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand("run", "train a circuit and write its run file (HDF5)");
    options.add_to(*command);
    options.add_output_to(*command);
    flags.add_threads_to(*command);
    flags.add_force_to(*command);
    flags.add_to(*command);
}

ExitCode RunCommand::execute() const {
    const RunOptions asked = flags.options();
    Model model = options.load();
    model.output = link_followed(model.output);
    return print_result(flags, model, [&] {
        return run_watched(asked, flags.quiet,
                           [&](const RunOptions& with) { return run_model(model, with); });
    });
}

void ResumeCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "resume", "go on with a run that was interrupted or killed, from its last checkpoint");
    command->add_option("RUN", path, "run file")->required()->transform(link_followed);
    flags.add_threads_to(*command);
    flags.add_to(*command);
}

ExitCode ResumeCommand::execute() const {
    const RunOptions asked = flags.options();
    try_reading(in_child_process(), completed_steps_reading, {path}, {path, 0, 0});
    if (const std::optional<std::int64_t> steps = completed_steps(path)) {
        print_notes({path + " is complete"});
        if (flags.json) std::cout << complete_json(path, *steps);
        return ExitCode::ok;
    }
    std::vector<std::string> notes;
    OpenCheckpoint checkpoint = checkpoint_to_resume(path, notes);
    print_notes(notes);
    const Model model = resumed_model(checkpoint.head, path, in_child_process());
    print_notes(changed_rule_files(model));
    return print_result(flags, model, [&] {
        return run_watched(asked, flags.quiet, [&](const RunOptions& with) {
            return resume(model, std::move(checkpoint), with);
        });
    });
}

void ForkCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "fork", "begin a new run with what another one knew at a checkpoint, and changes");
    command->add_option("RUN", path, "run file of the other one")
        ->required()
        ->transform(link_followed);
    command->add_option("--at", at, "step of the checkpoint")->type_name("STEP")->required();
    add_overrides(*command, overrides);
    command->add_option("-o,--output", output, "run file of the new run")
        ->type_name("FILE")
        ->required()
        ->transform(link_followed);
    flags.add_threads_to(*command);
    flags.add_force_to(*command);
    flags.add_to(*command);
}

ExitCode ForkCommand::execute() const {
    const RunOptions asked = flags.options();
    const Overrides changes = overrides;
    if (sets_run(changes, "output"))
        throw Error(ExitCode::usage, "fork: --set run.output: expected -o FILE alone");
    OpenCheckpoint checkpoint = checkpoint_at(path, step_of_checkpoint(at), in_child_process());
    const Model model = branched_model(checkpoint.head, path, changes, output, in_child_process());
    print_notes(model.notes);
    print_notes(changed_rule_files(model));
    return print_result(flags, model, [&] {
        std::vector<std::string> notes;
        const RunSummary summary = run_watched(asked, flags.quiet, [&](const RunOptions& with) {
            return branch_run(model, path, std::move(checkpoint), with, notes);
        });
        print_notes(notes);
        return summary;
    });
}

void RecoverCommand::add_to(CLI::App& app) {
    app.add_subcommand("recover", "make a plain file of the run file of a killed run")
        ->add_option("RUN", path, "run file")
        ->required()
        ->transform(link_followed);
}

ExitCode RecoverCommand::execute() const {
    const auto recovered = [&] {
        const InterruptHandler interrupt;
        return recover(path, interrupt.request(), in_child_process());
    };
    const std::int64_t last = recovered();
    std::cout << fmt::format("file     {} (up to step {})\n", on_one_line(path), last);
    return ExitCode::ok;
}

}  // namespace apical
