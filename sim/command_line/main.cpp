// The program: its verbs, and how what they throw becomes a message and an exit code.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <tuple>

#include "sim/command_line/complete_command.hpp"
#include "sim/command_line/evaluate_command.hpp"
#include "sim/command_line/model_commands.hpp"
#include "sim/command_line/option_words.hpp"
#include "sim/command_line/printable.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/run_commands.hpp"
#include "sim/command_line/run_file_commands.hpp"
#include "sim/command_line/survive_command.hpp"
#include "sim/command_line/sweep_commands.hpp"
#include "sim/command_line/usage.hpp"

namespace apical {

namespace {

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
    std::tuple<RunCommand, ResumeCommand, ForkCommand, RecoverCommand, EvaluateCommand,
               SweepCommand, ReportCommand, SurviveCommand, CheckCommand, AuditCommand,
               VerifyCommand, InspectCommand, PlotCommand, ViewCommand, ExportCommand, ListCommand,
               HelpCommand, SchemaCommand, VersionCommand, CompleteCommand>
        commands_;
};

}  // namespace

}  // namespace apical

int main(int argc, char** argv) {
    using namespace apical;
    // A file that reaches the largest size allowed fails its write instead of ending the program.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGUSR1, SIG_IGN);  // before there is a run to save
    // The parent process may ignore SIGCHLD: then no child could be waited for.
    std::signal(SIGCHLD, SIG_DFL);
    begin_reading_process(argc, argv);
    const Printable out(std::cout), err(std::cerr);
    try {
        return CommandLine().run(argc, argv);
    } catch (const Error& error) {
        for (const std::string& sentence : error.sentences())
            std::cerr << "apical: " << in_words_of_options(sentence) << '\n';
        return static_cast<int>(error.code());
    } catch (const std::bad_alloc&) {
        std::cerr << "apical: out of memory\n";
        return static_cast<int>(ExitCode::internal);
    } catch (const std::exception& error) {
        std::cerr << "apical: internal error: " << error.what() << '\n';
        return static_cast<int>(ExitCode::internal);
    }
}
