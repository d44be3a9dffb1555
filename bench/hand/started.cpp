#include "bench/hand/started.hpp"

#include <algorithm>
#include <string_view>

namespace hand {

namespace {

// FNV-1a, by which the engine keys a stream of random numbers.
std::uint32_t hash(std::string_view name) {
    std::uint32_t value = 2166136261u;
    for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 16777619u;
    return value;
}

}  // namespace

template <class Loop>
Started<Loop>::Started(const Loops& loops, const apical::Model& model, const apical::State& state)
    : loops_(loops), model_(model), state_(state) {
    start();
}

template <class Loop>
double* Started<Loop>::room(std::size_t count) {
    return memory_.emplace_back(count).data();
}

// The numbers of a slot, row after row.
template <class Loop>
std::vector<double> Started<Loop>::read(const char* name) const {
    const apical::SlotId slot = state_.program().find(name);
    const apical::Slot& shape = state_.program()[slot];
    std::vector<double> numbers(static_cast<std::size_t>(shape.rows) *
                                static_cast<std::size_t>(shape.columns));
    state_.read(slot, numbers.data());
    return numbers;
}

template <class Loop>
double* Started<Loop>::vector(const char* name) {
    const std::vector<double> from = read(name);
    return std::copy(from.begin(), from.end(), room(from.size())) - from.size();
}

// The sets side by side, in panels.
template <class Loop>
double* Started<Loop>::matrix(const std::vector<const char*>& sets, std::size_t columns) {
    const std::size_t n = loop_.net.n, panel = loops_.panel_rows;
    double* const to = room(n * columns);
    std::size_t first = 0;
    for (const char* set : sets) {
        const std::vector<double> from = read(set);
        const std::size_t count = from.size() / n;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < count; ++j)
                to[i / panel * panel * columns + (first + j) * panel + i % panel] =
                    from[i * count + j];
        }
        first += count;
    }
    return to;
}

// `feedback` goes from the two outputs to the cells, or when transposed back.
template <class Loop>
void Started<Loop>::start_network(const char* feedback, bool transposed) {
    Network& net = loop_.net;
    net.r = vector("hidden.r");
    net.n = read("hidden.r").size();
    net.m = net.n + 3;
    net.W = matrix({"W_rec", "W_in", "b"}, net.m);
    const std::vector<double> W_out = read("W_out"), back = read(feedback);
    for (std::size_t k = 0; k < 2; ++k) {
        net.W_out[k] = room(net.n);
        net.feedback[k] = room(net.n);
        std::copy_n(&W_out[k * net.n], net.n, net.W_out[k]);
        for (std::size_t i = 0; i < net.n; ++i)
            net.feedback[k][i] = back[transposed ? k * net.n + i : 2 * i + k];
        net.b_out[k] = read("b_out")[k];
    }
    for (double** one : {&net.voltage, &net.slope, &net.credit}) *one = room(net.n);
    for (double** one : {&net.hat, &net.hat_before}) *one = room(net.m);
}

template <>
void Started<Rflo>::start() {
    step_ = loops_.rflo;
    start_network("B_fb", false);
    loop_.B = room(loop_.net.n * loop_.net.m);
    for (double** one : {&loop_.post, &loop_.rate_of_row}) *one = room(loop_.net.n);
}

// The credit goes back through W_out itself.
template <>
void Started<Uoro>::start() {
    step_ = loops_.uoro;
    start_network("W_out", true);
    for (std::size_t k = 0; k < 2; ++k) loop_.net.feedback[k] = loop_.net.W_out[k];
    loop_.B = matrix({"B(W_rec)", "B(W_in)", "B(b)"}, loop_.net.m);
    loop_.A = room(loop_.net.m);
    const std::vector<double> A = read("recurrent.A");
    std::copy(A.begin(), A.end(), loop_.A);
    for (double** one : {&loop_.post, &loop_.influence, &loop_.carried, &loop_.signs})
        *one = room(loop_.net.n);
    loop_.keep = 1.0;
    loop_.seed = model_.seed;
    loop_.stream = hash("noise/recurrent.nu");
}

template <>
void Started<DniB>::start() {
    step_ = loops_.dni_b;
    start_network("B_fb", false);
    const std::size_t n = loop_.net.n, m = loop_.net.m;
    loop_.A = matrix({"A_r", "A_y", "A_1"}, m);
    loop_.J = matrix({"J"}, n);
    for (double** one : {&loop_.a, &loop_.a_before, &loop_.u, &loop_.credit_before, &loop_.dW,
                         &loop_.dA, &loop_.dJ, &loop_.forecast, &loop_.back})
        *one = room(n);
    for (double** one : {&loop_.tilde, &loop_.tilde_before, &loop_.tilde_before_that})
        *one = room(m);
    std::copy_n(loop_.net.r, n, loop_.tilde);
    std::copy_n(read("label.r").begin(), 2, loop_.tilde + n);
    loop_.tilde[n + 2] = 1.0;
}

template class Started<Rflo>;
template class Started<Uoro>;
template class Started<DniB>;

}  // namespace hand
