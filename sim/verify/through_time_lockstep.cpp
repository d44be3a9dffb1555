// Algorithms that carry an exact influence or a credit through time: RTRL and BPTT.
#include "sim/algebra/bptt.hpp"
#include "sim/algebra/bptt_window.hpp"
#include "sim/algebra/rtrl.hpp"
#include "sim/verify/lockstep.hpp"
#include "sim/verify/parts.hpp"

namespace apical {

namespace {

// M_kij in row k at column i m + j, from a tensor for each set of W.
algebra::Matrix influence_of(const CircuitRun& run) {
    const std::vector<SlotId> parts = run.at_synapses("influence");
    const auto n = run.model().program[parts.front()].rows;
    std::vector<algebra::Matrix> tensors;
    int m = 0;
    for (const SlotId part : parts) {
        tensors.push_back(numbers_of(run.state(), part));
        m += static_cast<int>(tensors.back().cols()) / n;
    }
    algebra::Matrix M(n, n * m);
    int first = 0;
    for (const algebra::Matrix& tensor : tensors) {
        const int pre = static_cast<int>(tensor.cols()) / n;
        for (int i = 0; i < n; ++i)
            M.middleCols(i * m + first, pre) = tensor.middleCols(i * pre, pre);
        first += pre;
    }
    return M;
}

struct Rtrl : algebra::Rtrl {
    Rtrl(const CircuitRun& run, const Approximations& approximations)
        : Rtrl(run, rule_of_W(run, "rtrl"), approximations) {}
    void step(const CircuitRun& run) { algebra::Rtrl::step(run.x(), run.label()); }
    void compare(const CircuitRun& run, Comparison& found) const {
        found.same("J", {jacobian}, J);
        found.same("M", run.at_synapses("influence"), influence_of(run), M);
    }
    SlotId c_bar_slot, jacobian;

private:
    Rtrl(const CircuitRun& run, const BoundRule& rule, const Approximations& approximations)
        : algebra::Rtrl(settings_of(run, approximations),
                        start_of(run, rule.parts.credit, approximations)),
          c_bar_slot(rule.parts.credit),
          jacobian(run.slot(rule.signal_name("jacobian"))) {}
};

std::size_t window_of(const BoundRule& rule) { return static_cast<std::size_t>(rule.parts.window); }

struct Bptt : algebra::Bptt {
    Bptt(const CircuitRun& run, const Approximations& approximations)
        : Bptt(run, rule_of_W(run, "bptt"), approximations) {}
    void step(const CircuitRun& run) { algebra::Bptt::step(run.x(), run.label()); }
    void compare(const CircuitRun& run, Comparison& found) const {
        // Until the first window is full the circuit's oldest credit is that of no step.
        if (run.steps() >= static_cast<std::int64_t>(T)) found.same("c", {c_slot}, c);
        if (window.empty()) return;
        algebra::Matrix credits_now(n, window.size()), slopes_now(n, window.size());
        for (std::size_t s = 0; s < window.size(); ++s) {
            const auto steps_ago = static_cast<algebra::Index>(window.size() - 1 - s);
            credits_now.col(steps_ago) = window[s].c;
            slopes_now.col(steps_ago) = window[s].slope;
        }
        found.same("c in the window", {credits}, past(run, credits), credits_now);
        found.same("phi' in the window", {slopes}, past(run, slopes), slopes_now);
    }
    SlotId c_bar_slot, c_slot, credits, slopes;

private:
    Bptt(const CircuitRun& run, const BoundRule& rule, const Approximations& approximations)
        : algebra::Bptt(settings_of(run, approximations),
                        start_of(run, rule.parts.credit, approximations), window_of(rule)),
          c_bar_slot(rule.parts.credit),
          c_slot(run.slot(rule.signal_name("c"))) {
        const Program& program = run.model().program;
        const CompartmentId soma = run.circuit().soma(run.network().cells);
        credits = program.history_of(c_bar_slot, rule.signal_name("history"));
        slopes = program.history_of(program.slope_of(soma), rule.signal_name("history"));
    }
    // Column k of a history is of k steps ago.
    algebra::Matrix past(const CircuitRun& run, SlotId history) const {
        return numbers_of(run.state(), history)
            .leftCols(static_cast<algebra::Index>(window.size()));
    }
};

struct BpttWindow : algebra::BpttWindow {
    BpttWindow(const CircuitRun& run, const Approximations& approximations)
        : BpttWindow(run, rule_of_W(run, "bptt_window"), approximations) {}
    void step(const CircuitRun& run) { algebra::BpttWindow::step(run.x(), run.label()); }
    void compare(const CircuitRun&, Comparison&) const {}
    SlotId c_bar_slot;

private:
    BpttWindow(const CircuitRun& run, const BoundRule& rule, const Approximations& approximations)
        : algebra::BpttWindow(settings_of(run, approximations),
                              start_of(run, rule.parts.credit, approximations), window_of(rule)),
          c_bar_slot(rule.parts.credit) {}
};

}  // namespace

void verify_rtrl(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<Rtrl>(run, steps, found);
}

void verify_bptt(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<Bptt>(run, steps, found);
}

void verify_bptt_window(CircuitRun& run, std::int64_t steps, Verification& found) {
    lockstep<BpttWindow>(run, steps, found);
}

}  // namespace apical
