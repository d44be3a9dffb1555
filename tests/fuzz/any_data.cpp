#include "tests/fuzz/any_data.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

H5::DataType compound() {
    H5::CompType type(std::size_t{24});
    type.insertMember("time_ms", 0, H5::PredType::NATIVE_DOUBLE);
    type.insertMember("kind", 8, H5::StrType(H5::PredType::C_S1, 16));
    return type;
}

H5::DataType enumeration() {
    H5::EnumType type(H5::PredType::NATIVE_INT8);
    std::int8_t value = 1;
    type.insert("TRUE", &value);
    return type;
}

H5::DataType texts(std::size_t size, H5T_str_t end) {
    H5::StrType type(H5::PredType::C_S1, size);
    type.setStrpad(end);
    return type;
}

}  // namespace

H5::DataType type_by(Choices& choices) {
    using H5::PredType;
    static const std::vector<const PredType*> plain{
        &PredType::NATIVE_DOUBLE, &PredType::NATIVE_FLOAT, &PredType::NATIVE_LDOUBLE,
        &PredType::STD_I8LE,      &PredType::STD_I32BE,    &PredType::NATIVE_INT64,
        &PredType::NATIVE_UINT64, &PredType::STD_B16LE,    &PredType::STD_REF_OBJ,
        &PredType::NATIVE_OPAQUE};
    const hsize_t three = 3;
    const std::size_t kind = choices.below(plain.size() + 12);
    if (kind >= 12) return *plain[kind - 12];
    switch (kind) {
        case 0:
            return texts(1, H5T_STR_NULLPAD);
        case 1:
            return texts(7, H5T_STR_NULLTERM);
        case 2:
            return texts(300, H5T_STR_SPACEPAD);
        case 3:
            return texts(60'000, H5T_STR_NULLPAD);
        case 4:
            return texts(H5T_VARIABLE, H5T_STR_NULLTERM);
        case 5:
            return compound();
        case 6:
            return enumeration();
        case 7:
            return H5::ArrayType(PredType::NATIVE_DOUBLE, 1, &three);
        case 8:
            return H5::VarLenType(PredType::NATIVE_DOUBLE);
        case 9:
            return H5::VarLenType(compound());
        case 10:
            return H5::VarLenType(PredType::STD_REF_OBJ);
        default:
            return H5::ArrayType(texts(7, H5T_STR_NULLPAD), 1, &three);
    }
}

std::vector<hsize_t> extent_by(Choices& choices, bool small) {
    const std::vector<hsize_t> sizes{1,   2,        3,          4,          6,          0,
                                     100, 1u << 20, 1ull << 31, 1ull << 32, 1ull << 40, 1ull << 62};
    std::vector<hsize_t> extent(choices.below(5));
    for (hsize_t& size : extent) size = sizes[choices.below(small ? 6 : sizes.size())];
    return extent;
}

H5::DataSpace space_by(Choices& choices, std::vector<hsize_t> extent, bool unlimited) {
    if (extent.empty()) return H5::DataSpace(choices.below(4) == 3 ? H5S_NULL : H5S_SCALAR);
    const int rank = static_cast<int>(extent.size());
    std::vector<hsize_t> most = extent;
    if (unlimited) most.front() = H5S_UNLIMITED;
    return H5::DataSpace(rank, extent.data(), most.data());
}

std::vector<std::uint8_t> numbers_by(Choices& choices, const H5::DataType& type,
                                     std::size_t count) {
    const std::vector<double> odd{0.0,          1.0,      -1.0,   1e300, -1e300,
                                  std::nan(""), INFINITY, 1e-310, 0.25,  7.0};
    std::vector<std::uint8_t> bytes(count * type.getSize());
    const std::size_t kind = choices.byte();
    const double first = odd[kind % odd.size()], step = kind & 64 ? 1.0 : 0.0;
    if (type.getClass() == H5T_FLOAT || type.getClass() == H5T_INTEGER) {
        std::vector<double> numbers(count);
        for (std::size_t k = 0; k < count; ++k) numbers[k] = first + step * static_cast<double>(k);
        const std::size_t size = std::max(type.getSize(), sizeof(double));
        std::vector<std::uint8_t> converted(count * size);
        std::copy_n(reinterpret_cast<const std::uint8_t*>(numbers.data()), count * sizeof(double),
                    converted.begin());
        H5Tconvert(H5T_NATIVE_DOUBLE, type.getId(), count, converted.data(), nullptr, H5P_DEFAULT);
        std::copy_n(converted.begin(), bytes.size(), bytes.begin());
        if (kind & 128) std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xff});
        return bytes;
    }
    std::fill(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(kind));
    return bytes;
}

}  // namespace apical
