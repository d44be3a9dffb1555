// A shipped model of a few cells that is diagnosed while it runs.
#pragma once

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/engine/state_matrices.hpp"
#include "tests/oracle.hpp"

namespace apical {

using oracle::Assignments;
using oracle::Setting;

inline const Setting small_add = {.n = 6,
                                  .alpha = 0.5,
                                  .activation = 0,  // tanh
                                  .mimic = false,
                                  .random_feedback = false};

// W_rec = 0 for good; with alpha = 1 nothing of a step is left in the next.
inline const Assignments no_recurrence = {"synapses.W_rec.init={ constant = 0.0 }",
                                          "plasticity.recurrent.synapses=[\"W_in\", \"b\"]"};

inline Assignments operator+(Assignments one, const Assignments& two) {
    one.insert(one.end(), two.begin(), two.end());
    return one;
}

inline Model diagnosed(const std::string& name, const Setting& setting,
                       const Assignments& overrides = {}) {
    return oracle::loaded(name, setting, Assignments{"diagnose.alignment=true"} + overrides);
}

struct DiagnosedRun {
    explicit DiagnosedRun(Model loaded)
        : model(std::move(loaded)),
          state(model.program),
          plan(prepare(model, state)),
          diagnosis(measured(model), plan, state),
          scheduler(model, plan, state, nullptr, &diagnosis) {}
    DiagnosedRun(const DiagnosedRun&) = delete;
    DiagnosedRun& operator=(const DiagnosedRun&) = delete;

    void step(std::int64_t count = 1) { scheduler.run_to(scheduler.step() + count); }
    Matrix matrix(const std::string& address) const { return numbers_of(state, address); }
    Vector vector(const std::string& address) const { return matrix(address).col(0); }
    double operator()(const std::string& address) const { return matrix(address)(0, 0); }
    double operator()(const std::string& measure, const std::string& name) const {
        return (*this)(fmt::format("{}({})", measure, name));
    }

    Model model;
    State state;
    Plan plan;
    Diagnosis diagnosis;
    Scheduler scheduler;

private:
    static Plan prepare(const Model& model, State& state) {
        initialize(state, model.circuit, model.seed, model.directory);
        return Plan::compile(model.program, state);
    }
};

// The sets that the model's rules align, and the rules' labels.
inline std::vector<std::string> aligned_names(const Model& model) {
    std::vector<std::string> names;
    for (const AlignedRule& rule : model.diagnosed.rules) {
        for (const AlignedSet& one : rule.sets) names.push_back(model.circuit[one.set].name);
        names.push_back(rule.label);
    }
    REQUIRE_FALSE(names.empty());
    return names;
}

// Nothing is expected of a set whose inputs were all silent: its gradient is 0.
inline bool is_silent(const DiagnosedRun& run, const std::string& name) {
    const Matrix& exact = run.diagnosis.alignments().front().pairing().exact();
    const int n = run.model.circuit[run.model.circuit.find_population("hidden")].size;
    return name == "W_in" && (exact.middleCols(n, exact.cols() - n - 1).array() == 0.0).all();
}

// The estimate is `ratio` times the exact gradient, in each set and for all.
inline void is_exact(const DiagnosedRun& run, double ratio = 1.0) {
    for (const std::string& name : aligned_names(run.model)) {
        INFO(name << " after " << run.scheduler.step() << " steps");
        if (is_silent(run, name)) {
            CHECK(std::isnan(run("cosine", name)));
            CHECK(std::isnan(run("norm_ratio", name)));
        } else {
            CHECK(std::abs(run("cosine", name) - 1.0) < 1e-12);
            CHECK(std::abs(run("norm_ratio", name) - ratio) < 1e-12);
        }
        if (ratio != 1.0) continue;
        CHECK(run("bias", name) < 1e-12);
        CHECK(run("variance", name) < 1e-12);
    }
}

inline void nothing_is_compared(const DiagnosedRun& run) {
    for (const std::string& name : aligned_names(run.model)) {
        for (const char* measure : {"cosine", "norm_ratio", "bias", "variance"}) {
            INFO(measure << " of " << name << " after " << run.scheduler.step() << " steps");
            CHECK(std::isnan(run(measure, name)));
        }
    }
}

// Mean cosine of all sets over the next steps.
inline double mean_cosine(DiagnosedRun& run, int steps) {
    double sum = 0.0;
    for (int i = 0; i < steps; ++i) {
        run.step();
        sum += run("cosine", "recurrent") / steps;
    }
    return sum;
}

}  // namespace apical
