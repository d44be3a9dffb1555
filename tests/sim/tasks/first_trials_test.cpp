// The first trials of each task are those of a script that was written from their definitions.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

namespace {

std::vector<double> numbers_until(std::istringstream& words, const std::string& end) {
    std::vector<double> numbers;
    std::string word;
    while (words >> word && word != end) numbers.push_back(std::stod(word));
    return numbers;
}

void is_near(const Eigen::VectorXd& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == Eigen::Index(expected.size()));
    for (Eigen::Index k = 0; k < found.size(); ++k)
        REQUIRE(found(k) == Approx(expected[std::size_t(k)]).epsilon(1e-12).margin(1e-12));
}

// "kind = "copy", symbols = 4" as lines.
std::string as_lines(std::string toml) {
    bool in_list = false;
    for (char& c : toml) {
        in_list = c == '[' || (in_list && c != ']');
        if (c == ',' && !in_list) c = '\n';
    }
    return toml;
}

}  // namespace

TEST_CASE("the first trials of each task are those of a script written from the definitions",
          "[task]") {
    std::ifstream file(APICAL_SOURCE_DIR "/tests/data/tasks/first_trials.txt");
    REQUIRE(file);
    std::optional<Presented> task;
    std::int64_t step = 0;
    std::size_t tasks = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("task ")) {
            task.emplace(made(as_lines(line.substr(5))));
            step = 0;
            ++tasks;
            continue;
        }
        INFO(fmt::format("task {}, step {}", tasks, ++step));
        std::istringstream words(line);
        int type = 0;
        words >> type;
        const std::vector<double> inputs = numbers_until(words, "|"),
                                  labels = numbers_until(words, "|");
        const Example shown = presented(*task, step);
        is_near(shown.input, inputs);
        is_near(shown.label, labels);
        const std::int64_t length = (*task)->trial(0).steps;
        if (length > 0) REQUIRE((*task)->trial((step - 1) / length).type == type);
    }
    CHECK(tasks == 13);
}

}  // namespace apical::task_tests
