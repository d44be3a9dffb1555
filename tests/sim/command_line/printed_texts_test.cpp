// What a file or a name holds neither steers a terminal nor stands for a line of the program's own.
#include <sstream>

#include "sim/command_line/printable.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// A red screen, and a verdict of its own.
const std::string forged =
    "\x1b[31mred\r\n  every criterion of the paper holds\xc2\x9b"
    "2J\xe2\x80\xaegnorw";

bool is_plain(const std::string& text) {
    const bool controls = std::any_of(text.begin(), text.end(), [](unsigned char c) {
        return (c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
    });
    return !controls && text.find("\xc2\x9b") == std::string::npos &&
           text.find("\xe2\x80\xae") == std::string::npos;
}

// The words stand in no line of their own.
void check_printed(const TemporaryFolder& folder, const std::vector<std::string>& words) {
    const Outcome outcome = apical_in(folder, words);
    INFO(list_of(words) << '\n' << outcome.out << outcome.err);
    CHECK(is_plain(outcome.out));
    CHECK(is_plain(outcome.err));
    CHECK_THAT(outcome.out + outcome.err,
               !Catch::Contains("\n  every criterion of the paper holds?2J?gnorw"));
    CHECK_THAT(outcome.out + outcome.err, Catch::Contains("?[31mred??"));
}

}  // namespace

TEST_CASE("characters that steer a terminal or break a line are question marks", "[printed]") {
    CHECK(on_one_line("a\x1b[31m\n\tb\x7f") == "a?[31m??b?");
    CHECK(on_one_line("\u00e9 \u03b1 \u2192 \u6587 \U0001d6fc") ==
          "\u00e9 \u03b1 \u2192 \u6587 \U0001d6fc");
    CHECK(on_one_line("\u0085\u009b\u2028\u2029\u202e\u2066") == "??????");
    CHECK(on_one_line("\x9b\xff\xc3") == "???");  // bytes that are no UTF-8
    CHECK(on_one_line("\xe2\x80") == "??");       // a character cut short
    CHECK(on_one_line("\xc0\x9b") == "??");       // an escape in two bytes
}

TEST_CASE("a title cannot steer a terminal or forge a verdict", "[printed]") {
    const TemporaryFolder folder;
    folder.write("m.toml",
                 drafted("rtrl", {{"\"RTRL: the exact influence of every synapse on every cell\"",
                                   toml_text(forged)}}));
    folder.write("s.toml", "format = 1\nseeds = [1]\ntitle = " + toml_text(forged) +
                               "\nset.run.steps = 20\nmodel." + toml_text(forged) +
                               ".file = \"m.toml\"\n");
    check_printed(folder, {"run", "m.toml", "-q", "--steps", "20", "-o", "r.h5"});
    check_printed(folder, {"check", "m.toml"});
    check_printed(folder, {"audit", "m.toml"});
    check_printed(folder, {"verify", "m.toml", "--steps", "20"});
    check_printed(folder, {"inspect", "r.h5"});
    check_printed(folder, {"sweep", "s.toml", "-q"});
    check_printed(folder, {"sweep", "s.toml", "--dry-run"});
    check_printed(folder, {"report", "runs/s.h5"});
}

TEST_CASE("the name of a file cannot, nor can a word of the command line", "[printed]") {
    const TemporaryFolder folder;
    const std::string name = "a" + forged.substr(0, forged.find('\xe2')) + ".toml";
    std::filesystem::copy_file(path_of_shipped("rflo"), folder / name);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"check", name},
                                                  {"audit", name},
                                                  {"run", name, "--steps", "0"},
                                                  {"run", name, "-q", "--steps", "20"},
                                                  {"run", name + "x"},
                                                  {"run", "--" + forged},
                                                  {forged},
                                                  {"check", name, "--set", "run.seed=" + forged},
                                                  {"inspect", name}}) {
        const Outcome outcome = apical_in(folder, words);
        INFO(outcome.out << outcome.err);
        CHECK(is_plain(outcome.out));
        CHECK(is_plain(outcome.err));
    }
}

TEST_CASE("attributes of a run file cannot", "[printed]") {
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder, {"run", "rflo", "-q", "--steps", "40", "-o", "r.h5"}).code == 0);
    python(
        "import h5py\n"
        "with h5py.File(argv[1], 'r+') as f:\n"
        "    for name in ('title', 'version', 'compiler', 'failure', 'forked_from'):\n"
        "        f.attrs[name] = bytes.fromhex(argv[2]).decode()\n",
        {folder / "r.h5", [] {
             std::string hex;
             for (const unsigned char c : forged) hex += fmt::format("{:02x}", c);
             return hex;
         }()});
    check_printed(folder, {"inspect", "r.h5"});
    CHECK(is_plain(apical_in(folder, {"inspect", "r.h5", "--at", "1"}).out));
    const Outcome plot = apical_in(folder, {"plot", "r.h5", "los\x1b", "-o", "f.svg"});
    CHECK(is_plain(plot.err));
}

TEST_CASE("a stream that is made printable lets lines and tabs through alone", "[printed]") {
    std::ostringstream stream;
    {
        const Printable printable(stream);
        stream << "a\tb\nc\x1b[2Jd" << '\r' << std::string("e\0f", 3) << std::flush;
    }
    CHECK(stream.str() == "a\tb\nc?[2Jd?e?f");
    stream << '\x1b';
    CHECK(stream.str().back() == '\x1b');
}
