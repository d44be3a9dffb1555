// Bytes as changes of a small run file, which is then read as one of the commands does.
#include <cstddef>
#include <cstdint>
#include <sstream>

#include "sim/runs/plain_copy.hpp"
#include "sim/runs/run_model.hpp"
#include "sim/show/export/csv.hpp"
#include "sim/show/export/sonata.hpp"
#include "sim/show/plot/read_figure.hpp"
#include "sim/show/plot/script.hpp"
#include "sim/show/view/page_data.hpp"
#include "sim/show/view/view.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/files.hpp"
#include "tests/fuzz/loading.hpp"

namespace apical {

namespace {

constexpr std::int64_t saved_step = 2;

// Little text, which takes most of the time.
constexpr const char* small_model = R"(
format = 1
phase = [{ name = "forward", ms = 6 }, { name = "update", ms = 4 }]
population.input.role = "input"
population.label.role = "label"
population.output.role = "output"
population.hidden.size = 2
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1 } }
task = { kind = "mimic", inputs = 2, outputs = 2, cells = 2, hold = 1 }
run = { steps = 4, seed = 3 }
checkpoint = { every = 2, minutes = 0, keep = 2 }
record.all = { what = ["hidden.r", "W_out", "loss", "events"] }
record.some = { what = ["output.r"], every = 2 }
)";

// A small run of what there are kinds of.
struct SmallRun {
    Original file;
    std::string checkpoint;
};

SmallRun small_run(const std::string& folder) {
    const std::string path = folder + "/small.toml";
    write_file(path, small_model);
    Model model = load_model(path, {});
    model.output = folder + "/run.h5";
    run_model(model, {.force = true});
    return {Original(model.output), bytes_of_file(checkpoint_path(model.output, saved_step))};
}

std::vector<std::string> addresses_of(const StoredRun& run) {
    std::vector<std::string> all;
    for (const StoredQuantity& one : run.quantities()) all.push_back(one.address);
    return all;
}

void inspect(const StoredRun& run, const StoredModel& model, Choices& choices) {
    overview_text(run, model);
    overview_json(run, model);
    progress_line(run, model);
    const std::size_t first = choices.below(3);
    const CellList cells{{first, first + 1 + choices.below(5)}};
    const std::int64_t step = choices.below(2) ? 3 : run.last_step();
    step_text(run, model, step, cells);
    step_json(run, model, step, cells);
}

// All together, or one alone where they do not go together.
std::vector<std::string> addresses_by(const StoredRun& run, Choices& choices) {
    const std::vector<std::string> all = addresses_of(run);
    return all.empty() || choices.below(2) ? all : std::vector<std::string>{choices.of(all)};
}

void tabulate(const StoredRun& run, Choices& choices) {
    std::ostringstream table;
    write_csv(run, {addresses_by(run, choices), {}, {}}, table);
}

void draw(const StoredRun& run, Choices& choices) {
    PlotRequest request;
    request.runs = {run.path()};
    if (const std::size_t block = choices.below(4)) request.block = block;
    if (const std::size_t at = choices.below(6)) request.at = at;
    request.addresses = addresses_by(run, choices);
    const Figure figure = read_figure(request);
    gnuplot_script(figure, FigureKind::script, "figure.svg");
}

// What a page shows, but for the circuit, which another program draws.
void show(const StoredRun& run, const StoredModel& model) {
    constexpr std::uint64_t room = 4000;  // words
    PageData shown = page_data_of(run, model.circuit.step_ms(), all_cells, room);
    to_json(shown.table);
}

void resume_run(const SmallRun& small) {
    const std::string& path = small.file.path;
    write_file(checkpoint_path(path, saved_step), small.checkpoint);
    completed_steps(path);
    std::vector<std::string> notes;
    OpenCheckpoint checkpoint = checkpoint_to_resume(path, notes);
    const Model model = resumed_model(checkpoint.head, path);
    resume(model, std::move(checkpoint));
}

void read_as_run_file(const std::uint8_t* data, std::size_t size, const std::string& folder) {
    static const SmallRun small = small_run(folder);
    const std::string& path = small.file.path;
    Choices choices(data, size);
    const std::size_t reader = choices.below(16);
    const std::string asked = choices.text(4);
    small.file.put_changed(choices);
    Choices more(asked);
    read_or_refuse([&] {
        if (reader == 0) return resume_run(small);
        if (reader == 1) {
            recover(path);
            StoredRun{path};
            return;
        }
        const StoredRun run(path);
        const StoredModel model = stored_model(run);
        if (reader == 2) {
            export_sonata(run, model, {folder + "/sonata", {}, {}, true});
        } else if (reader < 7) {
            inspect(run, model, more);
        } else if (reader < 10) {
            tabulate(run, more);
        } else if (reader < 13) {
            draw(run, more);
        } else {
            show(run, model);
        }
    });
}

}  // namespace

}  // namespace apical

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const apical::FolderWithModels folder;
    apical::read_as_run_file(data, size, folder.path());
    return 0;
}
