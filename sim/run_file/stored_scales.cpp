#include "sim/run_file/stored_scales.hpp"

#include <H5DSpublic.h>

namespace apical {

namespace {

// The library of scales believes its attributes to be of the type and size that it gives them; with
// others it writes beyond its memory.
template <class IsRight>
bool describes_dimensions(const H5::DataSet& set, const std::string& name, IsRight is_right) {
    if (!set.attrExists(name)) return false;
    const H5::Attribute attribute = set.openAttribute(name);
    const hssize_t count = attribute.getSpace().getSimpleExtentNpoints();
    return count == set.getSpace().getSimpleExtentNdims() && is_right(attribute);
}

// Calls `visit` with the scale that is attached to a dimension, the rows' being 0.
void visit_scale(const H5::DataSet& set, unsigned dimension, H5DS_iterate_t visit, void* to) {
    const auto is_list = [](const H5::Attribute& attribute) {
        return attribute.getTypeClass() == H5T_VLEN &&
               attribute.getVarLenType().getSuper() == H5::PredType::STD_REF_OBJ;
    };
    if (describes_dimensions(set, "DIMENSION_LIST", is_list))
        H5DSiterate_scales(set.getId(), dimension, nullptr, visit, to);
}

}  // namespace

std::string label_of(const H5::DataSet& set, unsigned dimension) {
    const auto is_text = [](const H5::Attribute& attribute) {
        return attribute.getTypeClass() == H5T_STRING && attribute.getStrType().isVariableStr();
    };
    if (!describes_dimensions(set, "DIMENSION_LABELS", is_text)) return "";
    char label[32] = {};
    return H5DSget_label(set.getId(), dimension, label, sizeof label) > 0 ? label : "";
}

std::string scale_of(const H5::DataSet& set, unsigned dimension) {
    std::string path;
    const auto visit = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
        const ssize_t size = H5Iget_name(scale, nullptr, 0);
        constexpr ssize_t longest = 4096;
        if (size <= 0 || size > longest) return 0;
        std::string& name = *static_cast<std::string*>(to);
        name.resize(static_cast<std::size_t>(size) + 1);
        H5Iget_name(scale, name.data(), name.size());
        name.pop_back();
        return 1;
    };
    visit_scale(set, dimension, visit, &path);
    return path;
}

haddr_t place_of(hid_t object) {
    H5O_info_t info;
    return H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0 ? HADDR_UNDEF : info.addr;
}

haddr_t place_of_steps(const H5::DataSet& set) {
    haddr_t place = HADDR_UNDEF;
    const auto visit = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
        *static_cast<haddr_t*>(to) = place_of(scale);
        return 1;
    };
    visit_scale(set, 0, visit, &place);
    return place;
}

}  // namespace apical
