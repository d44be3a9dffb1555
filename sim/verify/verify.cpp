#include "sim/verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "sim/verify/circuit_run.hpp"
#include "sim/verify/parts.hpp"
#include "sim/verify/text_rules.hpp"
#include "sim/verify/whole_matrices.hpp"

namespace apical {

namespace {

const Algorithm& algorithm_of(const Model& model) {
    const Value* name = model.root.find("implements");
    if (!name) {
        std::vector<std::string> known;
        for (const Algorithm& one : algorithms()) known.emplace_back(one.name);
        reject({model.path, 1, 1},
               fmt::format("the model says of no algorithm that it implements it; expected the key "
                           "\"implements\", one of {}",
                           list_of(known)));
    }
    return find_algorithm({std::get<std::string>(name->content), name->where});
}

// Whether rules in text are all that there is to verify.
bool has_texts_alone(const Model& model) {
    return !model.root.find("implements") && has_text_rules(model);
}

constexpr std::pair<std::string_view, Lockstep> locksteps[] = {
    {"rtrl", verify_rtrl},   {"bptt", verify_bptt},       {"bptt_window", verify_bptt_window},
    {"uoro", verify_uoro},   {"kf_rtrl", verify_kf_rtrl}, {"r_kf", verify_r_kf},
    {"kernl", verify_kernl}, {"rflo", verify_rflo},       {"dni", verify_dni},
    {"dni_b", verify_dni_b}, {"fixed_w", verify_fixed_w},
};

Lockstep lockstep_of(const Algorithm& algorithm) {
    for (const auto& [name, lockstep] : locksteps) {
        if (name == algorithm.name) return lockstep;
    }
    throw std::logic_error(fmt::format("no equations of \"{}\" to verify by", algorithm.name));
}

// Throws Error{bad_model} where the circuit has what no equation has.
void check_undisturbed(const Circuit& circuit, bool by_texts) {
    if (!circuit.interventions.empty()) {
        const Intervention& event = circuit.interventions.front();
        reject(event.where,
               fmt::format("verify compares with equations, which know nothing of [event.{}]; "
                           "expected a model without events",
                           event.name));
    }
    const bool has_axons = std::any_of(circuit.uses.begin(), circuit.uses.end(),
                                       [](const SynapseUse& use) { return use.delay > 1; });
    if (circuit.trials && by_texts && has_axons)
        reject(circuit.trials->where,
               "verify knows no axons of several steps that begin anew with a trial; expected "
               "delays of one step, or a model without [trial]");
    if (by_texts) return;
    if (circuit.trials)
        reject(circuit.trials->where,
               "verify compares with an algorithm's equations, which know nothing of trials; "
               "expected a model without [trial] and a task without trials");
    if (circuit.noises.empty()) return;
    const NoiseSource& noise = circuit.noises.front();
    reject(noise.where, fmt::format("verify compares with an algorithm's equations, which have no "
                                    "noise, and the model has [noise.{}]",
                                    noise.name));
}

// Throws Error{bad_model} for changes that are made otherwise than the rule's equations say.
void check_direct(const Model& model) {
    for (const BoundRule& bound : model.rules) {
        if (bound.is_direct) continue;
        reject(bound.where, fmt::format("verify compares changes with a rule's equations, and "
                                        "those of [plasticity.{}] are added up or go through an "
                                        "optimiser; expected none of it",
                                        bound.label));
    }
}

// Throws Error{bad_model} for a rate of 0: without changes the gradient cannot be seen.
void check_rate(const CircuitRun& run) {
    const BoundRule* rule = rule_that_changes(run.model(), run.network().recurrent);
    if (!rule || run.rate() > 0.0 || !rule->parts.rate) return;
    reject(rule->parts.rate->where,
           fmt::format("verify divides the changes of [plasticity.{}] by its rate, which is 0; "
                       "expected a rate above 0, however small",
                       rule->label));
}

}  // namespace

std::int64_t least_verified_steps(const Program& program) {
    std::int64_t longest = 1;
    for (const Operation& op : program.operations)
        longest = std::max<std::int64_t>({longest, op.every, op.lag + 1});
    return 2 * longest;
}

namespace {

void check_steps(const Model& model, std::int64_t steps) {
    const std::int64_t least = least_verified_steps(model.program);
    if (steps >= least) return;
    throw Error(ExitCode::usage,
                fmt::format("{}: {} steps are too few to see all that the circuit does; "
                            "expected at least {}",
                            model.path, steps, least));
}

Verification verify_as(Performed performed, const Model& model, std::int64_t steps,
                       double tolerance) {
    const Algorithm& algorithm = algorithm_of(model);
    CircuitRun run(model, performed);
    check_steps(model, steps);
    check_rate(run);
    require_rule(model, "delta", run.network().W_out(), who_implements(model));
    Verification found{{tolerance}, std::nullopt};
    if (!Approximations(model).none()) found.paper = Differences{tolerance};
    lockstep_of(algorithm)(run, steps, found);
    return found;
}

// Nothing exceeds what is not a number.
void check_tolerance(double tolerance, const std::string& source) {
    if (tolerance > 0.0 && tolerance <= largest_tolerance) return;
    throw Error(ExitCode::usage, fmt::format("{}: expected a positive number of at most {}", source,
                                             largest_tolerance));
}

}  // namespace

Verification verify(const Model& model, std::int64_t steps, double tolerance) {
    check_tolerance(tolerance, fmt::format("a tolerance of {}", tolerance));
    check_undisturbed(model.circuit, has_texts_alone(model));
    if (!has_texts_alone(model)) check_direct(model);
    check_whole_matrices(model, has_texts_alone(model));
    if (has_texts_alone(model)) {
        check_steps(model, steps);
        return {{tolerance}, std::nullopt, verify_text_rules(model, steps, tolerance)};
    }
    Verification found = verify_as(Performed::plainly, model, steps, tolerance);
    const Verification as_a_run = verify_as(Performed::as_a_run, model, steps, tolerance);
    found.declared.join(as_a_run.declared);
    if (found.paper) found.paper->join(*as_a_run.paper);
    if (has_text_rules_of_its_own(model)) found.texts = verify_text_rules(model, steps, tolerance);
    return found;
}

double tolerance_of(const std::string& text) {
    double value = 0.0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failure == std::errc() && end == text.data() + text.size();
    check_tolerance(whole ? value : 0.0, "`tolerance` " + shortened(text));
    return value;
}

namespace {

std::vector<std::string> names_of(const Approximations& approximations) {
    std::vector<std::string> names;
    for (const Text& one : approximations.names()) names.push_back(one.text);
    return names;
}

struct Widths {
    std::size_t symbol = 8, address = 7;
};

Widths widths_of(const Differences& differences) {
    Widths widths;
    for (const Difference& d : differences.all) {
        widths.symbol = std::max(widths.symbol, d.symbol.size());
        widths.address = std::max(widths.address, d.address.size());
    }
    return widths;
}

std::string row_of(const Widths& widths, std::string_view symbol, std::string_view address,
                   std::string_view phase, std::string_view rest) {
    return fmt::format("  {:<{}}  {:<{}}  {:<10}  {}\n", symbol, widths.symbol, address,
                       widths.address, phase, rest);
}

std::string verdict_table(const Differences& differences) {
    const Widths widths = widths_of(differences);
    std::string text = row_of(widths, "quantity", "address", "phase",
                              fmt::format("{:>8}  {:>8}  exceeds", "absolute", "relative"));
    for (const Difference& d : differences.all) {
        const std::string exceeds =
            d.first_step > 0 ? fmt::format("in step {}", d.first_step) : "-";
        text += row_of(widths, d.symbol, d.address, d.phase,
                       fmt::format("{:>8.1e}  {:>8.1e}  {}", d.absolute, d.relative, exceeds));
    }
    return text +
           "  absolute  the largest difference of any entry in any step\n"
           "  relative  the same over the largest entry of the equations' in that step\n"
           "  exceeds   when both first exceed the tolerance\n";
}

std::string distance_table(const Differences& differences) {
    const Widths widths = widths_of(differences);
    std::string text =
        row_of(widths, "quantity", "address", "phase", fmt::format("{:>8}  distance", "absolute"));
    for (const Difference& d : differences.all) {
        text += row_of(widths, d.symbol, d.address, d.phase,
                       fmt::format("{:>8.2g}  {:>8.2g}", d.absolute, d.distance()));
    }
    return text +
           "  distance  root mean square of the difference over that of the equations', of all "
           "entries and steps\n";
}

std::string not_seen_text(const Differences& differences) {
    std::vector<std::string> names;
    for (const Difference* d : differences.not_seen())
        names.push_back(fmt::format("{} ({})", d->symbol, d->address));
    return fmt::format(
        "not seen: {} stayed within {:g} of zero in every step, so that nothing was compared; "
        "expected larger numbers, or a smaller `tolerance`\n",
        list_of(names), differences.tolerance);
}

std::string verdict_of(const Differences& differences) {
    const Difference* first = differences.first();
    if (!first && !differences.hold()) return not_seen_text(differences);
    if (!first) {
        return fmt::format("holds: no quantity is off by more than {:g} (largest: {:.1e})\n",
                           differences.tolerance, differences.largest());
    }
    return fmt::format(
        "fails: {} ({}) is the first to be off by more than {:g}, in step {}, phase "
        "\"{}\"\n",
        first->symbol, first->address, differences.tolerance, first->first_step, first->phase);
}

std::string beginning(const Model& model) {
    return fmt::format("{}\n{}\n\n", on_one_line(model.path), on_one_line(model.title));
}

std::string texts_text(const Model& model, const Differences& texts, std::int64_t steps) {
    return fmt::format("circuit against the text of its rules, step by step, {} steps, seed {}\n",
                       steps, model.seed) +
           verdict_table(texts) + '\n' + verdict_of(texts);
}

}  // namespace

std::string verification_text(const Model& model, const Verification& found, std::int64_t steps) {
    if (has_texts_alone(model)) return beginning(model) + texts_text(model, *found.texts, steps);
    const Algorithm& algorithm = algorithm_of(model);
    const std::vector<std::string> taken_on = names_of(Approximations(model));
    std::string text = beginning(model);
    text += fmt::format(
        "circuit against the equations of {}{}, {} steps, seed {}\n", algorithm.in_print,
        taken_on.empty() ? "" : fmt::format(" with {}", list_of(taken_on)), steps, model.seed);
    text += verdict_table(found.declared) + '\n';
    if (found.paper) {
        text += fmt::format(
            "circuit against the equations of {} without {}: no verdict, it grows "
            "with the steps\n",
            algorithm.in_print, list_of(taken_on));
        text += distance_table(*found.paper) + '\n';
        if (!found.paper->first())
            text += fmt::format("{} made no difference: the numbers are those without\n\n",
                                list_of(taken_on));
    } else {
        text += "nothing is approximated: these are the paper's equations\n\n";
    }
    text += verdict_of(found.declared);
    return found.texts ? text + '\n' + texts_text(model, *found.texts, steps) : text;
}

namespace {

Array rows_of(const Differences& differences) {
    Array rows;
    for (const Difference& d : differences.all) {
        Table row{{entry("symbol", d.symbol), entry("address", d.address), entry("phase", d.phase),
                   entry("absolute", d.absolute), entry("relative", d.relative),
                   entry("distance", d.distance())}};
        if (d.first_step > 0) row.entries.push_back(entry("exceeds_in_step", d.first_step));
        rows.emplace_back().content = std::move(row);
    }
    return rows;
}

Array not_seen_of(const Differences& differences) {
    Array not_seen;
    for (const Difference* d : differences.not_seen()) not_seen.emplace_back().content = d->symbol;
    return not_seen;
}

// "holds", "largest", "differences", "not_seen"
std::vector<Entry> verdict_entries(const Differences& differences) {
    return {entry("holds", differences.hold()), entry("largest", differences.largest()),
            entry("differences", rows_of(differences)),
            entry("not_seen", not_seen_of(differences))};
}

std::string texts_json(const Model& model, const Differences& texts, std::int64_t steps) {
    Table table{{entry("model", model.path), entry("steps", steps),
                 entry("seed", std::int64_t{model.seed}), entry("tolerance", texts.tolerance)}};
    for (Entry& one : verdict_entries(texts)) table.entries.push_back(std::move(one));
    return to_json(table);
}

}  // namespace

std::string verification_json(const Model& model, const Verification& found, std::int64_t steps) {
    if (has_texts_alone(model)) return texts_json(model, *found.texts, steps);
    Array taken_on;
    for (const std::string& name : names_of(Approximations(model)))
        taken_on.emplace_back().content = name;
    Table table{
        {entry("model", model.path), entry("implements", std::string(algorithm_of(model).name)),
         entry("approximations", taken_on), entry("steps", steps),
         entry("seed", std::int64_t{model.seed}), entry("tolerance", found.declared.tolerance),
         entry("holds", found.hold()), entry("largest", found.declared.largest()),
         entry("differences", rows_of(found.declared))}};
    table.entries.push_back(entry("not_seen", not_seen_of(found.declared)));
    if (found.paper) {
        table.entries.push_back(entry("without_approximations", rows_of(*found.paper)));
        table.entries.push_back(entry("approximations_coincide", !found.paper->first()));
    }
    if (found.texts) table.entries.push_back(entry("texts", Table{verdict_entries(*found.texts)}));
    return to_json(table);
}

std::string failure_json(const std::string& model, const Error& error) {
    const bool is_numerical = error.code() == ExitCode::numerical_failure;
    if (!is_numerical && error.code() != ExitCode::verification_failed) return "";
    return to_json({{entry("model", model), entry("holds", false),
                     entry(is_numerical ? "failure" : "because", std::string(error.what()))}});
}

}  // namespace apical
