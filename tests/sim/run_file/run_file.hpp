#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/run_file/recorder.hpp"

namespace apical {

// A fresh directory, removed with all that is in it.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = std::filesystem::temp_directory_path() / "apical_XXXXXX";
        path_ = mkdtemp(name.data());
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    std::string operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Whether the script ends without a failed assertion. It finds h5py, numpy, and the file's path.
inline bool python_agrees(const std::string& path, const std::string& script) {
    const std::string program = path + ".py";
    std::ofstream(program) << "import h5py, numpy\npath = '" << path << "'\n" << script;
    const bool holds = std::system(("/usr/bin/python3 '" + program + "'").c_str()) == 0;
    std::filesystem::remove(program);
    return holds;
}

// A program of slots and quantities without operations, in two phases of 6 and 4 ms.
struct Recordable {
    Program program;

    Recordable() { program.phase_names = {"forward", "update"}; }

    SlotId slot(Shape shape, int rows, int columns = 1) {
        Slot slot;
        slot.name = "slot" + std::to_string(program.slots.size());
        slot.shape = shape;
        slot.rows = rows;
        slot.columns = columns;
        program.slots.push_back(slot);
        return SlotId(program.slots.size() - 1);
    }

    void quantity(const std::string& address, const std::string& path, std::vector<SlotId> slots,
                  bool by_phase, What what = What::of_rule) {
        Quantity quantity{address, path, "mV", "the long name of " + address, "u", what};
        for (const SlotId id : slots) {
            if (!id) continue;
            quantity.shape = program[id].shape;
            quantity.rows = program[id].rows;
            quantity.columns = program[id].columns;
        }
        quantity.slots = std::move(slots);
        quantity.by_phase = by_phase;
        program.quantities.push_back(quantity);
    }
};

inline RunDescription description() {
    const std::string resolved =
        "[[phase]]\nname = \"forward\"\nms = 6.0\n[[phase]]\nname = \"update\"\nms = 4.0\n";
    return {"a title", "model\n", resolved, "listing\n", "audit\n",
            "0.1",     "g++",     7,        10.0,        {6.0, 10.0}};
}

inline Recording recording(const std::string& name, const std::vector<std::string>& what,
                           std::int64_t every, std::int64_t from, std::int64_t to) {
    Recording table{name, {}, every, from, to};
    for (const std::string& address : what) table.what.push_back({address, {"dni.toml", 9, 4}});
    return table;
}

// Samples as a scheduler does, in all steps up to `last` that are due. `set` gives the state its
// numbers at the end of a phase.
template <class Set>
void run(Recorder& recorder, State& state, std::int64_t first, std::int64_t last, Set set) {
    const std::size_t phases = state.program().phase_names.size();
    for (std::int64_t step = first; step <= last; ++step) {
        for (std::size_t phase = 0; phase < phases; ++phase) {
            set(step, phase);
            for (std::size_t axis = 0; axis < recorder.axis_count(); ++axis) {
                const bool due = recorder.next_step(axis, step - 1) == step;
                const bool samples = recorder.samples_phases(axis) || phase + 1 == phases;
                if (due && samples) recorder.sample(axis, step, phase, state);
            }
        }
    }
}

}  // namespace apical
