#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace apical {

// Cells that stand for classes, though none was told its class (Diehl & Cook 2015): each for the
// class to which it responds most in the mean, and the class of a trial is that whose cells respond
// most in the mean.
class CellClasses {
public:
    explicit CellClasses(std::size_t cells) : class_of_(cells, none) {}

    static constexpr int none = -1;

    // The responses of all cells in a trial of this class, from 0 on.
    void learn(int label, std::span<const double> responses);
    // Each cell is that of its largest mean response, the first of equal ones; one that never
    // responded is of none.
    void assign();

    std::size_t cells() const { return class_of_.size(); }
    std::int64_t trials() const { return trials_; }  // learned
    int class_of(std::size_t cell) const { return class_of_[cell]; }
    std::size_t of_none() const;
    // The class that these responses say; `none` where the largest mean is that of two classes, and
    // of no cells.
    int choice(std::span<const double> responses) const;

private:
    struct Class {
        std::vector<double> sums;  // by cell
        std::int64_t trials = 0;
    };
    std::vector<Class> classes_;
    std::vector<int> class_of_;
    std::int64_t trials_ = 0;
};

}  // namespace apical
