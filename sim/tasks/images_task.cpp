#include "sim/tasks/images_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

std::vector<std::string> counted_periods(const ShownImages& images) {
    if (images.decision > 0) return {"decision"};
    return {"stimulus"};
}

class ImagesTask final : public TrialTask {
public:
    ImagesTask(TaskFacts facts, ShownImages images)
        : TrialTask(std::move(facts), periods_of(images), counted_periods(images)),
          all_(std::move(images)) {}

    std::int64_t steps() const override {
        return all_.ends ? static_cast<std::int64_t>(count()) * length() : -1;
    }
    bool asks_class() const override { return true; }
    std::vector<DataSource> data() const override { return all_.data; }
    std::vector<std::string> splits() const override { return all_.splits; }

protected:
    void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        const std::size_t number = image_of(trial);
        const std::int64_t part = t / all_.hold;
        if (part < static_cast<std::int64_t>(all_.parts)) {
            const std::span<const std::uint8_t> bytes = all_.images->image(number).subspan(
                static_cast<std::size_t>(part) * all_.pixels, all_.pixels);
            for (std::size_t i = 0; i < bytes.size(); ++i) input[i] = all_.scale * bytes[i];
        }
        if (label.empty() || !asks(t)) return;
        std::ranges::fill(label, all_.low);
        label[static_cast<std::size_t>(all_.images->label(number))] = all_.high;
    }
    int type(std::int64_t trial) const override { return all_.images->label(image_of(trial)); }

private:
    bool asks(std::int64_t t) const { return all_.decision == 0 || t >= length() - all_.decision; }
    std::size_t count() const { return all_.shown.empty() ? all_.count : all_.shown.size(); }
    std::size_t image_of(std::int64_t trial) const {
        const auto k = static_cast<std::uint64_t>(trial);
        const auto place =
            static_cast<std::size_t>(all_.order ? all_.order->item(k) : k % std::uint64_t{count()});
        return all_.shown.empty() ? place : all_.shown[place];
    }

    ShownImages all_;
};

}  // namespace

std::vector<Period> periods_of(const ShownImages& images) {
    std::vector<std::pair<std::string, std::int64_t>> lengths = {
        {"stimulus", static_cast<std::int64_t>(images.parts) * images.hold}};
    if (images.decision > 0) lengths.emplace_back("decision", images.decision);
    return periods_of(lengths);
}

std::unique_ptr<Task> make_images_task(TaskFacts facts, ShownImages images) {
    return std::make_unique<ImagesTask>(std::move(facts), std::move(images));
}

// The best guess is each class's frequency, or the mean label that it gives.
std::vector<Bound> bounds_of_classes(const ShownImages& images, const TaskShape& shape) {
    std::vector<double> frequency(static_cast<std::size_t>(shape.outputs));
    const std::size_t count = images.shown.empty() ? images.count : images.shown.size();
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t image = images.shown.empty() ? k : images.shown[k];
        frequency[static_cast<std::size_t>(images.images->label(image))] +=
            1.0 / static_cast<double>(count);
    }
    double loss = 0.0;
    const double apart = images.high - images.low;
    for (const double p : frequency) {
        if (shape.readout == Activation::softmax)
            loss -= p > 0.0 ? p * std::log(p) : 0.0;
        else
            loss += 0.5 * apart * apart * p * (1.0 - p) / static_cast<double>(shape.outputs);
    }
    return {{"nothing known", loss}, {"the class known (the floor)", 0.0}};
}

}  // namespace apical
