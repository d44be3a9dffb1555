#include <fmt/format.h>

#include "circuits/anatomy/recurrent_network.hpp"
#include "learning_rules/rules.hpp"
#include "learning_rules/start_and_noise.hpp"
#include "learning_rules/twin.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    learning_rate,
    credit_key,
    {.section = "plasticity.*",
     .name = "twin",
     .type = Type::text,
     .description = "population of the same cells whose rates the noise perturbs"},
    {.section = "plasticity.*",
     .name = "kernel_rate",
     .type = Type::number,
     .minimum = 0,
     .maximum = 1e6,
     .description = "learning rate of A and gamma"},
    {.section = "plasticity.*",
     .name = "sigma",
     .type = Type::number,
     .minimum = 0,
     .maximum = 1e6,
     .above_minimum = true,
     .description = "standard deviation of the noise"},
    {.section = "plasticity.*",
     .name = "gamma",
     .type = Type::number,
     .default_value = "0.8",
     .minimum = -1e6,
     .maximum = 1e6,
     .description =
         "what the traces of each postsynaptic cell lose in a step, before the first step"},
    {.section = "plasticity.*",
     .name = "clip",
     .type = Type::boolean,
     .default_value = "true",
     .description =
         "true: kernel K = max(0, 1 - gamma); false: 1 - gamma, as in the authors' code of 2019"},
    {.section = "plasticity.*",
     .name = "filter",
     .type = Type::text,
     .default_value = "\"sum\"",
     .choices = "sum|mean",
     .description = "filtered noise Omega: sum for K Omega + zeta; mean for K Omega + (1 - K) "
                    "zeta, as in the authors' code of 2019"},
    {.section = "plasticity.*",
     .name = "reset_every",
     .type = Type::integer,
     .default_value = "-",
     .minimum = 1,
     .maximum = 1e9,
     .unit = "steps",
     .description = "after so many steps the twin's rates are the cells' own again, and the "
                    "filtered noise and B are zero; left out: never"},
    noise_key,
    {.section = "plasticity.*",
     .name = "zeta",
     .type = Type::table,
     .default_value = "-",
     .inner = "init",
     .description = "the noise before the first step; left out: drawn, unless noise is replayed"},
};

ProgramBuilder::Draw draw_of(const Binding& binding) {
    ProgramBuilder::Draw draw{.function = Function::normal,
                              .deviation = binding.options.number("sigma"),
                              .replay = replay_of(binding),
                              .first = {}};
    draw.first.kind = Initializer::Kind::normal;
    draw.first.scale.factor = draw.deviation;
    if (binding.options.has("zeta")) {
        draw.first = start_of(binding, "zeta");
    } else if (binding.options.has("noise")) {
        reject(binding.options.where("noise"),
               "noise that is replayed needs the noise before the first step too; expected the "
               "key \"zeta\"");
    }
    return draw;
}

Initializer start(Initializer::Kind kind, double factor) {
    Initializer init;
    init.kind = kind;
    init.scale.factor = factor;
    return init;
}

// The numbers that the rule keeps. The names are those of the equations.
struct Kernel {
    PopulationId twin;
    SlotId gamma, Omega, Gamma, zeta, A;
    std::vector<SlotId> B;
};

RuleParts parts_of_kernel(ProgramBuilder& program, const Binding& binding, const Kernel& k,
                          SlotId credit) {
    const Section& options = binding.options;
    RuleParts parts{.rate = binding.rate(), .credit = credit};
    parts.slots = {{"twin", {program.rate(k.twin)}, options.where("twin")}};
    parts.constants = {{"kernel_rate", options.number("kernel_rate")},
                       {"gamma", options.number("gamma")},
                       {"clip", options.boolean("clip") ? 1.0 : 0.0},
                       {"mean", options.text("filter").text == "mean" ? 1.0 : 0.0}};
    if (options.has("reset_every"))
        parts.constants.push_back(
            {"reset_every", static_cast<double>(options.integer("reset_every"))});
    return parts;
}

// Omega <- K Omega + zeta or K Omega + (1 - K) zeta; Gamma is its derivative by gamma.
void filter_noise(ProgramBuilder& program, const Binding& binding, const Kernel& k, SlotId K) {
    program.set_product(k.Gamma, K, k.Gamma);
    program.set_difference(k.Gamma, k.Gamma, k.Omega);
    program.set_product(k.Omega, K, k.Omega);
    SlotId added = k.zeta;
    if (binding.options.text("filter").text == "mean") {
        const SlotId rest = program.complement(K, false, binding.signal_name("one_minus_kernel"));
        added = program.product(rest, k.zeta, binding.signal_name("weighted_zeta"));
    }
    program.set_sum(k.Omega, 1.0, k.Omega, 1.0, added);
}

// A and gamma learn what the noise did to the twin's rates: epsilon = A Omega + (r - r_twin).
void learn_kernel(ProgramBuilder& program, const Binding& binding, const Kernel& k,
                  PopulationId cells) {
    const auto name = [&](std::string_view quantity) { return binding.signal_name(quantity); };
    const double rate = binding.options.number("kernel_rate");
    const SlotId predicted = program.multiplied(k.A, k.Omega, name("predicted"));
    const SlotId effect =
        program.difference(program.rate(cells), program.rate(k.twin), name("effect"));
    const SlotId error = program.sum(predicted, effect, name("error"));
    const SlotId back = program.transposed(k.A, error, name("error_of_A"));
    program.hebb(k.A, error, k.Omega, 1.0, -rate);
    const SlotId change = program.product(back, k.Gamma, name("change_of_gamma"), -rate);
    program.set_sum(k.gamma, 1.0, k.gamma, 1.0, change);
}

// Between two steps: the resets, then the noise enters the twin's rates.
void perturb(ProgramBuilder& program, const Binding& binding, const Kernel& k, PopulationId cells) {
    program.at_step_end();
    if (program.is_made(program.rate(k.twin))) {
        const Text twin = binding.options.text("twin");
        reject(twin.where, fmt::format("\"{}\" is perturbed by another rule already; expected a "
                                       "twin for each",
                                       twin.text));
    }
    if (binding.options.has("reset_every")) {
        program.every(static_cast<int>(binding.options.integer("reset_every")));
        program.assign(program.rate(k.twin), program.rate(cells));
        for (const SlotId slot : {k.Omega, k.Gamma}) program.assign_zero(slot);
        for (const SlotId slot : k.B) program.assign_zero(slot);
        program.every(1);
    }
    program.set_sum(program.rate(k.twin), 1.0, program.rate(k.twin), 1.0, k.zeta);
}

// KeRNL (Roth, Kanitscheider & Fiete 2019; Table 1 of Marschall, Cho & Savin 2019): M_kij ~ A_ki
// B_ij,  K = max(0, 1 - gamma),
//   B_ij <- K_i B_ij + alpha phi'(v_i) r^_j(t-1),  G_ij = (sum_k c_k A_ki) B_ij
//   A <- A - kernel_rate epsilon x Omega,  gamma <- gamma - kernel_rate (epsilon A) Gamma
// The change of gamma is not in the paper; it is that of the rule's authors.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const PopulationId cells = postsynaptic(program, binding, "kernl");
    check_drives_soma(circuit, binding, "kernl");
    check_one_alpha(circuit, cells, "rule \"kernl\"");
    const auto name = [&](std::string_view quantity) { return binding.signal_name(quantity); };
    const SlotId credit =
        postsynaptic_signal(program, binding, binding.options.text("credit"), "kernl");
    using Start = Initializer::Kind;
    const Kernel k{
        .twin = twin_of(circuit, binding, cells),
        .gamma = program.state(cells, name("gamma"),
                               start(Start::constant, binding.options.number("gamma"))),
        .Omega = program.state(cells, name("Omega")),
        .Gamma = program.state(cells, name("Gamma")),
        .zeta = program.noise(cells, name("zeta"), draw_of(binding)),
        .A = program.pairs(cells, name("A"), start(Start::identity, 1.0)),
        .B = tags_of(program, binding, "B", {}),
    };
    const SlotId slope = program.slope(circuit.soma(cells));
    const SlotId K = program.complement(k.gamma, binding.options.boolean("clip"), name("kernel"));
    filter_noise(program, binding, k, K);
    learn_kernel(program, binding, k, cells);
    const SlotId teaching = program.transposed(k.A, credit, name("teaching"));
    const std::vector<SlotId> pre = presynaptic_of(program, binding);
    for (std::size_t s = 0; s < k.B.size(); ++s) {
        program.hebb_kept(k.B[s], slope, pre[s], K, {}, circuit[cells].alpha);
        program.consolidate(program.strength(binding.synapses[s]), teaching, k.B[s],
                            -binding.options.number("rate"));
    }
    perturb(program, binding, k, cells);
    return parts_of_kernel(program, binding, k, credit);
}

}  // namespace

const LearningRule kernl = {
    "kernl",
    "B_ij <- K_i B_ij + alpha slope_i * presynaptic_j; A and K learn from a noisy twin; change_ij "
    "= - rate * (sum_k credit_k A_ki) B_ij",
    keys, emit, Facing::past};

}  // namespace apical
