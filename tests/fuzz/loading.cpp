#include "tests/fuzz/loading.hpp"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"
#include "sim/sweep/jobs.hpp"
#include "sim/sweep/sweep.hpp"

namespace apical {

namespace {

namespace fs = std::filesystem;

constexpr double small = 1e7;  // bytes

template <class Load>
void load_or_refuse(Load load) {
    try {
        load();
    } catch (const Error&) {
    }
}

std::string write(std::string_view text, const std::string& path) {
    fs::remove(path);
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

double bytes_of(const Program& program) {
    double numbers = 0.0;
    for (const Slot& slot : program.slots)
        numbers += static_cast<double>(slot.rows) * slot.columns *
                   (slot.shape == Shape::tensor ? slot.rows : 1);
    return numbers * sizeof(double);
}

// What a run would begin with: the resolved text is TOML, and the numbers fit into memory or are
// refused. Those between are left out here, as they only take time.
void use(const Model& model) {
    parse_toml(model.resolved, "resolved");
    const double bytes = bytes_of(model.program);
    if (bytes < small || bytes > 2 * memory_of_machine()) State state(model.program);
}

std::size_t combinations(const Sweep& sweep) {
    std::size_t count = sweep.models.size() * sweep.tasks.size() * sweep.seeds.size();
    for (const SweptKeys& keys : sweep.keys) count *= keys.points.size();
    return count;
}

}  // namespace

void load_as_model(std::string_view text, const std::string& folder) {
    const std::string path = write(text, folder + "/model.toml");
    load_or_refuse([&] { use(load_model(path, {})); });
}

void load_as_sweep(std::string_view text, const std::string& folder) {
    const std::string path = write(text, folder + "/sweep.toml");
    constexpr std::size_t few = 8;
    load_or_refuse([&] {
        const Sweep sweep = load_sweep(path);
        if (combinations(sweep) <= few) list_jobs(sweep);
    });
}

void load_as_overrides(std::string_view text, const std::string& folder) {
    std::vector<std::string> overrides;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        overrides.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    for (const char* model : {"/dni_b.toml", "/kernl.toml"})
        load_or_refuse([&] { use(load_model(folder + model, overrides)); });
}

FolderWithModels::FolderWithModels() {
    path_ = (fs::temp_directory_path() / "apical_fuzz_XXXXXX").string();
    if (!mkdtemp(path_.data())) throw std::runtime_error("cannot create " + path_);
    fs::copy(APICAL_SOURCE_DIR "/models", path_, fs::copy_options::recursive);
}

FolderWithModels::~FolderWithModels() {
    std::error_code failure;
    fs::remove_all(path_, failure);
}

}  // namespace apical
