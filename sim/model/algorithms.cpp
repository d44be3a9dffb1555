#include "sim/model/algorithms.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/resolve.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

using enum Approximation;

constexpr Approximation feedback[] = {random_feedback},
                        feedback_and_alpha[] = {random_feedback, leave_out_alpha},
                        of_dni[] = {random_feedback, target_copy, learned_jacobian},
                        of_dni_b[] = {held, random_feedback, target_copy, jacobian_first};

constexpr Algorithm all_algorithms[] = {
    {"rtrl", "RTRL", "the exact influence of every synapse on every cell", "M_kij",
     feedback_and_alpha},
    {"bptt", "BPTT", "credit carried back through a window that slides", "c_i, T - 1 steps late",
     feedback_and_alpha},
    {"bptt_window", "BPTT", "credit carried back through one window after the other",
     "c_i, every T steps", feedback_and_alpha},
    {"uoro", "UORO", "an influence of rank one, unbiased by random signs", "A_k B_ij",
     feedback_and_alpha},
    {"kf_rtrl", "KF-RTRL", "an influence that is a Kronecker product, unbiased", "A_j B_ki",
     feedback_and_alpha},
    {"r_kf", "R-KF", "a Kronecker product the other way round, unbiased", "A_i B_kj",
     feedback_and_alpha},
    {"kernl", "KeRNL", "traces weighted by a kernel that a noisy twin teaches", "A_ki B_ij",
     feedback},
    {"rflo", "RFLO", "traces of each synapse, taught by random feedback", "delta_ki B_ij",
     feedback},
    {"dni", "DNI", "synthetic gradients with the exact Jacobian", "A_li", of_dni},
    {"dni_b", "DNI(b)", "synthetic gradients with a learned Jacobian, in two phases", "A_li",
     of_dni_b},
    {"fixed_w", "fixed W", "only the readout learns", "0", {}},
};

}  // namespace

std::string_view name_of(Approximation approximation) {
    return choice(approximation_names, static_cast<std::size_t>(approximation));
}

std::span<const Algorithm> algorithms() { return all_algorithms; }

const Algorithm& find_algorithm(const Text& name) {
    std::vector<std::string> known;
    for (const Algorithm& one : all_algorithms) {
        if (one.name == name.text) return one;
        known.emplace_back(one.name);
    }
    reject_unknown(name, "algorithm", known);
}

std::string list_algorithms() {
    std::string text =
        fmt::format("{:<12} {:<8} {:<60} {}\n", "algorithm", "", "", "influence or credit");
    for (const Algorithm& one : all_algorithms) {
        text += fmt::format("{:<12} {:<8} {:<60} {}\n", one.name, one.in_print, one.summary,
                            one.influence);
    }
    return text;
}

Table algorithms_as_table() {
    Array list;
    for (const Algorithm& one : all_algorithms) {
        Table row;
        const auto add = [&row](const char* key, std::string text) {
            row.entries.emplace_back().key = key;
            row.entries.back().value.content = std::move(text);
        };
        add("name", std::string(one.name));
        add("in_print", std::string(one.in_print));
        add("summary", std::string(one.summary));
        add("influence", std::string(one.influence));
        add("model", fmt::format("models/{}.toml", one.name));
        add("page", fmt::format("docs/rules/{}.md", one.name));
        list.emplace_back().content = std::move(row);
    }
    Table whole;
    whole.entries.emplace_back().key = "algorithms";
    whole.entries.back().value.content = std::move(list);
    return whole;
}

}  // namespace apical
