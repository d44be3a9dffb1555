#include "sim/numbers/orthogonal.hpp"

#include <Eigen/QR>

namespace apical {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix thin_q(const Matrix& gaussian) {
    const Eigen::HouseholderQR<Matrix> qr(gaussian);
    return qr.householderQ() * Matrix::Identity(gaussian.rows(), gaussian.cols());
}

}  // namespace

std::vector<double> orthogonal(int rows, int columns, const Stream& stream) {
    Matrix gaussian(rows, columns);
    for (Eigen::Index i = 0; i < gaussian.size(); ++i) {
        gaussian.data()[i] = stream.normal(0, static_cast<std::uint64_t>(i));
    }
    Matrix q;
    if (rows >= columns) {
        q = thin_q(gaussian);
    } else {
        q = thin_q(gaussian.transpose()).transpose();
    }
    return {q.data(), q.data() + q.size()};
}

}  // namespace apical
