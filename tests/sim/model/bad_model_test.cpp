// Files that are no model at all: whatever is in them, an error says where, and nothing crashes.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::string bytes(const char* text, std::size_t size) { return {text, size}; }

}  // namespace

TEST_CASE("a syntax error is reported at its line and column", "[model]") {
    rejects("rflo", {{"size       = 32", "size       = @?"}}, {"Error while parsing"});
    rejects("rflo", {{"size       = 32", "size @32"}}, {"'='"});
    rejects("rflo", {{"[run]", "[run@"}}, {"expected ']'"});
    rejects("rflo", {{"\"eligibility\"", "\"eligibility@"}}, {"string"});
    rejects_text("[[[a]]]", {"Error while parsing"});
    rejects_text("[\xc3\xa9]", {"Error while parsing"});
}

TEST_CASE("a key or a section that stands twice is reported at the second", "[model]") {
    rejects("rflo", {{"seed  = 1", "seed = 1\n@seed = 2"}}, {"redefine", "seed"});
    rejects("rflo", {{"[population.one]", "@[population.input]"}}, {"redefine", "input"});
    rejects("rflo", {{"[synapses.W_in]", "@[synapses.W_rec]"}}, {"redefine", "W_rec"});
    rejects("dni_b", {{"[gate.disinhibition]", "@[gate.perisomatic]"}},
            {"redefine", "perisomatic"});
    rejects("rflo", {{"[plasticity.readout]", "@[plasticity.recurrent]"}}, {"redefine"});
}

TEST_CASE("an empty file is missing its first key", "[model]") {
    rejects_text("@", {"missing its key \"format\""});
    rejects_text("@\n# nothing\n", {"missing its key \"format\""});
}

TEST_CASE("bytes that are no TOML text are rejected", "[model]") {
    rejects_text(bytes("\0", 1), {});
    rejects_text(bytes("format = 1\ntitle = \"a@\0b\"\n", 26), {"control"});
    rejects_text("format = 1\n# \xc3(\n", {"utf-8"});
    rejects_text("title = \"\xff\xfe\"\n", {"utf-8"});
    rejects_text(
        "\x7f"
        "ELF\x02\x01\x01",
        {});
    rejects_text(bytes("\x89HDF\r\n\x1a\n\0\0\0", 11), {});
}

TEST_CASE("a message is one line without control characters, whatever the file says", "[model]") {
    rejects_text("title = n\n", {"Error while parsing"});
    rejects_text("@\"a\\nb\\u001b[31m\" = 1\n", {"unknown key"});
    rejects("rflo", {{"population.one", "population.@\"a\\tb\""}}, {"cannot be a name"});
    rejects("rflo", {{"from   = \"input\"", "from = @\"in\\nput\""}}, {"no population"});
    rejects("rflo", {{"to     = \"hidden.soma\"", "to = @\"hidden.\\u0007\""}}, {"compartments"});
}

TEST_CASE("nesting without end is rejected", "[model]") {
    rejects_text("a = " + repeated("[", 10'000), {"nested"});
    rejects_text("a = " + repeated("[", 10'000) + repeated("]", 10'000), {"nested"});
    rejects_text("a = " + repeated("{ a = ", 10'000), {"nested"});
    rejects_text("a = " + repeated("[\n", 10'000), {"nested"});
    rejects_text(repeated("a.", 200'000) + "a = 1", {"dots"});
    rejects_text(fmt::format("[{}a]", repeated("a.", 200'000)), {"dots"});
}

TEST_CASE("brackets and dots in comments and texts are no nesting", "[model]") {
    const TemporaryFolder folder;
    const std::string intervals = repeated("# x in [0, 1), ]0, 1[ or { }\n", 100);
    const std::string ellipsis = fmt::format("# {}\n", repeated(".", 1'000));
    const std::string text =
        intervals + ellipsis + drafted("rflo", {{"title      = \"", "title = \"[[{"}});
    CHECK_NOTHROW(load(folder.write("model.toml", text)));
}

// A long text may end in up to two quotes of its own.
TEST_CASE("dots behind a text that ends in four quotes are nesting", "[model]") {
    const std::string dots = repeated("a.", 200'000);
    rejects_text(fmt::format("x = [\"\"\"a\"\"\"\", {{ {}a = 1 }}]", dots), {"dots"});
    rejects_text(fmt::format("x = ['''a''''', {{ {}a = 1 }}]", dots), {"dots"});
}

TEST_CASE("a model file is at most a mebibyte long", "[model]") {
    const TemporaryFolder folder;
    std::string text = content_of(path_of_shipped("rflo")) + '#';
    text.append(largest_file - text.size(), '#');
    CHECK_NOTHROW(load(folder.write("just.toml", text)));
    const std::string path = folder.write("model.toml", text + '#');
    check_error(error_of([&] { load(path); }), ExitCode::bad_model, path, {"1048576 bytes"});
}

TEST_CASE("a file that is missing or a folder is no input", "[model]") {
    const TemporaryFolder folder;
    for (const std::string& path :
         {folder / "none.toml", folder / "none/none.toml", std::string()}) {
        check_error(error_of([&] { load(path); }), ExitCode::no_such_input, path, {"no such file"});
    }
    const std::string path = folder.path();
    check_error(error_of([&] { load(path); }), ExitCode::no_such_input, path, {"folder"});
}

TEST_CASE("a file of another system's line ends is a model", "[model]") {
    const TemporaryFolder folder;
    std::string text;
    for (const char c : "\xef\xbb\xbf" + content_of(path_of_shipped("rflo"))) {
        text += c == '\n' ? "\r\n" : std::string(1, c);
    }
    CHECK(load_model(folder.write("model.toml", text), {}).resolved ==
          load_model(folder.write("model.toml", drafted("rflo", {})), {}).resolved);
}

TEST_CASE("a shipped model cut off anywhere is rejected or loads, and never crashes", "[model]") {
    const TemporaryFolder folder;
    const std::string text = content_of(path_of_shipped("variants/dni_b_replayed"));
    for (std::size_t length = 0; length < text.size(); length += 41) {
        INFO("the first " << length << " bytes");
        const std::string path = folder.write("model.toml", text.substr(0, length));
        const std::optional<Error> error = error_of([&] { load(path); });
        if (error) CHECK(error->code() == ExitCode::bad_model);
    }
}
