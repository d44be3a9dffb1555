// No command replaces what it reads, under whatever name.
#include "tests/sim/show/inspect/recorded_run.hpp"

using namespace apical;

namespace {

// Exit code 73, and `input` is what it was.
void spares(const TemporaryFolder& folder, const std::string& input,
            const std::vector<std::string>& arguments) {
    INFO(fmt::format("{}", fmt::join(arguments, " ")));
    const std::string before = content_of(folder / input);
    const Outcome outcome = apical_in(folder, arguments);
    CHECK(outcome.code == 73);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Catch::StartsWith("apical: cannot write "));
    CHECK(content_of(folder / input) == before);
}

}  // namespace

TEST_CASE("a run file is never the output of what reads it", "[program][output]") {
    const TemporaryFolder folder;
    std::filesystem::copy_file(RecordedRun::get().path(), folder / "v.h5");
    std::filesystem::create_symlink("v.h5", folder / "link.html");
    std::filesystem::create_symlink("v.h5", folder / "link.svg");
    spares(folder, "v.h5", {"view", "v.h5", "-o", "v.h5", "--force"});
    spares(folder, "v.h5", {"view", "v.h5", "-o", "./link.html", "--force"});
    spares(folder, "v.h5", {"export", "v.h5", "--csv", "v.h5", "--what", "loss", "--force"});
    spares(folder, "v.h5", {"plot", "v.h5", "loss", "-o", "link.svg"});
    std::filesystem::create_directories(folder / "so/network");
    std::filesystem::copy_file(folder / "v.h5", folder / "so/network/nodes.h5");
    spares(folder, "so/network/nodes.h5",
           {"export", "so/network/nodes.h5", "--sonata", "so", "--force"});
}

TEST_CASE("a model is never the output of what reads it", "[program][output]") {
    const TemporaryFolder folder;
    folder.write("m.toml", content_of(path_of_shipped("rflo")));
    spares(folder, "m.toml", {"check", "m.toml", "--dot", "m.toml"});
    spares(folder, "m.toml", {"check", "m.toml", "--dot", "./m.toml"});
    spares(folder, "m.toml", {"run", "m.toml", "-o", "m.toml", "--force"});
}

TEST_CASE("what cannot be written is answered with the reason", "[program][output]") {
    const TemporaryFolder folder;
    const auto says = [&](const std::vector<std::string>& arguments, const std::string& why) {
        const Outcome outcome = apical_in(folder, arguments);
        CHECK(outcome.code == 73);
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: cannot write ") && Catch::Contains(why));
    };
    const std::string run = RecordedRun::get().path(), model = path_of_shipped("rflo");
    says({"view", run, "-o", std::string(300, 'x')}, "\": File name too long\n");
    says({"check", model, "--dot", "/proc/none/m.dot"},
         "\"/proc/none\": No such file or directory\n");
    std::filesystem::create_directories(folder / "so/circuit_config.json");
    says({"export", run, "--sonata", "so", "--force"},
         "\"so/circuit_config.json\": it is a folder; expected the name of a file\n");
}

TEST_CASE("an export of both kinds writes neither when one cannot be", "[export][output]") {
    const TemporaryFolder folder;
    folder.write("mine.csv", "precious");
    const std::string run = RecordedRun::get().path();
    CHECK(apical_in(folder,
                    {"export", run, "--sonata", "so", "--csv", "mine.csv", "--what", "hidden.r"})
              .code == 73);
    CHECK_FALSE(std::filesystem::exists(folder / "so"));
    CHECK(apical_in(folder, {"export", run, "--sonata", "so", "--csv", "new.csv", "--what", "loss"})
              .code == 2);
    CHECK_FALSE(std::filesystem::exists(folder / "new.csv"));
}
