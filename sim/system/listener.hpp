#pragma once

namespace apical {

// Somebody who is told of `News` while work goes on, or nobody. Listener(who) calls who.hear(news)
// on the thread that works; `who` must outlive it. A listener that throws ends the work.
template <class News>
class Listener {
public:
    Listener() = default;
    template <class Who>
    explicit Listener(Who& who)
        : who_(&who), hear_([](void* listening, const News& news) {
              static_cast<Who*>(listening)->hear(news);
          }) {}

    void tell(const News& news) const {
        if (hear_) hear_(who_, news);
    }

private:
    void* who_ = nullptr;
    void (*hear_)(void*, const News&) = nullptr;
};

}  // namespace apical
