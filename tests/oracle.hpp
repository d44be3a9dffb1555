// Circuits beside their equations (sim/verify), in many settings.
#pragma once

#include <array>

#include "sim/verify/approximations.hpp"
#include "sim/verify/verify.hpp"
#include "tests/small_circuit.hpp"
#include "tests/this_build.hpp"

namespace apical::oracle {

inline constexpr int steps = 50;
inline constexpr double tolerance = 1e-12, rate = 0.002, rate_out = 0.003;
// v, r, z, y, L, e, G_out, W, W_out
inline constexpr std::size_t network_quantities = 9;

// What a model file is run with beside its own options.
struct Setting {
    int n;
    double alpha;
    int activation;  // of `activations`
    bool mimic, random_feedback;
};

inline constexpr std::array activations = {"tanh", "linear", "rectified", "logistic"};

// Each size with each activation; each two values of two other choices meet as well.
inline std::vector<Setting> settings() {
    constexpr int sizes[] = {1, 2, 7, 8, 9, 20};
    constexpr double alphas[] = {0.1, 0.5, 1.0};
    std::vector<Setting> all;
    for (int i = 0; i < 6; ++i) {
        for (int j = 0; j < 4; ++j) {
            all.push_back(
                {sizes[i], alphas[(i + j) % 3], j, (i + j) % 2 == 1, (i / 2 + j / 2) % 2 == 1});
        }
    }
    return all;
}

using Assignments = std::vector<std::string>;

inline const std::string without_alpha = "plasticity.recurrent.leave_out_alpha=true";

// What the file declares, and what is changed of it.
inline std::string approximations_of(const std::string& name, bool random_feedback,
                                     const Assignments& options) {
    std::vector<std::string> all;
    const auto add = [&](const std::string& one) { all.push_back(toml_text(one)); };
    const Approximations declared(load_model(path_of_shipped(name), {}));
    for (const Text& one : declared.names()) add(one.text);
    if (random_feedback) add("random_feedback");
    if (std::find(options.begin(), options.end(), without_alpha) != options.end())
        add("leave_out_alpha");
    return fmt::format("approximations=[{}]", list_of(all));
}

// Models of mirrored feedback can have random feedback in its place.
inline Model loaded(const std::string& name, const Setting& s, const Assignments& options) {
    const char* mirrored = "[synapses.W_out.back]";
    const bool change =
        s.random_feedback && content_of(path_of_shipped(name)).find(mirrored) != std::string::npos;
    const std::vector<Change> random = {
        {mirrored, "[synapses.B_fb]\ninit = { normal = \"1/sqrt(pre)\" }"}};
    Assignments overrides = {
        fmt::format("population.hidden.size={}", s.n),
        fmt::format("population.hidden.alpha={}", s.alpha),
        fmt::format("population.hidden.activation={}",
                    activations[static_cast<std::size_t>(s.activation)]),
        "synapses.W_rec.init={ orthogonal = 0.7 }",
        fmt::format("run.seed={}", s.n),
        fmt::format("plasticity.readout.rate={}", rate_out),
        approximations_of(name, change, options),
    };
    if (name != "fixed_w") overrides.push_back(fmt::format("plasticity.recurrent.rate={}", rate));
    if (s.mimic) overrides.push_back("task={ kind = \"mimic\", inputs = 3, outputs = 2 }");
    overrides.insert(overrides.end(), options.begin(), options.end());
    const TemporaryFolder folder;
    return load_model(
        folder.write("model.toml", drafted(name, change ? random : std::vector<Change>{})),
        overrides);
}

// Every quantity that a circuit and its equations have is the same in each step.
inline void follows(const std::string& name, const Assignments& overrides) {
    const std::vector<Setting> all = settings();
    // Where each takes many times as long, each fifth: of another size and another activation.
    for (std::size_t k = 0; k < all.size(); k += is_sanitized ? 5 : 1) {
        const Setting& setting = all[k];
        INFO(name << " {" << list_of(overrides) << "}, n = " << setting.n
                  << ", alpha = " << setting.alpha << ", "
                  << activations[static_cast<std::size_t>(setting.activation)]
                  << (setting.mimic ? ", mimic" : ", add")
                  << (setting.random_feedback ? ", random feedback" : ""));
        const Model model = loaded(name, setting, overrides);
        const Verification found = verify(model, steps, tolerance);
        REQUIRE(found.declared.all.size() >= network_quantities);
        if (const Difference* first = found.declared.first()) {
            FAIL(fmt::format("{} ({}) is off in step {}, by up to {}", first->symbol,
                             first->address, first->first_step, first->error));
        }
    }
    SUCCEED();
}

// The symbols of what is compared of a shipped model.
inline std::vector<std::string> compared(const std::string& name,
                                         const Assignments& overrides = {}) {
    const Model model = load_model(path_of_shipped(name), overrides);
    std::vector<std::string> symbols;
    for (const Difference& one : verify(model, 24, tolerance).declared.all)
        symbols.push_back(one.symbol);
    return symbols;
}

}  // namespace apical::oracle
