#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "circuits/value.hpp"
#include "sim/verify/ladder.hpp"

namespace apical {

namespace {

std::string or_dash(double value, int digits) {
    return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, digits);
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
    std::string text =
        fmt::format("{:<{}}  {:>10}  {:>11}  {:>9}  {:>8}  {:>7}  {}\n", "model", width,
                    "from first", "from before", "alignment", "loss", "S.E.M.", "rung");
    for (std::size_t k = 0; k < ladder.rungs.size(); ++k) {
        const Rung& rung = ladder.rungs[k];
        text += fmt::format("{:<{}}  {:>10}  {:>11}  {:>9}  {:>8.5f}  {:>7}  {}\n", rung.path,
                            width, k == 0 ? "-" : or_dash(rung.from_first, 3),
                            k == 0 ? "-" : or_dash(rung.from_before, 3), or_dash(rung.alignment, 3),
                            rung.loss, or_dash(rung.loss_error, 5), rung.title);
    }
    const std::int64_t tenth = std::max<std::int64_t>(1, ladder.steps / 10);
    return text +
           fmt::format(
               "\n"
               "from first   |G - G_1| / |G_1|, root mean squares over steps 1 to {0}, seed {1}: G "
               "the gradient that the\n"
               "             rung's change of W follows, G_1 that of the first rung; all have the "
               "first rung's W and W_out\n"
               "from before  the same from the rung before\n"
               "alignment    cosine between the rung's change of W and the true gradient, in a run "
               "of its own: mean of the\n"
               "             last {2} of {3} steps and of {4} seeds, from {1} on\n"
               "loss         likewise, in nats (softmax) or half the mean square (linear output)\n"
               "S.E.M.       of the loss, over seeds\n",
               ladder.compared_steps, ladder.first_seed, tenth, ladder.steps, ladder.seeds);
}

std::string ladder_json(const Ladder& ladder) {
    Array rungs;
    for (const Rung& rung : ladder.rungs) {
        Table row{{entry("model", rung.path), entry("title", rung.title),
                   entry("from_first", rung.from_first), entry("from_before", rung.from_before),
                   entry("alignment", rung.alignment), entry("loss", rung.loss),
                   entry("loss_error", rung.loss_error)}};
        rungs.emplace_back().content = std::move(row);
    }
    return to_json({{entry("compared_steps", ladder.compared_steps), entry("steps", ladder.steps),
                     entry("seed", std::int64_t{ladder.first_seed}),
                     entry("seeds", std::int64_t{ladder.seeds}), entry("rungs", rungs)}});
}

}  // namespace apical
