#include "sim/run_file/run_description.hpp"

#include <limits>

#include "circuits/anatomy/loss_kind.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// The last four are known at the end; a run that was killed never says them. A run without a loss
// has no name and no unit of it.
Attributes attributes_of(const RunDescription& run) {
    namespace at = run_attribute;
    const LossKind of_loss = loss_kind(run.judged_by.value_or(run.task.readout));
    Attributes all = {{at::format.name, run.format},
                      {at::title.name, run.title},
                      {at::model.name, run.model},
                      {at::resolved.name, run.resolved},
                      {at::program.name, run.listing},
                      {at::audit.name, run.audit},
                      {at::version.name, run.version},
                      {at::compiler.name, run.compiler},
                      {at::seed.name, std::int64_t{run.seed}},
                      {at::inputs.name, std::int64_t{run.task.inputs}},
                      {at::outputs.name, std::int64_t{run.task.outputs}},
                      {at::readout.name, std::string(name_of(run.task.readout))},
                      {at::loss.name, of_loss.name},
                      {at::loss_units.name, of_loss.units},
                      {at::steps_completed.name, std::int64_t{-1}},
                      {at::final_loss.name, std::numeric_limits<double>::quiet_NaN()},
                      {at::final_loss_steps.name, std::int64_t{0}},
                      {at::failure.name, LateText{}}};
    if (!run.has_loss)
        std::erase_if(all, [](const auto& one) {
            return one.first == at::loss.name || one.first == at::loss_units.name;
        });
    if (!run.branched_from.empty()) all.emplace_back(at::forked_from.name, run.branched_from);
    if (!run.data.empty()) all.emplace_back(at::data.name, run.data);
    return all;
}

RunDescription description_of(const StoredRun& run) {
    RunDescription description;
    description.title = run.text(run_attribute::title);
    description.model = run.text(run_attribute::model);
    description.resolved = run.text(run_attribute::resolved);
    description.listing = run.text(run_attribute::program);
    description.audit = run.text(run_attribute::audit);
    description.version = run.text(run_attribute::version);
    description.compiler = run.text(run_attribute::compiler);
    description.branched_from = run.text(run_attribute::forked_from);
    description.data = run.text(run_attribute::data);
    description.seed = static_cast<std::uint32_t>(run.integer(run_attribute::seed, 0));
    description.step_ms = run.step_ms();
    description.phase_end_ms = run.phase_end_ms();
    description.format = run.format();
    description.has_loss = run.has_loss();
    if (const std::string loss = run.text(run_attribute::loss); !loss.empty()) {
        const bool is_entropy = loss == loss_kind(Activation::softmax).name;
        description.judged_by = is_entropy ? Activation::softmax : Activation::linear;
    }
    return description;
}

}  // namespace apical
