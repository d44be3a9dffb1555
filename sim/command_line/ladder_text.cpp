#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "circuits/text/value.hpp"
#include "sim/numbers/number_text.hpp"
#include "sim/numbers/tail_mean.hpp"
#include "sim/verify/ladder.hpp"

namespace apical {

namespace {

std::string or_dash(double value, int digits) {
    return std::isnan(value) ? "-" : fixed_text(value, digits);
}

std::string legend(const Ladder& ladder) {
    return fmt::format(
        "\n"
        "from first   |G - G_1| / |G_1|, root mean squares over steps 1 to {0}: G the gradient "
        "that the "
        "rung's change of W\n"
        "             follows, G_1 that of the first rung; all have the first rung's W and W_out\n"
        "from before  |G - G'| / |G_1|, G' that of the rung before\n"
        "alignment    cosine between the rung's change of W and the true gradient, in a run of its "
        "own: mean of the\n"
        "             last {1} of {2} steps\n"
        "loss         likewise, in nats (softmax) or half the mean square (linear output)\n"
        "S.E.M.       of the loss, over seeds; all are means over {3} seed{4}, from {5} on\n",
        ladder.compared_steps, tail_steps(ladder.steps), ladder.steps, ladder.seeds,
        ladder.seeds == 1 ? "" : "s", ladder.first_seed);
}

// Why columns of the update are empty.
std::string not_compared(const Ladder& ladder, std::size_t width) {
    std::string text;
    for (const Rung& rung : ladder.rungs) {
        if (rung.another_network.empty()) continue;
        text += fmt::format(
            "{:<{}}  update not compared: another network than the first rung's "
            "({})\n",
            on_one_line(rung.path), width, rung.another_network);
    }
    return text.empty() ? "" : '\n' + text;
}

}  // namespace

int seeds_of(const std::string& text) {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failure == std::errc() && end == text.data() + text.size();
    if (whole && value >= 1 && value <= 10'000) return value;
    throw Error(ExitCode::usage, fmt::format("--seeds {}: expected a whole number from 1 to 10000",
                                             shortened(text)));
}

std::string ladder_text(const Ladder& ladder) {
    std::size_t width = 5;
    for (const Rung& rung : ladder.rungs) width = std::max(width, rung.path.size());
    std::string text = fmt::format("{:<{}}  {:>10}  {:>11}  {:>9}  {:>8}  {:>7}\n", "rung", width,
                                   "from first", "from before", "alignment", "loss", "S.E.M.");
    for (std::size_t k = 0; k < ladder.rungs.size(); ++k) {
        const Rung& rung = ladder.rungs[k];
        text += fmt::format("{:<{}}  {:>10}  {:>11}  {:>9}  {:>8}  {:>7}\n", on_one_line(rung.path),
                            width, k == 0 ? "-" : or_dash(rung.from_first, 3),
                            k == 0 ? "-" : or_dash(rung.from_before, 3), or_dash(rung.alignment, 3),
                            fixed_text(rung.loss, 5), or_dash(rung.loss_error, 5));
    }
    text += '\n';
    for (const Rung& rung : ladder.rungs)
        text += fmt::format("{:<{}}  {}\n", on_one_line(rung.path), width, on_one_line(rung.title));
    return text + not_compared(ladder, width) + legend(ladder);
}

std::string ladder_json(const Ladder& ladder) {
    Array rungs;
    for (const Rung& rung : ladder.rungs) {
        Table row{{entry("model", rung.path), entry("title", rung.title),
                   entry("from_first", rung.from_first), entry("from_before", rung.from_before),
                   entry("alignment", rung.alignment), entry("loss", rung.loss),
                   entry("loss_error", rung.loss_error)}};
        if (!rung.another_network.empty())
            row.entries.push_back(entry("another_network", rung.another_network));
        rungs.emplace_back().content = std::move(row);
    }
    return to_json({{entry("compared_steps", ladder.compared_steps), entry("steps", ladder.steps),
                     entry("seed", std::int64_t{ladder.first_seed}),
                     entry("seeds", std::int64_t{ladder.seeds}), entry("rungs", rungs)}});
}

}  // namespace apical
