#include "sim/hdf5/hdf5_writing.hpp"

#include <H5DSpublic.h>

#include "sim/hdf5/hdf5_types.hpp"

namespace apical {

namespace {

H5::DataSet make_empty(const H5::H5File& file, const NewDataset& dataset) {
    const auto creation = without_times(H5::DSetCreatPropList());
    const std::vector<hsize_t> chunk(dataset.chunk.begin(), dataset.chunk.end());
    creation.setChunk(rank_of(chunk), chunk.data());
    // Nobody sees rows beyond the last; HDF5 wants texts of any length to be filled all the same.
    if (dataset.type != NewDataset::Type::free_text) creation.setFillTime(H5D_FILL_TIME_NEVER);
    const std::vector<hsize_t> none = dimensions(0, dataset.row);
    const std::vector<hsize_t> most = dimensions(H5S_UNLIMITED, dataset.row);
    const H5::DataSpace space(rank_of(none), none.data(), most.data());
    return file.createDataSet(dataset.path, type_of(dataset), space, creation);
}

void describe(H5::DataSet& set, const NewDataset& dataset) {
    for (const auto& [name, value] : dataset.attributes) set_attribute_of(set, name, value);
    if (!dataset.scale_name.empty()) {
        check_call(H5DSset_scale(set.getId(), dataset.scale_name.c_str()), "H5DSset_scale");
    }
    for (unsigned i = 0; i < dataset.labels.size(); ++i) {
        check_call(H5DSset_label(set.getId(), i, dataset.labels[i].c_str()), "H5DSset_label");
    }
}

}  // namespace

void make_groups(const H5::H5File& file, const std::string& path) {
    const auto creation = without_times(H5::PropList(H5P_GROUP_CREATE));
    for (auto end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
        const std::string name = path.substr(0, end);
        if (file.nameExists(name)) continue;
        const hid_t group =
            H5Gcreate2(file.getId(), name.c_str(), H5P_DEFAULT, creation.getId(), H5P_DEFAULT);
        check_call(H5Gclose(check_call(group, "H5Gcreate2")), "H5Gclose");
    }
}

std::vector<hsize_t> dimensions(hsize_t first, const std::vector<std::size_t>& others) {
    std::vector<hsize_t> all{first};
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

int rank_of(const std::vector<hsize_t>& dimensions) { return static_cast<int>(dimensions.size()); }

H5::DataType type_of(const NewDataset& dataset) {
    if (dataset.type == NewDataset::Type::real) return H5::PredType::NATIVE_DOUBLE;
    if (dataset.type == NewDataset::Type::integer) return H5::PredType::NATIVE_INT64;
    if (dataset.type == NewDataset::Type::text) return text_type(dataset.text_bytes);
    if (dataset.type == NewDataset::Type::free_text) return text_type(H5T_VARIABLE);
    return type_of(dataset.record);
}

void set_attribute_of(H5::H5Object& object, const std::string& name, const AttributeValue& value) {
    const auto write = [&](const H5::DataType& type, const void* data) {
        if (!object.attrExists(name)) object.createAttribute(name, type, H5::DataSpace());
        object.openAttribute(name).write(type, data);
    };
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        write(H5::PredType::NATIVE_INT64, whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
        write(H5::PredType::NATIVE_DOUBLE, real);
    } else if (const auto* late = std::get_if<LateText>(&value)) {
        write(text_type(late->size()), late->data());
    } else {
        const char* text = std::get<std::string>(value).c_str();
        write(text_type(H5T_VARIABLE), &text);
    }
}

H5::DataSet make_dataset(const H5::H5File& file, const NewDataset& dataset) {
    make_groups(file, dataset.path);
    H5::DataSet set = make_empty(file, dataset);
    describe(set, dataset);
    return set;
}

// HDF5 Dimension Scale Specification: a dataset refers to its scales, and a scale to all that it is
// one of. H5DSattach_scale would write the list of the scale anew for each dataset, each time
// elsewhere in the file.
void DimensionScales::attach(const H5::H5File& file, H5::DataSet& set, const NewDataset& dataset) {
    std::vector<hobj_ref_t> references(dataset.scales.size());
    std::vector<hvl_t> lists(dataset.scales.size());
    bool any = false;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        if (dataset.scales[i].empty()) continue;
        any = true;
        file.reference(&references[i], dataset.scales[i]);
        lists[i] = {1, &references[i]};
        Scaled& scaled = of_scale_[dataset.scales[i]].emplace_back();
        file.reference(&scaled.dataset, dataset.path);
        scaled.dimension = static_cast<int>(i);
    }
    if (!any) return;
    const H5::VarLenType type(H5::PredType::STD_REF_OBJ);
    const hsize_t count = lists.size();
    set.createAttribute("DIMENSION_LIST", type, H5::DataSpace(1, &count)).write(type, lists.data());
}

void DimensionScales::list_in(const H5::H5File& file) const {
    H5::CompType type(sizeof(Scaled));
    type.insertMember("dataset", offsetof(Scaled, dataset), H5::PredType::STD_REF_OBJ);
    type.insertMember("dimension", offsetof(Scaled, dimension), H5::PredType::NATIVE_INT);
    for (const auto& [path, list] : of_scale_) {
        const hsize_t count = list.size();
        file.openDataSet(path)
            .createAttribute("REFERENCE_LIST", type, H5::DataSpace(1, &count))
            .write(type, list.data());
    }
}

}  // namespace apical
