#pragma once

#include <H5Cpp.h>
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "sim/algebra/network.hpp"
#include "sim/hdf5/dataset.hpp"

namespace apical {

// One of the authors' trajectories (tests/data/reference), to be followed step by step.
class ReferenceTrajectory {
public:
    static constexpr int steps = 60;

    explicit ReferenceTrajectory(const std::string& name)
        : name_(name),
          path_(fmt::format("{}/tests/data/reference/{}.h5", APICAL_SOURCE_DIR, name)) {
        const H5::H5File file(path_, H5F_ACC_RDONLY);
        for (hsize_t i = 0; i < file.getNumObjs(); ++i) unread_[file.getObjnameByIdx(i)] = true;
    }

    const std::string& name() const { return name_; }
    bool has(const std::string& dataset) const { return unread_.count(dataset) > 0; }

    // Axis 0 by all the others: a vector is one column, what is kept step by step a row a step.
    const algebra::Matrix& operator()(const std::string& dataset) {
        unread_[dataset] = false;
        const auto [known, is_new] = numbers_.try_emplace(dataset);
        if (is_new) {
            const DataSet set = read_dataset(path_, dataset, {});
            const auto rows = static_cast<Eigen::Index>(set.shape.at(0));
            known->second = Eigen::Map<const algebra::Matrix>(
                set.numbers.data(), rows, static_cast<Eigen::Index>(set.numbers.size()) / rows);
        }
        return known->second;
    }
    algebra::Vector vector(const std::string& dataset) { return (*this)(dataset).col(0); }
    // The row of the present step.
    algebra::Vector row(const std::string& dataset) { return (*this)(dataset).row(step); }

    algebra::Start start() {
        algebra::Start all;
        const algebra::Matrix W_rec = (*this)("init_W_rec"), W_in = (*this)("init_W_in");
        all.W.resize(W_rec.rows(), W_rec.cols() + W_in.cols() + 1);
        all.W << W_rec, W_in, vector("init_b_rec");
        const algebra::Matrix W_out = (*this)("init_W_out");
        all.W_out.resize(W_out.rows(), W_out.cols() + 1);
        all.W_out << W_out, vector("init_b_out");
        all.r = vector("r0");
        if (has("W_FB")) all.B_fb = (*this)("W_FB").transpose();
        return all;
    }

    // A quantity of the present step, to 1e-9 of its largest entry in the whole trajectory.
    template <class Found>
    void same(const std::string& dataset, const Eigen::MatrixBase<Found>& found) {
        const algebra::Matrix entries = found;
        const Eigen::Map<const Eigen::RowVectorXd> flat(entries.data(), entries.size());
        compare(dataset, flat, (*this)(dataset).row(step));
    }
    void same(const std::string& dataset, double found) {
        same(dataset, algebra::Vector::Constant(1, found));
    }
    // What the file holds once.
    template <class Found>
    void same_at_end(const std::string& dataset, const Eigen::MatrixBase<Found>& found) {
        compare(dataset, algebra::Matrix(found), (*this)(dataset));
    }

    std::string unread() const {
        std::string names;
        for (const auto& [dataset, is_unread] : unread_) {
            if (is_unread) names += dataset + ' ';
        }
        return names;
    }

    Eigen::Index step = 0;

private:
    void compare(const std::string& dataset, const algebra::Matrix& found,
                 const algebra::Matrix& expected) {
        INFO(name_ << ": " << dataset << " in step " << step + 1);
        REQUIRE(found.rows() == expected.rows());
        REQUIRE(found.cols() == expected.cols());
        REQUIRE(found.allFinite());
        const double largest = (*this)(dataset).cwiseAbs().maxCoeff();
        REQUIRE((found - expected).cwiseAbs().maxCoeff() <= 1e-9 * largest);
    }

    std::string name_, path_;
    std::map<std::string, bool> unread_;
    std::map<std::string, algebra::Matrix> numbers_;
};

}  // namespace apical
