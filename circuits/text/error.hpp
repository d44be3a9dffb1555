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
// name; or several, of several mistakes. What a file or a command line holds stands in it as it is
// printed: see on_one_line.
class Error : public std::runtime_error {
public:
    Error(ExitCode code, const std::string& sentence);
    Error(ExitCode code, const std::vector<std::string>& sentences);
    ExitCode code() const { return code_; }
    // One or more; `what` has a line for each.
    std::vector<std::string> sentences() const;

private:
    ExitCode code_;
};

// A place in a model file, or an override on the command line (then line is 0; a column, if there
// is one, is of a text in it).
struct Where {
    std::string source;
    int line = 0;
    int column = 0;
};

// "models/dni.toml:14:8", or the source alone when there is no line.
std::string text(const Where& where);

// A text with '?' for each character that may break a line or steer a terminal: control characters,
// those that turn the direction of what follows, and bytes that are no UTF-8. For each text of a
// file that is printed.
std::string on_one_line(std::string_view text);

// What is wrong with a model, and where.
struct Mistake {
    Where where;
    std::string sentence;
    std::string about = {};  // a name that is unknown wherever it stands: told once
};

// Error{bad_model} that says what is wrong with a model, "<where>: <sentence>", in the order of the
// places. What is said twice stands once, as does what is about the same: the first that was found.
// Says the first twenty of very many, and how many more there are.
class Rejected : public Error {
public:
    explicit Rejected(std::vector<Mistake> mistakes);
    const std::vector<Mistake>& mistakes() const { return mistakes_; }

private:
    std::vector<Mistake> mistakes_;
};

// Throws Rejected.
[[noreturn]] void reject(const Where& where, const std::string& sentence,
                         const std::string& about = "");

// Goes on after a mistake, so that all are told at once. What is attempted must not depend on what
// failed before: no mistake that is told may follow from another.
class Mistakes {
public:
    template <class Work>
    void attempt(Work work) {
        try {
            work();
        } catch (const Rejected& rejected) {
            add(rejected.mistakes());
        }
    }
    void add(const std::vector<Mistake>& more);
    bool any() const { return !all_.empty(); }
    const std::vector<Mistake>& all() const { return all_; }
    // Throws Rejected when there is a mistake.
    void reject_any() const;

private:
    std::vector<Mistake> all_;
};

// ' Did you mean "x"?' for the known name nearest to `found` by edit distance, or an empty
// string when none is near enough to be a misspelling.
std::string did_you_mean(std::string_view found, const std::vector<std::string>& known);

// The known names nearest to `found` by edit distance, all that are as near, in their order; none
// when none is near enough to be meant.
std::vector<std::string> nearest_names(std::string_view found,
                                       const std::vector<std::string>& known);

// The text itself, or its beginning and "..." when it is too long to be quoted in a message.
std::string shortened(std::string_view text);

// "a, b, c"
std::string list_of(const std::vector<std::string>& names);

}  // namespace apical
