#include "sim/command_line/complete_command.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "learning_rules/book/rule_book.hpp"
#include "sim/command_line/complete_keys.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/usage.hpp"
#include "sim/model/shipped_models.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

namespace {

using Words = std::vector<std::string>;
namespace files = std::filesystem;

void add(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

bool is_one_of(const std::string& word, const Words& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Files of these endings, and folders with "/" behind, in the folder that the typed word names.
Words files_of(const std::string& typed, const Words& endings) {
    const std::size_t slash = typed.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : typed.substr(0, slash + 1);
    Words found;
    std::error_code failure;
    files::directory_iterator entry(folder.empty() ? "." : folder, failure), end;
    for (; !failure && entry != end; entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (name.front() == '.') continue;
        std::error_code unknown;
        if (files::is_directory(entry->path(), unknown)) found.push_back(folder + name + '/');
        if (is_one_of(entry->path().extension().string(), endings)) found.push_back(folder + name);
    }
    return found;
}

// The long ones.
Words options_of(const CLI::App& command) {
    Words names = names_of_options(command);
    std::erase_if(names, [](const std::string& one) { return !one.starts_with("--"); });
    return names;
}

// Whether the option of this name wants a word behind it.
bool takes_word(const CLI::App& command, const std::string& option) {
    const CLI::Option* found =
        option.starts_with('-') ? command.get_option_no_throw(option) : nullptr;
    return found && found->get_items_expected_max() > 0;
}

Words rules_known() {
    Words names;
    const RuleBook book;
    for (const LearningRule* rule : book.rules()) names.emplace_back(rule->name);
    return names;
}

// The addresses of what a run file has; none of a file that is no run file.
Words addresses_in(const std::string& path) {
    continue_in_reading_process({path});
    const StoredRun run(path);
    Words addresses;
    for (const StoredQuantity& one : run.quantities()) addresses.push_back(one.address);
    return addresses;
}

// A command line that is being typed.
class Typed {
public:
    Typed(const CLI::App& app, const Words& words)
        : app_(app),
          words_(words),
          command_(words.size() > 1 ? find_command(app, words[0]) : nullptr) {
        if (!command_) return;
        for (std::size_t k = 1; k + 1 < words.size(); ++k) {
            const bool is_value = takes_word(*command_, words[k - 1]);
            if (!is_value && !words[k].starts_with('-')) arguments_.push_back(words[k]);
        }
    }

    Words candidates() const {
        if (words_.size() == 1) return names_of_commands(app_);
        const std::string& before = words_[words_.size() - 2];
        if (before == "--set") return keys_behind(named(), last());
        if (before == "--what") return arguments_.empty() ? Words() : addresses_in(arguments_[0]);
        if (words_.size() > 2 && takes_word(*command_, before)) return {};
        return last().starts_with('-') ? options_of(*command_) : arguments();
    }

private:
    const std::string& last() const { return words_.back(); }
    std::string named() const { return arguments_.empty() ? "" : arguments_[0]; }

    Words arguments() const {
        const std::string& name = words_[0];
        if (name == "help") return topics();
        if (name == "list")
            return arguments_.empty() ? Words{"algorithms", "literature", "rules", "tasks"}
                                      : models();
        if (is_one_of(name, {"run", "check", "audit", "verify", "sweep"})) return models();
        if (name == "plot" && !arguments_.empty() && last().find('/') == std::string::npos)
            return addresses_in(arguments_[0]);
        if (name == "schema" || name == "version") return {};
        return files_of(last(), {".h5"});
    }

    Words models() const {
        Words found = names_of_shipped(shipped_folders());
        add(found, files_of(last(), {".toml"}));
        return found;
    }

    Words topics() const {
        if (arguments_.empty()) {
            Words found = names_of_commands(app_);
            add(found, {"model", "rule"});
            return found;
        }
        if (arguments_[0] == "rule") return rules_known();
        return arguments_[0] == "model" ? topics_of_models() : Words();
    }

    const CLI::App& app_;
    const Words& words_;
    const CLI::App* command_;
    Words arguments_;  // before the last word, without options and their values
};

}  // namespace

void CompleteCommand::add_to(CLI::App& whole) {
    app = &whole;
    CLI::App* command = whole.add_subcommand("complete", "words for a shell to offer");
    command->group("");
    command->add_option("WORDS", words);
}

ExitCode CompleteCommand::execute() const {
    if (words.empty()) return ExitCode::ok;
    Words found;
    try {
        found = Typed(*app, words).candidates();
    } catch (const Error&) {
        return ExitCode::ok;  // nothing can be offered
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const std::string& one : found) {
        if (one.starts_with(words.back())) std::cout << one << '\n';
    }
    return ExitCode::ok;
}

}  // namespace apical
