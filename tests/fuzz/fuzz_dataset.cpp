// Bytes as changes of a file of datasets, which is then read as a model that names them does.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sim/engine/initial_dataset.hpp"
#include "sim/engine/noise.hpp"
#include "sim/engine/state.hpp"
#include "sim/tasks/task_kinds.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/files.hpp"
#include "tests/fuzz/loading.hpp"

namespace apical {

namespace {

// What a model may name: a matrix, a vector, the inputs and labels of a task, and noise.
Original datasets(const std::string& folder) {
    const std::string path = folder + "/data.h5";
    {
        H5::H5File file(path, H5F_ACC_TRUNC);
        const auto add = [&](const char* name, std::vector<hsize_t> extent, double number) {
            const H5::DataSpace space(static_cast<int>(extent.size()), extent.data());
            const std::vector<double> numbers(
                static_cast<std::size_t>(space.getSimpleExtentNpoints()), number);
            file.createDataSet(name, H5::PredType::NATIVE_DOUBLE, space)
                .write(numbers.data(), H5::PredType::NATIVE_DOUBLE);
        };
        add("W", {4, 3}, 0.5);
        add("v", {4}, -1.0);
        add("x", {6, 3}, 1.0);
        add("y", {6, 2}, 0.5);
        add("noise", {6, 4}, -1.0);
        file.createGroup("net");
        add("net/W", {3, 4}, 2.0);
    }
    Original original(path);
    original.contents.attributes = {"address", "units"};  // there are none, and nobody asks
    return original;
}

void read_initial(const std::string& dataset, const std::string& folder, Choices& choices) {
    Initializer init;
    init.kind = Initializer::Kind::file;
    init.path = "data.h5";
    init.dataset = dataset;
    init.first_column = static_cast<int>(choices.below(3));
    init.end_column = static_cast<int>(choices.below(5)) - 1;
    init.all_columns = static_cast<int>(choices.below(5)) - 1;
    init.transpose = choices.below(2);
    const int rows = 1 + static_cast<int>(choices.below(4));
    const int columns = 1 + static_cast<int>(choices.below(4));
    initial_dataset(init, rows, columns, "W", folder);
}

void read_noise(const std::string& dataset, const std::string& folder, Choices& choices) {
    Program program;
    Slot slot;
    slot.name = "noise";
    slot.shape = Shape::per_cell;
    slot.rows = 1 + static_cast<int>(choices.below(4));
    program.slots = {slot};
    program.replays = {{"data.h5", dataset, static_cast<int>(choices.below(2)), 0, {}}};
    if (program.replays[0].column > 0) program.replays[0].columns = slot.rows + 1;
    Operation draw;
    draw.kind = Kind::noise;
    draw.operands.push_back({});
    draw.operands.back().slot = SlotId(0);
    draw.function = choices.below(2) ? Function::sign : Function::normal;
    draw.replay = 0;
    program.operations = {draw};
    const std::int64_t steps = 1 + static_cast<std::int64_t>(choices.below(6));
    const Noise noise(program, 1, folder, steps);
    State state(program);
    for (std::int64_t step = 1; step <= steps; ++step) noise.draw(step, state);
}

void read_task(const std::string& x, const std::string& y, const std::string& folder,
               Choices& choices) {
    Table table = parse_toml("kind = \"file\"\npath = \"data.h5\"\n", "model");
    table.entries.push_back(entry("x", x));
    table.entries.push_back(entry("y", y));
    table.entries.push_back(entry("readout", std::string(choices.below(2) ? "softmax" : "linear")));
    const Section section(table, {"model", 1, 1}, "task", task_keys());
    const std::unique_ptr<Task> task = make_task(section, 1, folder);
    const TaskShape shape = task->shape();
    std::vector<double> input(static_cast<std::size_t>(shape.inputs)),
        label(static_cast<std::size_t>(shape.outputs));
    const std::unique_ptr<Presentation> presentation = task->begin();
    for (std::int64_t step = 1; step <= std::min<std::int64_t>(task->steps(), 10); ++step)
        presentation->present(step, input, label);
}

void read_as_dataset(const std::uint8_t* data, std::size_t size, const std::string& folder) {
    static const Original original = datasets(folder);
    Choices choices(data, size);
    const std::size_t reader = choices.below(3);
    const std::string asked = choices.text(8);
    original.put_changed(choices);
    Choices more(asked);
    const std::string& dataset = more.of(original.contents.objects);
    read_or_refuse([&] {
        if (reader == 0) return read_initial(dataset, folder, more);
        if (reader == 1) return read_noise(dataset, folder, more);
        read_task(dataset, more.of(original.contents.objects), folder, more);
    });
}

}  // namespace

}  // namespace apical

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const apical::FolderWithModels folder;
    apical::read_as_dataset(data, size, folder.path());
    return 0;
}
