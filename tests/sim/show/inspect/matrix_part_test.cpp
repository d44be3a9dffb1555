// `apical inspect RUN "W[3, 17]"`: single synapses and parts of matrices.
#include "sim/show/inspect/matrix_part.hpp"

#include "sim/run_file/stored_run.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// A run of few synapses, and the same with them stored as a matrix.
class SparseRun {
public:
    static const SparseRun& get() {
        static const SparseRun run;
        return run;
    }
    std::string path(bool dense) const { return folder_ / (dense ? "dense.h5" : "rows.h5"); }

private:
    SparseRun() {
        for (const bool dense : {false, true}) {
            std::vector<std::string> words{"run",
                                           path_of_shipped("circuits/excitation_inhibition"),
                                           "-q",
                                           "--steps",
                                           "30",
                                           "-o",
                                           path(dense),
                                           "--set",
                                           "record={ all = { what = [\"W_ei\", \"W_in\", "
                                           "\"exc.r\", \"loss\"], every = 10 } }"};
            if (dense) words.insert(words.end(), {"--set", "synapses.W_ei.connect.storage=dense"});
            const Outcome outcome = apical_in(folder_, words);
            INFO(outcome.err);
            REQUIRE(outcome.code == 0);
        }
    }
    TemporaryFolder folder_;
};

Outcome part(const std::string& what, const std::vector<std::string>& more = {},
             bool dense = false) {
    std::vector<std::string> all{"inspect", SparseRun::get().path(dense), what};
    all.insert(all.end(), more.begin(), more.end());
    return apical_with(all);
}

// [post, pre] of a row, without numbers where there is no synapse.
std::vector<double> matrix_of(const std::string& address, std::uint64_t row) {
    const StoredRun run(SparseRun::get().path(false));
    return run.read(run.find(address), row, 1);
}

std::string general(double number) { return fmt::format("{:.6g}", number); }

}  // namespace

TEST_CASE("inspect shows what one synapse was in all sampled steps", "[inspect][part]") {
    const StoredRun run(SparseRun::get().path(false));
    const StoredQuantity& W = run.find("W_in");
    const Outcome outcome = part("W_in[3, 1]");
    REQUIRE(outcome.code == 0);
    const std::vector<std::int64_t> steps = run.steps(W.axis, 0, W.rows);
    REQUIRE(steps.size() > 3);
    std::vector<double> course;
    for (std::uint64_t row = 0; row < W.rows; ++row)
        course.push_back(run.read(W, row, 1)[3 * 2 + 1]);
    REQUIRE(course.front() != course.back());
    const auto least = std::min_element(course.begin(), course.end()),
               largest = std::max_element(course.begin(), course.end());
    CHECK(outcome.out ==
          fmt::format("W_in[3, 1]: from cell 1 to cell 3\n  {:<14} {}\n  {:<14} {}\n  {:<14} {} in "
                      "step {}\n  {:<14} {} in step {}\n  {} rows\n",
                      "step 0", general(course.front()), "step 30", general(course.back()), "least",
                      general(*least), steps[static_cast<std::size_t>(least - course.begin())],
                      "largest", general(*largest),
                      steps[static_cast<std::size_t>(largest - course.begin())], steps.size()));
    CHECK(part("W_in[3,1]", {"--at", "30"}).out ==
          fmt::format("W_in[3,1]: from cell 1 to cell 3\n  {:<14} {}\n", "step 30",
                      general(course.back())));
}

TEST_CASE("inspect says where there is no synapse and what the cell receives instead",
          "[inspect][part]") {
    const std::vector<double> W = matrix_of("W_ei", 0);
    bool none = false, some = false;
    for (std::size_t pre = 0; pre < 20 && !(none && some); ++pre) {
        std::vector<std::string> from;
        for (std::size_t j = 0; j < 20; ++j)
            if (std::isfinite(W[3 * 20 + j])) from.push_back(std::to_string(j));
        for (const bool dense : {false, true}) {
            const Outcome outcome = part(fmt::format("W_ei[3, {}]", pre), {}, dense);
            REQUIRE(outcome.code == 0);
            const bool exists = std::isfinite(W[3 * 20 + pre]);
            if (exists) {
                CHECK_THAT(outcome.out,
                           Catch::Contains(fmt::format("from cell {} to cell 3\n", pre)) &&
                               Catch::Contains(general(W[3 * 20 + pre])));
            } else {
                CHECK(outcome.out ==
                      fmt::format("W_ei[3, {}]: from cell {} to cell 3: no synapse\n  cell 3 "
                                  "receives {} of this set, from {}\n",
                                  pre, pre, from.size(), fmt::join(from, ", ")));
            }
            (exists ? some : none) = true;
        }
    }
    CHECK((none && some));
}

TEST_CASE("inspect shows rows and columns of a matrix, blank where no synapse is",
          "[inspect][part]") {
    const std::vector<double> W = matrix_of("W_ei", 1);
    for (const bool dense : {false, true}) {
        const Outcome outcome = part("W_ei[2:4, :]", {"--at", "1"}, dense);
        REQUIRE(outcome.code == 0);
        std::string expected =
            "W_ei[2:4, :] in step 1: a row for each postsynaptic cell, - where there is no "
            "synapse\n      ";
        for (int j = 0; j < 20; ++j) expected += fmt::format(" {:>11}", j);
        for (std::size_t i = 2; i < 4; ++i) {
            expected += fmt::format("\n{:>6}", i);
            for (std::size_t j = 0; j < 20; ++j) {
                const double one = W[i * 20 + j];
                expected += fmt::format(" {:>11}", std::isfinite(one) ? general(one) : "-");
            }
        }
        CHECK(outcome.out == expected + "\n");
    }
    // The last sampled step when none is asked for.
    CHECK_THAT(part("W_in[0:2, 0]").out,
               Catch::StartsWith("W_in[0:2, 0] in step 30: a row for each postsynaptic cell\n"));
}

TEST_CASE("inspect --json has null where no synapse is", "[inspect][part]") {
    const std::vector<double> W = matrix_of("W_ei", 0);
    std::size_t missing = 0;
    while (std::isfinite(W[missing])) ++missing;
    REQUIRE(missing < 20);
    const Outcome one = part(fmt::format("W_ei[0, {}]", missing), {"--json"});
    CHECK_THAT(one.out, Catch::Contains("\"exists\": false") && Catch::Contains("null"));
    const Outcome course = part("W_in[3, 1]", {"--json"});
    CHECK_THAT(course.out, Catch::Contains("\"exists\": true") && Catch::Contains("\"steps\"") &&
                               Catch::Contains("\"numbers\""));
}

TEST_CASE("parts that a matrix does not have are refused with what there is", "[inspect][part]") {
    const auto refused = [](const std::string& what, int code,
                            const std::vector<std::string>& phrases,
                            const std::vector<std::string>& more = {}) {
        const Outcome outcome = part(what, more);
        INFO(what << "\n" << outcome.out << outcome.err);
        CHECK(outcome.code == code);
        for (const std::string& phrase : phrases) CHECK_THAT(outcome.err, Catch::Contains(phrase));
    };
    refused("W_ei[3, 20]", 2, {"\"W_ei\" has 20 presynaptic cells, 0 to 19; found 20"});
    refused("W_ei[80, 1]", 2, {"\"W_ei\" has 80 postsynaptic cells, 0 to 79; found 80"});
    refused("W_in[0, 1:3]", 2, {"\"W_in\" has 2 presynaptic cells, 0 to 1; found 1:3"});
    refused("W_inn[3, 1]", 65, {"\"W_inn\" was not recorded", "Did you mean \"W_in\"?"});
    refused("exc.r[3, 1]", 2, {"\"exc.r\" is no matrix of synapses"});
    refused("loss[0, 0]", 2, {"\"loss\" is no matrix of synapses"});
    refused("W_in[3, 1]", 2, {"was not sampled in step 7", "step 1 before it and step 11 after it"},
            {"--at", "7"});
    for (const char* wrong : {"W_in", "W_in[3]", "W_in[3, 1", "W_in[3, 1]x", "[3, 1]", "W_in[, 1]",
                              "W_in[-1, 1]", "W_in[a, 1]", "W_in[1,2, 0]", "W_in[3:3, 1]"})
        refused(wrong, 2, {"expected"});
}

TEST_CASE("a part goes with neither --follow nor --cells", "[inspect][part]") {
    CHECK(part("W_in[3, 1]", {"--follow"}).code == 2);
    CHECK(part("W_in[3, 1]", {"--at", "30", "--cells", "1"}).code == 2);
}
