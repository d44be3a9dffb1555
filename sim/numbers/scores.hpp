#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace apical {

// Choices among classes: of each step the class of the largest number that was judged, and that of
// the label. A label whose largest number stands there twice, as one of zeros, says no class, and
// its step is not counted; a choice whose largest number does is an error, and a tie.
class Choices {
public:
    explicit Choices(std::size_t classes)
        : classes_(classes), confusion_(classes * classes), ties_(classes) {}

    // As many numbers of both as there are classes.
    void add(std::span<const double> judged, std::span<const double> label);

    std::size_t classes() const { return classes_; }
    std::int64_t counted() const;  // steps whose label says a class
    // The steps with this label in which this class was chosen; and those without a choice.
    std::int64_t confusion(std::size_t label, std::size_t choice) const {
        return confusion_[label * classes_ + choice];
    }
    std::int64_t ties(std::size_t label) const { return ties_[label]; }

    // The share p of errors among the N counted steps, and sqrt(p (1 - p) / N); not a number of
    // none. `chance` is the share of errors of whoever always chooses the most frequent label.
    double error() const;
    double standard_error() const;
    double chance() const;

private:
    std::int64_t labelled(std::size_t label) const;

    std::size_t classes_;
    std::vector<std::int64_t> confusion_, ties_;
};

// How near each of some outputs y comes to its label y*: the mean of (y - y*)^2 over the steps, and
// Pearson's correlation of the two, not a number where one of them does not change.
class Nearness {
public:
    explicit Nearness(std::size_t outputs) : all_(outputs) {}

    // As many numbers of both as there are outputs.
    void add(std::span<const double> judged, std::span<const double> label);

    std::size_t outputs() const { return all_.size(); }
    double mean_square(std::size_t output) const {
        return all_[output].squares / static_cast<double>(count_);
    }
    double correlation(std::size_t output) const;

private:
    // Means so far, and sums of products of the distances from them (Welford).
    struct Output {
        double squares = 0.0, mean = 0.0, mean_label = 0.0;
        double spread = 0.0, spread_label = 0.0, together = 0.0;
    };
    std::vector<Output> all_;
    std::int64_t count_ = 0;
};

}  // namespace apical
