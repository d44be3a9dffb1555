// Numbers on axes, and the room that texts take.
#include "sim/show/plot/ticks.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "sim/show/plot/text_width.hpp"

using namespace apical;

namespace {

// "2.5×10⁻⁷" and "0.25" as a reader takes them.
double read_label(std::string text) {
    const std::vector<std::pair<std::string, std::string>> digits{
        {"×10", "e"}, {"⁰", "0"}, {"¹", "1"}, {"²", "2"}, {"³", "3"}, {"⁴", "4"},
        {"⁵", "5"},   {"⁶", "6"}, {"⁷", "7"}, {"⁸", "8"}, {"⁹", "9"}, {"⁻", "-"}};
    bool is_power = false;
    for (const auto& [from, to] : digits) {
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from)) {
            text.replace(at, from.size(), to);
            is_power = true;
        }
    }
    const std::size_t ten = text.find("10");
    if (is_power && text.find('e') == std::string::npos) text.replace(ten, 2, "1e");
    std::size_t end = 0;
    const double number = std::stod(text, &end);
    INFO(text);
    CHECK(end == text.size());
    return number;
}

std::vector<Tick> with_labels(std::vector<Tick> ticks) {
    std::erase_if(ticks, [](const Tick& one) { return one.label.empty(); });
    return ticks;
}

}  // namespace

TEST_CASE("labels of a linear axis say where they stand, and no two are the same", "[plot]") {
    for (const double middle : {0.0, 1e6, -1e6, 123456.7, 3.0, 1e-9, 1e12, -2.5e-4, 1e300}) {
        for (const double part : {1e-6, 1e-3, 0.3, 4.0}) {
            const double span = std::max(std::abs(middle), 1e-12) * part;
            const AxisRange range{middle - span, middle + span};
            INFO(middle << " ± " << span);
            const std::vector<Tick> ticks = ticks_of(range, 6.3);
            CHECK(ticks.size() >= 2);
            CHECK(ticks.size() <= 7);
            std::set<std::string> labels;
            const double step = ticks[1].at - ticks[0].at;
            for (const Tick& one : ticks) {
                CHECK((range.low - 1e-6 * span <= one.at && one.at <= range.high + 1e-6 * span));
                CHECK(std::abs(read_label(one.label) - one.at) < 1e-3 * step);
                labels.insert(one.label);
            }
            CHECK(labels.size() == ticks.size());
        }
    }
}

TEST_CASE("numbers near a million are written out, round millions as powers of ten", "[plot]") {
    CHECK(labels_of({999998.0, 999999.0, 1e6}, 1.0) ==
          std::vector<std::string>{"999998", "999999", "1000000"});
    CHECK(labels_of({0.0, 2e7, -4e7}, 2e7) == std::vector<std::string>{"0", "2×10⁷", "-4×10⁷"});
    CHECK(labels_of({0.0, 0.25}, 0.05) == std::vector<std::string>{"0", "0.25"});
    CHECK(labels_of({1e-7, 1.5e-7}, 5e-8) == std::vector<std::string>{"10⁻⁷", "1.5×10⁻⁷"});
}

TEST_CASE("a logarithmic axis has powers of ten, and their multiples within two of them",
          "[plot]") {
    const auto labels = [](double low, double high, double most) {
        std::vector<std::string> all;
        for (const Tick& one : with_labels(ticks_of({low, high, true}, most)))
            all.push_back(one.label);
        return all;
    };
    CHECK(labels(0.5, 2000.0, 6.0) == std::vector<std::string>{"10⁰", "10¹", "10²", "10³"});
    CHECK(labels(1e-12, 1.0, 5.0) ==
          std::vector<std::string>{"10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"});
    CHECK(labels(0.08, 3.0, 6.0) == std::vector<std::string>{"0.1", "0.2", "0.5", "1", "2"});
    // Less than three of them: as on a linear axis.
    for (const Tick& one : ticks_of({0.45, 0.66, true}, 6.0))
        CHECK(std::abs(read_label(one.label) - one.at) < 1e-9);
    CHECK(ticks_of({0.45, 0.66, true}, 6.0).size() >= 3);
    for (const Tick& one : with_labels(ticks_of({3e-7, 4e9, true}, 4.0)))
        CHECK(read_label(one.label) == Approx(one.at).epsilon(1e-12));
}

TEST_CASE("labels beside each other have room, however long", "[plot]") {
    for (const auto& [low, high] : {std::pair{0.0, 5.0}, std::pair{1e9, 1e9 + 3.0},
                                    std::pair{123456.0, 123457.0}, std::pair{0.0, 1e-7}}) {
        const double cm = 6.5;
        const std::vector<Tick> ticks = ticks_along({low, high}, cm);
        INFO(low);
        REQUIRE(ticks.size() >= 2);
        for (std::size_t k = 1; k < ticks.size(); ++k) {
            const double apart = (ticks[k].at - ticks[k - 1].at) / (high - low) * cm;
            CHECK(apart > (width_cm(ticks[k].label) + width_cm(ticks[k - 1].label)) / 2.0);
        }
    }
}

TEST_CASE("a constant stands in the middle of its axis, however small or large", "[plot]") {
    for (const double value : {0.0, 3e-20, 1.5, -4e8}) {
        CurvePanel panel;
        panel.curves = {{"", {}, false, false, {{0.0, value, value, value}}}};
        const AxisRange range = range_of(panel);
        CHECK(range.part(value) == Approx(0.5));
        CHECK(ticks_of(range, 6.0).size() >= 2);
    }
    CurvePanel small;
    small.curves = {{"", {}, false, false, {{0, 1e-20, 1e-20, 1e-20}, {1, 3e-20, 3e-20, 3e-20}}}};
    CHECK(range_of(small).high < 4e-20);
}

TEST_CASE("a text is as wide as Helvetica makes it", "[plot]") {
    // Adobe's metrics: i 222, W 944 thousandths of 7 points; a little more for other fonts.
    const double i = 0.222 * 7.0 / 72.0 * 2.54, w = 0.944 * 7.0 / 72.0 * 2.54;
    CHECK((width_cm("i") >= i && width_cm("i") < 1.1 * i));
    CHECK((width_cm("W") >= w && width_cm("W") < 1.1 * w));
    CHECK(width_cm("±") < width_cm("W"));
    CHECK(width_cm("") == 0.0);
}

TEST_CASE("a text too wide for a line goes on in the next, without a loss", "[plot]") {
    const std::string text = "dni_b_hidden64_rate0.001, seed 12 of many (mean ± S.E.M., n = 20)";
    for (const double cm : {0.01, 1.5, 3.0, 6.0, 40.0}) {
        std::string joined;
        for (const std::string& line : wrapped(text, cm)) {
            if (cm > 1.0) CHECK(width_cm(line) <= cm);
            joined += line;
        }
        std::string without_spaces = text;
        std::erase(without_spaces, ' ');
        std::erase(joined, ' ');
        CHECK(joined == without_spaces);
    }
    CHECK(wrapped(text, 40.0) == std::vector<std::string>{text});
    CHECK(wrapped("one two", width_cm("one tw")) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a label longer than its axis loses its middle", "[plot]") {
    const std::string text = "synthetic_gradient.error of a long name (µV)";
    CHECK(without_middle(text, 20.0) == text);
    const std::string shorter = without_middle(text, 3.0);
    CHECK(width_cm(shorter) <= 3.0);
    CHECK_THAT(shorter,
               Catch::StartsWith("synth") && Catch::Contains("…") && Catch::EndsWith("V)"));
}
