#include "sim/command_line/sweep_commands.hpp"

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include "sim/command_line/command_line.hpp"
#include "sim/command_line/mpi_session.hpp"
#include "sim/command_line/option_words.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/run_missing.hpp"
#include "sim/command_line/sweep_text.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/sweep/report.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

// Says why this rank cannot go on, and ends all of them.
void give_up(const Ranks& ranks, const Error& error) {
    ranks.wait_to_complain();
    for (const std::string& one : error.sentences())
        fmt::print(stderr, "apical: {}\n", in_words_of_options(one));
    MpiSession::abort(error.code());
}

}  // namespace

void SweepCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "sweep", "run many models, tasks, seeds and parameters, and gather what they come to");
    command
        ->add_option("SWEEP", path,
                     "sweep file (TOML), or the name of a shipped one; `apical help sweep` "
                     "lists its keys")
        ->required();
    command->add_option("-o,--output", output, "result (HDF5); runs/SWEEP.h5 when left out")
        ->type_name("FILE");
    command->add_option("-j,--threads", threads, "jobs that run at once; one a core when left out")
        ->type_name("N");
    CLI::Option* planning =
        command->add_flag("--dry-run", dry_run, "what would be run, and what it would take");
    CLI::Option* merging =
        command->add_flag("--merge", merge, "gather what shards have done, run nothing");
    CLI::Option* part =
        command->add_option("--shard", shard, "run only the I-th of N parts of the jobs")
            ->type_name("I/N");
    CLI::Option* anew =
        command->add_flag("--force", force, "begin anew, whatever is there already");
    merging->excludes(part)->excludes(anew)->excludes(planning);
    anew->excludes(part)->excludes(planning);
    command->add_flag("-q,--quiet", quiet, "no progress");
}

ExitCode SweepCommand::execute() const {
    const MpiSession mpi;
    Ranks ranks;
    try {
        return sweep(ranks);
    } catch (const Error& error) {
        if (ranks.size() > 1) give_up(ranks, error);
        throw;
    } catch (const std::exception& exception) {
        // Any exception: the others would wait for this rank for ever.
        if (ranks.size() > 1)
            give_up(ranks,
                    Error(ExitCode::internal, fmt::format("internal error: {}", exception.what())));
        throw;
    } catch (...) {
        if (ranks.size() > 1) give_up(ranks, Error(ExitCode::internal, "internal error"));
        throw;
    }
}

ExitCode SweepCommand::sweep(Ranks& ranks) const {
    // mpirun starts a process for each core.
    const int most = ranks.size() > 1 ? 1 : available_cores();
    SweepOptions options{static_cast<std::size_t>(threads_of(threads, most)), {}, force};
    if (!shard.empty()) options.shard = shard_of(shard);
    Sweep sweep = load_sweep(named_model(path), in_child_process());
    if (output) sweep.output = link_followed(*output);
    const JobList list = list_jobs(sweep);
    if (ranks.rank() == 0) print_notes(list.notes);
    if (dry_run || merge) return ranks.rank() > 0 ? ExitCode::ok : print_plan(sweep, list, options);
    if (ranks.rank() > 0) {
        work_for(ranks, sweep, list, options.threads);
        return ExitCode::ok;
    }
    return print_summary(sweep, run_missing(sweep, list, options, ranks, quiet), options);
}

ExitCode SweepCommand::print_plan(const Sweep& sweep, const JobList& list,
                                  const SweepOptions& options) const {
    if (merge) return print_summary(sweep, merge_sweep(sweep, list), options);
    std::cout << plan_text(sweep, list, plan_sweep(sweep, list, options), options);
    return ExitCode::ok;
}

ExitCode SweepCommand::print_summary(const Sweep& sweep, const SweepSummary& summary,
                                     const SweepOptions& options) {
    print_notes(summary.notes);
    std::cout << summary_text(sweep, summary, options);
    if (summary.signal != 0) return exit_code_of(summary.signal);
    if (!summary.failures.empty()) return ExitCode::numerical_failure;
    return summary.missing > 0 ? ExitCode::no_such_input : ExitCode::ok;
}

void ReportCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "report", "losses of a sweep's result: means, S.E.M., paired differences");
    command->add_option("RESULT", path, "result of `apical sweep` (HDF5)")->required();
    command
        ->add_option("--of", of,
                     "the loss while learning, or \"frozen\": that of after the last step, which "
                     "[evaluate] measures")
        ->type_name("LOSS")
        ->check(CLI::IsMember({"learning", "frozen"}));
    add_json(*command, json);
}

ExitCode ReportCommand::execute() const {
    continue_in_reading_process({path});
    SweepResult result = read_result(path);
    lift_time_limit();
    const ReportOf which = of == "frozen" ? ReportOf::frozen : ReportOf::learning;
    if (which == ReportOf::frozen) result = of_frozen(std::move(result), path);
    std::cout << (json ? report_json(result) : report_text(result, which));
    return ExitCode::ok;
}

}  // namespace apical
