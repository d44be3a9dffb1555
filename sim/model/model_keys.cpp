#include "sim/model/model_keys.hpp"

#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/imperfection_keys.hpp"
#include "learning_rules/book/rule_keys.hpp"
#include "learning_rules/start_and_noise.hpp"
#include "sim/diagnosis/diagnosed.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/run_file/record_keys.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr std::array root_table = {
    Key{.section = "",
        .name = "format",
        .type = Type::integer,
        .minimum = 1,
        .maximum = 1,
        .description = "version of the model file's format"},
    Key{.section = "",
        .name = "title",
        .type = Type::text,
        .default_value = "\"\"",
        .description = "one line about the model"},
    Key{.section = "",
        .name = "source",
        .type = Type::text,
        .default_value = "-",
        .description =
            "paper or code that the circuit is taken from; nothing of a run depends on it"},
    Key{.section = "",
        .name = "implements",
        .type = Type::text,
        .default_value = "-",
        .description =
            "algorithm that the circuit is meant to carry out; nothing of a run depends on it"},
    Key{.section = "",
        .name = "approximations",
        .type = Type::text_list,
        .default_value = "-",
        .choices = approximation_names,
        .description = "what the circuit does otherwise than the algorithm's equations; `apical "
                       "verify` takes it on, nothing of a run depends on it"},
    Key{.section = "",
        .name = "ladder",
        .type = Type::text_list,
        .default_value = "-",
        .description = "model files, from this one's folder, that lead from the algorithm to this "
                       "circuit one approximation at a time, for `apical verify --ladder`; the "
                       "last rung is this model"},
    Key{.section = "",
        .name = "phase",
        .type = Type::tables,
        .inner = "phase",
        .description = "phases of a step, in order"},
    Key{.section = "",
        .name = "group",
        .type = Type::tables,
        .default_value = "-",
        .inner = "group",
        .description = "phases that are carried out in turn, again and again"},
    Key{.section = "",
        .name = "population",
        .type = Type::table,
        .inner = "population.*",
        .description = "populations of cells, by name"},
    Key{.section = "",
        .name = "gate",
        .type = Type::table,
        .default_value = "{}",
        .inner = "gate.*",
        .description = "gating interneurons, by name"},
    Key{.section = "",
        .name = "synapses",
        .type = Type::table,
        .inner = "synapses.*",
        .description = "synapse sets, by name"},
    Key{.section = "",
        .name = "wire",
        .type = Type::table,
        .default_value = "-",
        .inner = "wire.*",
        .description = "wires that pair cells one to one, by name"},
    Key{.section = "",
        .name = "teach",
        .type = Type::table,
        .default_value = "-",
        .inner = "teach.*",
        .description = "teachers of cells, by name; each stands for one or two wires"},
    Key{.section = "",
        .name = "noise",
        .type = Type::table,
        .default_value = "-",
        .inner = "noise.*",
        .description = "noise that is added to voltages and rates, by name"},
    Key{.section = "",
        .name = "hold",
        .type = Type::table,
        .default_value = "-",
        .inner = "hold.*",
        .description = "what is lost of what the circuit keeps, by address"},
    Key{.section = "",
        .name = "event",
        .type = Type::table,
        .default_value = "-",
        .inner = "event.*",
        .description = "what the experimenter does to the circuit, and when, by name"},
    Key{.section = "",
        .name = "loss",
        .type = Type::table,
        .default_value = "-",
        .inner = "loss",
        .description = "what the loss of a step is of; left out: the output and the label"},
    Key{.section = "",
        .name = "rules",
        .type = Type::text_list,
        .default_value = "-",
        .description =
            "rule files, from this one's folder: each has `format`, and [rule.*], [dynamics.*] or "
            "[activation.*] tables"},
    Key{.section = "",
        .name = "rule",
        .type = Type::table,
        .default_value = "-",
        .inner = "rule.*",
        .description = "plasticity rules that are written as equations, by name"},
    Key{.section = "",
        .name = "activation",
        .type = Type::table,
        .default_value = "-",
        .inner = "activation.*",
        .description = "activations that are written as equations, by name"},
    Key{.section = "",
        .name = "dynamics",
        .type = Type::table,
        .default_value = "-",
        .inner = "dynamics.*",
        .description = "equations inside the cells of a population, by name"},
    Key{.section = "",
        .name = "plasticity",
        .type = Type::table,
        .default_value = "{}",
        .inner = "plasticity.*",
        .description = "plasticity rules, by name; a learning algorithm is their sum"},
    Key{.section = "",
        .name = "task",
        .type = Type::table,
        .default_value = "-",
        .inner = "task",
        .description = "inputs and labels; left out: the circuit has none, and runs by itself"},
    Key{.section = "",
        .name = "trial",
        .type = Type::table,
        .default_value = "-",
        .inner = "trial",
        .description = "stretches of steps that the run is made of, what they begin with, and "
                       "their windows; left out: as the task says"},
    Key{.section = "",
        .name = "batch",
        .type = Type::table,
        .default_value = "-",
        .inner = "batch",
        .description = "trials whose changes are added up; left out: one"},
    Key{.section = "",
        .name = "record",
        .type = Type::table,
        .default_value = "{}",
        .inner = "record.*",
        .description = "what is written to the run file, by name"},
    Key{.section = "",
        .name = "diagnose",
        .type = Type::table,
        .default_value = "-",
        .inner = "diagnose",
        .description = "what is measured of the learning while a run goes on"},
    Key{.section = "",
        .name = "evaluate",
        .type = Type::table,
        .default_value = "-",
        .inner = "evaluate",
        .description = "what the circuit gives when nothing learns, measured while a run goes on"},
    Key{.section = "",
        .name = "survive",
        .type = Type::table,
        .default_value = "-",
        .description = "what `apical survive` compares imperfections with: baseline.still and "
                       "baseline.instant, keys of the model with a value each; nothing of a run "
                       "depends on it"},
    Key{.section = "",
        .name = "checkpoint",
        .type = Type::table,
        .default_value = "-",
        .inner = "checkpoint",
        .description = "when the run is saved, to be resumed or forked"},
    Key{.section = "",
        .name = "run",
        .type = Type::table,
        .inner = "run",
        .description = "length and seed of the run"},
};

}  // namespace

std::span<const Key> root_keys() { return root_table; }

std::vector<Key> model_keys() {
    std::vector<Key> all;
    const auto append = [&](std::span<const Key> more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    append(root_keys());
    append(phase_keys());
    append(phase_steps_keys());
    append(group_keys());
    append(population_keys());
    append(alpha_keys());
    append(branch_keys());
    append(scaling_keys());
    append(spikes_keys());
    append(adaptation_keys());
    append(fires_keys());
    append(gate_keys());
    append(synapse_keys());
    append(connect_keys());
    append(blocks_keys());
    append(short_term_keys());
    append(use_back_keys());
    append(use_again_keys());
    append(wire_keys());
    append(teach_keys());
    append(loss_keys());
    append(initializer_keys());
    append(noise_source_keys());
    append(hold_keys());
    append(event_keys());
    append(noise_keys());
    append(common_rule_keys());
    append(optimiser_keys());
    append(schedule_keys());
    append(task_keys());
    append(trial_keys());
    append(trial_steps_keys());
    append(trial_window_keys());
    append(batch_keys());
    append(record_keys());
    append(diagnose_keys());
    append(evaluate_keys());
    append(checkpoint_keys());
    append(run_keys());
    append(rule_keys());
    append(rule_parameter_keys());
    append(rule_signal_keys());
    append(rule_state_keys());
    append(activation_keys());
    append(dynamics_keys());
    append(dynamics_state_keys());
    return all;
}

std::vector<Key> keys_of(std::string_view section) {
    std::vector<Key> keys = model_keys();
    std::erase_if(keys, [&](const Key& key) { return key.section != section; });
    return keys;
}

}  // namespace apical
