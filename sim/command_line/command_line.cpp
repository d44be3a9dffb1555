#include "sim/command_line/command_line.hpp"

#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "circuits/text/error.hpp"
#include "sim/command_line/option_words.hpp"
#include "sim/model/shipped_models.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/system/output_file.hpp"

namespace apical {

void print_notes(const std::vector<std::string>& notes) {
    for (const std::string& note : notes)
        std::cerr << "note: " << on_one_line(in_words_of_options(note)) << '\n';
}

std::string named_model(const std::string& asked) {
    const NamedModel found = find_model(asked);
    if (!found.note.empty()) print_notes({found.note});
    return found.path;
}

CLI::Option* add_json(CLI::App& command, bool& json) {
    return command.add_flag("--json", json, "as JSON");
}

void write_text(const std::string& path, const std::string& text, bool force) {
    if (path == "-") {
        std::cout << text;
        return;
    }
    prepare_text_output(path, force);
    write_file(path, text);
}

int threads_of(const std::string& asked, int otherwise) {
    constexpr std::int64_t most = 1024;
    if (asked.empty()) return otherwise;
    const std::optional<std::int64_t> threads = whole_number(asked);
    if (threads && *threads >= 1 && *threads <= most) return static_cast<int>(*threads);
    throw Error(ExitCode::usage, fmt::format("--threads {}: expected a whole number from 1 to {}",
                                             shortened(asked), most));
}

}  // namespace apical
