#include "sim/diagnosis/exact_gradient.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

bool faces_future(const AlignedRule& rule) {
    return rule.facing == Facing::future || rule.facing == Facing::future_late;
}

using Shadow = std::variant<ExactInfluence, algebra::Bptt, algebra::BpttPast>;

Shadow shadow_of(const AlignedRule& rule, Exact exact, const algebra::Settings& settings,
                 const algebra::Start& start, const Kernels& kernels) {
    const auto window = static_cast<std::size_t>(rule.exact_window);
    if (faces_future(rule)) return algebra::Bptt(settings, start, window);
    if (exact == Exact::by_bptt) return algebra::BpttPast(settings, start, window);
    return ExactInfluence(settings, start, kernels);
}

template <class Algorithm>
void take_step(Algorithm& shadow, const NetworkMoment& moment, bool) {
    shadow.step(moment.x, moment.label);
}

void take_step(algebra::BpttPast& shadow, const NetworkMoment& moment, bool wanted) {
    shadow.observe(moment.x, moment.label);
    if (wanted) shadow.unroll();
}

}  // namespace

int lag_of(const AlignedRule& rule) {
    if (rule.facing == Facing::future) return rule.exact_window - 1;
    if (rule.facing == Facing::future_late) return rule.exact_window - rule.window;
    return 0;
}

bool uses_influence(const AlignedRule& rule, Exact exact) {
    return !faces_future(rule) && exact == Exact::by_rtrl;
}

std::string name_of_truth(const AlignedRule& rule, Exact exact) {
    if (exact == Exact::by_adjoint && rule.exact_window == 0)
        return "the program run backwards, whole trials";
    if (exact == Exact::by_adjoint)
        return fmt::format("the program run backwards, {} step{}", rule.exact_window,
                           rule.exact_window == 1 ? "" : "s");
    if (faces_future(rule)) return fmt::format("F-BPTT's gradient of {} steps", rule.exact_window);
    if (uses_influence(rule, exact)) return "RTRL's gradient";
    return fmt::format("Eq. (1) cut off after {} steps", rule.exact_window);
}

// Beside the influence a handful of matrices: W twice, G three times, update, estimate, exact
// gradient, error, mean error.
double bytes_of_exact_gradient(const AlignedRule& rule, Exact exact, double n, double m) {
    constexpr double matrices = 10.0;
    const double influences = uses_influence(rule, exact) ? n : 0.0;
    const double past = uses_influence(rule, exact) ? 0.0 : rule.exact_window * (3.0 * n + m);
    return (n * m * (matrices + influences + lag_of(rule)) + past) * sizeof(double);
}

ExactGradient::ExactGradient(const AlignedRule& rule, Exact exact,
                             const algebra::Settings& settings, const algebra::Start& start,
                             const Kernels& kernels)
    : shadow_(shadow_of(rule, exact, settings, start, kernels)) {}

void ExactGradient::step(const NetworkMoment& moment, bool wanted) {
    std::visit(
        [&](auto& shadow) {
            shadow.W = moment.W;
            shadow.W_out = moment.W_out;
            shadow.r = moment.r;
            take_step(shadow, moment, wanted);
        },
        shadow_);
}

const algebra::Network& ExactGradient::network() const {
    return std::visit([](const auto& shadow) -> const algebra::Network& { return shadow; },
                      shadow_);
}

Pairing::Pairing(const AlignedRule& rule, algebra::Index rows, algebra::Index columns)
    : facing_(rule.facing),
      window_(rule.window),
      exact_window_(rule.exact_window),
      lag_(static_cast<std::size_t>(rule.lag)),
      sum_(algebra::Matrix::Zero(rows, columns)) {}

bool Pairing::take(const algebra::Matrix& update, const algebra::Matrix& exact, std::int64_t step) {
    if (facing_ == Facing::past_window) return take_window(update, exact, step);
    if (facing_ != Facing::past) return take_late(update, exact, step);
    estimate_ = update;
    exact_ = exact;
    return true;
}

bool Pairing::take_window(const algebra::Matrix& update, const algebra::Matrix& exact,
                          std::int64_t step) {
    sum_ += exact;
    if (step % window_ != 0) return false;
    estimate_ = update;
    exact_ = sum_;
    sum_.setZero();
    return true;
}

bool Pairing::take_late(const algebra::Matrix& update, const algebra::Matrix& exact,
                        std::int64_t step) {
    waiting_.push_back(update);
    if (waiting_.size() <= lag_) return false;
    estimate_ = std::move(waiting_.front());
    waiting_.pop_front();
    exact_ = exact;
    return step >= exact_window_;
}

}  // namespace apical
