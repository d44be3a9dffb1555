#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <optional>

#include "sim/algorithms.hpp"
#include "sim/audit/report.hpp"
#include "sim/describe.hpp"
#include "sim/initialize.hpp"
#include "sim/kernels.hpp"
#include "sim/run.hpp"
#include "sim/verify/ladder.hpp"
#include "sim/verify/verify.hpp"

namespace apical {

namespace {

void add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
    command
        .add_option("--set", overrides, "override any key, as in --set population.hidden.size=64")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
}

// What the commands that take a model have in common.
struct ModelOptions {
    std::string path;
    std::vector<std::string> overrides;
    std::optional<std::string> seed, steps, output;

    void add_to(CLI::App& command) {
        command.add_option("MODEL", path, "model file (TOML)")->required();
        add_overrides(command, overrides);
        command.add_option("--seed", seed, "short for --set run.seed=N")->type_name("N");
        command.add_option("--steps", steps, "short for --set run.steps=N")->type_name("N");
    }
    void add_output_to(CLI::App& command) {
        command.add_option("-o,--output", output, "run file; short for --set run.output=FILE")
            ->type_name("FILE");
    }

    std::vector<std::string> all_overrides() const {
        std::vector<std::string> all = overrides;
        if (seed) all.push_back("run.seed=" + *seed);
        if (steps) all.push_back("run.steps=" + *steps);
        if (output) all.push_back("run.output=" + toml_text(*output));
        return all;
    }

    // Its notes go to stderr.
    Model load() const {
        Model model = load_model(path, all_overrides());
        for (const std::string& note : model.notes) std::cerr << "note: " << note << '\n';
        return model;
    }
};

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) * 1e-6);
}

std::string loss_text(double loss) {
    constexpr double large = 1e6;
    return loss < large ? fmt::format("{:.5f}", loss) : fmt::format("{:.5g}", loss);
}

void print_summary(const Model& model, const RunSummary& summary) {
    std::cout << fmt::format("{:<8} {}\n", "model", model.title.empty() ? model.path : model.title);
    std::cout << fmt::format(
        "{:<8} {}{} in {:.2f} s, {:.2f} us a step\n", "steps", summary.steps,
        summary.interrupted ? fmt::format(" of {}, interrupted,", model.steps) : "",
        summary.seconds, 1e6 * summary.seconds / static_cast<double>(summary.steps));
    std::cout << fmt::format("{:<8} {}  mean of the last {} steps\n", "loss",
                             loss_text(summary.loss), summary.loss_steps);
    for (const Bound& bound : model.task->bounds()) {
        std::cout << fmt::format("{:<8} {}  {}\n", "bound", loss_text(bound.loss), bound.name);
    }
    std::cout << text_of(summary.diagnosis);
    std::cout << fmt::format("{:<8} {} ({})\n", "file", model.output,
                             megabytes(summary.file_bytes));
}

void print_summary_json(const Model& model, const RunSummary& summary) {
    Table bounds;
    for (const Bound& bound : model.task->bounds())
        bounds.entries.push_back(entry(bound.name, bound.loss));
    Table table{{entry("model", model.path), entry("steps", summary.steps),
                 entry("interrupted", summary.interrupted), entry("seed", std::int64_t{model.seed}),
                 entry("loss", summary.loss), entry("loss_steps", summary.loss_steps),
                 entry("bounds", bounds), entry("seconds", summary.seconds),
                 entry("file", model.output),
                 entry("file_bytes", static_cast<std::int64_t>(summary.file_bytes))}};
    for (const Entry& one : entries_of(summary.diagnosis)) table.entries.push_back(one);
    std::cout << to_json(table);
}

ExitCode run_command(const ModelOptions& options, bool force, bool quiet, bool json) {
    const Model model = options.load();
    const RunSummary summary = run(model, force, quiet);
    if (json) {
        print_summary_json(model, summary);
    } else {
        print_summary(model, summary);
    }
    return summary.interrupted ? ExitCode::interrupted : ExitCode::ok;
}

// Text to a file, or to stdout for "-".
void write_text(const std::string& path, const std::string& text) {
    if (path == "-") {
        std::cout << text;
        return;
    }
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file) throw Error(ExitCode::cannot_create_output, path + ": cannot be written");
}

void check_command(const ModelOptions& options, const std::string& dot) {
    const Model model = options.load();
    State state(model.program);  // rejects what does not fit into memory
    initialize(state, model.circuit, model.seed, model.directory);
    if (dot.empty()) {
        std::cout << describe_model(model);
    } else {
        write_text(dot, model_dot(model));
    }
}

ExitCode audit_command(const std::vector<std::string>& paths,
                       const std::vector<std::string>& overrides, bool json) {
    std::vector<AuditReport> reports;
    bool all_pass = true;
    for (const std::string& path : paths) {
        reports.push_back(report_on(load_model(path, overrides), true));
        all_pass &= reports.back().audit.passes();
    }
    std::cout << (json ? audit_json(reports) : audit_text(reports));
    return all_pass ? ExitCode::ok : ExitCode::verification_failed;
}

ExitCode verify_command(const ModelOptions& options, const std::string& tolerance, bool json) {
    const double allowed = tolerance_of(tolerance);
    const Model model = load_model(options.path, options.all_overrides());
    const std::int64_t steps =
        options.steps ? model.steps : std::min(model.steps, default_verified_steps);
    const Verification found = verify(model, steps, allowed);
    std::cout << (json ? verification_json(model, found, steps)
                       : verification_text(model, found, steps));
    return found.declared.hold() ? ExitCode::ok : ExitCode::verification_failed;
}

void ladder_command(const ModelOptions& options, const std::string& seeds, bool json) {
    const Ladder ladder = climb(options.path, options.all_overrides(), seeds_of(seeds));
    std::cout << (json ? ladder_json(ladder) : ladder_text(ladder));
}

std::string version_text() {
    std::string_view set = best_kernels().instruction_set;
    set.remove_prefix(std::string_view("kernels_").size());
    return fmt::format("apical {}\ncompiler {}\nkernels {}\n", APICAL_VERSION, "g++ " __VERSION__,
                       set);
}

}  // namespace

}  // namespace apical

int main(int argc, char** argv) {
    using namespace apical;
    CLI::App app(
        "Apical: simulate neural circuits that learn, and test which learning algorithms they can "
        "carry out.");
    app.name("apical");
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "help for all commands");
    ModelOptions options;
    bool force = false, quiet = false, json = false, ladder = false;
    std::string dot, schema = "-", topic, tolerance = fmt::format("{}", default_tolerance),
                     seeds = std::to_string(default_ladder_seeds);
    std::vector<std::string> paths;

    CLI::App* run = app.add_subcommand("run", "train a circuit and write its run file (HDF5)");
    options.add_to(*run);
    options.add_output_to(*run);
    run->add_flag("--force", force, "overwrite an existing run file");
    run->add_flag("-q,--quiet", quiet, "no progress");
    run->add_flag("--json", json, "the summary as JSON");
    CLI::App* check =
        app.add_subcommand("check", "validate a model; print its circuit, schedule and program");
    options.add_to(*check);
    options.add_output_to(*check);
    check->add_option("--dot", dot, "write the circuit as a Graphviz drawing instead; - is stdout")
        ->type_name("FILE");
    CLI::App* audit = app.add_subcommand(
        "audit", "which of the paper's criteria a circuit meets, operation by operation");
    audit->add_option("MODEL", paths, "model files (TOML)")->required();
    add_overrides(*audit, options.overrides);
    audit->add_flag("--json", json, "as JSON");
    CLI::App* verifying = app.add_subcommand(
        "verify", "hold a circuit against the equations of the algorithm that it implements");
    options.add_to(*verifying);
    CLI::Option* allowing =
        verifying->add_option("--tolerance", tolerance, "largest difference allowed; 1e-12")
            ->type_name("X");
    CLI::Option* climbing = verifying->add_flag(
        "--ladder", ladder, "from the algorithm to the circuit, one approximation at a time");
    climbing->excludes(allowing);
    verifying->add_option("--seeds", seeds, "seeds of the ladder's runs; 3")
        ->type_name("K")
        ->needs(climbing);
    verifying->add_flag("--json", json, "as JSON");
    CLI::App* list = app.add_subcommand("list", "the algorithms that have a model, a line each");
    list->add_flag("--json", json, "as JSON");
    CLI::App* help =
        app.add_subcommand("help", "explain: `help model` lists every key of a model file");
    help->add_option("TOPIC", topic, "model")->check(CLI::IsMember({"model"}));
    CLI::App* schema_command =
        app.add_subcommand("schema", "write the JSON schema of model files, for editors");
    schema_command->add_option("FILE", schema, "file to write; - is stdout");
    CLI::App* version = app.add_subcommand("version", "version, compiler, instruction set");

    const std::string overview = app.help();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : static_cast<int>(ExitCode::usage);
    }
    try {
        ExitCode code = ExitCode::ok;
        if (*run) code = run_command(options, force, quiet, json);
        if (*check) check_command(options, dot);
        if (*audit) code = audit_command(paths, options.overrides, json);
        if (*verifying && ladder) ladder_command(options, seeds, json);
        if (*verifying && !ladder) code = verify_command(options, tolerance, json);
        if (*list) std::cout << (json ? list_algorithms_json() : list_algorithms());
        if (*help) std::cout << (topic.empty() ? overview : describe_keys());
        if (*schema_command) write_text(schema, model_schema());
        if (*version) std::cout << version_text();
        if (!std::cout.flush()) throw Error(ExitCode::input_output_error, "cannot write to stdout");
        return static_cast<int>(code);
    } catch (const Error& error) {
        std::cerr << "apical: " << error.what() << '\n';
        return static_cast<int>(error.code());
    } catch (const std::bad_alloc&) {
        std::cerr << "apical: out of memory\n";
        return static_cast<int>(ExitCode::internal);
    } catch (const std::exception& error) {
        std::cerr << "apical: internal error: " << error.what() << '\n';
        return static_cast<int>(ExitCode::internal);
    }
}
