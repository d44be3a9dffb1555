#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/numbers/epoch_order.hpp"
#include "sim/tasks/shown_task.hpp"

namespace apical {

// Images in bytes, and of which class each is.
class LabelledImages {
public:
    virtual ~LabelledImages() = default;
    virtual std::span<const std::uint8_t> image(std::size_t i) const = 0;
    virtual int label(std::size_t i) const = 0;
};

// How the images of a task are shown: `parts` steps of `pixels` pixels each, of which each is held
// for `hold` steps; then `decision` steps without input. In the latter the answer is asked for, or,
// where there are none, all along.
struct ShownImages {
    std::unique_ptr<const LabelledImages> images;
    std::vector<std::uint32_t> shown;  // of the images; empty: all of `count`
    std::size_t count = 0;
    std::size_t parts = 1, pixels = 1;
    std::int64_t hold = 1, decision = 0;
    double scale = 1.0;                    // of a byte
    double low = 0.0, high = 1.0;          // of the labels of other classes and of the right one
    std::optional<EpochOrder> order = {};  // unset: that of the data
    bool ends = false;                     // after all have been shown once
    std::vector<DataSource> data = {};
    std::vector<std::string> splits = {};
};

// The periods of a trial in which an image is shown.
std::vector<Period> periods_of(const ShownImages& images);

// A trial shows an image and asks for its class, which is the trial's type.
std::unique_ptr<Task> make_images_task(TaskFacts facts, ShownImages images);

// Bounds of who knows how often each class is shown, as the best guess.
std::vector<Bound> bounds_of_classes(const ShownImages& images, const TaskShape& shape);

}  // namespace apical
