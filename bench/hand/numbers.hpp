#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace hand {

// Numbers that begin at a line of the cache and fill whole ones, zero at first.
class Numbers {
public:
    explicit Numbers(std::size_t count)
        : size_((count + in_line - 1) / in_line * in_line),
          memory_(static_cast<double*>(std::aligned_alloc(line, size_ * sizeof(double)))) {
        if (!memory_) throw std::bad_alloc();
        std::fill_n(memory_.get(), size_, 0.0);
    }
    double* data() { return memory_.get(); }
    std::size_t size() const { return size_; }

private:
    static constexpr std::size_t line = 64, in_line = line / sizeof(double);
    struct Free {
        void operator()(double* memory) const { std::free(memory); }
    };
    std::size_t size_;
    std::unique_ptr<double[], Free> memory_;
};

}  // namespace hand
