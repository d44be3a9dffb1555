#include "sim/tasks/task.hpp"

namespace apical {

namespace {

class NothingShown final : public Presentation {
public:
    void present(std::int64_t, std::span<double>, std::span<double>) override {}
};

class NoTask final : public Task {
public:
    TaskShape shape() const override { return {0, 0, Activation::linear}; }
    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<NothingShown>();
    }
};

}  // namespace

std::unique_ptr<Task> make_no_task() { return std::make_unique<NoTask>(); }

}  // namespace apical
