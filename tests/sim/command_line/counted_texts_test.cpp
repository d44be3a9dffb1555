// One of a thing is not said as if there were several.
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

TEST_CASE("one cell and one quantity are said so", "[printed]") {
    const TemporaryFolder folder;
    const std::string oja = path_of_shipped("rules/oja");  // one cell; W is recorded
    CHECK_THAT(apical_in(folder, {"check", oja}).out,
               Catch::Contains("\n  cell             1 cell      alpha 1; soma\n") &&
                   Catch::Contains("\n  input           32 input"));
    CHECK_THAT(apical_in(folder, {"check", oja, "--set", "population.cell.size=2"}).out,
               Catch::Contains("\n  cell             2 cells     alpha 1; soma\n"));
    REQUIRE(apical_in(folder, {"run", oja, "-q", "--steps", "50", "-o", "r.h5"}).code == 0);
    CHECK_THAT(apical_in(folder, {"inspect", "r.h5"}).out,
               Catch::Contains(" MB, 1 quantity, 0 events)\n"));
}
