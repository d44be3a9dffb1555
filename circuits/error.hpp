#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// Exit codes of the program; 65 and above follow sysexits.h.
enum class ExitCode : int {
    ok = 0,
    internal = 1,
    usage = 2,
    numerical_failure = 3,
    verification_failed = 4,
    bad_model = 65,
    no_such_input = 66,
    unavailable = 69,  // another program that is needed is not installed
    cannot_create_output = 73,
    input_output_error = 74,
    interrupted = 130,
    terminated = 143,
};

// Wrong input: one sentence saying where, what was found, what was expected, the nearest known
// name.
class Error : public std::runtime_error {
public:
    Error(ExitCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
    ExitCode code() const { return code_; }

private:
    ExitCode code_;
};

// A place in a model file, or an override on the command line (then line is 0).
struct Where {
    std::string source;
    int line = 0;
    int column = 0;
};

// "models/dni.toml:14:8", or the source alone when there is no line.
std::string text(const Where& where);

// With '?' for each control character: what a file holds may break a line or steer a terminal.
std::string on_one_line(std::string text);

// Throws Error{bad_model} with "<where>: <sentence>", on one line.
[[noreturn]] void reject(const Where& where, const std::string& sentence);

// ' Did you mean "x"?' for the known name nearest to `found` by edit distance, or an empty
// string when none is near enough to be a misspelling.
std::string did_you_mean(std::string_view found, const std::vector<std::string>& known);

// The text itself, or its beginning and "..." when it is too long to be quoted in a message.
std::string shortened(std::string_view text);

// "a, b, c"
std::string list_of(const std::vector<std::string>& names);

}  // namespace apical
