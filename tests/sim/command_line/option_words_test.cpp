#include "sim/command_line/option_words.hpp"

#include <catch2/catch.hpp>

namespace apical {

TEST_CASE("the command line says its options and commands for arguments and functions",
          "[command_line]") {
    CHECK(in_words_of_options("`cells` 3: \"x\" has 2; with `at`, or `at`") ==
          "--cells 3: \"x\" has 2; with --at, or --at");
    CHECK(in_words_of_options("`override` run.stps=3: `SweepRun` runs it") ==
          "--set run.stps=3: `apical sweep` runs it");
    CHECK(in_words_of_options("`run_model()` with `force` begins anew") ==
          "`apical run` with --force begins anew");
}

TEST_CASE("words in backticks that are no arguments stay as they are", "[command_line]") {
    for (const char* text :
         {"", "`", "`every` of [record.*]", "`at", "force", "``", "`h5clear -s x`"})
        CHECK(in_words_of_options(text) == text);
}

}  // namespace apical
