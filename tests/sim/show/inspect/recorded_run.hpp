#pragma once

#include "tests/sim/command_line/program_run.hpp"

namespace apical {

// A short run of DNI(b), made once: every step of some quantities, and others of steps 1 to 10 and
// of every tenth one.
class RecordedRun {
public:
    static const RecordedRun& get() {
        static const RecordedRun run;
        return run;
    }
    std::string path() const { return folder_ / "run.h5"; }

    static std::vector<std::string> command(const std::string& path, const std::string& steps) {
        const std::string record =
            R"toml({ all = { what = ["hidden.r", "hidden.apical.v", "gate.disinhibition", )toml"
            R"toml("W_out", "previous(hidden.r)", "loss", "events"], every = 1 }, )toml"
            R"toml(start = { what = ["output.r", "J"], every = 1, to = 10 }, )toml"
            R"toml(later = { what = ["output.r", "J"], every = 10 } })toml";
        return {"run",   path_of_shipped("dni_b"), "-q", "--steps", steps, "-o", path,
                "--set", "record=" + record};
    }

private:
    RecordedRun() {
        const Outcome outcome = apical_in(folder_, command("run.h5", "60"));
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
    }
    TemporaryFolder folder_;
};

}  // namespace apical
