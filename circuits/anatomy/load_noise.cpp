// [noise.*] tables.
#include <fmt/format.h>

#include <cmath>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

class NoiseLoader {
public:
    NoiseLoader(const Circuit& circuit, Entry& entry)
        : circuit_(circuit),
          section_(inner_table(entry, "noise"), entry.where, "noise." + entry.key,
                   noise_source_keys()) {
        noise_.name = entry.key;
        noise_.where = entry.where;
    }

    NoiseSource load() && {
        find_target();
        find_phases();
        const Text kind = section_.text("kind");
        noise_.kind = NoiseKind(index_of_choice(noise_kind_names, kind.text));
        noise_.window = load_window(circuit_, section_);
        noise_.hold = static_cast<int>(section_.integer("hold"));
        load_file(kind);
        check_size(kind);
        for (std::size_t p = 0; p < circuit_.phases.size(); ++p) scale(PhaseId(p));
        return std::move(noise_);
    }

private:
    void find_target() {
        const Text into = section_.text("into");
        const Signal signal = resolve_signal(circuit_, into);
        noise_.voltage = signal.voltage;
        noise_.cells = signal.voltage ? circuit_[signal.voltage].population : signal.rate;
        const bool is_now = !signal.is_previous && !signal.is_before && !signal.at_end;
        const Role role = circuit_[noise_.cells].role;
        const bool may_be = role != Role::label && role != Role::constant;
        if (noise_.voltage && circuit_[noise_.voltage].reversal) {
            reject(into.where, fmt::format("[{}] goes into \"{}\", which stays at its reversal "
                                           "potential; expected what is coupled to it",
                                           section_.name(), shortened(into.text)));
        }
        if (is_now && may_be) return;
        reject(into.where,
               fmt::format("[{}] goes into \"{}\", {}; expected a voltage or a rate of cells, of "
                           "the output or of the input",
                           section_.name(), shortened(into.text),
                           is_now ? "which is given" : "which is of another time than now"));
    }

    bool is_input() const { return circuit_[noise_.cells].role == Role::input; }
    // Whether it can be added in the phase.
    bool is_made_in(PhaseId phase) const {
        return is_input() ? phase == PhaseId(0) : circuit_.fires(noise_.cells, phase);
    }

    // A soma is felt while it is open, not where dendrites alone make the cells fire.
    bool is_felt_in(PhaseId phase) const {
        const bool is_soma = noise_.voltage && circuit_.is_soma(noise_.voltage);
        return !is_soma || circuit_.is_open(noise_.voltage, phase);
    }

    void find_phases() {
        noise_.during.resize(circuit_.phases.size());
        noise_.scale.resize(circuit_.phases.size());
        noise_.decay.resize(circuit_.phases.size());
        if (section_.has("during")) {
            for (const PhaseId phase : load_during(circuit_, section_))
                noise_.during[phase.value] = true;
            check_phases();
        } else {
            bool any = false;
            for (std::size_t p = 0; p < circuit_.phases.size(); ++p)
                any |= noise_.during[p] = is_made_in(PhaseId(p)) && is_felt_in(PhaseId(p));
            if (!any)
                section_.require(
                    "during",
                    fmt::format("noise \"{}\", whose cells fire in no phase,", noise_.name));
        }
        const Phase& first = circuit_.phases.front();
        if (!is_input() || circuit_.iterations_of(PhaseId(0)) == 1) return;
        reject(section_.where("into"),
               fmt::format("[{}] goes into the input, which is given once a step, in phase \"{}\", "
                           "which is repeated; expected a first phase that is carried out once",
                           section_.name(), first.name));
    }

    // A rate that is not made anew would gather noise.
    void check_phases() const {
        for (const Text& name : section_.texts("during")) {
            const PhaseId phase = resolve_phase(circuit_, name);
            if (noise_.voltage || is_made_in(phase)) continue;
            reject(name.where,
                   fmt::format("[{}] goes into \"{}\" in phase \"{}\", in which {}; expected a "
                               "phase in which they fire, or a voltage",
                               section_.name(), section_.text("into").text, name.text,
                               is_input() ? "no input is given" : "its cells do not fire"));
        }
    }

    void load_file(const Text& kind) {
        if (!section_.has("file") && !section_.has("dataset")) return;
        section_.require("file", fmt::format("noise \"{}\" with a dataset", noise_.name));
        section_.require("dataset", fmt::format("noise \"{}\" with a file", noise_.name));
        noise_.path = section_.text("file").text;
        noise_.dataset = section_.text("dataset").text;
        noise_.where_file = section_.where("file");
        if (!is_uniform()) return;
        reject(section_.where("file"),
               fmt::format("[{}] is {} and has a file, whose numbers stand for draws of N(0, 1); "
                           "expected the kind normal or ou",
                           section_.name(), kind.text));
    }

    bool is_uniform() const {
        return noise_.kind == NoiseKind::uniform || noise_.kind == NoiseKind::sparse;
    }

    // The keys that say how large it is, of which one is there and fits the kind.
    void check_size(const Text& kind) {
        std::vector<std::string_view> given;
        for (const std::string_view key : {"sd", "density", "stationary_sd", "half_width"})
            if (section_.has(key)) given.push_back(key);
        if (given.size() > 1) {
            reject(section_.where(given[1]), fmt::format("[{}] has {} and {}; expected one",
                                                         section_.name(), given[0], given[1]));
        }
        const std::string_view fits = is_uniform()                   ? "half_width"
                                      : noise_.kind == NoiseKind::ou ? "sd"
                                                                     : "";
        if (given.empty() && noise_.path.empty())
            section_.require(fits.empty() ? "sd" : fits, who(kind));
        const bool is_wrong =
            !given.empty() && (fits.empty() ? given[0] == "half_width" : given[0] != fits);
        if (is_wrong) {
            reject(
                section_.where(given[0]),
                fmt::format("[{}] of the kind {} has {}; expected {}", section_.name(), kind.text,
                            given[0], fits.empty() ? "sd, density or stationary_sd" : fits));
        }
        take_only("probability", NoiseKind::sparse, kind);
        take_only("tau_ms", NoiseKind::ou, kind);
        if (noise_.kind == NoiseKind::sparse) noise_.probability = section_.number("probability");
        if (noise_.kind != NoiseKind::ou || noise_.hold == 1) return;
        reject(section_.where("hold"),
               fmt::format("[{}] is an Ornstein-Uhlenbeck process, which goes on in each step; "
                           "expected hold = 1",
                           section_.name()));
    }

    std::string who(const Text& kind) const {
        return fmt::format("noise \"{}\" of the kind {}", noise_.name, kind.text);
    }

    // A key that one kind needs and no other has.
    void take_only(std::string_view key, NoiseKind of, const Text& kind) const {
        if (noise_.kind == of) return section_.require(key, who(kind));
        if (!section_.has(key)) return;
        reject(section_.where(key), fmt::format("[{}] of the kind {} has {}; expected none",
                                                section_.name(), kind.text, key));
    }

    double given(std::string_view key) const {
        return section_.has(key) ? section_.number(key) : 1.0;
    }

    void scale(PhaseId phase) {
        const double ms = in_ms(circuit_[phase].nanoseconds);
        double& scale = noise_.scale[phase.value];
        if (is_uniform()) {
            scale = section_.number("half_width");
        } else if (noise_.kind == NoiseKind::ou) {
            const double tau = section_.number("tau_ms");
            noise_.decay[phase.value] = std::exp(-ms / tau);
            scale = given("sd") * std::sqrt(-std::expm1(-2.0 * ms / tau));
        } else if (section_.has("density")) {
            scale = section_.number("density") * std::sqrt(ms);
        } else if (section_.has("stationary_sd")) {
            scale = section_.number("stationary_sd") * std::sqrt(-std::expm1(-2.0 * ms / tau()));
        } else {
            scale = given("sd");
        }
    }

    double tau() const {
        if (noise_.voltage && circuit_[noise_.voltage].tau_ms > 0.0 &&
            !circuit_[noise_.voltage].tau)
            return circuit_[noise_.voltage].tau_ms;
        reject(
            section_.where("stationary_sd"),
            fmt::format("stationary_sd needs tau_ms of {}, one for all cells; expected it there, "
                        "or sd",
                        section_.text("into").text));
    }

    const Circuit& circuit_;
    Section section_;
    NoiseSource noise_;
};

}  // namespace

void load_noise(Circuit& circuit, Table& root) {
    Value* tables = root.find("noise");
    if (!tables) return;
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(tables->content).entries) {
        mistakes.attempt([&] {
            check_letters({entry.key, entry.where});
            circuit.noises.push_back(NoiseLoader(circuit, entry).load());
        });
    }
    mistakes.reject_any();
}

}  // namespace apical
