#include "sim/hdf5/hdf5_reading.hpp"

namespace apical {

namespace {

void check(herr_t result, const char* what) {
    if (result < 0) throw H5::DataSetIException(what, "its enumeration cannot be read");
}

std::string name_of_member(const H5::EnumType& type, unsigned member) {
    char* const name = H5Tget_member_name(type.getId(), member);
    if (!name) throw H5::DataSetIException("read_booleans", "its enumeration cannot be read");
    std::string copy = name;
    H5free_memory(name);
    return copy;
}

std::int64_t value_of_member(const H5::EnumType& type, unsigned member) {
    std::int64_t value = 0;  // room for every whole number that an enumeration may be of
    if (type.getSize() > sizeof value)
        throw H5::DataSetIException("read_booleans", "its enumeration cannot be read");
    check(H5Tget_member_value(type.getId(), member, &value), "H5Tget_member_value");
    const hid_t base = H5Tget_super(type.getId());
    const herr_t converted = H5Tconvert(base, H5T_NATIVE_INT64, 1, &value, nullptr, H5P_DEFAULT);
    H5Tclose(base);
    check(converted, "H5Tconvert");
    return value;
}

// The enumeration with one byte a member: HDF5 finds the values by the members' names. Throws
// H5::DataSetIException for a value other than 0 and 1.
H5::EnumType in_a_byte(const H5::EnumType& stored) {
    H5::EnumType type(H5::PredType::NATIVE_INT8);
    for (int k = 0; k < stored.getNmembers(); ++k) {
        const auto member = static_cast<unsigned>(k);
        const std::int64_t value = value_of_member(stored, member);
        if (value != 0 && value != 1)
            throw H5::DataSetIException("read_booleans",
                                        "it is an enumeration that has more than 0 and 1; expected "
                                        "numbers, as of the type uint8");
        const auto small = static_cast<std::int8_t>(value);
        type.insert(name_of_member(stored, member), const_cast<std::int8_t*>(&small));
    }
    return type;
}

}  // namespace

void read_booleans(const H5::DataSet& set, std::vector<double>& numbers) {
    std::vector<std::int8_t> bytes(numbers.size());
    set.read(bytes.data(), in_a_byte(set.getEnumType()));
    numbers.assign(bytes.begin(), bytes.end());
}

}  // namespace apical
