// Two names with one hash are never two streams of one model.
#include "sim/model/streams.hpp"

#include "sim/numbers/random.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// FNV-1a with 32 bits, as its authors define it, is the same for both.
const std::string one = "init/G_IT_ff", other = "init/G_err_th_inh";

std::string message_of(const std::vector<NamedStream>& streams) {
    try {
        check_distinct(streams);
    } catch (const Error& error) {
        CHECK(error.code() == ExitCode::bad_model);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("streams of two names and one key are refused, naming both", "[random]") {
    CHECK(Stream::key_of("") == 0x811c9dc5);
    CHECK(Stream::key_of("foobar") == 0xbf9cf968);  // of Fowler, Noll and Vo's test vectors
    REQUIRE(Stream(1, one).bits(0, 0) == Stream(1, other).bits(0, 0));
    const std::string message = message_of({{one, {"m.toml", 3, 1}}, {other, {"m.toml", 9, 1}}});
    CHECK_THAT(message, Catch::StartsWith("m.toml:9:1") && Catch::Contains('"' + one + '"') &&
                            Catch::Contains('"' + other + '"'));
    CHECK(message_of({{one, {}}, {one, {}}, {"init/W", {}}}).empty());
}

TEST_CASE("a model whose sets would start from equal draws is refused, unless one is not drawn",
          "[random]") {
    const TemporaryFolder folder;
    const std::string text = content_of(path_of_shipped("rflo"));
    const auto with_sets = [&](const std::string& init) {
        std::string model = text;
        for (const char* name : {"G_IT_ff", "G_err_th_inh"})
            model += fmt::format(
                "\n[synapses.{}]\nfrom = \"input\"\nto = \"hidden.soma\"\n"
                "during = \"forward\"\ninit = {}\n",
                name, name[2] == 'I' ? "{ normal = 1.0 }" : init);
        folder.write("m.toml", model);
        return apical_in(folder, {"check", "m.toml"});
    };
    const Outcome refused = with_sets("{ normal = 1.0 }");
    CHECK(refused.code == 65);
    CHECK_THAT(refused.err, Catch::Contains(one) && Catch::Contains(other));
    CHECK(with_sets("{ constant = 0.5 }").code == 0);
    CHECK(with_sets("{ copy = \"W_in\" }").code == 0);
}
