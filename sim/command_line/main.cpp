#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iostream>
#include <optional>
#include <tuple>

#include "sim/audit/report.hpp"
#include "sim/command_line/command_line.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/command_line/run_file_commands.hpp"
#include "sim/command_line/run_text.hpp"
#include "sim/command_line/sweep_commands.hpp"
#include "sim/command_line/usage.hpp"
#include "sim/engine/initial_strengths.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/runs/model_files.hpp"
#include "sim/runs/run.hpp"
#include "sim/system/interrupt.hpp"
#include "sim/system/output_path.hpp"
#include "sim/system/printable.hpp"
#include "sim/system/reading_process.hpp"
#include "sim/verify/ladder.hpp"
#include "sim/verify/verify.hpp"

namespace apical {

namespace {

// An option that may come several times; `take` gets each value in the order of the command line.
template <class Take>
CLI::Option* add_repeated(CLI::App& command, const std::string& name, Take take,
                          const std::string& description) {
    return command.add_option_function<std::string>(name, take, description)
        ->trigger_on_parse()
        ->take_last()
        ->allow_extra_args(false);
}

void add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
    add_repeated(
        command, "--set", [&](const std::string& one) { overrides.push_back(one); },
        "override any key, as in --set population.hidden.size=64; of several the last one counts")
        ->type_name("KEY=VALUE");
}

// What stands for an override of one key.
CLI::Option* add_short_for(CLI::App& command, std::vector<std::string>& overrides,
                           const std::string& name, const std::string& key, bool is_text,
                           const std::string& description) {
    return add_repeated(
        command, name,
        [&overrides, key, is_text](const std::string& value) {
            overrides.push_back(key + "=" + (is_text ? toml_text(value) : value));
        },
        description);
}

// Whether one of the overrides gives this key of [run] a value, also within `--set run={ ... }`.
bool sets_run(const std::vector<std::string>& overrides, const std::string& key) {
    return std::any_of(overrides.begin(), overrides.end(), [&](const std::string& one) {
        const Override change = parse_override(one);
        const auto* run = std::get_if<Table>(&change.value.content);
        return change.key == "run." + key || (change.key == "run" && run && run->find(key));
    });
}

// What the commands that run a circuit have in common.
struct RunFlags {
    std::string threads;
    bool force = false, quiet = false, json = false;

    void add_threads_to(CLI::App& command) {
        command.add_option("-j,--threads", threads, "most threads; without it one for each core")
            ->type_name("N");
    }
    void add_force_to(CLI::App& command) {
        command.add_flag("--force", force, "overwrite an existing run file");
    }
    void add_to(CLI::App& command) {
        command.add_flag("-q,--quiet", quiet, "no progress");
        command.add_flag("--json", json, "the summary as JSON");
    }
    RunOptions options() const { return {force, quiet, threads_of(threads, available_cores())}; }

    // Prints what a run came to; as JSON also when its numbers were no longer finite.
    template <class Run>
    ExitCode told(const Model& model, Run run) const {
        try {
            const RunSummary summary = run();
            std::cout << (json ? summary_json(model, summary) : summary_text(model, summary));
            return summary.interrupted ? exit_code_of(summary.signal) : ExitCode::ok;
        } catch (const FailedRun& failed) {
            if (json) std::cout << summary_json(model, failed.summary());
            throw;
        }
    }
};

std::int64_t step_of(const std::string& asked) {
    const std::optional<std::int64_t> step = whole_number(asked);
    if (step && *step >= 1) return *step;
    throw Error(ExitCode::usage,
                fmt::format("--at {}: expected a step, a whole number from 1", shortened(asked)));
}

// What the commands that take a model have in common.
struct ModelOptions {
    std::string asked;                   // a path, or the name of a shipped model
    std::vector<std::string> overrides;  // in the order in which they were given

    void add_to(CLI::App& command) {
        command.add_option("MODEL", asked, "model file (TOML), or the name of a shipped one")
            ->required();
        add_overrides(command, overrides);
        add_short_for(command, overrides, "--seed", "run.seed", false, "short for --set run.seed=N")
            ->type_name("N");
        add_short_for(command, overrides, "--steps", "run.steps", false,
                      "short for --set run.steps=N")
            ->type_name("N");
    }
    void add_output_to(CLI::App& command) {
        add_short_for(command, overrides, "-o,--output", "run.output", true,
                      "run file; short for --set run.output=FILE")
            ->type_name("FILE");
    }

    std::string path() const { return named_model(asked); }

    // Its notes go to stderr.
    Model load() const {
        Model model = load_model(path(), overrides);
        tell(model.notes);
        return model;
    }
};

// ---- the commands on models: what each takes, and what it does

struct RunCommand {
    ModelOptions options;
    RunFlags flags;

    void add_to(CLI::App& app) {
        CLI::App* command =
            app.add_subcommand("run", "train a circuit and write its run file (HDF5)");
        options.add_to(*command);
        options.add_output_to(*command);
        flags.add_threads_to(*command);
        flags.add_force_to(*command);
        flags.add_to(*command);
    }
    ExitCode execute() const {
        const RunOptions asked = flags.options();
        Model model = options.load();
        model.output = link_followed(model.output);
        return flags.told(model, [&] { return run(model, asked); });
    }
};

struct ResumeCommand {
    std::string path;
    RunFlags flags;

    void add_to(CLI::App& app) {
        CLI::App* command = app.add_subcommand(
            "resume", "go on with a run that was interrupted or killed, from its last checkpoint");
        command->add_option("RUN", path, "run file")->required()->transform(link_followed);
        flags.add_threads_to(*command);
        flags.add_to(*command);
    }
    ExitCode execute() const {
        const RunOptions asked = flags.options();
        try_reading({path, 0, 0}, "", [&] { completed_steps(path); });
        if (const std::optional<std::int64_t> steps = completed_steps(path)) {
            tell({path + " is complete"});
            if (flags.json) std::cout << complete_json(path, *steps);
            return ExitCode::ok;
        }
        std::vector<std::string> notes;
        OpenCheckpoint checkpoint = checkpoint_to_resume(path, notes);
        tell(notes);
        const Model model = resumed_model(checkpoint.head, path);
        return flags.told(model, [&] { return resume(model, std::move(checkpoint), asked); });
    }
};

struct ForkCommand {
    std::string path, at, output;
    std::vector<std::string> overrides;
    RunFlags flags;

    void add_to(CLI::App& app) {
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
    ExitCode execute() const {
        const RunOptions asked = flags.options();
        if (sets_run(overrides, "output"))
            throw Error(ExitCode::usage, "fork: --set run.output: expected -o FILE alone");
        OpenCheckpoint checkpoint = checkpoint_at(path, step_of(at));
        const Model model = forked_model(checkpoint.head, path, overrides, output);
        tell(model.notes);
        return flags.told(model, [&] {
            std::vector<std::string> notes;
            const RunSummary summary = fork(model, path, std::move(checkpoint), asked, notes);
            tell(notes);
            return summary;
        });
    }
};

struct RecoverCommand {
    std::string path;

    void add_to(CLI::App& app) {
        app.add_subcommand("recover", "make a plain file of the run file of a killed run")
            ->add_option("RUN", path, "run file")
            ->required()
            ->transform(link_followed);
    }
    ExitCode execute() const {
        const std::int64_t last = recover(path);
        std::cout << fmt::format("file     {} (up to step {})\n", on_one_line(path), last);
        return ExitCode::ok;
    }
};

struct CheckCommand {
    ModelOptions options;
    std::optional<std::string> dot;

    void add_to(CLI::App& app) {
        CLI::App* command = app.add_subcommand(
            "check", "validate a model; print its circuit, schedule and program");
        options.add_to(*command);
        options.add_output_to(*command);
        command
            ->add_option("--dot", dot,
                         "write the circuit as a Graphviz drawing instead; - is stdout")
            ->type_name("FILE");
    }
    ExitCode execute() const {
        const Model model = options.load();
        const State state(model.program);  // rejects what does not fit into memory
        check_initial_values(model.program, model.circuit, model.directory);
        if (!dot) {
            std::cout << describe_model(model);
        } else {
            check_not_read(*dot, model);
            write_text(*dot, model_dot(model), true);
        }
        return ExitCode::ok;
    }
};

struct AuditCommand {
    std::vector<std::string> asked, overrides;
    bool json = false;

    void add_to(CLI::App& app) {
        CLI::App* command = app.add_subcommand(
            "audit", "which of the paper's criteria a circuit meets, operation by operation");
        command->add_option("MODEL", asked, "model files (TOML), or names of shipped ones")
            ->required();
        add_overrides(*command, overrides);
        add_json(*command, json);
    }
    ExitCode execute() const {
        std::vector<AuditReport> reports;
        bool all_pass = true;
        for (const std::string& one : asked) {
            const std::string path = named_model(one);
            std::string text;
            if (asked.size() > 1 && is_sweep(load_toml(path, text))) {
                tell({path + " is a sweep file and is passed over"});
                continue;
            }
            reports.push_back(report_on(load_named(path), true));
            all_pass &= reports.back().audit.passes();
        }
        if (reports.empty())
            throw Error(ExitCode::usage,
                        "all files given are sweep files, and nothing was audited; expected a "
                        "model file");
        std::cout << (json ? audit_json(reports) : audit_text(reports));
        return all_pass ? ExitCode::ok : ExitCode::verification_failed;
    }

private:
    // An override may fit one model and not another, so that the message must say which.
    Model load_named(const std::string& path) const {
        try {
            return load_model(path, overrides);
        } catch (const Error& error) {
            std::vector<std::string> sentences = error.sentences();
            for (std::string& one : sentences)
                if (!one.starts_with(path)) one = path + ": " + one;
            throw Error(error.code(), sentences);
        }
    }
};

struct VerifyCommand {
    ModelOptions options;
    std::string tolerance = fmt::format("{}", default_tolerance),
                seeds = std::to_string(default_ladder_seeds);
    bool ladder = false, json = false;

    void add_to(CLI::App& app) {
        CLI::App* command = app.add_subcommand(
            "verify", "hold a circuit against the equations of the algorithm that it implements");
        options.add_to(*command);
        CLI::Option* allowing =
            command
                ->add_option("--tolerance", tolerance,
                             "largest difference allowed, at most 1e-3; 1e-12 when left out")
                ->type_name("X");
        CLI::Option* climbing = command->add_flag(
            "--ladder", ladder, "from the algorithm to the circuit, one approximation at a time");
        climbing->excludes(allowing);
        command->add_option("--seeds", seeds, "seeds of the ladder's runs; 3 when left out")
            ->type_name("K")
            ->needs(climbing);
        add_json(*command, json);
    }
    ExitCode execute() const { return ladder ? climb_ladder() : verify_model(); }

private:
    ExitCode climb_ladder() const {
        const Ladder found = climb(options.path(), options.overrides, seeds_of(seeds));
        std::cout << (json ? ladder_json(found) : ladder_text(found));
        return ExitCode::ok;
    }
    ExitCode verify_model() const {
        const double allowed = tolerance_of(tolerance);
        const Model model = load_model(options.path(), options.overrides);
        const std::int64_t least = least_verified_steps(model.program);
        const std::int64_t steps =
            sets_run(options.overrides, "steps")
                ? model.steps
                : std::min(model.steps, std::max(default_verified_steps, least));
        try {
            const Verification found = verify(model, steps, allowed);
            std::cout << (json ? verification_json(model, found, steps)
                               : verification_text(model, found, steps));
            return found.declared.hold() ? ExitCode::ok : ExitCode::verification_failed;
        } catch (const Error& error) {
            const bool failed = error.code() == ExitCode::verification_failed;
            if (failed && json) std::cout << failure_json(model, error.what());
            throw;
        }
    }
};

struct ListCommand {
    bool json = false;

    void add_to(CLI::App& app) {
        add_json(*app.add_subcommand("list", "the algorithms that have a model, a line each"),
                 json);
    }
    ExitCode execute() const {
        std::cout << (json ? list_algorithms_json() : list_algorithms());
        return ExitCode::ok;
    }
};

struct HelpCommand {
    const CLI::App* app = nullptr;
    std::string overview;
    std::vector<std::string> topics;

    void add_to(CLI::App& whole) {
        app = &whole;
        whole
            .add_subcommand("help",
                            "explain a command, or the keys of a model or sweep file: all, or "
                            "those of a section, a rule or a name")
            ->add_option("TOPIC", topics, "a command; or model or sweep, and sections, rules, keys")
            ->type_name("");
    }
    ExitCode execute() const {
        std::cout << text();
        return ExitCode::ok;
    }

private:
    std::string text() const {
        if (topics.empty()) return overview;
        const std::vector<std::string> within(topics.begin() + 1, topics.end());
        if (topics[0] == "model") return describe_keys(within);
        if (topics[0] == "sweep" && !within.empty()) return describe_sweep_keys(within);
        const CLI::App* command = find_command(*app, topics[0]);
        const std::string help = command->help("apical");
        return topics[0] == "sweep" ? help + "\n" + describe_sweep_keys() : help;
    }
};

struct SchemaCommand {
    std::string path = "-";
    bool force = false;

    void add_to(CLI::App& app) {
        CLI::App* command =
            app.add_subcommand("schema", "write the JSON schema of model files, for editors");
        command->add_option("FILE", path, "file to write; - is stdout");
        command->add_flag("--force", force, "overwrite an existing file");
    }
    ExitCode execute() const {
        write_text(path, model_schema(), force);
        return ExitCode::ok;
    }
};

struct VersionCommand {
    void add_to(CLI::App& app) {
        app.add_subcommand("version", "version, compiler, instruction sets");
    }
    ExitCode execute() const {
        std::cout << fmt::format("apical {}\ncompiler {}\nkernels {}, of {}\n", APICAL_VERSION,
                                 compiler_name(), best_kernels().instruction_set,
                                 fmt::join(available_instruction_sets(), ", "));
        return ExitCode::ok;
    }
};

// Takes the command that is asked for through its options, and carries it out.
class CommandLine {
public:
    CommandLine() {
        app_.name("apical");
        app_.require_subcommand(0, 1);
        app_.set_help_all_flag("--help-all", "help for all commands");
        app_.set_version_flag("--version", "apical " APICAL_VERSION, "print the version");
        app_.formatter_fn(help_text);
        std::apply([this](auto&... command) { (command.add_to(app_), ...); }, commands_);
        std::get<HelpCommand>(commands_).overview = app_.help();
    }

    int run(int argc, char** argv) {
        ExitCode code = ExitCode::ok;
        try {
            app_.parse(argc, argv);
            if (app_.get_subcommands().empty()) {
                std::cout << short_help();
            } else {
                code = execute();
            }
        } catch (const CLI::ParseError& error) {
            if (error.get_exit_code() != 0) throw usage_error(app_, {argv + 1, argv + argc}, error);
            app_.exit(error);  // prints the help or version that was asked for
        }
        if (!std::cout.flush()) throw Error(ExitCode::input_output_error, "cannot write to stdout");
        return static_cast<int>(code);
    }

private:
    // The commands were added in the order of the tuple.
    ExitCode execute() const {
        const std::vector<const CLI::App*> added = app_.get_subcommands({});
        ExitCode code = ExitCode::ok;
        std::size_t k = 0;
        const auto execute_if_asked = [&](const auto& command) {
            if (added[k++]->parsed()) code = command.execute();
        };
        std::apply([&](const auto&... command) { (execute_if_asked(command), ...); }, commands_);
        return code;
    }

    CLI::App app_{
        "Apical: simulate neural circuits that learn, and test which learning algorithms they can "
        "carry out."};
    std::tuple<RunCommand, ResumeCommand, ForkCommand, RecoverCommand, SweepCommand, ReportCommand,
               CheckCommand, AuditCommand, VerifyCommand, InspectCommand, PlotCommand, ViewCommand,
               ExportCommand, ListCommand, HelpCommand, SchemaCommand, VersionCommand>
        commands_;
};

}  // namespace

}  // namespace apical

int main(int argc, char** argv) {
    using namespace apical;
    // A file that reaches the largest size allowed fails its write instead of ending the program.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGUSR1, SIG_IGN);  // before there is a run to save
    // Who started the program may ignore it: then no child could be waited for.
    std::signal(SIGCHLD, SIG_DFL);
    const Printable out(std::cout), err(std::cerr);
    try {
        return CommandLine().run(argc, argv);
    } catch (const Error& error) {
        for (const std::string& sentence : error.sentences())
            std::cerr << "apical: " << sentence << '\n';
        return static_cast<int>(error.code());
    } catch (const std::bad_alloc&) {
        std::cerr << "apical: out of memory\n";
        return static_cast<int>(ExitCode::internal);
    } catch (const std::exception& error) {
        std::cerr << "apical: internal error: " << error.what() << '\n';
        return static_cast<int>(ExitCode::internal);
    }
}
