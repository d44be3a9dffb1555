// Bytes as a checkpoint, whose size and checksum are put right, and which is then resumed or
// forked.
#include <cstddef>
#include <cstdint>

#include "sim/runs/run_model.hpp"
#include "tests/fuzz/files.hpp"
#include "tests/fuzz/loading.hpp"
#include "tests/sim/runs/checksum.hpp"

namespace apical {

namespace {

void read_as_checkpoint(const std::uint8_t* data, std::size_t size, const std::string& folder) {
    constexpr std::size_t header = 32;
    constexpr std::int64_t step = 13;
    if (size < header) return;
    const std::string path = folder + "/run.h5", bytes(data, data + size);
    write_file(checkpoint_path(path, step), with_checksum(bytes));
    read_or_refuse([&] {
        OpenCheckpoint found = checkpoint_at(path, step);
        const bool forked = size % 4 == 3;
        const Model model = forked ? branched_model(found.head, path, {}, folder + "/fork.h5")
                                   : resumed_model(found.head, path);
        Run run(model, 1, 1, forked ? Run::Start::initial : Run::Start::to_resume);
        run.begin(nullptr);
        if (forked) {
            run.branch(found.rest, step, {});
        } else {
            run.resume(found.rest, step);
        }
        while (run.steps() < 40 && run.advance()) {
        }
        run.finish();
    });
}

}  // namespace

}  // namespace apical

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const apical::FolderWithModels folder;
    apical::read_as_checkpoint(data, size, folder.path());
    return 0;
}
