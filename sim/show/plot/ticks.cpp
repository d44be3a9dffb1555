#include "sim/show/plot/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "circuits/text/text.hpp"
#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/text_width.hpp"

namespace apical {

namespace {

constexpr double tick_cm = 1.0, between_labels = 0.3;
// A label of so many characters is read as easily as one with a power of ten.
constexpr std::size_t short_label = 7;

int decade_of(double number) {
    return static_cast<int>(std::floor(std::log10(std::abs(number)) + 1e-9));
}

std::string power_of_ten(int exponent) {
    constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = exponent < 0 ? "10⁻" : "10";
    for (const char digit : std::to_string(std::abs(exponent))) text += digits[digit - '0'];
    return text;
}

std::string fixed(double number, int decimals) {
    std::string text = fmt::format("{:.{}f}", number, std::max(0, decimals));
    return text.find_first_of("123456789") == std::string::npos ? "0" : text;
}

// "2.5×10⁻⁷", down to the decade `last`.
std::string scientific(double number, int last) {
    if (number == 0.0) return "0";
    const int decade = decade_of(number);
    std::string factor =
        fmt::format("{:.{}f}", number / std::pow(10.0, decade), std::max(0, decade - last));
    while (factor.find('.') != std::string::npos && (factor.back() == '0' || factor.back() == '.'))
        factor.pop_back();
    if (factor == "1" || factor == "-1") {
        factor.pop_back();
    } else {
        factor += "×";
    }
    return factor + power_of_ten(decade);
}

std::size_t longest(const std::vector<std::string>& texts) {
    std::size_t most = 0;
    for (const std::string& one : texts) most = std::max(most, characters_in(one));
    return most;
}

std::vector<Tick> labelled(const std::vector<double>& numbers, double step) {
    const std::vector<std::string> labels = labels_of(numbers, step);
    std::vector<Tick> ticks;
    for (std::size_t k = 0; k < numbers.size(); ++k) ticks.push_back({numbers[k], labels[k]});
    return ticks;
}

std::vector<Tick> linear_ticks(const AxisRange& range, double most, double least) {
    const double step = std::max(tick_step(range.high - range.low, most), least);
    if (!(step > 0.0)) return {};  // an axis of no length, of a figure without curves
    std::vector<double> numbers;
    // The nearest double to each multiple, so that 3 * 0.1 is 0.3.
    const int decimals = -decade_of(step);
    const double first = std::ceil(range.low / step - 1e-9),
                 last = std::floor(range.high / step + 1e-9);
    for (double k = first; k <= last && numbers.size() < 1000; ++k)
        numbers.push_back(
            decimals > 0 && decimals < 300
                ? std::strtod(fmt::format("{:.{}f}", k * step, decimals).c_str(), nullptr)
                : k * step);
    return labelled(numbers, step);
}

// 1, 2 and 5 times each power of ten in the range; all others are small.
std::vector<Tick> ticks_within_decades(const AxisRange& range) {
    std::vector<Tick> ticks;
    for (int decade = decade_of(range.low) - 1; decade <= decade_of(range.high); ++decade) {
        for (const int factor : {1, 2, 3, 4, 5, 6, 7, 8, 9}) {
            const double at = factor * std::pow(10.0, decade);
            if (at < range.low || at > range.high) continue;
            const bool has_label = factor == 1 || factor == 2 || factor == 5;
            ticks.push_back({at, has_label ? labels_of({at}, at)[0] : ""});
        }
    }
    return ticks;
}

// Each power of ten, of which every `every`-th has a label.
std::vector<Tick> ticks_of_decades(const AxisRange& range, double most) {
    const int first = static_cast<int>(std::ceil(std::log10(range.low) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(range.high) + 1e-9));
    int every = 1;
    while ((last - first) / every + 1 > std::max(2.0, most)) ++every;
    std::vector<Tick> ticks;
    for (int decade = first - 1; decade <= last; ++decade) {
        const double power = std::pow(10.0, decade);
        const bool has_label = decade >= first && (decade - first) % every == 0;
        if (decade >= first && (has_label || every <= 10))
            ticks.push_back({power, has_label ? power_of_ten(decade) : ""});
        for (int factor = 2; factor < 10 && every == 1; ++factor)
            if (const double at = factor * power; at >= range.low && at <= range.high)
                ticks.push_back({at, ""});
    }
    return ticks;
}

std::size_t labels_in(const std::vector<Tick>& ticks) {
    return static_cast<std::size_t>(std::count_if(
        ticks.begin(), ticks.end(), [](const Tick& one) { return !one.label.empty(); }));
}

std::vector<Tick> log_ticks(const AxisRange& range, double most) {
    if (range.high / range.low >= 100.0) return ticks_of_decades(range, most);
    const std::vector<Tick> few = ticks_within_decades(range);
    const std::size_t labels = labels_in(few);
    if (labels >= 3 && static_cast<double>(labels) <= std::max(3.0, most)) return few;
    return labels < 3 ? linear_ticks(range, most, 0.0) : ticks_of_decades(range, most);
}

}  // namespace

std::vector<std::string> labels_of(const std::vector<double>& numbers, double step) {
    constexpr double largest_fixed = 1e15;  // beyond it doubles have no last digit
    const int last = decade_of(step);
    std::vector<std::string> plain, powers;
    bool is_plain = true;
    for (const double number : numbers) {
        is_plain &= std::abs(number) < largest_fixed;
        plain.push_back(is_plain ? fixed(number, -last) : "");
        powers.push_back(scientific(number, last));
    }
    return is_plain && longest(plain) <= std::max(short_label, longest(powers)) ? plain : powers;
}

std::vector<Tick> ticks_of(const AxisRange& range, double most, double least) {
    return range.is_log ? log_ticks(range, most) : linear_ticks(range, most, least);
}

std::vector<Tick> ticks_along(const AxisRange& range, double cm, double least) {
    double apart = tick_cm;
    std::vector<Tick> ticks = ticks_of(range, cm / apart, least);
    // Fewer numbers may have longer labels, and these need more room again.
    for (double needed = 0.0;
         (needed = widest_label_cm(ticks) + between_labels) > apart && cm / needed > 1.0;
         ticks = ticks_of(range, cm / apart, least))
        apart = needed;
    return ticks;
}

double widest_label_cm(const std::vector<Tick>& ticks) {
    double width = 0.0;
    for (const Tick& one : ticks) width = std::max(width, width_cm(one.label));
    return width;
}

std::string list_of_ticks(const std::vector<Tick>& ticks) {
    std::string text;
    for (const Tick& one : ticks)
        text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", quoted(one.label),
                            number(one.at), one.label.empty() ? " 1" : "");
    return "(" + text + ")";
}

}  // namespace apical
