#include "sim/hdf5/hdf5_types.hpp"

namespace apical {

H5::StrType text_type(std::size_t size) {
    H5::StrType type(H5::PredType::C_S1, size);
    type.setCset(H5T_CSET_UTF8);  // HDF5 converts no characters
    if (size != H5T_VARIABLE) type.setStrpad(H5T_STR_NULLPAD);
    return type;
}

H5::CompType type_of(const RecordType& record) {
    H5::CompType type(record.bytes);
    for (const RecordMember& one : record.members) {
        if (one.text_bytes > 0) {
            type.insertMember(one.name, one.offset, text_type(one.text_bytes));
        } else {
            type.insertMember(one.name, one.offset, H5::PredType::NATIVE_DOUBLE);
        }
    }
    return type;
}

}  // namespace apical
