#include "circuits/equations/other_notations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Names in small letters; what is meant is known to rules, and most of it to activations too.
constexpr Pair functions_elsewhere[] = {
    {"sigmoid", "logistic"},  {"sigm", "logistic"}, {"expit", "logistic"},   {"relu", "rectified"},
    {"rectify", "rectified"}, {"pos", "rectified"}, {"heaviside", "step"},   {"heav", "step"},
    {"theta", "step"},        {"sgn", "sign"},      {"signum", "sign"},      {"ln", "log"},
    {"fabs", "abs"},          {"clamp", "clip"},    {"where", "select"},     {"if", "select"},
    {"ifelse", "select"},     {"iif", "select"},    {"delay", "previous"},   {"last", "previous"},
    {"average", "mean"},      {"matmul", "dot"},    {"derivative", "slope"}, {"dphi", "slope"},
    {"activation", "phi"},
};

constexpr std::string_view powers[] = {"pow", "power", "square", "sqr", "cube"};

constexpr std::string_view draws[] = {"randn", "rand", "normal", "gauss", "gaussian", "noise"};

constexpr Pair greek_letters[] = {
    {"\u03b1", "alpha"},   {"\u03b2", "beta"},    {"\u03b3", "gamma"}, {"\u03b4", "delta"},
    {"\u03b5", "epsilon"}, {"\u03f5", "epsilon"}, {"\u03b6", "zeta"},  {"\u03b7", "eta"},
    {"\u03b8", "theta"},   {"\u03d1", "theta"},   {"\u03ba", "kappa"}, {"\u03bb", "lambda"},
    {"\u03bc", "mu"},      {"\u00b5", "mu"},      {"\u03bd", "nu"},    {"\u03be", "xi"},
    {"\u03c0", "pi"},      {"\u03c1", "rho"},     {"\u03c3", "sigma"}, {"\u03c4", "tau"},
    {"\u03c6", "phi"},     {"\u03d5", "phi"},     {"\u03c7", "chi"},   {"\u03c8", "psi"},
    {"\u03c9", "omega"},
};

std::string in_small_letters(std::string_view name) {
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return small;
}

}  // namespace

std::string did_you_mean_function(std::string_view name, const std::vector<std::string>& known) {
    const std::string small = in_small_letters(name);
    const auto knows = [&](std::string_view one) { return std::ranges::count(known, one) > 0; };
    for (const auto& [elsewhere, here] : functions_elsewhere) {
        if (elsewhere == small && knows(here)) return fmt::format(" Did you mean \"{}\"?", here);
    }
    if (std::ranges::count(powers, small) > 0) return " A power is written x^2.";
    if (std::ranges::count(draws, small) > 0 && knows("previous"))
        return " Noise is a state that is drawn: state = { xi = { at = \"post\", draw = "
               "\"normal\" } }.";
    return did_you_mean(name, known);
}

std::string_view greek_letter(std::string_view text) {
    const auto* found =
        std::find_if(std::begin(greek_letters), std::end(greek_letters),
                     [&](const Pair& letter) { return text.starts_with(letter.first); });
    return found == std::end(greek_letters) ? std::string_view() : found->second;
}

}  // namespace apical
